"""Practical assessments: begun, prepared, handed in or observed, assessed."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.domain import assessors, hand_in_files, scripts
from assessments.domain.practical_rules import PracticalRules
from assessments.domain.rubrics import freeze
from assessments.enums import HandInState
from assessments.models import HandIn, HandInFile, RemovedFile, Rubric, RubricAssessment
from courses.domain.cohorts.schedule import in_words, opens_later
from courses.domain.progress import ProgressRefused, complete_unit
from courses.models import Enrolment, Unit, UnitCompletion
from elearn.core import pending
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

MOST_TEXT = 100_000  # characters
# The kind of pending work that deletes what is stored of a file.
REMOVAL = "assessments.removed_file"


class PracticalRefused(Exception):
    """The act cannot be done; the message says why and what was kept, in words for the person."""


@dataclass(frozen=True)
class SavedText:
    """What became of a text: whether it stands, and what stands now with its version."""

    stands: bool
    text: str
    version: int


def rules_of(hand_in: HandIn) -> PracticalRules:
    return PracticalRules.from_json(hand_in.rules)


# --- Beginning ---------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, enrolment: Enrolment, unit: Unit, language: str) -> HandIn:
    """Begin a hand-in, or answer the one that is being prepared or waits for its mark.

    Effects: freezes the rules of the learner's edition and the rubric as it stands now. Two clicks get the same.
    Refusals: PracticalRefused when the edition does not hold the practical, when nothing is handed in for it, when it
    is passed, when it was handed in as often as allowed, when it is too early, or when its rubric is gone.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    last = last_of(enrolment, unit)
    if last is not None and last.state != HandInState.ASSESSED:
        return last
    rules = _rules_for(enrolment, unit)
    if rules.is_observed:
        raise PracticalRefused(_("Nothing is handed in here: an assessor watches you do it."))
    if times := opens_later(enrolment, unit.key):
        raise PracticalRefused(in_words(times))
    return _create(enrolment, unit, rules, last, language, HandInState.DRAFT)


@transaction.atomic
def open_for_observation(*, enrolment: Enrolment, unit: Unit, by: User, language: str) -> HandIn:
    """Open the judging of something that an assessor watches, or answer what was opened and waits for its mark.

    Effects: a hand-in without text and files, handed in at this moment, and its script in the queue. Names are shown to
    whoever marks it and nobody marks it a second time: it was seen by those who were there.
    Refusals: PracticalRefused when the person may not judge this learner, when something is handed in for it, and as
    `begin` has them.
    """
    if not assessors.may_assess_practical(by, enrolment):
        raise PracticalRefused(
            _("You cannot assess this person: it is you, or you have trained them, or your role does not cover it.")
        )
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    last = last_of(enrolment, unit)
    if last is not None and last.state != HandInState.ASSESSED:
        return last
    rules = _rules_for(enrolment, unit)
    if not rules.is_observed:
        raise PracticalRefused(_("For this practical the learner hands something in. Nothing was opened."))
    hand_in = _create(enrolment, unit, rules, last, language, HandInState.HANDED_IN)
    scripts.enter_hand_in(hand_in=hand_in, second_marks=0, is_anonymous=False)
    return hand_in


def _rules_for(enrolment: Enrolment, unit: Unit) -> PracticalRules:
    entry = enrolment.edition.structure.unit(unit.key)
    if entry is None or not enrolment.may_read:
        raise PracticalRefused(_("This practical is not part of the edition you are taking."))
    return PracticalRules.from_json(entry.rules)


def _create(
    enrolment: Enrolment, unit: Unit, rules: PracticalRules, last: HandIn | None, language: str, state: HandInState
) -> HandIn:
    _refuse_if_passed(enrolment, unit)
    _refuse_if_too_many(rules, last)
    _refuse_if_too_early(rules, last)
    rubric = Rubric.objects.filter(translation_key=rules.rubric).first() if rules.rubric else None
    if rubric is None:
        raise PracticalRefused(_("This practical has no rubric at the moment. Please tell the course team."))
    return HandIn.objects.create(
        enrolment=enrolment,
        unit=unit,
        number=last.number + 1 if last else 1,
        state=state,
        handed_in_at=timezone.now() if state != HandInState.DRAFT else None,
        rules=rules.to_json(),
        rubric=freeze(rubric),
        language=language,
    )


