"""Which learners of a board are shown, and in which order: over all of them, whatever page of the list is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from elearn.people.domain.names import folded
from elearn.portal.domain.cohort_board import Board, Learner
from elearn.portal.enums import SortBy

# Anybody who needs a word, for whatever reason.
ANY = "any"


@dataclass(frozen=True)
class Wanted:
    """What was asked for; what is empty asks for nothing."""

    state: str = ""
    word: str = ""
    institution: UUID | None = None
    text: str = ""
    sort: str = SortBy.NAME


def choose(board: Board, wanted: Wanted, *, by_address: bool) -> list[Learner]:
    """The learners who are wanted, in the order that is. Those who are equal stay in the order of their names.

    Addresses are searched only for who may read them (`by_address`): a search answers what it searches.
    """
    text = folded(wanted.text.strip())
    found = [learner for learner in board.learners if _is_wanted(learner, wanted, text, by_address)]
    found.sort(key=lambda learner: (folded(learner.person.printed_name), learner.member.pk))
    by, down = wanted.sort.lstrip("-"), wanted.sort.startswith("-")
    key = _KEYS.get(by)
    if key is None:
        return found
    # Who has nothing to compare by stands at the end, in either direction.
    comparable = [learner for learner in found if key(learner) is not None]
    rest = [learner for learner in found if key(learner) is None]
    return [*sorted(comparable, key=key, reverse=down), *rest]


_KEYS: dict[str, Callable[[Learner], Any]] = {
    "progress": lambda learner: learner.done / learner.required if learner.required else None,
    # Who never did anything was last active before everybody else.
    "active": lambda learner: learner.last_active or datetime.min.replace(tzinfo=UTC),
    "result": lambda learner: learner.mean,
}


def _is_wanted(learner: Learner, wanted: Wanted, text: str, by_address: bool) -> bool:
    if wanted.state and learner.state != wanted.state:
        return False
    if wanted.word and not (learner.reasons if wanted.word == ANY else wanted.word in learner.reasons):
        return False
    institution = learner.enrolment.institution
    if wanted.institution and (institution is None or institution.public_id != wanted.institution):
        return False
    return not text or text in _searched(learner, by_address)


def _searched(learner: Learner, by_address: bool) -> str:
    person, institution = learner.person, learner.enrolment.institution
    words = [person.printed_name, person.latin_name, institution.name if institution else ""]
    return folded("\n".join([*words, person.email] if by_address else words))


def institutions(board: Board) -> dict[UUID, str]:
    """Where the learners of the board work, by name."""
    found = {each.enrolment.institution for each in board.learners if each.enrolment.institution is not None}
    return {each.public_id: each.name for each in sorted(found, key=lambda each: (folded(each.name), each.pk))}
