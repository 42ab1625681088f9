"""From an address to a page of a course and what this person may do there."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from courses.domain import tree
from courses.domain.access import Access, access_to
from courses.models import Course
from elearn.core.shelf import Shelf
from elearn.people.models import User


@dataclass(frozen=True)
class Arrival:
    place: tree.Place
    access: Access


# Which course stood at a place in the tree, and its stamp then. A course that has been moved has another stamp.
_courses: Shelf[str, tuple[UUID, int]] = Shelf(room=2_000)


def arrive(person: User | AnonymousUser, language: str, address: str) -> Arrival | None:
    """The live page at an address without its language, such as `courses/rescue-at-sea/m1/`; None for all others.

    Two queries for a learner; for those who teach or visit, one more.
    """
    path = tree.course_path(language, address)
    if path is None:
        return None
    return _as_before(person, language, address, path) or _as_it_is(person, language, address, path)


def _as_before(person: User | AnonymousUser, language: str, address: str, path: str) -> Arrival | None:
    """Trust what this process knows of the place, if the course's stamp has not moved since."""
    key, wording = _courses.get(path) or (None, None)
    if key is None:
        return None
    access = access_to(person, key)
    course = access.enrolment.course if access.enrolment else Course.objects.only("wording").filter(key=key).first()
    if course is None or course.wording != wording:
        return None
    place = tree.place_at(key, language, wording, address)
    return Arrival(place, access) if place else None


def _as_it_is(person: User | AnonymousUser, language: str, address: str, path: str) -> Arrival | None:
    key, wording = tree.course_at(path) or (None, None)
    if key is None:
        return None
    if wording is not None:
        _courses.put(path, (key, wording))
    place = tree.place_at(key, language, wording, address)
    return Arrival(place, access_to(person, key)) if place else None