def last_of(enrolment: Enrolment, unit: Unit) -> HandIn | None:
    return HandIn.objects.filter(enrolment=enrolment, unit=unit).order_by("-number").first()


def has_passed(enrolment: Enrolment, unit: Unit) -> bool:
    return UnitCompletion.objects.standing().filter(enrolment=enrolment, unit=unit).exists()


def _refuse_if_passed(enrolment: Enrolment, unit: Unit) -> None:
    if has_passed(enrolment, unit):
        raise PracticalRefused(_("This practical is passed already. There is nothing left to do."))


def _refuse_if_too_many(rules: PracticalRules, last: HandIn | None) -> None:
    if rules.attempts and last is not None and last.number >= rules.attempts:
        words = ngettext(
            "This practical was handed in once, as often as is allowed. The result is kept.",
            "This practical was handed in %(count)d times, as often as is allowed. The results are kept.",
            rules.attempts,
        )
        raise PracticalRefused(words % {"count": rules.attempts})


def _refuse_if_too_early(rules: PracticalRules, last: HandIn | None) -> None:
    opens = opens_again_at(rules, last)
    if opens is not None:
        minutes = max(1, -(-int((opens - timezone.now()).total_seconds()) // 60))
        hours, minutes = divmod(minutes, 60)
        words = _("You can begin again in %(hours)d h %(minutes)d min. What was assessed is kept.")
        raise PracticalRefused(words % {"hours": hours, "minutes": minutes})


def opens_again_at(rules: PracticalRules, last: HandIn | None) -> datetime | None:
    """When another may be begun, where that is still to come: so many hours after the last one was assessed."""
    if not rules.wait_hours or last is None or last.handed_in_at is None:
        return None
    script = getattr(last, "script", None)
    assessed_at = (script.settled_at if script else None) or last.handed_in_at
    opens = assessed_at + timedelta(hours=rules.wait_hours)
    return opens if opens > timezone.now() else None


# --- Preparing ---------------------------------------------------------------------------------------------------


def _locked_draft(hand_in: HandIn) -> HandIn:
    """The hand-in, locked while its learner prepares it. The person is locked first: an erasure waits, or was first.

    Refusals: PracticalRefused when it was handed in. PersonErased.
    """
    lock_person(hand_in.enrolment.person_id)
    hand_in = HandIn.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=hand_in.pk)
    if hand_in.state != HandInState.DRAFT:
        raise PracticalRefused(_("This was handed in already and cannot be changed. What was handed in is kept."))
    return hand_in


@transaction.atomic
def save_text(*, hand_in: HandIn, text: str, version: int) -> SavedText:
    """Keep the text as it is by now. `version` is that of the text which the page began from.

    A page that is out of date does not displace a text from another tab or device: what stands is answered, and the
    page shows both. The same text once more is a repeat. Line ends are made plain.
    Refusals: PracticalRefused when it was handed in or the text is too long. PersonErased.
    """
    text = text.replace("\r\n", "\n")
    if len(text) > MOST_TEXT:
        raise PracticalRefused(
            _("The text has %(length)d characters; at most %(most)d fit. Shorten it. The text saved before is kept.")
            % {"length": len(text), "most": MOST_TEXT}
        )
    hand_in = _locked_draft(hand_in)
    if text == hand_in.text:
        return SavedText(True, hand_in.text, hand_in.version)
    if version != hand_in.version:
        return SavedText(False, hand_in.text, hand_in.version)
    hand_in.text = text
    hand_in.version += 1
    hand_in.save(update_fields=["text", "version"])
    return SavedText(True, text, hand_in.version)


@transaction.atomic
def add_file(*, hand_in: HandIn, file: File[Any], name: str) -> HandInFile:
    """Add a file; the same contents once more are one file, under the name that came first.

    Effects: the file lies in the private storage, under a name that tells nothing.
    Refusals: PracticalRefused when it was handed in, when the file is not what may be handed in, or when there are as
    many as are asked for. PersonErased.
    """
    try:
        checked = hand_in_files.check(file, name)
    except ValueError as error:
        raise PracticalRefused(str(error)) from error
    hand_in = _locked_draft(hand_in)
    known = hand_in.files.filter(sha256=checked.sha256).first()
    if known is not None:
        return known
    most = rules_of(hand_in).asks_files
    if hand_in.files.count() >= most:
        words = ngettext(
            "%(count)d file can be handed in. Remove it before you add another. Nothing was added.",
            "%(count)d files can be handed in. Remove one before you add another. Nothing was added.",
            most,
        )
        raise PracticalRefused(words % {"count": most} if most else _("No file is handed in here."))
    row = HandInFile(hand_in=hand_in, name=checked.name, size=checked.size, sha256=checked.sha256)
    row.file.save(f"{uuid4().hex}.{checked.kind}", checked.file, save=False)
    try:
        row.save()
    except BaseException:
        row.file.storage.delete(str(row.file.name))
        raise
    return row


@transaction.atomic
def remove_file(*, hand_in: HandIn, file_id: UUID) -> None:
    """Take a file out again. One that is gone already is gone.

    Refusals: PracticalRefused when it was handed in. PersonErased.
    """
    hand_in = _locked_draft(hand_in)
    row = hand_in.files.filter(public_id=file_id).first()
    if row is not None:
        delete_file(row)


def delete_file(row: HandInFile) -> None:
    """Delete a file. What is stored of it goes by durable work, once that is certain."""
    removed = RemovedFile.objects.create(name=str(row.file.name))
    row.delete()
    pending.wake(REMOVAL, removed.pk)


def remove_stored(removed: RemovedFile) -> None:
    """The work of a RemovedFile. Done twice, it finds nothing to do."""
    HandInFile._meta.get_field("file").storage.delete(removed.name)


# --- Handing in --------------------------------------------------------------------------------------------------


@transaction.atomic
def hand_in_work(*, hand_in: HandIn, version: int) -> HandIn:
    """Hand in what was prepared, for good. `version` is that of the text which was looked at.

    Effects: nothing of it changes any more; it waits in the queue for a mark. A second click finds it done.
    Refusals: PracticalRefused when something that was asked for is missing, when the text was changed elsewhere since,
    or when the enrolment is not open to the learner any more. PersonErased.
    """
    lock_person(hand_in.enrolment.person_id)
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=hand_in.enrolment_id)
    hand_in = HandIn.objects.select_for_update(of=("self",)).get(pk=hand_in.pk)
    if hand_in.state != HandInState.DRAFT:
        return hand_in
    if not enrolment.may_read:
        raise PracticalRefused(_("You are not enrolled in this course at the moment, so nothing was handed in."))
    if version != hand_in.version:
        raise PracticalRefused(
            _("The text was changed in another tab or device since you looked at it. Look at it once more.")
        )
    missing = what_is_missing(hand_in)
    if missing:
        raise PracticalRefused(missing)
    hand_in.state = HandInState.HANDED_IN
    hand_in.handed_in_at = timezone.now()
    hand_in.save(update_fields=["state", "handed_in_at"])
    rules = rules_of(hand_in)
    scripts.enter_hand_in(hand_in=hand_in, second_marks=rules.second_marks, is_anonymous=rules.anonymous_marking)
    return hand_in


