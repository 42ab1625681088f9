"""Places in a cohort: who gets one, who waits for one, and what becomes of it when somebody leaves.

Whatever changes who is in a cohort locks the person first and then the cohort, so that places are counted by one at a
time. Moving somebody up from the waiting list locks another person; it is a transaction of its own, after the one that
made room, and the sweeper does it where that did not come about.
"""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.cohorts import member_mail
from courses.domain.cohorts.addresses import addresses_of, people_at
from courses.domain.enrolment import create_enrolment
from courses.domain.moving import MoveRefused, move_up
from courses.domain.progress import complete_edition_if_done
from courses.enums import EnrolmentSource, EnrolmentState, MemberSource, MemberState, RowFate
from courses.models import Cohort, CohortMember, Enrolment
from elearn.people.domain import trail
from elearn.people.domain.personal_data import PersonErased, lock_person
from elearn.people.models import User

SEATED, WAITS, ADMISSION_REFUSED, REMOVED = (
    "cohorts.seated",
    "cohorts.waitlisted",
    "cohorts.turned_away",
    "cohorts.removed",
)
# Who waits for a decision, or for a place.
ASKING_STATES = (MemberState.REQUESTED, MemberState.WAITLISTED)


class SeatingRefused(Exception):
    """Nobody was given a place; the message says why, in words. `fate` is the same for a row of a list."""

    def __init__(self, message: str, fate: RowFate = RowFate.FAULTY) -> None:
        super().__init__(message)
        self.fate = fate


def lock_cohort(cohort: Cohort) -> Cohort:
    """The cohort, locked: whoever counts its places does so alone. Persons are locked before it."""
    return Cohort.objects.select_for_update(no_key=True, of=("self",)).select_related("course").get(pk=cohort.pk)


def places_left(cohort: Cohort) -> int | None:
    """How many places nobody has; None where there is no limit."""
    if cohort.capacity is None:
        return None
    return max(cohort.capacity - CohortMember.objects.filter(cohort=cohort).taking_places().count(), 0)


# --- In --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def seat(
    *, cohort: Cohort, person: User, source: MemberSource, by: User | None, invitation: CohortMember | None = None
) -> CohortMember:
    """Give a person a place in a cohort, or put them on its waiting list; answers where they stand.

    Effects: the person's open enrolment in the course goes into the cohort with all that was done in it, and up to the
    cohort's edition where the rules of moving allow it; whoever has none is enrolled. An invitation to one of their
    addresses becomes theirs. An event in their trail, and a mail if somebody else did it. Asking twice, or at once,
    gives the same row.
    Refusals: SeatingRefused when the cohort is closed, the course archived or completed already, when they take part
    in another running cohort of the course, or when all places are taken and there is no waiting list.
    """
    person, cohort = lock_person(person.pk), lock_cohort(cohort)
    member, holds_place = _row_of(cohort, person, source, invitation)
    if member.state == MemberState.SEATED:
        return member
    if not person.is_active:
        raise SeatingRefused(_("The account at this address is closed."))
    refuse(cohort, person)
    if not holds_place and not has_place(cohort, member):
        return put_on_waiting_list(cohort, member, by)
    return _take_place(cohort, member, person, by)


def _take_place(cohort: Cohort, member: CohortMember, person: User, by: User | None) -> CohortMember:
    member.enrolment = _enrolment_in(cohort, person, by)
    stand(member, MemberState.SEATED, by, seated_at=timezone.now(), left_at=None, reason="")
    trail.record(SEATED, actor=by, subject=person, cohort=cohort.pk)
    if by is None or by.pk != person.pk:
        member_mail.tell_seated(member)
    return member


@transaction.atomic
def ask_for_place(*, cohort: Cohort, person: User, source: MemberSource, words: str = "") -> CohortMember:
    """Ask for a place, which the trainers then give or refuse. Whoever was invited has it at once.

    Effects: one row; asking again before it is decided changes its words and keeps its turn.
    Refusals: SeatingRefused as for `seat`, except that a full cohort takes requests all the same.
    """
    person, cohort = lock_person(person.pk), lock_cohort(cohort)
    member, holds_place = _row_of(cohort, person, source, None)
    if member.state == MemberState.WAITLISTED:
        _keep_person(member)
    if member.state in (MemberState.SEATED, MemberState.WAITLISTED):
        return member
    refuse(cohort, person)
    if holds_place:
        return _take_place(cohort, member, person, person)
    asked_at = member.asked_at if member.state == MemberState.REQUESTED else timezone.now()
    # Whoever was taken out stays known for it until trainers decide anew (join_links).
    stand(
        member, MemberState.REQUESTED, member.decided_by, asked_at=asked_at, words=words[:500], source=source, reason=""
    )
    return member


