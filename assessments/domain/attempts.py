"""Attempts: started, answered one response at a time, submitted once."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.domain import adjustments, marking, receipts
from assessments.domain.asking import AttemptQuestion, question_of, questions_of
from assessments.domain.quizzes import QuizRules
from assessments.domain.selection import draw_snapshot, seen_in
from assessments.enums import AttemptState, Ending
from assessments.models import Attempt, Response
from assessments.questions import Answer, Posted
from courses.domain.cohorts.schedule import in_words, opens_later
from courses.domain.progress import ProgressRefused, complete_unit
from courses.models import Enrolment, Unit

# Answers given in time may arrive this late over a slow line, and count.
GRACE = timedelta(minutes=2)


class AttemptRefused(Exception):
    """The act cannot be done; the message says why and what was kept, in words for the learner."""


class AnswerRefused(AttemptRefused):
    """The answer cannot belong to its question."""


@dataclass(frozen=True)
class Saved:
    """What became of an answer: the row it is kept in, whether it stands, and the answer that stands now."""

    response: Response
    stands: bool
    standing: Response | None

    @property
    def sequence(self) -> int:
        return self.standing.sequence if self.standing else 0

    @property
    def answer(self) -> Answer:
        return self.standing.answer if self.standing else None


@transaction.atomic
def start_attempt(*, enrolment: Enrolment, unit: Unit, language: str) -> Attempt:
    """Start an attempt at a quiz, or answer the one in progress.

    Effects: draws the questions and copies them, with the rules of the learner's edition and their own adjustments,
    into the attempt. Two clicks or two tabs get the same attempt. One whose time is up is submitted first.
    Refusals: AttemptRefused when the edition does not hold the quiz, when the learner's cohort has not opened its
    module yet, when the attempts allowed are used up, when it is too early for another, or when there is no question
    in this language.
    """
    # Without its edition joined: PostgreSQL finds no row at all when the enrolment moves up while this waits.
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    earlier = list(Attempt.objects.filter(enrolment=enrolment, unit=unit).order_by("number"))
    running = next((attempt for attempt in earlier if attempt.is_open), None)
    if running is not None and not close_if_overdue(attempt=running):
        return running
    entry = enrolment.edition.structure.unit(unit.key)
    if entry is None or not enrolment.may_read:
        raise AttemptRefused(_("This quiz is not part of the edition you are taking."))
    if times := opens_later(enrolment, unit.key):
        raise AttemptRefused(in_words(times))
    rules = adjustments.adjusted(QuizRules.from_json(entry.rules), enrolment, unit.key)
    last = Attempt.objects.filter(enrolment=enrolment, unit=unit).order_by("-number").first()
    _refuse_if_too_many(rules, last)
    _refuse_if_too_early(rules, last)
    snapshot = draw_snapshot(
        rules=rules,
        language=language,
        languages=enrolment.edition.structure.languages,
        seen=seen_in(attempt.snapshot for attempt in earlier),
    )
    if not snapshot:
        raise AttemptRefused(_("This quiz has no questions in this language yet. Nothing was started."))
    now = timezone.now()
    return Attempt.objects.create(
        enrolment=enrolment,
        unit=unit,
        number=last.number + 1 if last else 1,
        pass_mark=rules.pass_mark,
        rules=rules.to_json(),
        snapshot=snapshot,
        started_at=now,
        deadline=now + timedelta(minutes=rules.time_limit) if rules.time_limit else None,
    )


def _refuse_if_too_many(rules: QuizRules, last: Attempt | None) -> None:
    if rules.attempts and last is not None and last.number >= rules.attempts:
        words = ngettext(
            "You have used your attempt at this quiz. Your result is kept.",
            "You have used all %(count)d attempts at this quiz. Your results are kept.",
            rules.attempts,
        )
        raise AttemptRefused(words % {"count": rules.attempts})


def _refuse_if_too_early(rules: QuizRules, last: Attempt | None) -> None:
    opens = next_attempt_opens(rules, last)
    if opens is not None:
        minutes = max(1, -(-int((opens - timezone.now()).total_seconds()) // 60))
        hours, minutes = divmod(minutes, 60)
        words = _("You can begin the next attempt in %(hours)d h %(minutes)d min. Your results are kept.")
        raise AttemptRefused(words % {"hours": hours, "minutes": minutes})


def next_attempt_opens(rules: QuizRules, last: Attempt | None) -> datetime | None:
    """When another attempt may be begun, where that is still to come."""
    if not rules.wait_hours or last is None or last.submitted_at is None:
        return None
    opens = last.submitted_at + timedelta(hours=rules.wait_hours)
    return opens if opens > timezone.now() else None


@transaction.atomic
def save_response(
    *,
    attempt: Attempt,
    question_key: str,
    posted: Posted,
    client_key: UUID,
    based_on: int,
    language: str,
    checked: bool = False,
) -> Saved:
    """Keep one answer.

    `client_key` names this sending of the answer: the same key with the same answer is a repeat and changes nothing;
    with another answer it is a new response, which may be repeated in its turn. `based_on` is the sequence of the
    answer the learner saw when giving this one (0: none): if a newer one stands by now, this one is kept and does not
    displace it. Nor does one that arrives when time and grace are up: it is kept as late. With `checked` the answer
    that stands afterwards stands for good, where the quiz shows anything during the attempt.
    Refusals: AttemptRefused when the learner has submitted the attempt already or had this answer checked, or when the
    answer cannot belong to the question.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    question = question_of(attempt, question_key)
    if question is None or question.kind.only_shown:
        raise AttemptRefused(_("This question is not part of the attempt. Your other answers are kept."))
    if not attempt.is_open and attempt.ended_by != Ending.TIME:
        raise AttemptRefused(_("This attempt was submitted before this answer arrived. What was submitted is kept."))
    responses = list(Response.objects.filter(attempt=attempt))
    standing = standing_answers(responses).get(question_key)
    answer = _read(question, posted, language, standing)
    key = _key_of_sending(client_key, question_key, answer, checked)
    repeat = next((response for response in responses if response.client_key == key), None)
    if repeat is not None:
        return Saved(repeat, stands=standing is not None and standing.pk == repeat.pk, standing=standing)
    if standing is not None and standing.checked:
        raise AttemptRefused(_("This answer was checked and stands. Your other answers can still be changed."))
    late = not attempt.is_open or is_overdue(attempt)
    displaces = not late and (standing is None or based_on >= standing.sequence)
    response = Response.objects.create(
        attempt=attempt,
        question_key=question_key,
        answer=answer,
        client_key=key,
        sequence=max((response.sequence for response in responses), default=0) + 1,
        based_on=based_on,
        displaces=displaces,
        checked=checked and displaces and answer is not None and rules_of(attempt).shows_during,
        is_late=late,
        language=language,
    )
    return Saved(response, stands=displaces, standing=response if displaces else standing)


