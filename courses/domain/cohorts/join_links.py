"""Links, also as QR code, by which whoever has one comes into a cohort."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.cohorts.seating import SeatingRefused, ask_for_place, lock_cohort, refuse_cohort, seat
from courses.enums import MemberSource, MemberState
from courses.models import Cohort, CohortMember, JoinLink
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User


@transaction.atomic
def make_link(*, cohort: Cohort, by: User, expires_at: datetime, needs_approval: bool) -> JoinLink:
    """Make a link into a cohort that runs until a moment.

    Refusals: SeatingRefused when the cohort is closed or its course archived, or the moment has passed.
    """
    cohort = lock_cohort(cohort)
    refuse_cohort(cohort)
    if expires_at <= timezone.now():
        raise SeatingRefused(_("A link has to run until a day that lies ahead."))
    return JoinLink.objects.create(cohort=cohort, made_by=by, expires_at=expires_at, needs_approval=needs_approval)


@transaction.atomic
def end_link(*, link: JoinLink) -> None:
    """End a link before its time. Whoever came by it stays; ending it twice changes nothing."""
    JoinLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=timezone.now())


def link_by_token(token: str) -> JoinLink | None:
    """The link, also one that has run out; its page says so."""
    return JoinLink.objects.filter(token=token).select_related("cohort__course", "cohort__edition").first()


@transaction.atomic
def join_by_link(*, token: str, person: User, words: str = "") -> CohortMember:
    """Come into a cohort by a link: with a place, or as a request where trainers are to decide.

    Effects: those of `seat`, or of `ask_for_place`. Somebody whom trainers turned away or took out asks anew, whatever
    the link says. Twice, or from two tabs, it is one row.
    Refusals: SeatingRefused when the link has run out or was ended, and those of `seat`.
    """
    person = lock_person(person.pk)
    found = JoinLink.objects.select_related("cohort").get(token=token)
    cohort = lock_cohort(found.cohort)
    link = JoinLink.objects.get(pk=found.pk)
    link.cohort = cohort
    before = CohortMember.objects.filter(cohort=cohort, person=person).first()
    if before is not None and before.state == MemberState.SEATED:
        return before
    if not link.is_usable:
        raise SeatingRefused(_("This link has run out, so it lets nobody in. Ask your trainers for a new one."))
    turned_away = before is not None and before.decided_by_id not in (None, person.pk)
    if link.needs_approval or (turned_away and before and before.state in (MemberState.REMOVED, MemberState.DECLINED)):
        return ask_for_place(cohort=cohort, person=person, source=MemberSource.LINK, words=words)
    return seat(cohort=cohort, person=person, source=MemberSource.LINK, by=person)
