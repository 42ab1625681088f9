"""What learners wrote on paper, typed in: an attempt like any other, marked by the same rules."""

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.domain import adjustments
from assessments.domain.attempts import close_if_overdue, submit_attempt
from assessments.domain.papers import codes
from assessments.domain.papers.places import questions_of_form
from assessments.domain.quizzes import QuizRules
from assessments.enums import AttemptMode, Ending
from assessments.models import Attempt, PaperEntry, PaperForm, QuizPage, Response
from assessments.questions import Answer, Posted
from courses.models import CohortMember, Enrolment
from courses.models.edition import UnitEntry
from elearn.people.domain import trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

ENTERED = "assessments.paper_entered"
# When on its day a paper was written nobody knows; noon is that day in nearly every time zone.
NOON = time(12)


class PaperRefused(Exception):
    """The paper cannot be entered; the message says why, in words for the trainer."""


class EnteredBefore(PaperRefused):
    """The paper of this learner was entered before: `entry` is what stands."""

    def __init__(self, entry: PaperEntry) -> None:
        self.entry = entry
        words = _(
            "Form %(code)s was entered for this learner before, on %(day)s by %(name)s. What was entered then stands; "
            "marks are changed by marking again."
        )
        day = date_format(timezone.localtime(entry.entered_at), "SHORT_DATE_FORMAT")
        super().__init__(words % {"code": codes.printed(entry.form.code), "day": day, "name": entry.entered_by})


class AnswersRefused(PaperRefused):
    """Answers do not fit their questions: `numbers` are those of the questions as printed."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers
        listed = ", ".join(str(number) for number in numbers)
        words = ngettext(
            "The answer to question %(numbers)s does not fit it. Compare it with the paper.",
            "The answers to questions %(numbers)s do not fit them. Compare them with the paper.",
            len(numbers),
        )
        super().__init__(words % {"numbers": listed})


@transaction.atomic
def enter_paper(
    *, form: PaperForm, member: CohortMember, by: User, sat_on: date, posted: Mapping[str, Posted]
) -> PaperEntry:
    """Enter what a learner wrote on a form; `posted` is, by question, what a page would have sent.

    Effects: an attempt with a copy of the form, begun on the day of the sitting and submitted now; a response for each
    question answered. Marks, the queue of markers and the completion of the unit follow as for any attempt. It counts
    among the attempts allowed; time limits and waiting times do not apply to paper. An audit event that the learner can
    read.
    Refusals: EnteredBefore when the form was entered for this learner, by whomever. AnswersRefused. PaperRefused when
    the trainer is the learner, the cohort is closed, the learner does not take part or has an edition without the quiz,
    is in the middle of an attempt online, or has no attempt left; and when the day cannot be. PersonErased.
    """
    if member.person_id is None or member.enrolment_id is None or member.cohort_id != form.cohort_id:
        raise PaperRefused(_("This person does not take part in the cohort for which the form was printed."))
    if member.person_id == by.pk:
        raise PaperRefused(_("You cannot enter your own paper. Another trainer of the cohort can."))
    lock_person(member.person_id)
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=member.enrolment_id)
    entry = PaperEntry.objects.filter(form=form, enrolment=enrolment).select_related("entered_by", "form").first()
    if entry is not None:
        raise EnteredBefore(entry)
    unit = _unit_of(form, member, enrolment)
    _refuse_impossible_day(form, sat_on)
    number = _next_number(form, enrolment, unit)
    answers = read_answers(form, posted)
    attempt = _create_attempt(form, enrolment, number, sat_on, answers)
    entry = PaperEntry.objects.create(attempt=attempt, form=form, enrolment=enrolment, sat_on=sat_on, entered_by=by)
    trail.record(ENTERED, actor=by, subject=member.person, quiz=form.unit.code, form=form.code)
    page = QuizPage.objects.filter(translation_key=form.unit.key, locale__language_code=form.language).first()
    submit_attempt(
        attempt=attempt,
        language=form.language,
        revision=page.live_revision_id if page else None,
        ended_by=Ending.PAPER,
    )
    return entry


def _unit_of(form: PaperForm, member: CohortMember, enrolment: Enrolment) -> UnitEntry:
    """The quiz as the learner's edition holds it, for somebody who takes part."""
    if not form.cohort.is_open:
        raise PaperRefused(_("This cohort is closed. Nothing more is entered for it."))
    if not CohortMember.objects.seated().filter(pk=member.pk).exists() or enrolment.cohort_id != form.cohort_id:
        raise PaperRefused(_("This person does not take part in the cohort any more."))
    unit = enrolment.edition.structure.unit(form.unit.key)
    if unit is None or not enrolment.may_read:
        raise PaperRefused(_("This quiz is not part of the edition that this learner is taking."))
    return unit


def first_day(form: PaperForm) -> date:
    """The day on which the form was printed, where the cohort is: nobody wrote on it before."""
    return form.created_at.astimezone(ZoneInfo(form.cohort.time_zone)).date()


def today(form: PaperForm) -> date:
    return timezone.now().astimezone(ZoneInfo(form.cohort.time_zone)).date()


def _refuse_impossible_day(form: PaperForm, sat_on: date) -> None:
    if not first_day(form) <= sat_on <= today(form):
        words = _("The day of the sitting must lie between the day on which the form was made (%(day)s) and today.")
        raise PaperRefused(words % {"day": date_format(first_day(form), "SHORT_DATE_FORMAT")})


def _next_number(form: PaperForm, enrolment: Enrolment, entry: UnitEntry) -> int:
    """The number of the attempt, where the learner may still make one."""
    attempts = Attempt.objects.filter(enrolment=enrolment, unit=form.unit)
    running = attempts.in_progress().first()
    if running is not None and not close_if_overdue(attempt=running):
        raise PaperRefused(
            _("This learner is in the middle of an attempt at this quiz online. It must be submitted first.")
        )
    rules = adjustments.adjusted(QuizRules.from_json(entry.rules), enrolment, form.unit.key)
    last = attempts.aggregate(last=Max("number"))["last"] or 0
    if rules.attempts and last >= rules.attempts:
        raise PaperRefused(
            _("This learner has used all attempts at this quiz. Give another one under “More time and attempts”.")
        )
    return int(last) + 1


def read_answers(form: PaperForm, posted: Mapping[str, Posted]) -> dict[str, Answer]:
    """The answers as their questions store them, by question; without what was left open. Raises AnswersRefused."""
    answers: dict[str, Answer] = {}
    refused = []
    for question in questions_of_form(form):
        if question.only_shown or question.key not in posted:
            continue
        try:
            answer = question.question.kind.read_answer(posted[question.key], question.asked)
        except ValueError:
            refused.append(question.number)
            continue
        if answer is not None:
            answers[question.key] = answer
    if refused:
        raise AnswersRefused(refused)
    return answers


def _create_attempt(
    form: PaperForm, enrolment: Enrolment, number: int, sat_on: date, answers: Mapping[str, Answer]
) -> Attempt:
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        unit=form.unit,
        number=number,
        mode=AttemptMode.PAPER,
        pass_mark=form.pass_mark,
        rules=form.rules,
        snapshot=form.snapshot,
        started_at=min(datetime.combine(sat_on, NOON, ZoneInfo(form.cohort.time_zone)), timezone.now()),
    )
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            question_key=key,
            answer=answer,
            client_key=_key(attempt.public_id, key),
            sequence=sequence,
            language=form.language,
        )
        for sequence, (key, answer) in enumerate(answers.items(), start=1)
    )
    return attempt


def _key(attempt: UUID, question_key: str) -> UUID:
    return uuid5(attempt, question_key)
