"""Completing units, and with them the edition."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.cohorts import attendance
from courses.domain.cohorts.schedule import in_words, opens_later
from courses.domain.outline import completions_of
from courses.enums import EnrolmentState
from courses.models import Enrolment, Reflection, Unit, UnitCompletion
from courses.signals import completion_voided, course_completed
from elearn.core import audit
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User


class ProgressRefused(Exception):
    """The act cannot be done; the message says why, in words for the person."""


LESSON = "lesson"
NOTE_LENGTH = 10_000  # characters


@transaction.atomic
def complete_unit(*, enrolment: Enrolment, unit: Unit, language: str, revision: int | None) -> UnitCompletion:
    """Write that a learner has completed a unit.

    Effects: one completion per enrolment and unit, however often it is asked for, from however many tabs; when it was
    the last required one, the enrolment is completed and `course_completed` is sent after the commit.
    Refusals: ProgressRefused when the learner's edition does not hold the unit or the enrolment is not open to them,
    and for a lesson of a module that their cohort has not opened yet.

    The enrolment is locked first: otherwise two last units finished at once each miss the other's row. Its edition is
    read after that and not joined: PostgreSQL finds no row at all when the enrolment moves up while this waits.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if not enrolment.may_read:
        raise ProgressRefused(_("You are not enrolled in this course at the moment, so nothing was recorded."))
    entry = enrolment.edition.structure.unit(unit.key)
    if entry is None:
        raise ProgressRefused(_("This page is not part of the edition you are taking, so nothing was recorded."))
    # Units of other types ask where they are begun: what was begun in time, or done on paper, is not lost.
    if entry.kind == LESSON and (times := opens_later(enrolment, unit.key)):
        raise ProgressRefused(in_words(times))
    completion, created = UnitCompletion.objects.standing().get_or_create(
        enrolment=enrolment, unit=unit, voided_at=None, defaults={"language": language, "revision": revision}
    )
    if created and enrolment.completed_at is None:
        complete_edition_if_done(enrolment)
    return completion


def complete_edition_if_done(enrolment: Enrolment) -> None:
    """Complete an enrolment that its caller has locked, if a variant of its edition is done; announce that once.

    In a cohort with a minimum attendance, not before that is met (courses.domain.cohorts.attending completes it then).
    """
    if enrolment.edition.structure.complete_in(set(completions_of(enrolment))) is None:
        return
    if not attendance.is_satisfied(enrolment):
        return
    enrolment.completed_at = timezone.now()
    enrolment.state = EnrolmentState.COMPLETED
    enrolment.save(update_fields=["completed_at", "state"])
    # send_robust: what follows from a completion must not turn the learner's page into an error; the sweeper mends it.
    transaction.on_commit(partial(course_completed.send_robust, sender=Enrolment, enrolment=enrolment))


@transaction.atomic
def void_completion(*, completion: UnitCompletion, by: User, reason: str) -> None:
    """Take back a completion, with a reason that is kept.

    Effects: the row stays, voided; the unit can be completed again; `completion_voided` is sent after the commit; an
    audit event. A completed enrolment and its certificate are not touched: revoking is an act of its own.
    Refusals: ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("A completion is voided with a reason.")
    done = UnitCompletion.objects.standing().filter(pk=completion.pk)
    if not done.update(voided_at=timezone.now(), voided_by=by, void_reason=reason.strip()):
        return
    audit.record(
        action="completion.void", actor=by, subject=completion.enrolment.person, completion=completion.pk, reason=reason
    )
    transaction.on_commit(partial(completion_voided.send_robust, sender=UnitCompletion, completion=completion))


@transaction.atomic
def save_reflection(*, enrolment: Enrolment, unit: Unit, block_id: str, text: str) -> bool:
    """Keep the learner's private note on a reflection; an empty text removes it. Line ends are made plain.

    Answers whether trainers of the learner's cohort read it: what was shared stays so when it is changed.
    Refusals: PersonErased.
    """
    lock_person(enrolment.person_id)
    text = text.replace("\r\n", "\n").strip()[:NOTE_LENGTH]
    note: dict[str, Any] = {"enrolment": enrolment, "unit": unit, "block_id": block_id}
    if not text:
        Reflection.objects.filter(**note).delete()
        return False
    kept, _created = Reflection.objects.update_or_create(**note, defaults={"text": text})
    return kept.shared_with_id is not None and kept.shared_with_id == enrolment.cohort_id
