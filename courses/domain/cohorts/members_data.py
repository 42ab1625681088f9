"""What getting into cohorts keeps about a person: their places, and rows of lists in which they stand."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.cohorts.addresses import addresses_of
from courses.domain.cohorts.seating import ASKING_STATES
from courses.enums import MemberState
from courses.models import CohortMember, ImportRow, MemberImport
from elearn.people.domain import trail
from elearn.people.domain.personal_data import Contribution, Identity, Row, Table, in_role
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def times_in_cohorts(person: User) -> Iterator[trail.Standing]:
    """In which cohorts somebody took part, from when until when: what was done to all of it then concerns them."""
    for member in CohortMember.objects.filter(person=person, seated_at__isnull=False).select_related("cohort"):
        yield str(member.cohort.public_id), member.seated_at, member.left_at  # type: ignore[misc]


def collect(person: User) -> list[Table]:
    return [
        Table("cohort_places", _("Your places in cohorts"), _places(person)),
        Table("list_rows", _("Where you stand in lists that were sent into a cohort"), _list_rows(person)),
    ]


def _places(person: User) -> list[Row]:
    """With invitations to an address that the person has confirmed."""
    rows = CohortMember.objects.annotate(address=Lower("email"))
    rows = rows.filter(Q(person=person) | Q(person=None, address__in=addresses_of(person)))
    return [
        {
            "cohort": row.cohort.title,
            "state": row.state,
            "source": row.source,
            "email": row.email,
            "name": row.name,
            "language": row.language,
            "asked_at": row.asked_at,
            "words": row.words,
            "decided_by": in_role(row.decided_by, person),
            "decided_at": row.decided_at,
            "reason": row.reason,
            "seated_at": row.seated_at,
            "left_at": row.left_at,
        }
        for row in rows.select_related("cohort", "decided_by").order_by("asked_at", "pk")
    ]


def _list_rows(person: User) -> list[Row]:
    rows = ImportRow.objects.filter(Q(person=person) | Q(email__in=addresses_of(person)))
    return [
        {
            "cohort": row.batch.cohort.title,
            "email": row.email,
            "name": row.name,
            "language": row.language,
            "fate": row.fate,
            "entered_at": row.entered_at,
        }
        for row in rows.select_related("batch__cohort").order_by("pk")
    ]


def erase(person: User, identity: Identity) -> None:
    """Where they took part stays, without a word about who it was. Requests end; invitations and rows of lists go."""
    mine = CohortMember.objects.filter(person=person)
    mine.filter(state__in=ASKING_STATES).update(state=MemberState.REMOVED, left_at=timezone.now())
    wordy = ~Q(email="") | ~Q(name="") | ~Q(words="") | ~Q(reason="") | ~Q(language="") | Q(token__isnull=False)
    mine.filter(wordy).update(email="", name="", words="", reason="", language="", token=None)
    invited = CohortMember.objects.annotate(address=Lower("email")).filter(person=None, address__in=identity.words)
    invited.delete()
    ImportRow.objects.filter(Q(person=person) | Q(email__in=identity.words)).delete()


def _over(cutoff: datetime) -> QuerySet[CohortMember]:
    """Invitations by which nobody came, since then."""
    rows = CohortMember.objects.filter(person=None)
    ran_out = Q(state=MemberState.INVITED, expires_at__lt=cutoff)
    ended = Q(state__in=(MemberState.REMOVED, MemberState.DECLINED), decided_at__lt=cutoff)
    # Whoever waits in a cohort that was closed waits for nothing.
    return rows.filter(ran_out | ended | Q(state=MemberState.WAITLISTED, cohort__closed_at__lt=cutoff))


def _delete_invitations(pks: list[int]) -> None:
    CohortMember.objects.filter(pk__in=pks, person=None).delete()


def _sent_before(cutoff: datetime) -> QuerySet[MemberImport]:
    return MemberImport.objects.filter(created_at__lt=cutoff)


def _delete_lists(pks: list[int]) -> None:
    for batch in MemberImport.objects.filter(pk__in=pks):
        if batch.file:
            batch.file.delete(save=False)
        batch.delete()


CONTRIBUTION = Contribution(
    name="members",
    collect=collect,
    erase=erase,
    holds=frozenset({"courses.CohortMember.person", "courses.CohortMember.enrolment", "courses.ImportRow.person"}),
    acts=frozenset({"courses.CohortMember.decided_by", "courses.MemberImport.by", "courses.JoinLink.made_by"}),
)

PERIODS = (
    Kept(
        key="cohort_places",
        what=gettext_lazy("Your places in cohorts: how you came, when you left, and why"),
        why=gettext_lazy("It says who took part, and with which trainers."),
        how_long=gettext_lazy("for good"),
        then=gettext_lazy("After an erasure it no longer says whose it was; words and addresses are deleted."),
    ),
    Kept(
        key="invitations",
        what=gettext_lazy("An address that was invited to a cohort by which nobody came"),
        why=gettext_lazy("So that trainers see who was invited and has not come."),
        then=gettext_lazy("It is deleted."),
        due=_over,
        apply=_delete_invitations,
    ),
    Kept(
        key="lists",
        what=gettext_lazy("Lists of people sent into a cohort, with what became of each row"),
        why=gettext_lazy("So that whoever sent a list can look up what became of it."),
        then=gettext_lazy("The list is deleted; who takes part stays."),
        due=_sent_before,
        apply=_delete_lists,
    ),
)
