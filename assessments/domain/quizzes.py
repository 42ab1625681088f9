"""A quiz as a unit type: the rules that an edition freezes."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import Counting, Moment
from assessments.models import Question, QuestionBank, QuestionCategory, QuizPage
from courses.models import Edition
from courses.models.edition import Manifest

# The key of the unit type: what editions call a quiz.
QUIZ = "quiz"


@dataclass(frozen=True)
class Source:
    """Where questions come from: these (`questions`, by translation key), or `count` of a bank at random.

    `category` is the uid of a category, with all below it; `tag` the slug of a tag.
    """

    bank: str = ""
    count: int = 0
    category: str = ""
    tag: str = ""
    questions: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "questions": tuple(data.get("questions", ()))})


@dataclass(frozen=True)
class QuizRules:
    """`draw` 0 takes the whole bank; `attempts` 0 allows as many as wanted; `pass_mark` is in per cent.

    `bank` is the bank's uid, so that neither a new key nor a copied course parts a released quiz from its questions;
    `bank_key` is there to be read. `sources`, where there are any, replace bank and draw. `time_limit` is in minutes, 0
    for none; `second_marks` in per cent, `borderline` in hundredths around the pass mark. What older editions do not
    hold has the value that they meant.
    """

    bank: str
    bank_key: str
    draw: int
    pass_mark: int
    attempts: int
    shuffle: bool
    sources: tuple[Source, ...] = ()
    time_limit: int = 0
    wait_hours: int = 0
    counts: str = Counting.HIGHEST.value
    show_marks: str = Moment.AFTER.value
    show_answers: str = Moment.AFTER.value
    show_feedback: str = Moment.AFTER.value
    anonymous_marking: bool = False
    second_marks: int = 0
    borderline: int = 0

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        if "sources" in data:
            data = {**data, "sources": tuple(Source.from_json(source) for source in data["sources"])}
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        """Without what has its default, so that a quiz of before reads as it did."""
        always = {"bank", "bank_key", "draw", "pass_mark", "attempts", "shuffle"}
        changed = {f.name: getattr(self, f.name) for f in fields(self) if f.name in always or self._says(f)}
        return {**changed, **({"sources": [asdict(source) for source in self.sources]} if self.sources else {})}

    def _says(self, field: Any) -> bool:
        return bool(getattr(self, field.name) != field.default)

    @classmethod
    def of_page(cls, page: QuizPage) -> Self:
        return cls(
            bank=str(page.bank.uid),
            bank_key=page.bank.key,
            draw=page.draw,
            pass_mark=page.pass_mark,
            attempts=page.attempts_allowed,
            shuffle=page.shuffle,
            sources=tuple(_sources(page)),
            time_limit=page.time_limit,
            wait_hours=page.wait_hours,
            counts=str(page.counts),
            show_marks=str(page.show_marks),
            show_answers=str(page.show_answers),
            show_feedback=str(page.show_feedback),
            anonymous_marking=page.anonymous_marking,
            second_marks=page.second_marks,
            borderline=page.borderline,
        )

    @property
    def all_sources(self) -> tuple[Source, ...]:
        return self.sources or (Source(bank=self.bank, count=self.draw),)

    @property
    def shows_during(self) -> bool:
        """Whether a learner may have single answers checked before submitting."""
        return Moment.DURING in {self.show_marks, self.show_answers, self.show_feedback}


def _sources(page: QuizPage) -> Iterator[Source]:
    """What the page's selection says, in permanent names. What is gone or misspelt draws nothing: lint tells of it."""
    for child in page.selection:
        if child.block_type == "fixed":
            chosen = [question for question in child.value["questions"] if question is not None]
            yield Source(questions=tuple(str(question.translation_key) for question in chosen))
        else:
            bank: QuestionBank = child.value["bank"] or page.bank
            path = (child.value["category"] or "").strip()
            found = QuestionCategory.objects.filter(bank=bank, path=path).first() if path else None
            category = str(found.uid) if found else path
            yield Source(str(bank.uid), child.value["count"], category, (child.value["tag"] or "").strip())


def rules(page: QuizPage) -> dict[str, Any]:
    return QuizRules.of_page(page).to_json()


def describe(rules: dict[str, Any]) -> dict[str, str]:
    """The rules that concern a learner, in words: what is called what, and what it is."""
    quiz = QuizRules.from_json(rules)
    asked = sum(source.count or len(source.questions) for source in quiz.all_sources)
    told = {
        _("Questions"): str(asked or _("all")),
        _("Pass mark"): f"{quiz.pass_mark} %",
        _("Attempts"): str(quiz.attempts or _("as many as you want")),
    }
    if quiz.time_limit:
        minutes = ngettext("%(count)d minute", "%(count)d minutes", quiz.time_limit)
        told[_("Time limit")] = minutes % {"count": quiz.time_limit}
    if quiz.wait_hours:
        hours = ngettext("%(count)d hour", "%(count)d hours", quiz.wait_hours)
        told[_("Between attempts")] = hours % {"count": quiz.wait_hours}
    return told


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
    if now.sources != was.sources:
        told.append(_("“%s” selects its questions in another way.") % title)
    elif now.draw != was.draw:
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
    return [*told, *_tell_time(title, was, now), *_tell_showing(title, was, now)]


def _tell_time(title: str, was: QuizRules, now: QuizRules) -> Iterator[str]:
    if now.time_limit != was.time_limit:
        values = {"title": title, "was": was.time_limit or _("none"), "now": now.time_limit or _("none")}
        yield _("Time limit of “%(title)s” in minutes: %(now)s instead of %(was)s.") % values
    if now.wait_hours != was.wait_hours:
        values = {"title": title, "was": was.wait_hours or _("none"), "now": now.wait_hours or _("none")}
        yield _("Hours between attempts at “%(title)s”: %(now)s instead of %(was)s.") % values
    if now.counts != was.counts:
        last = now.counts == Counting.LAST
        yield (_("Of “%s” the last attempt counts now.") if last else _("Of “%s” the best attempt counts now.")) % title


def _tell_showing(title: str, was: QuizRules, now: QuizRules) -> Iterator[str]:
    shown = [(rules.show_marks, rules.show_answers, rules.show_feedback) for rules in (was, now)]
    if shown[0] != shown[1]:
        yield _("“%s” shows marks, right answers or feedback at another moment.") % title
    marking = [(rules.anonymous_marking, rules.second_marks, rules.borderline) for rules in (was, now)]
    if marking[0] != marking[1]:
        yield _("The essays of “%s” are marked by other rules.") % title


def _released_rules() -> Iterator[QuizRules]:
    """The rules of every quiz in every released edition of any course."""
    for manifest in Edition.objects.values_list("manifest", flat=True):
        for variant in Manifest.from_json(manifest).variants:
            yield from (QuizRules.from_json(unit.rules) for unit in variant.units() if unit.kind == QUIZ)


def banks_in_editions() -> frozenset[UUID]:
    """The uids of the banks that a released edition of any course draws from."""
    named = {name for rules in _released_rules() for name in (rules.bank, *(source.bank for source in rules.sources))}
    keys = [key for rules in _released_rules() for source in rules.sources for key in source.questions]
    fixed = Question.objects.filter(translation_key__in=keys).values_list("bank__uid", flat=True)
    return frozenset({*(UUID(name) for name in named if name), *fixed})
