"""Attempts: started, answered one response at a time, submitted once."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import questions
from assessments.domain import marking
from assessments.domain.quizzes import QuizRules
from assessments.domain.selection import draw_snapshot
from assessments.enums import AttemptState
from assessments.models import Attempt, Response
from courses.domain.progress import ProgressRefused, complete_unit
from courses.models import Enrolment, Unit


class AttemptRefused(Exception):
    """The act cannot be done; the message says why and what was kept, in words for the learner."""


@dataclass(frozen=True)
class Saved:
    """What became of an answer: the row it is kept in, whether it stands, and the answer that stands now."""

    response: Response
    stands: bool
    standing: Response


@transaction.atomic
def start_attempt(*, enrolment: Enrolment, unit: Unit, language: str) -> Attempt:
    """Start an attempt at a quiz, or answer the one in progress.

    Effects: draws the questions and copies them, with the rules of the learner's edition, into the attempt. Two clicks
    or two tabs get the same attempt.
    Refusals: AttemptRefused when the edition does not hold the quiz, when the attempts allowed are used up, or when the
    bank has no question in this language.
    """
    # Without its edition joined: PostgreSQL finds no row at all when the enrolment moves up while this waits.
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    running = Attempt.objects.in_progress().filter(enrolment=enrolment, unit=unit).first()
    if running is not None:
        return running
    entry = enrolment.edition.structure.unit(unit.key)
    if entry is None or not enrolment.may_read:
        raise AttemptRefused(_("This quiz is not part of the edition you are taking."))
    rules = QuizRules.from_json(entry.rules)
    last = Attempt.objects.filter(enrolment=enrolment, unit=unit).order_by("-number").first()
    used = last.number if last else 0
    if rules.attempts and used >= rules.attempts:
        raise AttemptRefused(
            _("You have used all %(count)d attempts at this quiz. Your results are kept.") % {"count": rules.attempts}
        )
    snapshot = draw_snapshot(rules=rules, language=language, languages=enrolment.edition.structure.languages)
    if not snapshot:
        raise AttemptRefused(_("This quiz has no questions in this language yet. Nothing was started."))
    return Attempt.objects.create(
        enrolment=enrolment, unit=unit, number=used + 1, pass_mark=rules.pass_mark, snapshot=snapshot
    )


@transaction.atomic
def save_response(
    *,
    attempt: Attempt,
    question_key: str,
    option_ids: Sequence[str],
    client_key: UUID,
    based_on: int,
    language: str,
) -> Saved:
    """Keep one answer.

    `client_key` names this sending of the answer: the same key with the same answer is a repeat and changes nothing;
    with another answer it is a new response, which may be repeated in its turn. `based_on` is the sequence of the
    answer the learner saw when giving this one (0: none): if a newer one stands by now, this one is kept and does not
    displace it.
    Refusals: AttemptRefused when the attempt is submitted already, or the answer cannot belong to the question.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    if not attempt.is_open:
        raise AttemptRefused(_("This attempt was submitted before this answer arrived. What was submitted is kept."))
    question = attempt.question(question_key)
    if question is None:
        raise AttemptRefused(_("This question is not part of the attempt. Your other answers are kept."))
    offered = [option["id"] for option in question["options"]]
    try:
        chosen = questions.get(question["kind"]).read_answer(option_ids, offered)
    except ValueError as error:
        raise AttemptRefused(_("This answer does not fit its question. Your other answers are kept.")) from error
    responses = list(Response.objects.filter(attempt=attempt))
    standing = standing_answers(responses).get(question_key)
    key = _key_of_sending(client_key, question_key, chosen)
    repeat = next((response for response in responses if response.client_key == key), None)
    if repeat is not None:
        return Saved(repeat, stands=standing is not None and standing.pk == repeat.pk, standing=standing or repeat)
    displaces = standing is None or based_on >= standing.sequence
    response = Response.objects.create(
        attempt=attempt,
        question_key=question_key,
        option_ids=chosen,
        client_key=key,
        sequence=max((response.sequence for response in responses), default=0) + 1,
        based_on=based_on,
        displaces=displaces,
        language=language,
    )
    return Saved(response, stands=displaces, standing=response if displaces or standing is None else standing)


def _key_of_sending(client_key: UUID, question_key: str, chosen: list[str]) -> UUID:
    """What a response is stored under: the client's key together with the answer, so that each repeat finds its own."""
    return uuid5(client_key, json.dumps([question_key, chosen]))


def standing_answers(responses: Sequence[Response]) -> dict[str, Response]:
    """The answer that counts for each question: the last one that displaced what was there."""
    in_order = sorted(responses, key=lambda response: response.sequence)
    return {response.question_key: response for response in in_order if response.displaces}


@transaction.atomic
def submit_attempt(*, attempt: Attempt, language: str, revision: int | None) -> Attempt:
    """Submit an attempt, once.

    Effects: marks every question from the answers that stand; a pass completes the unit as long as the enrolment is
    open to the learner and its edition holds the unit. Of one that was withdrawn or has expired meanwhile the attempt
    is submitted and marked all the same, and nothing more. A second submit, at once or later, changes nothing and
    answers the same attempt.
    """
    # The enrolment before the attempt: completing the unit locks it too, and one order everywhere cannot deadlock.
    Enrolment.objects.select_for_update(of=("self",)).get(pk=attempt.enrolment_id)
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("enrolment", "unit").get(pk=attempt.pk)
    if not attempt.is_open:
        return attempt
    answers = standing_answers(list(attempt.responses.all()))
    attempt.state = AttemptState.SUBMITTED
    attempt.submitted_at = timezone.now()
    attempt.save(update_fields=["state", "submitted_at"])
    marking.mark_automatically(attempt, {key: response.option_ids for key, response in answers.items()})
    if marking.result_of(attempt).passed:
        # The attempt must not stay open for ever because the pass no longer counts.
        with suppress(ProgressRefused):
            complete_unit(enrolment=attempt.enrolment, unit=attempt.unit, language=language, revision=revision)
    return attempt
