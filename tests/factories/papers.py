"""Cohorts that write a quiz with a question of every type on paper."""

from typing import Any, TypeVar
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone

from assessments.domain.papers import codes
from assessments.models import Attempt, PaperEntry, PaperForm, QuizPage, RubricAssessment
from assessments.questions import all_types
from courses.domain.cohorts import kits
from courses.domain.releasing import release
from courses.models import Cohort, CoursePage, PrintKit
from elearn.core import pending
from elearn.people.models import User
from tests.factories.assessments import QuestionBankFactory, make_quiz
from tests.factories.cohorts import CohortFactory
from tests.factories.courses import make_course_page, make_lesson, make_module
from tests.factories.questions import make_question

NOTES = "<p>Let them speak first.</p>"


def make_paper_cohort(*types: str, key: str = "rescue-at-sea", **rules: Any) -> Cohort:
    """A cohort of a course with a lesson and a quiz, with a question of each of these types, or of all."""
    page = make_course_page(key)
    module = make_module(page, "m1")
    make_lesson(module, "l1", title="Speaking first", facilitator_notes=NOTES)
    bank = QuestionBankFactory(course_code=key, key=f"{key}-bank")
    for name in types or [kind.key for kind in all_types()]:
        make_question(name, bank)
    make_quiz(module, f"{key}-quiz", questions=0, bank=bank, **{"pass_mark": 50, **rules})
    course = release(page=CoursePage.objects.get(pk=page.pk), by=None).course
    return CohortFactory(course=course)


def quiz_of(cohort: Cohort) -> QuizPage:
    return QuizPage.objects.descendant_of(CoursePage.objects.get(translation_key=cohort.course.key)).get()


def make_kit(cohort: Cohort, *parts: str, language: str = "en", **asked: Any) -> PrintKit:
    """A kit of all modules, made as a worker makes it."""
    modules = [module.key for variant in cohort.edition.structure.variants for module in variant.modules]
    kit = kits.ask_for_kit(cohort=cohort, by=cohort.trainer, language=language, parts=parts, modules=modules, **asked)
    pending.work(kits.KIND, kit.pk)
    kit.refresh_from_db()
    return kit


def make_form(cohort: Cohort) -> PaperForm:
    """One form of the cohort's quiz, printed in a kit."""
    make_kit(cohort, "quiz_papers")
    return PaperForm.objects.filter(cohort=cohort).select_related("unit", "cohort").get()


Side = TypeVar("Side", bound="WithPapers")


class WithPapers:
    """What a side of the role world (tests.factories.role_world) has on paper, in the cohort that was observed."""

    observation: RubricAssessment
    attempt: Attempt

    @property
    def taught(self) -> UUID:
        """The cohort, as addresses name it."""
        return self.observation.cohort.public_id

    @property
    def kit(self) -> PrintKit:
        return PrintKit.objects.get(cohort=self.observation.cohort)

    @property
    def paper(self) -> PaperForm:
        return PaperForm.objects.get(kit=self.kit)


def with_papers(side: Side, by: User) -> Side:
    """The side, with a kit and a form of its quiz."""
    form = _copied_form(side.observation.cohort, side.attempt, by)
    form.kit.file.save("kit.pdf", ContentFile(b"%PDF-1.4"))
    return side


def make_paper_entry(attempt: Attempt, by: User) -> PaperEntry:
    """Say of an attempt that it was written on paper."""
    form = _copied_form(CohortFactory(course=attempt.unit.course), attempt, by)
    return PaperEntry.objects.create(
        attempt=attempt, form=form, enrolment=attempt.enrolment, sat_on=timezone.localdate(), entered_by=by
    )


def _copied_form(cohort: Cohort, attempt: Attempt, by: User) -> PaperForm:
    """A form, in a kit of the cohort, that asks what the attempt asked."""
    kit = PrintKit.objects.create(
        cohort=cohort, language="en", made_by=by, work_done_at=timezone.now(), expires_at=timezone.now()
    )
    return PaperForm.objects.create(
        code=codes.new_code(),
        cohort=cohort,
        kit=kit,
        unit=attempt.unit,
        variant="A",
        language="en",
        title="A quiz",
        pass_mark=attempt.pass_mark,
        rules=attempt.rules,
        snapshot=attempt.snapshot,
        created_by=by,
    )
