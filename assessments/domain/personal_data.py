"""What this package keeps about a person: attempts, the answers in them, and what they earned."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.marking import result_of
from assessments.models import Attempt, MarkChange, Response
from elearn.people.domain.personal_data import Contribution, Identity, Row, Table, in_role
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [
        Table("attempts", _("Your attempts at quizzes"), _attempts(person)),
        Table("answers", _("Your answers"), _answers(person)),
        Table("marks", _("The marks of your answers"), _marks(person)),
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
            "chosen": [_option(row.attempt, row, option_id) for option_id in row.option_ids],
            "language": row.language,
            "received_at": row.received_at,
            "counts": row.displaces,
        }
        for row in rows.order_by("attempt", "sequence")
    ]


def _texts(attempt: Attempt, response: Response) -> dict[str, Any]:
    question = attempt.question(response.question_key) or {}
    texts: dict[str, Any] = question.get("texts", {})
    return texts.get(response.language) or next(iter(texts.values()), {})


def _wording(attempt: Attempt, response: Response) -> str:
    return str(_texts(attempt, response).get("prompt", ""))


def _option(attempt: Attempt, response: Response, option_id: str) -> str:
    options = _texts(attempt, response).get("options", {})
    return str(options.get(option_id, {}).get("text", option_id))


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


def erase(person: User, identity: Identity) -> None:
    """Marks stay, and so do choices among options that everybody was offered; what was written in words goes."""
    attempts = _of(person).select_for_update(of=("self",)).order_by("pk").prefetch_related("responses")
    for attempt in attempts:
        for response in attempt.responses.all():
            chosen = _only_offered(attempt, response)
            if chosen != response.option_ids:
                Response.objects.filter(pk=response.pk).update(option_ids=chosen)
    MarkChange.objects.filter(attempt__enrolment__person=person).exclude(comment="").update(comment="")


def _only_offered(attempt: Attempt, response: Response) -> list[str]:
    question = attempt.question(response.question_key) or {"options": []}
    offered = {option["id"] for option in question["options"]}
    return [option_id for option_id in response.option_ids if option_id in offered]


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
            "assessments.Attempt.enrolment",
            "assessments.MarkChange.attempt",
            "assessments.Response.attempt",
        }
    ),
    acts=frozenset({"assessments.MarkChange.marked_by"}),
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
