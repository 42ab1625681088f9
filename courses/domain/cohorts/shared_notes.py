"""Private notes that a learner shows to the trainers of their cohort, for as long as they want to."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.cohorts.threads import lessons_of
from courses.models import Cohort, CohortMember, Enrolment, LessonPage, Reflection, Unit
from elearn.core.html import clean_learner_text
from elearn.people.domain import trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

READ = "cohorts.shared_notes_read"


class SharingRefused(Exception):
    """The act cannot be done; the message says why, in words for the person."""


@transaction.atomic
def share(*, enrolment: Enrolment, unit: Unit, block_id: str, shared: bool) -> None:
    """Show a note to the trainers of the cohort one is in, or no longer.

    Refusals: SharingRefused outside a cohort, and where there is no note; PersonErased.
    """
    lock_person(enrolment.person_id)
    notes = Reflection.objects.filter(enrolment=enrolment, unit=unit, block_id=block_id)
    if not shared:
        notes.update(shared_at=None, shared_with=None)
        return
    cohort = Enrolment.objects.values_list("cohort", flat=True).get(pk=enrolment.pk)
    if cohort is None:
        raise SharingRefused(_("Notes are shared with the trainers of a cohort, and you are in none."))
    if not notes.update(shared_at=timezone.now(), shared_with=cohort):
        raise SharingRefused(_("There is no note yet. Save one first."))


def shared_in(cohort: Cohort) -> QuerySet[Reflection]:
    """What learners show to this cohort's trainers: they are still in it, and shared it with these."""
    seated = CohortMember.objects.seated().filter(cohort=cohort)
    return Reflection.objects.filter(shared_with=cohort, enrolment__cohort=cohort).filter(
        enrolment__in=seated.values("enrolment")
    )


@dataclass(frozen=True)
class SharedNote:
    lesson: str
    question: str
    html: str
    shared_at: datetime
    updated_at: datetime


def who_shares(cohort: Cohort) -> QuerySet[CohortMember]:
    """The members who share something, each with how much and when last."""
    rows = CohortMember.objects.seated().filter(
        cohort=cohort, enrolment__reflections__shared_with=cohort, enrolment__cohort=cohort
    )
    counted = rows.annotate(notes=Count("enrolment__reflections"), latest=Max("enrolment__reflections__shared_at"))
    return counted.select_related("person").order_by(F("latest").desc(), "pk")


def read_notes_of(*, cohort: Cohort, member: CohortMember, by: User, language: str) -> list[SharedNote]:
    """The notes that one learner shares, the latest first. Leaves an event in the learner's trail."""
    rows = list(shared_in(cohort).filter(enrolment=member.enrolment_id).select_related("unit").order_by("-shared_at"))
    lessons = lessons_of({row.unit.key for row in rows}, language)
    questions = _questions({row.unit.key for row in rows}, language)
    if rows:
        trail.record(READ, actor=by, subject=member.person, cohort=str(cohort.public_id))
    return [
        SharedNote(
            lesson=lessons.get(row.unit.key, (row.unit.code, ""))[0],
            question=questions.get((row.unit.key, row.block_id), ""),
            html=mark_safe(clean_learner_text(row.text)),
            shared_at=row.shared_at,
            updated_at=row.updated_at,
        )
        for row in rows
        if row.shared_at
    ]


def _questions(keys: set, language: str) -> dict:
    """What the lessons ask, by lesson and block. One query."""
    found: dict = {}
    if not keys:
        return found
    bodies = LessonPage.objects.live().filter(translation_key__in=keys).order_by("path")
    for key, code, body in bodies.values_list("translation_key", "locale__language_code", "body"):
        for block in body.raw_data:
            if block["type"] == "reflection" and ((key, block["id"]) not in found or code == language):
                found[key, block["id"]] = block["value"]["question"]
    return found


def register_sentences() -> None:
    trail.register(READ, gettext_lazy("Read private notes that you share with your trainers"))
