"""Books of rules, and what they find. A rule is a function; its key, severity and description stand above it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.domain.lint.content import Place


class Severity(TextChoices):
    MUST = "must", _("Must be mended before a release")
    SHOULD = "should", _("Should be looked at")


@dataclass(frozen=True)
class Problem:
    """What a rule found, and what to do about it. Without a place it is about the page as a whole."""

    words: str
    place: Place | None = None


@dataclass(frozen=True)
class Finding:
    rule: str
    severity: Severity
    words: str
    page: int
    place: Place | None = None

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.MUST

    @property
    def anchor(self) -> str:
        """The part of the editor's address that leads to the block, if it stands in one."""
        return f"#block-{self.place.block_id}-section" if self.place and self.place.block_id else ""


@dataclass(frozen=True)
class Rule:
    key: str
    severity: Severity
    says: str | Promise
    find: Callable[[Any], Iterator[Problem]]


class Book:
    """The rules about one kind of thing: a decorator that enters them, and the checking of one thing by all of them."""

    def __init__(self, title: str | Promise) -> None:
        self.title = title
        self.rules: dict[str, Rule] = {}
        _books.append(self)

    def rule(self, key: str, severity: Severity, says: str | Promise) -> Callable:
        def enter(find: Callable[[Any], Iterator[Problem]]) -> Callable[[Any], Iterator[Problem]]:
            self.rules[key] = Rule(key, severity, says, find)
            return find

        return enter

    def check(self, thing: Any, page: int) -> list[Finding]:
        """What this thing lacks by every rule of the book, as findings on a page."""
        return [
            Finding(rule.key, rule.severity, problem.words, page, problem.place)
            for rule in self.rules.values()
            for problem in rule.find(thing)
        ]


_books: list[Book] = []


def all_rules() -> list[tuple[str, list[Rule]]]:
    """Every rule there is, by book: what the authors' handbook lists."""
    return [(str(book.title), list(book.rules.values())) for book in _books]
