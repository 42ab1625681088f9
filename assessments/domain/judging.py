"""Judging: a script is taken, judged in a draft that saves itself, and finished once. What follows: domain.settling.

The order of locks is person, enrolment, attempt or hand-in, scripts, assessment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain

from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from assessments.domain import second_marks, settling
from assessments.domain.marking_desk import (
    Filters,
    free_for,
    holder_until,
    judgement_wanted,
    may_judge,
    part_of,
    queue,
)
from assessments.enums import AssessmentPart, AssessmentState
from assessments.models import RubricAssessment, Script
from elearn.people.domain import trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

LEASE = timedelta(minutes=30)
TRIED = 20  # scripts that others may take while the next one is looked for
DECISIONS = frozenset({AssessmentPart.ADJUDICATION, AssessmentPart.MODERATION})


class MarkingRefused(Exception):
    """The act cannot be done; the message says why and what was kept, in words for the marker."""


# --- Taking ------------------------------------------------------------------------------------------------------


@transaction.atomic
def take(*, script: Script, person: User) -> RubricAssessment:
    """Take a script to judge it, for half an hour; saving renews that. Answers the person's draft.

    Effects: nobody else can take the script meanwhile. A draft of the person's from before is gone on with, whatever
    it was for. Taking what one has already renews it.
    Refusals: MarkingRefused while somebody else has it, and when no judgement of this person is wanted.
    """
    nothing = _("There is nothing for you to judge here: it has been marked, or you have marked it. Take the next one.")
    if judgement_wanted(script, person) is None:
        raise MarkingRefused(nothing)
    if not _lease(script, person):
        raise _taken(script, person)
    # Read anew: somebody may have finished it while this waited.
    script = Script.objects.select_related("enrolment", "hand_in__rubric").get(pk=script.pk)
    part = judgement_wanted(script, person)
    if part is None:
        raise MarkingRefused(nothing)
    own = RubricAssessment.objects.filter(script=script, assessor=person, state=AssessmentState.DRAFT)
    draft = own.first()
    if draft is None:
        rubric = script.hand_in.rubric if script.hand_in is not None else None
        return RubricAssessment.objects.create(
            script=script, assessor=person, subject_id=script.enrolment.person_id, part=part, rubric=rubric
        )
    if draft.part != part:
        own.filter(pk=draft.pk).update(part=part)
        draft.part = part
    return draft


def _lease(script: Script, person: User) -> bool:
    now = timezone.now()
    free = Script.objects.filter(free_for(person, now), pk=script.pk)
    return bool(free.update(taken_by=person, taken_until=now + LEASE))


def _taken(script: Script, person: User) -> MarkingRefused:
    until = holder_until(Script.objects.get(pk=script.pk), person)
    words = _("A colleague has this one until %(time)s. What you have written is kept. Take another one meanwhile.")
    return MarkingRefused(words % {"time": time_format(timezone.localtime(until)) if until else "…"})


@transaction.atomic
def give_back(*, script: Script, person: User) -> None:
    """Let others have a script that the person has taken. The draft stays. Done twice, it is done once."""
    Script.objects.filter(pk=script.pk, taken_by=person).update(taken_by=None, taken_until=None)


def next_script(*, person: User, filters: Filters) -> RubricAssessment | None:
    """Take what the person should judge next: what they have already, or else the first of the queue that is free.

    Answers the draft; None when nothing waits. What others take at this moment is passed over.
    """
    rows = queue(person, filters).select_related("enrolment", "hand_in__rubric")
    now = timezone.now()
    held = rows.filter(taken_by=person, taken_until__gt=now)
    for script in chain(held[:1], rows.filter(free_for(person, now))[:TRIED]):
        try:
            return take(script=script, person=person)
        except MarkingRefused:
            continue
    return None


# --- The draft ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """What an assessor has filled in: levels and comments by criterion, or points, with reasons and a note."""

    levels: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    points: Decimal | None = None
    reasons: str = ""
    note: str = ""

    def joined_with(self, sent: "Written") -> "Written":
        """Both, where they were written in two windows: texts one after the other; of levels and points, this one's."""
        criteria = dict.fromkeys([*self.comments, *sent.comments])
        return Written(
            levels={**sent.levels, **self.levels},
            comments={key: _both(self.comments.get(key, ""), sent.comments.get(key, "")) for key in criteria},
            points=sent.points if self.points is None else self.points,
            reasons=_both(self.reasons, sent.reasons),
            note=_both(self.note, sent.note),
        )


@dataclass(frozen=True)
class SavedDraft:
    """What became of a saving: the row, what it holds now, whether two versions were joined, and whether somebody
    else has the script meanwhile, and until when."""

    assessment: RubricAssessment
    written: Written
    joined: bool
    others_until: datetime | None


