"""Fills a new state folder for the bench: the shipped course, and learners half-way through it."""

import argparse
import json

import django
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction


def populate(learners: int) -> dict[str, object]:
    """Answer the session of one learner, and the addresses that the bench asks for."""
    # Imported here: models can only be imported after django.setup().
    from courses.domain.enrolment import enrol
    from courses.domain.progress import complete_unit
    from courses.models import Course, CoursePage, LessonPage, Unit
    from elearn.people.models import User

    course = Course.objects.select_related("current_edition").get(code="training-of-trainers")
    page = CoursePage.objects.live().get(translation_key=course.key, locale__language_code="en")
    lessons = list(LessonPage.objects.live().descendant_of(page).order_by("path"))
    units = {unit.key: unit for unit in Unit.objects.filter(course=course)}
    lessons = [lesson for lesson in lessons if lesson.translation_key in units]
    password = make_password(None)
    with transaction.atomic():
        people = User.objects.bulk_create(
            User(email=f"learner{number}@demo.example", printed_name=f"Learner {number}", password=password)
            for number in range(learners)
        )
        for number, person in enumerate(people):
            enrolment = enrol(person=person, course=course)
            for lesson in lessons[: 1 + number % (len(lessons) - 1)]:
                complete_unit(enrolment=enrolment, unit=units[lesson.translation_key], language="en", revision=None)
    somebody = people[learners // 2]
    session = SessionStore()
    session[SESSION_KEY] = str(somebody.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = somebody.get_session_auth_hash()
    session.create()
    return {
        "session": session.session_key,
        "pages": {"lesson": lessons[1].url, "course page": page.url, "desk": "/en/desk/"},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("learners", type=int)
    asked = parser.parse_args()
    django.setup()
    print(json.dumps(populate(asked.learners)))
