"""Places in a cohort: who gets one, who waits, and what becomes of it when somebody leaves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from courses.domain.cohorts import seating
from courses.domain.cohorts.invitations import Guest, accept, invitations_for, invite, send_again
from courses.domain.cohorts.join_links import end_link, join_by_link, make_link
from courses.domain.cohorts.seating import SeatingRefused, admit, ask_for_place, leave, remove, seat, turn_away
from courses.domain.enrolment import enrol
from courses.domain.progress import complete_unit
from courses.enums import EnrolmentSource, MemberSource, MemberState, RowFate
from courses.models import Cohort, CohortMember, Enrolment, UnitCompletion
from elearn.core.models import AuditEvent
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

ADDED = MemberSource.ADDED


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(title="Spring")


@pytest.fixture
def run(django_capture_on_commit_callbacks: Callable) -> Callable:
    """Do an act, and what follows it after the commit."""

    def do(act: Callable, **facts: object) -> object:
        with django_capture_on_commit_callbacks(execute=True):
            return act(**facts)

    return do


def standing(cohort: Cohort) -> list[tuple[str, str]]:
    rows = cohort.members.order_by("pk")
    return [(row.person.printed_name if row.person else row.email, row.state) for row in rows]


def test_seating_somebody_new_enrols_them_in_the_cohorts_edition(cohort: Cohort, learner: User) -> None:
    member = seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    enrolment = Enrolment.objects.get()
    assert (member.state, member.enrolment, enrolment.cohort) == ("seated", enrolment, cohort)
    assert (enrolment.edition, enrolment.source, enrolment.country) == (cohort.edition, EnrolmentSource.COHORT, "KE")
    assert Message.objects.get().subject == "You take part in “Spring”"
    assert AuditEvent.objects.get(action="cohorts.seated").subject == learner


def test_seating_twice_is_one_row_and_one_mail(cohort: Cohort, learner: User) -> None:
    first = seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    assert seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer) == first
    assert (CohortMember.objects.count(), Enrolment.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_somebody_enrolled_by_themselves_comes_with_what_they_did(cohort: Cohort, learner: User) -> None:
    own = enrol(person=learner, course=cohort.course)
    complete_unit(enrolment=own, unit=cohort.course.units.first(), language="en", revision=None)
    member = seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    own.refresh_from_db()
    assert (member.enrolment, own.cohort, own.source) == (own, cohort, EnrolmentSource.SELF)
    assert UnitCompletion.objects.filter(enrolment=own).count() == 1


def test_who_takes_part_in_another_running_cohort_is_refused(cohort: Cohort, learner: User) -> None:
    make_member(CohortFactory(course=cohort.course, title="Autumn"), learner)
    with pytest.raises(SeatingRefused, match="another running cohort of this course: Autumn") as refusal:
        seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    assert refusal.value.fate == RowFate.ELSEWHERE
    assert standing(cohort) == []


def test_who_was_in_a_cohort_that_is_closed_comes_over(cohort: Cohort, learner: User) -> None:
    before = make_member(CohortFactory(course=cohort.course), learner)
    Cohort.objects.filter(pk=before.cohort_id).update(closed_at=timezone.now())
    member = seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    before.refresh_from_db()
    assert (member.enrolment, before.state) == (before.enrolment, MemberState.REMOVED)


def test_who_completed_the_course_is_refused(cohort: Cohort, learner: User) -> None:
    own = enrol(person=learner, course=cohort.course)
    for unit in cohort.course.units.all():
        complete_unit(enrolment=own, unit=unit, language="en", revision=None)
    with pytest.raises(SeatingRefused, match="completed this course already"):
        seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)


def test_a_closed_cohort_takes_nobody_and_lets_nobody_go(cohort: Cohort, learner: User) -> None:
    member = make_member(cohort)
    Cohort.objects.update(closed_at=timezone.now())
    with pytest.raises(SeatingRefused, match="closed"):
        seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    with pytest.raises(SeatingRefused, match="closed"):
        remove(member=member, by=cohort.trainer)


def test_a_full_cohort_has_people_wait_and_move_up_in_their_order(run: Callable) -> None:
    cohort = CohortFactory(capacity=1)
    first, second, third = (UserFactory(printed_name=name) for name in ("A", "B", "C"))
    members = [run(seat, cohort=cohort, person=p, source=ADDED, by=cohort.trainer) for p in (first, second, third)]
    assert standing(cohort) == [("A", "seated"), ("B", "waitlisted"), ("C", "waitlisted")]
    run(leave, member=members[0])
    assert standing(cohort) == [("A", "removed"), ("B", "seated"), ("C", "waitlisted")]
    assert Message.objects.filter(person=second).first().subject.startswith("You take part in")
    assert list(Enrolment.objects.values_list("person", "cohort")) == [(second.pk, cohort.pk), (first.pk, None)]


def test_a_full_cohort_without_waiting_list_refuses(learner: User) -> None:
    cohort = CohortFactory(capacity=1, has_waiting_list=False)
    make_member(cohort)
    with pytest.raises(SeatingRefused, match="All places of this cohort are taken"):
        seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)


def test_places_grow_and_those_who_wait_have_them_before_whoever_comes_then(run: Callable, learner: User) -> None:
    cohort = CohortFactory(capacity=1)
    make_member(cohort)
    run(seat, cohort=cohort, person=UserFactory(printed_name="W"), source=ADDED, by=cohort.trainer)
    Cohort.objects.update(capacity=2)
    run(seat, cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    assert standing(cohort)[1:] == [("W", "seated"), ("Lea Learner", "waitlisted")]


def test_an_invitation_that_runs_out_gives_its_place_to_who_waits(learner: User) -> None:
    cohort = CohortFactory(capacity=1)
    invite(cohort=cohort, guests=[Guest("new@example.org")], source=ADDED, by=cohort.trainer)
    seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    assert seating.move_up_everywhere() == 0
    CohortMember.objects.filter(state="invited").update(expires_at=timezone.now())
    assert seating.move_up_everywhere() == 1
    assert standing(cohort) == [("new@example.org", "invited"), ("Lea Learner", "seated")]


def test_who_waits_and_has_joined_another_cohort_gives_way(learner: User) -> None:
    cohort = CohortFactory(capacity=1)
    first = make_member(cohort)
    seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer)
    make_member(CohortFactory(course=cohort.course), learner)
    remove(member=first, by=cohort.trainer)
    assert seating.move_up_everywhere() == 1
    assert cohort.members.get(person=learner).state == MemberState.DECLINED


def test_removing_keeps_records_and_a_word_goes_to_the_person(cohort: Cohort, learner: User) -> None:
    member = make_member(cohort, learner)
    complete_unit(enrolment=member.enrolment, unit=cohort.course.units.first(), language="en", revision=None)
    remove(member=member, by=cohort.trainer, reason="Moved to another post")
    remove(member=member, by=cohort.trainer, reason="Again")
    member.refresh_from_db()
    assert (member.state, member.reason, member.enrolment.cohort) == ("removed", "Moved to another post", None)
    assert UnitCompletion.objects.count() == 1
    assert "Moved to another post" in Message.objects.get().body


def test_requests_are_admitted_or_turned_away_with_a_reason(cohort: Cohort, learner: User, stranger: User) -> None:
    one = ask_for_place(cohort=cohort, person=learner, source=MemberSource.REQUEST, words="Please")
    assert ask_for_place(cohort=cohort, person=learner, source=MemberSource.REQUEST, words="Really").pk == one.pk
    two = ask_for_place(cohort=cohort, person=stranger, source=MemberSource.REQUEST)
    assert admit(member=one, by=cohort.trainer).state == MemberState.SEATED
    turn_away(member=two, by=cohort.trainer, reason="For another service")
    assert standing(cohort) == [("Lea Learner", "seated"), ("Sam Stranger", "declined")]
    assert "For another service" in Message.objects.get(person=stranger).body
    with pytest.raises(SeatingRefused, match="decided in the meantime"):
        admit(member=two, by=cohort.trainer)


def test_a_request_taken_back_is_not_admitted(cohort: Cohort, learner: User) -> None:
    member = ask_for_place(cohort=cohort, person=learner, source=MemberSource.REQUEST)
    leave(member=member)
    with pytest.raises(SeatingRefused, match="decided in the meantime"):
        admit(member=member, by=cohort.trainer)


# --- Invitations -------------------------------------------------------------------------------------------------


def test_an_invitation_is_mailed_and_accepted_with_any_account(cohort: Cohort, learner: User) -> None:
    guest = Guest("new@example.org", "Nia New", "fr")
    assert invite(cohort=cohort, guests=[guest], source=ADDED, by=cohort.trainer) == [RowFate.INVITE]
    mail, member = Message.objects.get(), CohortMember.objects.get()
    assert (mail.address, mail.about) == ("new@example.org", cohort.public_id)
    assert f"/fr/invitations/{member.token}/" in mail.body
    token = member.token
    assert accept(token=token, person=learner).state == MemberState.SEATED
    assert accept(token=token, person=learner).person == learner
    with pytest.raises(SeatingRefused, match="accepted or withdrawn already"):
        accept(token=token, person=UserFactory())
    assert standing(cohort) == [("Lea Learner", "seated")]
    assert invite(cohort=cohort, guests=[guest], source=ADDED, by=cohort.trainer) == [RowFate.IN_IT]


def test_an_invitation_waits_for_whoever_confirms_the_address(cohort: Cohort, learner: User) -> None:
    invite(cohort=cohort, guests=[Guest("work@example.org")], source=ADDED, by=cohort.trainer)
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    address = EmailAddress.objects.create(user=learner, email="work@example.org", verified=False)
    assert list(invitations_for(learner)) == []
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    assert [row.cohort for row in invitations_for(learner)] == [cohort]
    assert seat(cohort=cohort, person=learner, source=ADDED, by=cohort.trainer).email == "work@example.org"
    assert list(invitations_for(learner)) == []


def test_one_person_invited_by_two_addresses_has_one_place(learner: User) -> None:
    cohort = CohortFactory(capacity=2)
    for email in ("one@example.org", "two@example.org"):
        EmailAddress.objects.create(user=learner, email=email, verified=True)
        CohortMember.objects.create(
            cohort=cohort,
            email=email,
            state="invited",
            source=ADDED,
            token=email,
            expires_at=timezone.now() + timedelta(1),
        )
    accept(token="two@example.org", person=learner)
    assert [row.state for row in cohort.members.order_by("pk")] == ["seated", "removed"]
    assert seating.places_left(cohort) == 1


def test_an_invitation_that_ran_out_is_refused_and_can_be_sent_again(cohort: Cohort, learner: User) -> None:
    invite(cohort=cohort, guests=[Guest("new@example.org")], source=ADDED, by=cohort.trainer)
    member = CohortMember.objects.get()
    send_again(member=member, by=cohort.trainer)
    assert Message.objects.count() == 1
    CohortMember.objects.update(expires_at=timezone.now())
    with pytest.raises(SeatingRefused, match="has run out"):
        accept(token=member.token, person=learner)
    send_again(member=member, by=cohort.trainer)
    assert Message.objects.count() == 2
    assert accept(token=member.token, person=learner).state == MemberState.SEATED


def test_an_invitation_that_was_withdrawn_leads_nowhere(cohort: Cohort, learner: User) -> None:
    invite(cohort=cohort, guests=[Guest("new@example.org")], source=ADDED, by=cohort.trainer)
    member = CohortMember.objects.get()
    remove(member=member, by=cohort.trainer)
    with pytest.raises(SeatingRefused, match="accepted or withdrawn already"):
        accept(token=member.token, person=learner)
    assert invite(cohort=cohort, guests=[Guest("new@example.org")], source=ADDED, by=None) == [RowFate.INVITE]
    assert CohortMember.objects.count() == 1


def test_a_full_cohort_puts_addresses_on_the_waiting_list_and_invites_them_later(run: Callable) -> None:
    cohort = CohortFactory(capacity=1)
    guests = [Guest("a@example.org"), Guest("b@example.org")]
    assert invite(cohort=cohort, guests=guests, source=ADDED, by=None) == [RowFate.INVITE, RowFate.WAIT]
    run(remove, member=cohort.members.get(email="a@example.org"), by=cohort.trainer)
    assert standing(cohort) == [("a@example.org", "removed"), ("b@example.org", "invited")]


# --- Links -------------------------------------------------------------------------------------------------------


def test_a_link_gives_a_place_or_asks_for_one(cohort: Cohort, learner: User, stranger: User) -> None:
    soon = timezone.now() + timedelta(hours=1)
    open_link = make_link(cohort=cohort, by=cohort.trainer, expires_at=soon, needs_approval=False)
    asking = make_link(cohort=cohort, by=cohort.trainer, expires_at=soon, needs_approval=True)
    assert join_by_link(token=open_link.token, person=learner).state == MemberState.SEATED
    assert join_by_link(token=open_link.token, person=learner).state == MemberState.SEATED
    assert join_by_link(token=asking.token, person=stranger, words="Hi").state == MemberState.REQUESTED
    end_link(link=open_link)
    with pytest.raises(SeatingRefused, match="has run out"):
        join_by_link(token=open_link.token, person=UserFactory())


def test_who_was_taken_out_comes_back_by_a_link_only_if_a_trainer_says_so(cohort: Cohort, learner: User) -> None:
    soon = timezone.now() + timedelta(hours=1)
    link = make_link(cohort=cohort, by=cohort.trainer, expires_at=soon, needs_approval=False)
    member = join_by_link(token=link.token, person=learner)
    remove(member=member, by=cohort.trainer, reason="No")
    assert join_by_link(token=link.token, person=learner).state == MemberState.REQUESTED
    leave(member=cohort.members.get())
    assert join_by_link(token=link.token, person=learner).state == MemberState.REQUESTED
    admit(member=member, by=cohort.trainer)
    leave(member=member)
    assert join_by_link(token=link.token, person=learner).state == MemberState.SEATED


def test_who_comes_from_a_closed_cohort_with_everything_done_completes(learner: User) -> None:
    strict = CohortFactory(attendance_percent=80)
    member = make_member(strict, learner)
    for unit in strict.course.units.all():
        complete_unit(enrolment=member.enrolment, unit=unit, language="en", revision=None)
    Cohort.objects.update(closed_at=timezone.now())
    mild = CohortFactory(course=strict.course)
    assert seat(cohort=mild, person=learner, source=ADDED, by=mild.trainer).enrolment == member.enrolment
    member.enrolment.refresh_from_db()
    assert (member.enrolment.state, member.enrolment.cohort) == ("completed", mild)


def test_invitation_that_ran_out_overtakes_nobody_who_waits(learner: User, stranger: User) -> None:
    cohort = CohortFactory(capacity=1)
    make_member(cohort)
    EmailAddress.objects.create(user=learner, email="amina@work.example", verified=True)
    long_ago = timezone.now() - timedelta(days=40)
    CohortMember.objects.create(
        cohort=cohort,
        email="amina@work.example",
        state=MemberState.INVITED,
        source=ADDED,
        token="a" * 22,
        asked_at=long_ago,
        expires_at=long_ago + timedelta(days=30),
    )
    for person in (stranger, learner):
        seat(cohort=cohort, person=person, source=ADDED, by=cohort.trainer)
    assert [row.person for row in CohortMember.objects.waiting()] == [stranger, learner]


def test_place_kept_by_an_invitation_is_had_by_whoever_asks(learner: User) -> None:
    cohort = CohortFactory(capacity=2, takes_requests=True)
    make_member(cohort)
    ask_for_place(cohort=cohort, person=learner, source=MemberSource.REQUEST)
    remove(member=cohort.members.get(person=learner), by=learner)
    invite(cohort=cohort, guests=[Guest("amina@work.example")], source=ADDED, by=cohort.trainer)
    EmailAddress.objects.create(user=learner, email="amina@work.example", verified=True)
    assert ask_for_place(cohort=cohort, person=learner, source=MemberSource.REQUEST).state == MemberState.SEATED