@transaction.atomic
def save_draft(*, assessment: RubricAssessment, written: Written, version: int) -> SavedDraft:
    """Keep what an assessor has filled in so far. Safe to send again.

    `version` is the one that the page was made from. If another window has saved since, nothing of either is lost:
    texts are put one after the other, of levels and points those saved before stand, and the answer says so.
    Effects: the lease is renewed, unless somebody else has taken the script; the draft is kept even then.
    Refusals: MarkingRefused when the assessment is final, or when the points are more than can be had. PersonErased.
    """
    lock_person(assessment.subject_id)
    # The script before its assessment, as everywhere.
    own = Script.objects.filter(assessments=assessment, taken_by=assessment.assessor_id)
    own.update(taken_until=timezone.now() + LEASE)
    row = RubricAssessment.objects.select_for_update(of=("self",)).select_related("assessor").get(pk=assessment.pk)
    row.script = script = _read(row)
    if row.state == AssessmentState.FINAL:
        raise MarkingRefused(_("You have finished this one. A mark that was given is not changed."))
    written = _tidied(script, written)
    held = written_in(row)
    joined = False
    if written != held:
        joined = version != row.version
        written = held.joined_with(written) if joined else written
        _put(row, written)
        row.version += 1
        row.save()
    return SavedDraft(row, written_in(row), joined, holder_until(script, row.assessor))


def _read(row: RubricAssessment) -> Script:
    rows = Script.objects.select_related("attempt", "hand_in__rubric", "enrolment", "unit__course")
    return rows.get(assessments=row)


def written_in(row: RubricAssessment) -> Written:
    """What a row holds, as its assessor filled it in. Points go with essays alone."""
    return Written(row.levels, row.comments, points_of(row), row.reasons, row.note)


def points_of(row: RubricAssessment) -> Decimal | None:
    """The points that were typed for an essay, with two decimals as they were typed."""
    if row.rubric_id is not None or row.fraction is None or row.script is None:
        return None
    return (row.fraction * second_marks.possible_points(row.script)).quantize(Decimal("0.01"))


def _put(row: RubricAssessment, written: Written) -> None:
    row.levels, row.comments = dict(written.levels), dict(written.comments)
    row.reasons, row.note = written.reasons, written.note
    if row.rubric_id is None and row.script is not None:
        possible = second_marks.possible_points(row.script)
        row.fraction = _part_of(written.points, possible) if written.points is not None else None


def _part_of(points: Decimal, possible: Decimal) -> Decimal:
    return (points / possible).quantize(second_marks.STEP) if possible else Decimal(0)


def _tidied(script: Script, written: Written) -> Written:
    """Without spaces around texts, nothing of criteria or levels that the rubric does not have."""
    criteria: list[dict] = []
    if script.hand_in is not None:
        criteria = next(iter(script.hand_in.rubric.contents.values()))["criteria"]
    known = {each["id"]: {level["id"] for level in each["levels"]} for each in criteria}
    comments = {key: _plain(text) for key, text in written.comments.items() if key in known}
    points = None if script.hand_in is not None else written.points
    if points is not None and not 0 <= points <= second_marks.possible_points(script):
        raise MarkingRefused(_("There are not so many points to be had. Nothing was saved."))
    return replace(
        written,
        levels={key: level for key, level in written.levels.items() if level in known.get(key, ())},
        comments={key: text for key, text in comments.items() if text},
        points=points.quantize(Decimal("0.01")) if points is not None else None,
        reasons=_plain(written.reasons),
        note=_plain(written.note),
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _both(held: str, sent: str) -> str:
    if sent in held:
        return held
    return sent if held in sent else f"{held}\n\n{sent}"


# --- Finishing ---------------------------------------------------------------------------------------------------


@transaction.atomic
def finalise(*, assessment: RubricAssessment) -> RubricAssessment:
    """Make a draft final, once: from then on it never changes.

    Effects: the script is given back; what follows from the judgement follows (domain.settling); the trail of the
    person who is judged says who judged. Finishing what is finished changes nothing.
    Refusals: MarkingRefused while a criterion or the points are open, without reasons where the learner does not pass
    or where somebody decides over others' marks, while somebody else has the script, and when others have marked it
    meanwhile. PersonErased.
    """
    script, siblings = settling.lock(assessment)
    row = RubricAssessment.objects.select_for_update(of=("self",)).select_related("assessor").get(pk=assessment.pk)
    if row.state == AssessmentState.FINAL:
        return row
    row.script, part = script, AssessmentPart(row.part)
    if part_of(script, row.assessor, second_marks.finals_of(script)) != part or not may_judge(
        script, row.assessor, part
    ):
        raise MarkingRefused(_("Somebody else has marked this meanwhile. Your draft is kept, and does not count."))
    if holder_until(script, row.assessor):
        raise _taken(script, row.assessor)
    _add_up(row, script)
    if not row.reasons and (part in DECISIONS or not second_marks.passes(script, row)):
        raise MarkingRefused(_("Write the reasons first: the learner reads them. Your draft is kept."))
    row.state, row.final_at = AssessmentState.FINAL, timezone.now()
    row.save()
    script.taken_by, script.taken_until = None, None
    script.save(update_fields=["taken_by", "taken_until"])
    trail.record(
        f"assessments.{part}", actor=row.assessor, subject=script.enrolment.person, script=str(script.public_id)
    )
    settling.follow(script=script, siblings=siblings, judged=row)
    return row


def _add_up(row: RubricAssessment, script: Script) -> None:
    outcome = second_marks.score(script, row.levels)
    if outcome is None:
        if row.fraction is None:
            raise MarkingRefused(_("Give the points first. Your draft is kept."))
        return
    if outcome.open_criteria:
        raise MarkingRefused(_("Choose a level for every criterion first. Your draft is kept."))
    row.fraction = outcome.fraction
    row.passed = outcome.passes(second_marks.pass_mark_of(script))
