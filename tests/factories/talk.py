"""Threads and posts, written as people write them."""

from uuid import uuid4

from courses.domain.cohorts.rooms import Room, room_of
from courses.domain.cohorts.talking import reply, start_thread
from courses.enums import ThreadKind
from courses.models import Cohort, Course, Post, Thread, Unit
from elearn.people.models import User


def room_for(person: User, cohort: Cohort | None = None, course: Course | None = None) -> Room:
    taken = course or (cohort.course if cohort else None)
    assert taken is not None
    room = room_of(person, taken, cohort)
    assert room is not None
    return room


def make_question(
    person: User,
    unit: Unit,
    cohort: Cohort | None = None,
    *,
    title: str = "Who signs?",
    text: str = "I wonder.",
) -> Thread:
    room = room_for(person, cohort, unit.course)
    return start_thread(room=room, kind=ThreadKind.QUESTION, title=title, text=text, client_key=uuid4(), unit=unit)


def make_topic(person: User, cohort: Cohort, *, title: str = "Hello", text: str = "I am new here.") -> Thread:
    room = room_for(person, cohort)
    return start_thread(room=room, kind=ThreadKind.TOPIC, title=title, text=text, client_key=uuid4())


def make_announcement(person: User, cohort: Cohort, *, title: str = "Room changed", text: str = "Room 4.") -> Thread:
    room = room_for(person, cohort)
    return start_thread(room=room, kind=ThreadKind.ANNOUNCEMENT, title=title, text=text, client_key=uuid4())


def make_reply(person: User, thread: Thread, *, text: str = "The head does.") -> Post:
    room = room_for(person, thread.cohort, thread.course)
    return reply(room=room, thread=thread, text=text, client_key=uuid4())


class WithTalk:
    """Somebody's course with one question in it."""

    course: Course

    @property
    def thread(self) -> Thread:
        return Thread.objects.get(course=self.course)

    @property
    def post(self) -> Post:
        return self.thread.posts.get()
