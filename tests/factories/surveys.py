"""Surveys as authors write them, and people who answer them."""

from collections.abc import Sequence

from assessments.domain.surveys import submit_survey
from assessments.models import SurveyPage
from courses.models import Cohort, Course, Enrolment, ModulePage, Unit
from tests.factories.courses import EnrolmentFactory


def question(kind: str, id: str, text: str = "", **values: object) -> dict:
    value: dict[str, object] = {"text": text or f"Text of {id}.", "optional": kind == "free_text", **values}
    if kind in ("one_choice", "several_choices"):
        value["options"] = [{"type": "item", "id": f"{id}-{n}", "value": f"Option {n} of {id}"} for n in (1, 2, 3)]
    return {"type": kind, "id": id, "value": value}


# One question of each kind; the competency is the same in every survey made of them.
QUESTIONS = (
    question("competency", "plan", "I can plan a session.", competency="plan-a-session"),
    question("agreement", "useful", "The course is useful."),
    question("one_choice", "length", "How long was it?"),
    question("several_choices", "ways", "How do you learn best?"),
    question("free_text", "words", "What should change?"),
)


def make_survey(
    module: ModulePage, key: str = "survey", *, questions: Sequence[dict] = QUESTIONS, **fields: object
) -> SurveyPage:
    """A published survey with those questions; anonymous unless it says otherwise."""
    page = SurveyPage(
        title=key.capitalize(),
        slug=key,
        key=key,
        locale=module.locale,
        purpose="To hear from you.",
        questions=list(questions),
        **fields,
    )
    module.add_child(instance=page)
    page.save_revision().publish()
    return SurveyPage.objects.get(pk=page.pk)


def answers(rating: int = 4, **changed: object) -> dict:
    """An answer to each of QUESTIONS."""
    return {"plan": rating, "useful": rating, "length": "length-1", "ways": ["ways-1", "ways-2"], **changed}


def answer_survey(enrolment: Enrolment, unit: Unit, given: dict | None = None, *, language: str = "en") -> None:
    submit_survey(enrolment=enrolment, unit=unit, given=given or answers(), language=language, revision=None)


def make_cohort(course: Course, title: str = "A cohort", **fields: object) -> Cohort:
    return Cohort.objects.create(
        course=course, edition=course.current_edition, title=title, starts_on="2026-01-01", **fields
    )


def crowd(
    unit: Unit, count: int, *, cohort: Cohort | None = None, rating: int = 4, **changed: object
) -> list[Enrolment]:
    """People of a cohort, or of none, who have all answered the survey alike."""
    enrolments = EnrolmentFactory.create_batch(count, course=unit.course, cohort=cohort)
    for enrolment in enrolments:
        answer_survey(enrolment, unit, answers(rating, **changed))
    return enrolments
