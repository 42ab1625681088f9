"""The registry of unit types. Upper packages fill it in `ready()`; this package names none of their models."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from courses.models import Enrolment, UnitPage

if TYPE_CHECKING:
    from courses.domain.lint.findings import Finding
    from courses.domain.packages.forms import Form


def _no_rules(page: Any) -> dict[str, Any]:
    return {}


def _no_findings(pages: Sequence[Any]) -> "list[Finding]":
    return []


def _no_words(rules: dict[str, Any]) -> dict[str, str]:
    return {}


def _nothing_to_tell(title: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return []


@dataclass(frozen=True)
class UnitType:
    """One kind of unit.

    `rules(page)` are the rules that a release freezes into the edition, read from the page and the rows that `related`
    names; `describe(rules)` puts those that concern a learner into words, and `tell(title, before, after)` says in
    sentences what changes from one edition to the next; `shows(page, enrolment)` is what its template prints beside
    courses' own reading of a unit; `lint(pages)` finds what the pages of this type lack (courses.domain.lint), all of
    a course at once, so that what they rest on is read once; `is_check` says that the unit asks what was learned;
    `form` says what a page is in a course package (docs/course-packages.md), and without one packages do not know
    the type.
    """

    key: str
    page_model: type[UnitPage]
    icon: str
    rules: Callable[[Any], dict[str, Any]] = _no_rules
    related: tuple[str, ...] = ()
    lint: "Callable[[Sequence[Any]], list[Finding]]" = _no_findings
    is_check: bool = False
    describe: Callable[[dict[str, Any]], dict[str, str]] = _no_words
    tell: Callable[[str, dict[str, Any], dict[str, Any]], list[str]] = _nothing_to_tell
    shows: Callable[[Any, Enrolment | None], dict[str, Any]] | None = None
    form: "Form | None" = None


_types: dict[str, UnitType] = {}


def register(unit_type: UnitType) -> None:
    _types[unit_type.key] = unit_type


def get(key: str) -> UnitType:
    """The type with this key. Raises KeyError when there is none."""
    return _types[key]


def all_types() -> list[UnitType]:
    return list(_types.values())


def of_page(page: object) -> UnitType | None:
    """The type of a specific page, or None when it is no unit."""
    return next((unit_type for unit_type in _types.values() if isinstance(page, unit_type.page_model)), None)


def of_model(model: type) -> UnitType | None:
    """The type whose pages are of this model."""
    return next((unit_type for unit_type in _types.values() if issubclass(model, unit_type.page_model)), None)


def what_shows(model: type, page: Any, enrolment: Enrolment | None) -> dict[str, Any]:
    """What the template of a unit prints beside `reading`. `page` is the page itself or its number, read if needed."""
    unit_type = of_model(model)
    if unit_type is None or unit_type.shows is None:
        return {}
    page = unit_type.page_model.objects.get(pk=page) if isinstance(page, int) else page
    return {"page": page, **unit_type.shows(page, enrolment)}
