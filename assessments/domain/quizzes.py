"""A quiz as a unit type: the rules that an edition freezes, and what keeps a quiz from being released."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.utils.translation import gettext as _

from assessments.models import Question, QuizPage


@dataclass(frozen=True)
class QuizRules:
    """`draw` 0 takes the whole bank; `attempts` 0 allows as many as wanted; `pass_mark` is in per cent."""

    bank: str
    draw: int
    pass_mark: int
    attempts: int
    shuffle: bool

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


def rules(page: QuizPage) -> dict[str, Any]:
    return asdict(
        QuizRules(
            bank=page.bank.key,
            draw=page.draw,
            pass_mark=page.pass_mark,
            attempts=page.attempts_allowed,
            shuffle=page.shuffle,
        )
    )


def lint(page: QuizPage) -> list[str]:
    """Why this quiz cannot be released, in words for an author."""
    available = Question.objects.filter(bank=page.bank, locale=page.locale, archived_at=None).count()
    if available == 0:
        return [_("Its question bank has no question in this language.")]
    if available < page.draw:
        return [
            _("It draws %(draw)d questions, but its bank has %(available)d in this language.")
            % {"draw": page.draw, "available": available}
        ]
    return []
