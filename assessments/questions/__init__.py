"""Question types: one module each behind QuestionType, and their registry."""

from django.utils.functional import Promise

from assessments.questions.base import Answer, Asked, Option, Posted, QuestionType, Rules
from assessments.questions.choice import MultipleChoice, SingleChoice
from assessments.questions.essay import Essay
from assessments.questions.gap_fill import GapFill
from assessments.questions.information import Information
from assessments.questions.matching import Matching
from assessments.questions.numeric import Numeric
from assessments.questions.ordering import Ordering
from assessments.questions.scenario import Scenario
from assessments.questions.short_text import ShortText
from assessments.questions.true_false import TrueFalse

_types: dict[str, QuestionType] = {
    kind.key: kind
    for kind in (
        SingleChoice(),
        MultipleChoice(),
        TrueFalse(),
        Matching(),
        Ordering(),
        ShortText(),
        Numeric(),
        GapFill(),
        Scenario(),
        Essay(),
        Information(),
    )
}


def get(key: str) -> QuestionType:
    """The type with this key. Raises KeyError when there is none."""
    return _types[key]


def all_types() -> list[QuestionType]:
    return list(_types.values())


def choices() -> list[tuple[str, str | Promise]]:
    return [(kind.key, kind.label) for kind in _types.values()]


__all__ = ["Answer", "Asked", "Option", "Posted", "QuestionType", "Rules", "all_types", "choices", "get"]
