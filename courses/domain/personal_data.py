"""What this package keeps about a person: enrolments, what they completed, and their private notes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Enrolment, Reflection, UnitCompletion
from elearn.people.domain.personal_data import Contribution, Identity, Row, Table
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [
        Table("enrolments", _("Your courses"), _enrolments(person)),
        Table("completions", _("Units you completed"), _completions(person)),
        Table("reflections", _("Your private notes"), _reflections(person)),
    ]


def _enrolments(person: User) -> list[Row]:
    rows = Enrolment.objects.of(person).select_related("course", "edition", "cohort", "institution", "action")
    return [
        {
            "enrolment": row.public_id,
            "course": row.course.code,
            "edition": row.edition.number,
            "cycle": row.cycle,
            "state": row.state,
            "source": row.source,
            "cohort": row.cohort.title if row.cohort else "",
            "institution": row.institution.name if row.institution else "",
            "country": row.country,
            "action": row.action.code if row.action else "",
            "enrolled_at": row.created_at,
            "completed_at": row.completed_at,
        }
        for row in rows.order_by("created_at")
    ]


def _completions(person: User) -> list[Row]:
    rows = UnitCompletion.objects.filter(enrolment__person=person).select_related("enrolment", "unit__course")
    return [
        {
            "enrolment": row.enrolment.public_id,
            "course": row.unit.course.code,
            "unit": row.unit.code,
            "completed_at": row.completed_at,
            "language": row.language,
            "voided_at": row.voided_at,
            "void_reason": row.void_reason,
        }
        for row in rows.order_by("completed_at")
    ]


def _reflections(person: User) -> list[Row]:
    rows = Reflection.objects.filter(enrolment__person=person).select_related("unit__course")
    return [
        {
            "course": row.unit.course.code,
            "unit": row.unit.code,
            "block": row.block_id,
            "text": row.text,
            "updated_at": row.updated_at,
            "shared_at": row.shared_at,
        }
        for row in rows.order_by("updated_at")
    ]


VOIDED = "[erased]"  # The database wants a reason on a completion that was taken back; its words may name the person.


def erase(person: User, identity: Identity) -> None:
    """Notes go. What was completed, and when, stays without a name: certificates and counts rest on it."""
    # The enrolments are locked before anything below them, as whoever completes a unit does.
    list(Enrolment.objects.select_for_update().filter(person=person).order_by("pk").values_list("pk"))
    Reflection.objects.filter(enrolment__person=person).delete()
    voided = UnitCompletion.objects.filter(enrolment__person=person, voided_at__isnull=False)
    voided.exclude(void_reason=VOIDED).update(void_reason=VOIDED)


CONTRIBUTION = Contribution(
    name="courses",
    collect=collect,
    erase=erase,
    holds=frozenset(
        {
            "courses.Enrolment.person",
            "courses.EnrolmentMove.enrolment",
            "courses.Reflection.enrolment",
            "courses.UnitCompletion.enrolment",
        }
    ),
    acts=frozenset(
        {"courses.Edition.released_by", "courses.EnrolmentMove.moved_by", "courses.UnitCompletion.voided_by"}
    ),
)

PERIODS = (
    Kept(
        key="learning",
        what=gettext_lazy("Your courses, and what you completed and when"),
        why=gettext_lazy("Your certificates and the programme's counts rest on it."),
        how_long=gettext_lazy("for good"),
        then=gettext_lazy("After an erasure it no longer says whose it was."),
    ),
    Kept(
        key="reflections",
        what=gettext_lazy("Your private notes in lessons"),
        why=gettext_lazy("For you alone, and for the trainers of your cohort those that you share with them."),
        how_long=gettext_lazy("until you remove them, or the account is erased"),
        then=gettext_lazy("They are deleted."),
    ),
)
