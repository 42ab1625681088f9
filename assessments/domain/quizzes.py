"""A quiz as a unit type: the rules that an edition freezes, and what keeps a quiz from being released."""

from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.models import Question, QuizPage
from courses.models import Edition
from courses.models.edition import Manifest

# The key of the unit type: what editions call a quiz.
QUIZ = "quiz"


@dataclass(frozen=True)
class QuizRules:
    """`draw` 0 takes the whole bank; `attempts` 0 allows as many as wanted; `pass_mark` is in per cent.

    `bank` is the bank's uid, so that neither a new key nor a copied course parts a released quiz from its questions;
    `bank_key` is there to be read.
    """

    bank: str
    bank_key: str
    draw: int
    pass_mark: int
    attempts: int
    shuffle: bool

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)

    @classmethod
    def of_page(cls, page: QuizPage) -> Self:
        return cls(
            bank=str(page.bank.uid),
            bank_key=page.bank.key,
            draw=page.draw,
            pass_mark=page.pass_mark,
            attempts=page.attempts_allowed,
            shuffle=page.shuffle,
        )

    def count_drawn(self, available: int) -> int:
        """How many questions an attempt gets of those available."""
        return min(self.draw or available, available)

    def draws_at_random(self, available: int) -> bool:
        """Whether two attempts may get different questions."""
        return self.shuffle and self.count_drawn(available) < available


def rules(page: QuizPage) -> dict[str, Any]:
    return asdict(QuizRules.of_page(page))


def banks_in_editions() -> frozenset[UUID]:
    """The uids of the banks that a released edition of any course draws from."""
    manifests = Edition.objects.values_list("manifest", flat=True)
    variants = (variant for manifest in manifests for variant in Manifest.from_json(manifest).variants)
    units = (unit for variant in variants for unit in variant.units())
    return frozenset(UUID(unit.rules["bank"]) for unit in units if unit.kind == QUIZ)


def lint(page: QuizPage) -> list[str]:
    """Why this quiz cannot be released, in words for an author."""
    available = Question.objects.in_bank(page.bank.uid).filter(locale=page.locale).count()
    if available == 0:
        return [_("Its question bank has no question in this language.")]
    if available < page.draw:
        return [
            _("It draws %(draw)d questions, but its bank has %(available)d in this language.")
            % {"draw": page.draw, "available": available}
        ]
    return []
