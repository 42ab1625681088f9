"""What surveys keep about a person: that they answered, and where it is not anonymous, what."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.surveys.questions import from_asked, in_words
from assessments.models import SurveyAnswers, SurveyResponse
from elearn.people.domain.personal_data import Contribution, Identity, Row, Table
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [
        Table("surveys", _("Surveys that you answered"), _responses(person)),
        Table("survey_answers", _("Your answers in surveys that were not anonymous"), _answers(person)),
    ]


def _responses(person: User) -> list[Row]:
    rows = SurveyResponse.objects.filter(enrolment__person=person).select_related("unit__course", "answers")
    return [
        {
            "course": row.unit.course.code,
            "unit": row.unit.code,
            "submitted_at": row.submitted_at,
            "language": row.language,
            "anonymous": not hasattr(row, "answers"),
        }
        for row in rows.order_by("submitted_at", "pk")
    ]


def _answers(person: User) -> list[Row]:
    rows = _of(person).select_related("sheet", "response__unit__course")
    return [
        {
            "course": row.response.unit.course.code,
            "unit": row.response.unit.code,
            "question": question.id,
            "asked": question.text,
            "answered": in_words(question, {**row.answers, **row.texts}.get(question.id)),
        }
        for row in rows.order_by("response__submitted_at", "pk")
        if row.response is not None
        for question in from_asked(row.sheet.asked, row.response.language)
    ]


def _of(person: User) -> QuerySet[SurveyAnswers]:
    return SurveyAnswers.objects.filter(response__enrolment__person=person)


def erase(person: User, identity: Identity) -> None:
    """What was written in words goes; ratings and choices among what everybody was offered stay.

    Of anonymous answers nobody knows whose they are, so nothing can be removed from them.
    """
    _of(person).exclude(texts={}).update(texts={})


def texts_before(cutoff: datetime) -> QuerySet[SurveyAnswers]:
    """Answers with words in them from years that were over by `cutoff`: no row of answers has a finer date."""
    return SurveyAnswers.objects.filter(year__lt=cutoff.year).exclude(texts={})


def _forget_texts(pks: list[Any]) -> None:
    SurveyAnswers.objects.filter(pk__in=pks).update(texts={})


CONTRIBUTION = Contribution(
    name="surveys",
    collect=collect,
    erase=erase,
    holds=frozenset({"assessments.SurveyResponse.enrolment", "assessments.SurveyAnswers.response"}),
)

PERIODS = (
    Kept(
        key="survey_texts",
        what=gettext_lazy("What you wrote in words in surveys, from the end of the year in which you did"),
        why=gettext_lazy("So that those who make the course can mend it."),
        then=gettext_lazy("It is deleted, from anonymous surveys too; ratings and choices stay."),
        due=texts_before,
        apply=_forget_texts,
    ),
    Kept(
        key="surveys",
        what=gettext_lazy("That you answered a survey, and your ratings and choices if it was not anonymous"),
        why=gettext_lazy("To see whether a course works: what people could do before and after it."),
        how_long=gettext_lazy("for good"),
        then=gettext_lazy("After an erasure they no longer say whose they were."),
    ),
)
