"""What the page of a survey shows to one learner."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from assessments.domain.surveys.answering import rules_for
from assessments.domain.surveys.questions import Question, ends_of_scale, from_asked, in_words, questions_of
from assessments.domain.surveys.rules import SurveyRules
from assessments.domain.surveys.waves import has_come, opens_at
from assessments.models import SurveyAnswers, SurveyPage, SurveyResponse
from courses.blocks.text import CleanRichText
from courses.models import Enrolment


@dataclass(frozen=True)
class OwnAnswer:
    """A question as it was put, and what the learner answered; `low` and `high` say what 1 and 5 mean."""

    question: Question
    answers: list[str]
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class SurveyReading:
    """`answered_at` is None as long as the survey is open; `own` stays empty when it is anonymous.

    `months_after` is set as long as its time has not come; `opens_at` says when that is, once the course is completed.
    """

    introduction: CleanRichText
    anonymous: bool
    questions: list[Question]
    answered_at: datetime | None
    own: list[OwnAnswer]
    months_after: int = 0
    opens_at: datetime | None = None


def read_survey(page: SurveyPage, enrolment: Enrolment | None) -> SurveyReading:
    """The survey of the learner's edition in the words of the page; without an enrolment, as the page has it now."""
    key = page.translation_key
    rules = rules_for(enrolment, key) if enrolment else None
    response = SurveyResponse.objects.filter(enrolment=enrolment, unit__key=key).first() if rules else None
    waits = rules is not None and enrolment is not None and not has_come(rules, enrolment, timezone.now())
    months = rules.months_after if rules and waits else 0
    completed = enrolment.completed_at if enrolment else None
    return SurveyReading(
        months_after=months,
        opens_at=opens_at(completed, months) if completed and months else None,
        introduction=CleanRichText(page.introduction),
        anonymous=(rules or SurveyRules.of_page(page)).anonymous,
        questions=rules.asked_on(page) if rules else questions_of(page),
        answered_at=response.submitted_at if response else None,
        own=own_answers(response) if response else [],
    )


def own_answers(response: SurveyResponse) -> list[OwnAnswer]:
    """What the learner was asked and answered, in the language of that day; nothing of an anonymous survey."""
    row = SurveyAnswers.objects.filter(response=response).select_related("sheet").first()
    if row is None:
        return []
    given = {**row.answers, **row.texts}
    return [
        OwnAnswer(q, in_words(q, given.get(q.id)), *(ends_of_scale(q.kind) if q.is_rated else ()))
        for q in from_asked(row.sheet.asked, response.language)
    ]
