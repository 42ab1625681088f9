"""The registry of unit types. Upper packages fill it in `ready()`; this package names none of their models."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from courses.models import UnitPage

if TYPE_CHECKING:
    from courses.domain.packages.forms import Form


def _no_rules(page: Any) -> dict[str, Any]:
    return {}


def _no_problems(page: Any) -> list[str]:
    return []


@dataclass(frozen=True)
class UnitType:
    """One kind of unit.

    `rules(page)` are the rules that a release freezes into the edition; `lint(page)` says, in words for an author,
    why a page cannot be released as it is; `form` says what a page is in a course package (docs/course-packages.md),
    and without one packages do not know the type.
    """

    key: str
    page_model: type[UnitPage]
    icon: str
    rules: Callable[[Any], dict[str, Any]] = _no_rules
    lint: Callable[[Any], list[str]] = _no_problems
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