def refuse(cohort: Cohort, person: User) -> None:
    """Raise SeatingRefused, in words, unless the person may come into the cohort as soon as there is a place."""
    refuse_cohort(cohort)
    theirs = Enrolment.objects.of(person).filter(course=cohort.course_id)
    other = theirs.open().filter(cohort__closed_at=None).exclude(cohort=None).exclude(cohort=cohort)
    found = other.values_list("cohort__title", flat=True).first()
    if found is not None:
        words = _("Takes part in another running cohort of this course: %s. One has to leave that one first.")
        raise SeatingRefused(words % found, RowFate.ELSEWHERE)
    if theirs.filter(state=EnrolmentState.COMPLETED).exists() and not theirs.open().exists():
        raise SeatingRefused(_("Has completed this course already, so there is no need to join."), RowFate.COMPLETED)


def refuse_cohort(cohort: Cohort) -> None:
    """Raise SeatingRefused unless the cohort takes anybody at all."""
    if not cohort.is_open:
        raise SeatingRefused(_("This cohort is closed. Nobody can join it any more."))
    if cohort.course.archived_at is not None:
        raise SeatingRefused(_("The course of this cohort is archived and takes no new learners."))


def _row_of(
    cohort: Cohort, person: User, source: MemberSource, invitation: CohortMember | None
) -> tuple[CohortMember, bool]:
    """The person's one row, a new one if need be, and whether a place is kept for it.

    Invitations to several of their addresses become one; those that are left over end.
    """
    condition = Q(person=person) | Q(person=None, address__in=addresses_of(person))
    if invitation is not None:
        condition |= Q(pk=invitation.pk, person=None)
    rows = list(CohortMember.objects.annotate(address=Lower("email")).filter(condition, cohort=cohort).order_by("pk"))
    holds_place = any(row.state == MemberState.INVITED and not has_run_out(row) for row in rows)
    member = next((row for row in rows if row.person_id is not None), rows[0] if rows else None)
    if member is None:
        return CohortMember(cohort=cohort, person=person, source=source), False
    for row in rows:
        if row is not member and row.state != MemberState.REMOVED:
            token = row.token
            stand(row, MemberState.REMOVED, None, left_at=timezone.now())
            member.token = member.token or token
    member.person, member.cohort = person, cohort
    return member, holds_place


def _keep_person(member: CohortMember) -> None:
    """A turn that was kept for an address belongs to the account that has it."""
    if member.pk is not None:
        member.save(update_fields=["person"])


def has_run_out(member: CohortMember) -> bool:
    """Whether the time of an invitation is over, so that it keeps no place any more."""
    return member.expires_at is None or member.expires_at <= timezone.now()


def has_place(cohort: Cohort, member: CohortMember) -> bool:
    """Whether the locked cohort has a place for this row: nobody overtakes those who wait."""
    if cohort.capacity is None:
        return True
    rows = CohortMember.objects.filter(cohort=cohort)
    first = rows.waiting().values_list("pk", flat=True).first()
    if first not in (None, member.pk):
        return False  # Whoever came earlier has the place that is free.
    return rows.taking_places().exclude(pk=member.pk).count() < cohort.capacity


def put_on_waiting_list(cohort: Cohort, member: CohortMember, by: User | None) -> CohortMember:
    """Have somebody wait in the locked cohort, or refuse where there is no waiting list."""
    if member.state == MemberState.WAITLISTED:
        _keep_person(member)
        return member
    if not cohort.has_waiting_list:
        raise SeatingRefused(_("All places of this cohort are taken."), RowFate.FULL)
    came_again = member.state in (MemberState.REMOVED, MemberState.DECLINED, MemberState.INVITED)
    asked_at = timezone.now() if came_again else member.asked_at
    stand(member, MemberState.WAITLISTED, by, asked_at=asked_at, left_at=None, reason="")
    if member.person is not None:
        trail.record(WAITS, actor=by, subject=member.person, cohort=cohort.pk)
        if by is None or by.pk != member.person.pk:
            member_mail.tell_waiting(member)
    transaction.on_commit(lambda: move_up_waiting(cohort))
    return member


