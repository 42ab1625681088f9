"""Question types: one module each behind QuestionType, and their registry."""

from django.utils.functional import Promise

from assessments.questions.base import Option, QuestionType
from assessments.questions.choice import MultipleChoice, SingleChoice
from assessments.questions.true_false import TrueFalse

_types: dict[str, QuestionType] = {kind.key: kind for kind in (SingleChoice(), MultipleChoice(), TrueFalse())}


def get(key: str) -> QuestionType:
    """The type with this key. Raises KeyError when there is none."""
    return _types[key]


def choices() -> list[tuple[str, str | Promise]]:
    return [(kind.key, kind.label) for kind in _types.values()]


__all__ = ["Option", "QuestionType", "choices", "get"]
