"""Fills a new site for the bench and prints, as JSON, who will look at what."""

import argparse
import json

import django
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

ACTORS = 40  # learners who take turns: enough that no page is always the same person's


LESSONS = 3  # that a traveller reads before the quiz


def populate(learners: int, courses: int, travellers: int) -> dict[str, object]:
    """Courses and learners as rows; then the addresses that each of a few learners asks for, and their sessions.

    Travellers are new learners of the shipped course, each for one whole journey.
    """
    # Imported here: models can only be imported after django.setup().
    from courses.models import CoursePage, LessonPage
    from elearn.people.models import User
    from tests.bench.cohorts import make_cohorts
    from tests.bench.copies import CourseCopier
    from tests.bench.crowd import QUIZZES_EVERY, Crowd

    shipped = CoursePage.objects.live().get(key="training-of-trainers", locale__language_code="en")
    CourseCopier(shipped).make(courses - 1)
    crowd = Crowd(learners)
    crowd.make()
    step = max(QUIZZES_EVERY, learners // ACTORS // QUIZZES_EVERY * QUIZZES_EVERY)
    # Somebody enrolled in the shipped course, whose longest lesson is what a browser loads.
    trainee = next(person for person in crowd.people if person.pk in crowd.takers(shipped.translation_key))
    longest = max(LessonPage.objects.live().descendant_of(shipped), key=lambda page: len(str(page.body.raw_data)))
    return {
        "actors": [_actor(number, person) for number, person in enumerate(crowd.people[::step][:ACTORS])],
        "longest_lesson": longest.url,
        "trainee": _session(trainee),
        "cohorts": make_cohorts(),
        "trainer": _session(User.objects.get(email="trainer@demo.example")),
        "travellers": [_traveller(shipped, person) for person in crowd.newcomers(shipped.translation_key, travellers)],
    }


def _traveller(course, person) -> dict:  # type: ignore[no-untyped-def]
    from assessments.models import QuizPage
    from courses.models import LessonPage

    lessons = LessonPage.objects.live().descendant_of(course).order_by("path")[:LESSONS]
    return {
        "session": _session(person),
        "course": course.url,
        "lessons": [lesson.url for lesson in lessons],
        "quiz": QuizPage.objects.live().descendant_of(course).order_by("path")[0].url,
    }


def _actor(number: int, person) -> dict:  # type: ignore[no-untyped-def]
    from django.urls import reverse
    from django.utils.translation import override

    from assessments.models import Attempt, QuizPage
    from courses.models import CoursePage, Enrolment, LessonPage

    enrolments = Enrolment.objects.filter(person=person).order_by("pk")
    keys = [enrolment.course.key for enrolment in enrolments.select_related("course")]
    pages = {page.translation_key: page for page in CoursePage.objects.live().filter(translation_key__in=keys)}
    lessons = list(LessonPage.objects.live().descendant_of(pages[keys[0]]).order_by("path"))
    attempt = Attempt.objects.select_related("unit").get(enrolment__person=person)
    quiz = QuizPage.objects.live().get(translation_key=attempt.unit.key)
    with override("en"):
        return {
            "session": _session(person),
            "paths": {
                "bare view": ["/bench/bare/"],
                "home": [reverse("home")],
                "catalogue": [pages[keys[0]].get_parent().url],
                "course": [pages[key].url for key in keys],
                "lesson": [lessons[(number + more) % len(lessons)].url for more in range(2)],
                "quiz page": [quiz.url],
                "desk": [reverse("desk")],
            },
            "attempt": reverse("assessments:attempt", args=[attempt.public_id]),
            "questions": [
                {
                    "key": question["key"],
                    "path": reverse("assessments:answer", args=[attempt.public_id, question["key"]]),
                    "options": list(question["order"]),
                }
                for question in attempt.snapshot
            ],
        }


def _session(person) -> str | None:  # type: ignore[no-untyped-def]
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("learners", type=int)
    parser.add_argument("courses", type=int)
    parser.add_argument("travellers", type=int)
    asked = parser.parse_args()
    django.setup()
    print(json.dumps(populate(asked.learners, asked.courses, asked.travellers)))
