"""Editions never change, so each process keeps those that are being read, with their structure taken apart."""

from collections.abc import Iterable
from copy import copy

from courses.models import Course, Edition, Enrolment
from elearn.core.shelf import Shelf

_editions: Shelf[int, Edition] = Shelf(room=1_000)


def editions(pks: Iterable[int]) -> dict[int, Edition]:
    """Editions by number. The rows are shared by all readers of this process: change nothing on them."""
    return _editions.take(pks, lambda missing: _read(missing))


def _read(pks: list[int]) -> dict[int, Edition]:
    found: dict[int, Edition] = Edition.objects.in_bulk(pks)
    for edition in found.values():
        edition.structure  # noqa: B018  Taken apart once, for all copies.
    return found


def give_editions(enrolments: Iterable[Enrolment]) -> None:
    """Give enrolments, whose course is loaded, the edition that each pins. One query at most, none for what is kept."""
    enrolments = list(enrolments)
    kept = editions(enrolment.edition_id for enrolment in enrolments)
    for enrolment in enrolments:
        enrolment.edition = _of(enrolment.course, kept[enrolment.edition_id])


def give_current_edition(course: Course) -> None:
    """Give a course the edition that new learners get, if it has one. As few queries."""
    pk = course.current_edition_id
    if pk is not None:
        course.current_edition = _of(course, editions([pk])[pk])


def _of(course: Course, kept: Edition) -> Edition:
    edition = copy(kept)
    edition.course = course
    return edition
