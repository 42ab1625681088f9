"""A practical assessment as a unit type: the rules that an edition freezes."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import PracticalPage

# The key of the unit type: what editions call a practical assessment.
PRACTICAL = "practical"


@dataclass(frozen=True)
class PracticalRules:
    """`rubric` is the rubric's translation key and `rubric_key` there to be read; `pass_mark` is in per cent.

    `asks_files` is how many files may be handed in, `attempts` 0 allows as many as wanted, `second_marks` is in per
    cent, `borderline` in hundredths around the pass mark. What older editions do not hold has the value here.
    """

    rubric: str = ""
    rubric_key: str = ""
    asks_text: bool = True
    asks_files: int = 0
    pass_mark: int = 60
    attempts: int = 2
    wait_hours: int = 0
    anonymous_marking: bool = False
    second_marks: int = 0
    borderline: int = 0

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_page(cls, page: PracticalPage) -> Self:
        return cls(
            rubric=str(page.rubric.translation_key) if page.rubric_id else "",
            rubric_key=page.rubric.key if page.rubric_id else "",
            asks_text=page.asks_text,
            asks_files=page.asks_files,
            pass_mark=page.pass_mark,
            attempts=page.attempts_allowed,
            wait_hours=page.wait_hours,
            anonymous_marking=page.anonymous_marking,
            second_marks=page.second_marks,
            borderline=page.borderline,
        )

    @property
    def is_observed(self) -> bool:
        """Nothing is handed in: an assessor watches it being done."""
        return not self.asks_text and not self.asks_files

    @property
    def must_have_file(self) -> bool:
        """Where a text is asked for as well, files are an offer."""
        return bool(self.asks_files) and not self.asks_text


def rules(page: PracticalPage) -> dict[str, Any]:
    return PracticalRules.of_page(page).to_json()


def what_is_handed_in(practical: PracticalRules) -> str:
    """In words for a learner, and for an author."""
    if practical.is_observed:
        return _("nothing: an assessor watches you do it")
    count = {"count": practical.asks_files}
    if not practical.asks_text:
        return ngettext("one file", "up to %(count)d files", practical.asks_files) % count
    if not practical.asks_files:
        return _("a text")
    words = ngettext(
        "a text, and a file if you want", "a text, and up to %(count)d files if you want", practical.asks_files
    )
    return words % count


def describe(rules: dict[str, Any]) -> dict[str, str]:
    """The rules that concern a learner, in words: what is called what, and what it is."""
    practical = PracticalRules.from_json(rules)
    told = {
        _("To hand in"): what_is_handed_in(practical),
        _("Pass mark"): f"{practical.pass_mark} %",
        _("Attempts"): str(practical.attempts or _("as many as you want")),
    }
    if practical.wait_hours:
        hours = ngettext("%(count)d hour", "%(count)d hours", practical.wait_hours)
        told[_("Before you hand in again")] = hours % {"count": practical.wait_hours}
    return told


def tell(title: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What changes in the rules from one edition to the next, in sentences for an author."""
    was, now = PracticalRules.from_json(before), PracticalRules.from_json(after)
    return [*_tell_asking(title, was, now), *_tell_passing(title, was, now)]


def _tell_asking(title: str, was: PracticalRules, now: PracticalRules) -> Iterator[str]:
    if now.rubric != was.rubric:
        yield _("“%s” is judged by another rubric.") % title
    if (now.asks_text, now.asks_files) != (was.asks_text, was.asks_files):
        values = {"title": title, "was": what_is_handed_in(was), "now": what_is_handed_in(now)}
        yield _("What is handed in for “%(title)s” changes: %(now)s, instead of %(was)s.") % values


def _tell_passing(title: str, was: PracticalRules, now: PracticalRules) -> Iterator[str]:
    if now.pass_mark != was.pass_mark:
        words = (
            _("The pass mark of “%(title)s” rises from %(was)d %% to %(now)d %%.")
            if now.pass_mark > was.pass_mark
            else _("The pass mark of “%(title)s” falls from %(was)d %% to %(now)d %%.")
        )
        yield words % {"title": title, "was": was.pass_mark, "now": now.pass_mark}
    if now.attempts != was.attempts:
        unlimited = _("as many as wanted")
        values = {"title": title, "was": was.attempts or unlimited, "now": now.attempts or unlimited}
        yield _("Attempts allowed at “%(title)s”: %(now)s instead of %(was)s.") % values
    if now.wait_hours != was.wait_hours:
        values = {"title": title, "was": was.wait_hours or _("none"), "now": now.wait_hours or _("none")}
        yield _("Hours before “%(title)s” is handed in again: %(now)s instead of %(was)s.") % values
    marking = [(each.anonymous_marking, each.second_marks, each.borderline) for each in (was, now)]
    if marking[0] != marking[1]:
        yield _("“%s” is marked by other rules.") % title