def _enrolment_in(cohort: Cohort, person: User, by: User | None) -> Enrolment:
    """The person's open enrolment, moved into the cohort, or a new one. The row is locked."""
    mine = Enrolment.objects.select_for_update().filter(person=person, course=cohort.course_id)
    enrolment = mine.open().first()
    if enrolment is None:
        enrolment = create_enrolment(
            person=person, course=cohort.course, edition=cohort.edition, source=EnrolmentSource.COHORT, cohort=cohort
        )
    # A cohort that was closed has kept them until now.
    earlier = CohortMember.objects.seated().filter(enrolment=enrolment)
    earlier.update(state=MemberState.REMOVED, left_at=timezone.now())
    enrolment.cohort, enrolment.state = cohort, EnrolmentState.ACTIVE
    enrolment.action = enrolment.action or cohort.action
    enrolment.save(update_fields=["cohort", "state", "action"])
    if enrolment.edition_id != cohort.edition_id:
        try:
            with transaction.atomic():
                return move_up(enrolment=enrolment, to_edition=cohort.edition, moved_by=by).enrolment
        except MoveRefused:
            pass  # They keep the edition that they began with.
    complete_edition_if_done(enrolment)  # What another minimum attendance had kept open, for instance.
    return enrolment


# --- Out -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def remove(*, member: CohortMember, by: User | None, reason: str = "") -> CohortMember:
    """End somebody's place, their request, their turn on the waiting list, or an invitation.

    Effects: what was recorded stays, and the enrolment goes on without the cohort; an event in the trail, a mail if
    somebody else did it; after the commit the first of the waiting list moves up. Doing it twice changes nothing more.
    Refusals: SeatingRefused when the cohort is closed: what it recorded stays as it is.
    """
    cohort, member = _lock(member)
    if member.state in (MemberState.REMOVED, MemberState.DECLINED):
        return member
    if not cohort.is_open:
        raise SeatingRefused(_("This cohort is closed. What it recorded stays as it is."))
    took_part = member.state == MemberState.SEATED
    decided_by = member.decided_by or by if member.state == MemberState.REQUESTED else by
    if took_part:
        _go_on_alone(member, cohort)
    stand(member, MemberState.REMOVED, decided_by, left_at=timezone.now(), reason=reason)
    if member.person is not None:
        trail.record(REMOVED, actor=by, subject=member.person, cohort=cohort.pk, reason=reason)
        if took_part and by is not None and by.pk != member.person.pk:
            member_mail.tell_removed(member)
    transaction.on_commit(lambda: move_up_waiting(cohort))
    return member


def _go_on_alone(member: CohortMember, cohort: Cohort) -> None:
    """Take the enrolment out of the cohort. What only its minimum attendance had kept open is completed by that."""
    for enrolment in Enrolment.objects.select_for_update().filter(cohort_members=member, cohort=cohort):
        enrolment.cohort = None
        enrolment.save(update_fields=["cohort"])
        if enrolment.state == EnrolmentState.ACTIVE:
            complete_edition_if_done(enrolment)


def leave(*, member: CohortMember) -> CohortMember:
    """Leave a cohort oneself, or take one's request back. Effects and refusals are those of `remove`."""
    return remove(member=member, by=member.person)


# --- Requests --------------------------------------------------------------------------------------------------------


@transaction.atomic
def admit(*, member: CohortMember, by: User) -> CohortMember:
    """Give a place to somebody who asked for one. Effects and refusals are those of `seat`.

    Refusals: SeatingRefused also when they took the request back, or it was decided otherwise meanwhile.
    """
    cohort, member = _lock(member)
    if member.person is None or member.state not in (*ASKING_STATES, MemberState.SEATED):
        raise SeatingRefused(_("This was decided in the meantime, so nothing was changed."))
    return seat(cohort=cohort, person=member.person, source=MemberSource(member.source), by=by)


