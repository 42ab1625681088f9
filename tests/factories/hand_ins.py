"""Learners with a practical before them, and the steps through it."""

import io
import zipfile

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from assessments.domain import practicals
from assessments.enums import AssessmentState, ScriptState
from assessments.models import HandIn, PracticalPage, RubricAssessment, Script
from courses.domain.releasing import release
from courses.models import Enrolment, Unit
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module
from tests.factories.people import UserFactory
from tests.factories.practicals import make_practical, unit_of


def pdf(content: bytes = b"") -> ContentFile:
    return ContentFile(b"%PDF-1.7\n" + content, name="plan.pdf")


def picture(kind: str = "PNG") -> ContentFile:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, kind)
    return ContentFile(buffer.getvalue())


def office(*members: str) -> ContentFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return ContentFile(buffer.getvalue())


def enrolled(learner: User, **rules: object) -> Enrolment:
    """A learner in a released course with one lesson and a practical."""
    page = make_course_page()
    module = make_module(page, "m1")
    make_lesson(module, "first")
    make_practical(module, **rules)
    return EnrolmentFactory(person=learner, course=release(page=page, by=None).course)


def practical_unit() -> Unit:
    return unit_of(PracticalPage.objects.get())


def begun(learner: User, **rules: object) -> HandIn:
    enrolment = enrolled(learner, **rules)
    return practicals.begin(enrolment=enrolment, unit=practical_unit(), language="en")


def handed(hand_in: HandIn, text: str = "My plan.") -> HandIn:
    saved = practicals.save_text(hand_in=hand_in, text=text, version=HandIn.objects.get(pk=hand_in.pk).version)
    return practicals.hand_in_work(hand_in=hand_in, version=saved.version)


def assessed(hand_in: HandIn, *, passed: bool, **levels: str) -> RubricAssessment:
    """The mark that settles a hand-in, as the queue gives it."""
    now = timezone.now()
    assessment = RubricAssessment.objects.create(
        subject=hand_in.enrolment.person,
        assessor=UserFactory(),
        part="first",
        script=hand_in.script,
        rubric=hand_in.rubric,
        levels=levels,
        fraction="0.60000" if passed else "0.20000",
        passed=passed,
        reasons="Because.",
        state=AssessmentState.FINAL,
        final_at=now,
    )
    Script.objects.filter(hand_in=hand_in).update(state=ScriptState.SETTLED, settled_at=now)
    practicals.settle(hand_in=hand_in, assessment=assessment)
    return assessment
