"""What this package keeps about a person: attempts, the answers in them, and what they earned."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.asking import question_of
from assessments.domain.marking import result_of
from assessments.models import Adjustment, Attempt, MarkChange, ParkedAnswers, Response
from assessments.questions import Answer
from elearn.people.domain.personal_data import Contribution, Identity, Row, Table, in_role
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [
        Table("attempts", _("Your attempts at quizzes"), _attempts(person)),
        Table("answers", _("Your answers"), _answers(person)),
        Table("marks", _("The marks of your answers"), _marks(person)),
        Table("adjustments", _("More time or attempts that you were given at quizzes"), _adjustments(person)),
    ]


def _of(person: User) -> QuerySet[Attempt]:
    return Attempt.objects.filter(enrolment__person=person).select_related("unit__course")


def _attempts(person: User) -> list[Row]:
    rows = _of(person).prefetch_related("mark_changes").order_by("started_at")
    return [
        {
            "attempt": row.public_id,
            "course": row.unit.course.code,
            "unit": row.unit.code,
            "number": row.number,
            "state": row.state,
            "mode": row.mode,
            "started_at": row.started_at,
            "submitted_at": row.submitted_at,
            "pass_mark_percent": row.pass_mark,
            "result_percent": None if row.is_open else result_of(row).percent,
        }
        for row in rows
    ]


def _answers(person: User) -> list[Row]:
    rows = Response.objects.filter(attempt__enrolment__person=person).select_related("attempt")
    return [
        {
            "attempt": row.attempt.public_id,
            "question": row.question_key,
            "asked": _wording(row.attempt, row),
            "answered": _words(row),
            "language": row.language,
            "received_at": row.received_at,
            "counts": row.displaces,
        }
        for row in rows.order_by("attempt", "sequence")
    ]


def _wording(attempt: Attempt, response: Response) -> str:
    question = question_of(attempt, response.question_key)
    return str(question.content(response.language)["prompt"]) if question else ""


def _words(response: Response) -> list[str]:
    question = question_of(response.attempt, response.question_key)
    if question is None or response.answer is None:
        return []
    return question.kind.in_words(response.answer, question.asked(response.language))


def _marks(person: User) -> list[Row]:
    rows = MarkChange.objects.filter(attempt__enrolment__person=person).select_related("attempt", "marked_by")
    return [
        {
            "attempt": row.attempt.public_id,
            "question": row.question_key,
            "fraction": row.fraction,
            "reason": row.reason,
            "comment": row.comment,
            "marked_by": in_role(row.marked_by, person),
            "marked_at": row.marked_at,
        }
        for row in rows.order_by("pk")
    ]


def _adjustments(person: User) -> list[Row]:
    """What was given to the person themselves; what a whole cohort has is not about them."""
    rows = Adjustment.objects.filter(person=person).select_related("course", "unit", "granted_by", "ended_by")
    return [
        {
            "course": row.course.code,
            "quiz": row.unit.code if row.unit else "",
            "more_time_percent": row.extra_time,
            "more_attempts": row.extra_attempts,
            "reason": row.reason,
            "granted_by": in_role(row.granted_by, person),
            "granted_at": row.granted_at,
            "ended_at": row.ended_at,
        }
        for row in rows.order_by("pk")
    ]


def erase(person: User, identity: Identity) -> None:
    """Marks stay, and so do choices among options that everybody was offered; what was written in words goes."""
    attempts = _of(person).select_for_update(of=("self",)).order_by("pk").prefetch_related("responses")
    for attempt in attempts:
        for response in attempt.responses.all():
            kept = _without_words(attempt, response)
            if kept != response.answer:
                Response.objects.filter(pk=response.pk).update(answer=kept)
    ParkedAnswers.objects.filter(attempt__enrolment__person=person).delete()
    MarkChange.objects.filter(attempt__enrolment__person=person).exclude(comment="").update(comment="")
    Adjustment.objects.filter(person=person).exclude(reason="").update(reason="")


def _without_words(attempt: Attempt, response: Response) -> Answer:
    question = question_of(attempt, response.question_key)
    if question is None or response.answer is None:
        return None
    return question.kind.without_words(response.answer, question.asked(response.language))


def answers_before(cutoff: datetime) -> QuerySet[Response]:
    """Answers in attempts that were submitted before `cutoff`."""
    return Response.objects.filter(attempt__submitted_at__lt=cutoff)


def _forget_answers(pks: list[int]) -> None:
    Response.objects.filter(pk__in=pks).delete()


CONTRIBUTION = Contribution(
    name="assessments",
    collect=collect,
    erase=erase,
    holds=frozenset(
        {
            "assessments.Adjustment.person",
            "assessments.Attempt.enrolment",
            "assessments.MarkChange.attempt",
            "assessments.Response.attempt",
            "assessments.ParkedAnswers.attempt",
        }
    ),
    acts=frozenset(
        {
            "assessments.Adjustment.ended_by",
            "assessments.Adjustment.granted_by",
            "assessments.MarkChange.marked_by",
            "assessments.QuestionImport.asked_by",
            "assessments.Remark.done_by",
        }
    ),
)

PERIODS = (
    Kept(
        key="answers",
        what=gettext_lazy("What you answered in quizzes, from the day you submitted them"),
        why=gettext_lazy("So that you can look at your result, and the programme can mend bad questions."),
        then=gettext_lazy("It is deleted; the marks stay."),
        due=answers_before,
        apply=_forget_answers,
    ),
    Kept(
        key="marks",
        what=gettext_lazy("Your attempts at quizzes and their marks"),
        why=gettext_lazy("They are the evidence of what a certificate says."),
        how_long=gettext_lazy("for good"),
        then=gettext_lazy("After an erasure they no longer say whose they were."),
    ),
)
