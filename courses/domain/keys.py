"""Keys for what authors make without thinking of course packages: short, readable, and free."""

from collections.abc import Collection
from itertools import count

from django.utils.html import strip_tags
from django.utils.text import slugify

LENGTH = 40


def make_key(text: str, *, fallback: str, taken: Collection[str]) -> str:
    """A key from the first words of a text, or from `fallback` where the text has no Latin letters."""
    words = slugify(strip_tags(text.replace("<", " <"))).replace("_", "-").strip("-")
    if len(words) > LENGTH:
        words = words[:LENGTH].rpartition("-")[0] or words[:LENGTH]
    stem = words or fallback
    return next(key for number in count(1) if (key := stem if number == 1 else f"{stem}-{number}") not in taken)
