"""A quiz as a unit type: the rules that an edition freezes."""

from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.models import QuizPage
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


def describe(rules: dict[str, Any]) -> dict[str, str]:
    """The rules that concern a learner, in words: what is called what, and what it is."""
    quiz = QuizRules.from_json(rules)
    return {
        _("Questions"): str(quiz.draw or _("all")),
        _("Pass mark"): f"{quiz.pass_mark} %",
        _("Attempts"): str(quiz.attempts or _("as many as you want")),
    }


def tell(title: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What changes in the rules of a quiz from one edition to the next, in sentences for an author."""
    was, now = QuizRules.from_json(before), QuizRules.from_json(after)
    told = []
    if now.pass_mark != was.pass_mark:
        told.append(
            _("The pass mark of “%(title)s” rises from %(was)d %% to %(now)d %%.")
            if now.pass_mark > was.pass_mark
            else _("The pass mark of “%(title)s” falls from %(was)d %% to %(now)d %%.")
        )
        told[-1] %= {"title": title, "was": was.pass_mark, "now": now.pass_mark}
    if now.draw != was.draw:
        values = {"title": title, "was": was.draw or _("all"), "now": now.draw or _("all")}
        told.append(_("“%(title)s” asks %(now)s questions of its bank instead of %(was)s.") % values)
    if now.attempts != was.attempts:
        unlimited = _("as many as wanted")
        values = {"title": title, "was": was.attempts or unlimited, "now": now.attempts or unlimited}
        told.append(_("Attempts allowed at “%(title)s”: %(now)s instead of %(was)s.") % values)
    if now.shuffle != was.shuffle:
        words = _("“%s” now mixes its questions and options.") if now.shuffle else _("“%s” no longer mixes them.")
        told.append(words % title)
    if now.bank != was.bank:
        told.append(_("“%s” draws from another question bank.") % title)
    return told


def banks_in_editions() -> frozenset[UUID]:
    """The uids of the banks that a released edition of any course draws from."""
    manifests = Edition.objects.values_list("manifest", flat=True)
    variants = (variant for manifest in manifests for variant in Manifest.from_json(manifest).variants)
    units = (unit for variant in variants for unit in variant.units())
    return frozenset(UUID(unit.rules["bank"]) for unit in units if unit.kind == QUIZ)
