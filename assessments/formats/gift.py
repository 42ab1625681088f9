"""GIFT, Moodle's format for questions in a plain text file."""

from assessments.formats.gift_reading import read
from assessments.formats.gift_writing import losses, unsupported, write

__all__ = ["losses", "read", "unsupported", "write"]