def _read(question: AttemptQuestion, posted: Posted, language: str, standing: Response | None) -> Answer:
    try:
        return question.kind.read_answer(posted, question.asked(language), standing.answer if standing else None)
    except ValueError as error:
        raise AnswerRefused(_("This answer does not fit its question. Your other answers are kept.")) from error


def _key_of_sending(client_key: UUID, question_key: str, answer: Answer, checked: bool) -> UUID:
    """What a response is stored under: the client's key together with the answer, so that each repeat finds its own."""
    return uuid5(client_key, json.dumps([question_key, answer, *([True] if checked else [])]))


def standing_answers(responses: Iterable[Response]) -> dict[str, Response]:
    """The answer that counts for each question: the last one that displaced what was there."""
    in_order = sorted(responses, key=lambda response: response.sequence)
    return {response.question_key: response for response in in_order if response.displaces}


def is_overdue(attempt: Attempt) -> bool:
    """Whether time and grace are up."""
    return attempt.deadline is not None and timezone.now() > attempt.deadline + GRACE


@transaction.atomic
def submit_attempt(
    *, attempt: Attempt, language: str, revision: int | None, ended_by: Ending = Ending.LEARNER
) -> Attempt:
    """Submit an attempt, once.

    Effects: marks every question from the answers that stand, or queues it for a person; seals the receipt; a pass
    completes the unit as long as the enrolment is open to the learner and its edition holds the unit. Of one that was
    withdrawn or has expired meanwhile the attempt is submitted and marked all the same, and nothing more. A second
    submit, at once or later, changes nothing and answers the same attempt. After time and grace it is submitted by the
    clock, whoever asks.
    """
    # The enrolment before the attempt: completing the unit locks it too, and one order everywhere cannot deadlock.
    Enrolment.objects.select_for_update(of=("self",)).get(pk=attempt.enrolment_id)
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("enrolment", "unit").get(pk=attempt.pk)
    if not attempt.is_open:
        return attempt
    answers = standing_answers(attempt.responses.all())
    attempt.state = AttemptState.SUBMITTED
    attempt.submitted_at = timezone.now()
    attempt.ended_by = Ending.TIME if is_overdue(attempt) else ended_by
    attempt.receipt = receipts.seal(attempt, answers.values())
    marking.mark_automatically(attempt, answers)
    attempt.save(update_fields=["state", "submitted_at", "ended_by", "receipt", *marking.KEPT])
    settle(attempt=attempt, language=language, revision=revision)
    return attempt


def settle(*, attempt: Attempt, language: str, revision: int | None) -> None:
    """Complete the unit of an attempt that its caller has locked, if all of it is marked and it passes."""
    if marking.result_of(attempt).passed:
        # The attempt must not stay open for ever because the pass no longer counts.
        with suppress(ProgressRefused):
            complete_unit(enrolment=attempt.enrolment, unit=attempt.unit, language=language, revision=revision)


def close_if_overdue(*, attempt: Attempt) -> bool:
    """Submit an attempt whose time and grace are up, with the answers that stand; answers whether they are."""
    if not attempt.is_open or not is_overdue(attempt):
        return False
    submit_attempt(attempt=attempt, language=language_of(attempt), revision=None, ended_by=Ending.TIME)
    return True


def language_of(attempt: Attempt) -> str:
    """The language that the learner last answered in, or in which the attempt was begun."""
    last = attempt.responses.order_by("-sequence").values_list("language", flat=True).first()
    return str(last or questions_of(attempt)[0].language)


CLOSED_AT_ONCE = 200


def close_overdue_attempts() -> int:
    """Submit attempts whose time is up and whose learners did not come back; the sweeper calls it (core.pending)."""
    overdue = Attempt.objects.in_progress().filter(deadline__lt=timezone.now() - GRACE)
    return sum(close_if_overdue(attempt=attempt) for attempt in overdue.order_by("deadline")[:CLOSED_AT_ONCE])


def attempts_left(rules: QuizRules, made: Sequence[Any]) -> int | None:
    """None when there is no limit."""
    return max(0, rules.attempts - len(made)) if rules.attempts else None


def rules_of(attempt: Attempt) -> QuizRules:
    """The rules of an attempt; of one begun before attempts kept them, what they were then: the defaults."""
    if attempt.rules:
        return QuizRules.from_json(attempt.rules)
    return QuizRules("", "", 0, attempt.pass_mark, 0, True)