@transaction.atomic
def turn_away(*, member: CohortMember, by: User, reason: str) -> CohortMember:
    """Refuse a request, or end a turn on the waiting list. The person is told by mail, with the reason.

    Refusals: SeatingRefused when it was decided otherwise meanwhile.
    """
    cohort, member = _lock(member)
    if member.state == MemberState.DECLINED:
        return member
    if member.state not in ASKING_STATES:
        raise SeatingRefused(_("This was decided in the meantime, so nothing was changed."))
    stand(member, MemberState.DECLINED, by, reason=reason)
    if member.person is not None:
        trail.record(ADMISSION_REFUSED, actor=by, subject=member.person, cohort=cohort.pk, reason=reason)
        member_mail.tell_turned_away(member)
    return member


# --- The waiting list ------------------------------------------------------------------------------------------------


def move_up_waiting(cohort: Cohort) -> int:
    """Give free places to those who wait, in their order. Answers how many moved up; call it outside of transactions.

    Effects: for each those of `seat`, or an invitation by mail for an address without an account. Whoever cannot come
    any more, because they joined another cohort meanwhile, leaves the list.
    """
    moved = 0
    while (first := CohortMember.objects.filter(cohort=cohort).waiting().first()) is not None:
        if not _move_up(cohort, first):
            break
        moved += 1
    return moved


@transaction.atomic
def _move_up(cohort: Cohort, first: CohortMember) -> bool:
    """Whether the first of the waiting list got a place, or left it."""
    # Imported here: invitations seat people themselves.
    from courses.domain.cohorts.invitations import offer_place

    person = first.person or people_at([first.email]).get(first.email.lower())
    if person is not None:
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
    cohort, first = lock_cohort(cohort), CohortMember.objects.get(pk=first.pk)
    if first.state != MemberState.WAITLISTED:
        return True
    if not cohort.is_open or not has_place(cohort, first):
        return False
    if person is None:
        return cohort.course.archived_at is None and offer_place(cohort, first)
    try:
        with transaction.atomic():
            seat(cohort=cohort, person=person, source=MemberSource(first.source), by=None)
    except (SeatingRefused, PersonErased) as refusal:
        stand(first, MemberState.DECLINED, None, reason=str(refusal)[:500])
    return True


def move_up_everywhere() -> int:
    """Move people up wherever a place is free while somebody waits: one that an invitation held, for instance."""
    waiting = CohortMember.objects.filter(state=MemberState.WAITLISTED).values("cohort")
    cohorts = Cohort.objects.running().filter(pk__in=waiting)
    return sum(move_up_waiting(cohort) for cohort in cohorts if places_left(cohort) != 0)


# --- Common ----------------------------------------------------------------------------------------------------------


def _lock(member: CohortMember) -> tuple[Cohort, CohortMember]:
    """The cohort and the row as it now is, locked in the one order; the person is locked, too, if there is one."""
    if member.person_id is not None:
        User.objects.select_for_update(no_key=True).get(pk=member.person_id)
    cohort = lock_cohort(member.cohort)
    member = CohortMember.objects.select_related("person").get(pk=member.pk)
    member.cohort = cohort
    return cohort, member


def stand(member: CohortMember, state: MemberState, by: User | None, **facts: object) -> None:
    """Write where somebody stands now. The link of an invitation leads whoever accepted it back, and nobody else."""
    member.state, member.decided_by, member.decided_at = state, by, timezone.now()
    if state != MemberState.INVITED:
        member.expires_at = None
    if state not in (MemberState.INVITED, MemberState.SEATED):
        member.token = None
    for name, value in facts.items():
        setattr(member, name, value)
    member.save()


def register() -> None:
    """Say what the acts are called in the trail of whom they concern."""
    trail.register(SEATED, gettext_lazy("Gave you a place in a cohort"))
    trail.register(WAITS, gettext_lazy("Put you on the waiting list of a cohort"))
    trail.register(ADMISSION_REFUSED, gettext_lazy("Did not admit you to a cohort"))
    trail.register(REMOVED, gettext_lazy("Took you out of a cohort"))
