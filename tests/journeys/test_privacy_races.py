"""Erasing somebody of whom something is being written at that moment: nothing comes back, and nobody waits for ever."""

import uuid

import pytest
from django.utils import timezone

from assessments.domain.attempts import save_response, start_attempt, submit_attempt
from certificates.domain import issuing
from certificates.models import Certificate
from courses.domain.enrolment import enrol
from courses.domain.progress import complete_unit, save_reflection
from courses.domain.releasing import release
from courses.models import Course, Enrolment, Unit
from elearn.core import pending
from elearn.people.domain import erasure, exports
from elearn.people.domain.personal_data import PersonErased
from elearn.people.enums import ErasureOrigin
from elearn.people.models import DataExport, User
from tests.factories import privacy
from tests.factories.assessments import make_quiz
from tests.factories.courses import make_course_page, make_lesson, make_module
from tests.factories.people import UserFactory
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course() -> Course:
    privacy.remove_files()
    page = make_course_page()
    module = make_module(page, "m1")
    make_lesson(module, "lesson")
    make_quiz(module, questions=2, pass_mark=50)
    return release(page=page, by=None).course


def erase(person: User) -> object:
    return erasure.erase_now(person=person, origin=ErasureOrigin.OPERATOR, reason="Asked by letter.")


def test_erasure_beside_everything_that_writes_about_the_person(course: Course) -> None:
    lesson, quiz = Unit.objects.get(kind="lesson"), Unit.objects.get(kind="quiz")
    for number in range(4):
        person = UserFactory(email=f"zafeiropoulou{number}@example.org", printed_name=privacy.NAME)
        enrolment = enrol(person=person, course=course)
        attempt = start_attempt(enrolment=enrolment, unit=quiz, language="en")
        for question in attempt.snapshot:
            save_response(
                attempt=attempt,
                question_key=question["key"],
                posted={"": ["right"]},
                client_key=uuid.uuid4(),
                based_on=0,
                language="en",
            )
        at_once_results = at_once(
            lambda person=person: erase(person),
            lambda enrolment=enrolment: complete_unit(enrolment=enrolment, unit=lesson, language="en", revision=None),
            lambda attempt=attempt: submit_attempt(attempt=attempt, language="en", revision=None),
            lambda enrolment=enrolment: save_reflection(
                enrolment=enrolment, unit=lesson, block_id="b", text=privacy.NOTE
            ),
            lambda person=person: exports.ask_for_export(person=person),
        )
        errors = [r for r in at_once_results if isinstance(r, Exception) and not isinstance(r, PersonErased)]
        assert errors == []
    issuing.issue_missing()
    do_what_is_left()
    assert privacy.found_in_tables((privacy.NAME, privacy.NOTE, "zafeiropoulou")) == {}
    assert privacy.found_in_files() == []
    assert Enrolment.objects.completed().count() == 4


def test_erasure_beside_issuing_rendering_and_a_download(course: Course) -> None:
    for number in range(4):
        person = UserFactory(email=f"zafeiropoulou{number}@example.org", printed_name=privacy.NAME)
        enrolment = enrol(person=person, course=course)
        Enrolment.objects.filter(pk=enrolment.pk).update(state="completed", completed_at=enrolment.created_at)
        certificate = issuing.issue(enrolment=enrolment)
        export = exports.ask_for_export(person=person)
        results = at_once(
            lambda person=person: erase(person),
            lambda enrolment=enrolment: issuing.issue(enrolment=enrolment),
            lambda certificate=certificate: pending.work(issuing.KIND, certificate.pk),
            lambda export=export: pending.work(exports.KIND, export.pk),
        )
        errors = [r for r in results if isinstance(r, Exception) and not isinstance(r, PersonErased)]
        assert errors == []
    do_what_is_left()
    assert privacy.found_in_tables((privacy.NAME, "zafeiropoulou")) == {}
    assert privacy.found_in_files() == []
    assert Certificate.objects.exclude(name_removed_at=None).count() == 4


def do_what_is_left() -> None:
    """As the sweeper has it done, once the leases have run out."""
    for kind, model in ((issuing.KIND, Certificate), (exports.KIND, DataExport)):
        rows = model.objects.filter(work_done_at=None)
        rows.update(leased_until=None, work_due_at=timezone.now())
        for pk in list(rows.values_list("pk", flat=True)):
            pending.work(kind, pk)