def what_is_missing(hand_in: HandIn) -> str:
    """What must be added before it can be handed in, in words; empty when nothing is missing."""
    rules = rules_of(hand_in)
    if rules.asks_text and not hand_in.text.strip():
        return _("A text is asked for, and yours is empty. Write it, then hand in.")
    if rules.must_have_file and not hand_in.files.exists():
        return _("A file is asked for, and there is none yet. Add it, then hand in.")
    return ""


# --- Assessed ----------------------------------------------------------------------------------------------------


@transaction.atomic
def settle(*, hand_in: HandIn, assessment: RubricAssessment) -> None:
    """Write that a hand-in has been assessed, by the assessment that counts.

    Effects: the hand-in is assessed; a pass completes the unit as long as the enrolment is open to the learner. A later
    assessment (moderation) may come: a pass that was given stays, and one that comes now completes the unit.
    """
    Enrolment.objects.select_for_update(of=("self",)).get(pk=hand_in.enrolment_id)
    hand_in = HandIn.objects.select_for_update(of=("self",)).select_related("enrolment", "unit").get(pk=hand_in.pk)
    hand_in.state = HandInState.ASSESSED
    hand_in.save(update_fields=["state"])
    if assessment.passed:
        with suppress(ProgressRefused):
            complete_unit(enrolment=hand_in.enrolment, unit=hand_in.unit, language=hand_in.language, revision=None)
