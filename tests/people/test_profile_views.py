"""A person's own screens: profile, posts, and who saw their data."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from allauth.account import signals
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from elearn.core import audit
from elearn.core.models import AuditEvent
from elearn.people.domain import erasure, exports, second_factor
from elearn.people.domain.roles import grant_role
from elearn.people.enums import ErasureOrigin, InstitutionState, MembershipState, Role
from elearn.people.models import Institution, Membership, User
from tests.factories.people import InstitutionFactory, MembershipFactory

AsPerson = Callable[[User | None], Client]
PROFILE = {
    "printed_name": "Lea  Learner",
    "latin_name": "",
    "country": "KE",
    "language": "en",
    "time_zone": "",
    "gender": "",
    "age_band": "",
}
OWN_SCREENS = ["people:profile", "people:find_institution", "people:propose", "people:seen"]


@pytest.mark.parametrize("name", OWN_SCREENS)
def test_own_screens_are_for_people_with_an_account(learner: User, as_person: AsPerson, name: str) -> None:
    assert as_person(learner).get(reverse(name)).status_code == 200
    response = as_person(None).get(reverse(name))
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={reverse(name)}")


# --- Profile -----------------------------------------------------------------------------------------------------


def test_profile_is_saved_and_a_second_time_changes_nothing(learner: User, as_person: AsPerson) -> None:
    client = as_person(learner)
    form = PROFILE | {"printed_name": " مُحَمَّد  بن عليّ ", "latin_name": "Muhammad bin Ali"}
    for _tab in range(2):
        assert client.post(reverse("people:profile"), form).status_code == 302
    learner.refresh_from_db()
    assert (learner.printed_name, learner.latin_name) == ("مُحَمَّد بن عليّ", "Muhammad bin Ali")
    assert (learner.country, learner.time_zone) == ("KE", "Africa/Nairobi")
    assert list(AuditEvent.objects.values_list("action", "subject")) == [("people.name_changed", learner.pk)]


def test_changed_name_says_what_certificates_keep(learner: User, as_person: AsPerson) -> None:
    client = as_person(learner)
    page = client.post(reverse("people:profile"), PROFILE | {"printed_name": "Lea Married"}, follow=True)
    assert "keep the name they were issued with" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("printed_name", "Lea\nLearner"), ("printed_name", "   "), ("latin_name", "Лея"), ("time_zone", "Mars/Base")],
)
def test_profile_that_cannot_be_kept_says_so(learner: User, as_person: AsPerson, field: str, value: str) -> None:
    response = as_person(learner).post(reverse("people:profile"), PROFILE | {field: value})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    learner.refresh_from_db()
    assert learner.printed_name == "Lea Learner"


def test_language_is_used_at_once_and_remembered(learner: User, as_person: AsPerson) -> None:
    client = as_person(learner)
    client.post(reverse("people:profile"), PROFILE | {"language": "ar"})
    page = client.get(reverse("people:profile")).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "مصر" in page  # Countries are named in it.
    assert client.get("/").url == "/en/"  # Nothing is written in Arabic yet.


def test_statistics_are_kept_with_consent_alone(learner: User, as_person: AsPerson) -> None:
    client = as_person(learner)
    stated = PROFILE | {"gender": "woman", "age_band": "35_44"}
    assert client.post(reverse("people:profile"), stated).status_code == 422
    learner.refresh_from_db()
    assert (learner.gender, learner.age_band, learner.statistics_consent_at) == ("", "", None)
    client.post(reverse("people:profile"), stated | {"consent": "on"})
    learner.refresh_from_db()
    consented_at = learner.statistics_consent_at
    assert (learner.gender, learner.age_band, consented_at is not None) == ("woman", "35_44", True)
    client.post(reverse("people:profile"), stated | {"consent": "on"})
    learner.refresh_from_db()
    assert learner.statistics_consent_at == consented_at


def test_withdrawn_consent_empties_both(learner: User, as_person: AsPerson) -> None:
    client = as_person(learner)
    stated = PROFILE | {"gender": "woman", "age_band": "35_44"}
    client.post(reverse("people:profile"), stated | {"consent": "on"})
    page = client.post(reverse("people:profile"), stated, follow=True)
    assert "are deleted from your profile" in page.content.decode()
    learner.refresh_from_db()
    assert (learner.gender, learner.age_band, learner.statistics_consent_at) == ("", "", None)


def test_database_keeps_no_gender_without_consent(learner: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=learner.pk).update(gender="man")


# --- Posts -------------------------------------------------------------------------------------------------------


def test_institution_is_found_and_claimed(learner: User, institution: Institution, as_person: AsPerson) -> None:
    client = as_person(learner)
    found = client.get(reverse("people:find_institution"), {"q": "testland border"})
    address = reverse("people:claim", args=[institution.public_id])
    assert address in found.content.decode()
    for _tab in range(2):
        response = client.post(address, {"post": "Case officer", "starts_on": "2025-01-01"})
        assert (response.status_code, response.url) == (302, reverse("people:profile"))
    membership = Membership.objects.get()
    assert (membership.person, membership.post, membership.state) == (learner, "Case officer", MembershipState.CLAIMED)


def test_proposal_shows_what_is_nearly_it_first(learner: User, institution: Institution, as_person: AsPerson) -> None:
    client = as_person(learner)
    form = {"name": "The Border Service of Testland", "kind": "ministry", "country": "PT", "starts_on": "2025-01-01"}
    first = client.post(reverse("people:propose"), form)
    assert (first.status_code, first.context["alike"]) == (200, [institution])
    assert Institution.objects.count() == 1
    for _tab in range(2):
        assert client.post(reverse("people:propose"), form | {"none_of_these": "on"}).status_code == 302
    proposal = Institution.objects.get(state=InstitutionState.PROPOSED)
    assert (proposal.proposed_by, Membership.objects.get().institution) == (learner, proposal)


def test_proposal_of_somebody_else_is_neither_found_nor_claimed(
    learner: User, stranger: User, as_person: AsPerson
) -> None:
    proposal = InstitutionFactory(name="Secret Bureau", state=InstitutionState.PROPOSED, proposed_by=learner)
    client = as_person(stranger)
    assert "Secret Bureau" not in client.get(reverse("people:find_institution"), {"q": "secret"}).content.decode()
    assert client.get(reverse("people:claim", args=[proposal.public_id]), follow=True).status_code == 404
    form = {"name": "Secret Bureau of", "kind": "other", "country": "PT", "starts_on": "2025-01-01"}
    assert client.post(reverse("people:propose"), form | {"name": "The Secret Bureau"}).status_code == 302
    assert Institution.objects.count() == 2


def test_person_ends_their_own_membership_alone(learner: User, stranger: User, as_person: AsPerson) -> None:
    membership = MembershipFactory(person=learner)
    address = reverse("people:end_post", args=[membership.public_id])
    assert as_person(stranger).post(address, {"on": "2025-05-01"}, follow=True).status_code == 404
    assert as_person(learner).post(address, {"on": "2025-05-01"}).status_code == 302
    membership.refresh_from_db()
    assert str(membership.ends_on) == "2025-05-01"


def test_newly_verified_address_confirms_a_claim(learner: User, rf) -> None:
    membership = MembershipFactory(person=learner, institution=InstitutionFactory(email_domains=["border.example"]))
    address = EmailAddress.objects.create(user=learner, email="lea@border.example", primary=True, verified=True)
    signals.email_confirmed.send(sender=EmailAddress, request=rf.get("/"), email_address=address)
    membership.refresh_from_db()
    assert (membership.state, membership.email_domain) == (MembershipState.CONFIRMED, "border.example")


def test_removed_address_takes_its_confirmation_along(learner: User, rf) -> None:
    membership = MembershipFactory(person=learner, institution=InstitutionFactory(email_domains=["border.example"]))
    Membership.objects.filter(pk=membership.pk).update(
        state=MembershipState.CONFIRMED, email_domain="border.example", decided_at=membership.created_at
    )
    signals.email_removed.send(sender=User, request=rf.get("/"), user=learner, email_address=None)
    membership.refresh_from_db()
    assert membership.state == MembershipState.CLAIMED


def test_mail_of_a_decision_is_in_the_language_of_the_person(
    learner: User, focal_point: User, institution: Institution, as_person: AsPerson, django_capture_on_commit_callbacks
) -> None:
    membership = MembershipFactory(person=learner, institution=institution)
    address = reverse("directory:member", args=[membership.public_id])
    form = {"decision": "refuse", "seen": "claimed", "reason": "Unknown in this office"}
    with django_capture_on_commit_callbacks(execute=True):
        as_person(focal_point).post(address, form)
    mail = learner.mail.get()
    assert mail.subject == "Your membership was not confirmed"
    assert "Border Service of Testland" in mail.body and "Unknown in this office" in mail.body


def test_focal_points_are_asked_without_a_name(
    learner: User,
    focal_point: User,
    manager: User,
    institution: Institution,
    as_person: AsPerson,
    django_capture_on_commit_callbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _tab in range(2):
            as_person(learner).post(
                reverse("people:claim", args=[institution.public_id]), {"post": "", "starts_on": "2025-01-01"}
            )
    mail = focal_point.mail.get()
    address = reverse("directory:member", args=[Membership.objects.get(person=learner).public_id])
    assert address in mail.body and "Lea" not in mail.body
    assert (learner.mail.count(), manager.mail.count()) == (0, 0)


# --- Who saw my data ---------------------------------------------------------------------------------------------


def test_trail_shows_who_saw_one_and_who_can(
    learner: User, focal_point: User, institution: Institution, as_person: AsPerson
) -> None:
    MembershipFactory(person=learner, institution=institution, confirmed=True)
    as_person(focal_point).get(reverse("directory:person", args=[learner.public_id]))
    page = as_person(learner).get(reverse("people:seen")).content.decode()
    assert "Opened your record" in page and "Fatima Focal" in page and "Focal point" in page
    assert page.count("Mina Manager") == 1  # She can see the record, and has not.


def test_everything_that_is_written_of_a_person_is_said_in_words(learner: User, as_person: AsPerson) -> None:
    exports.ask_for_export(person=learner)
    asked = erasure.ask_for_erasure(person=learner, origin=ErasureOrigin.PERSON)
    erasure.withdraw(erasure=asked)
    second_factor.reset(person=learner, by=None, reason="Lost the telephone")
    for action in ("enrolment.move_up", "completion.void"):
        audit.record(action=action, actor=None, subject=learner)
    page = as_person(learner).get(reverse("people:seen")).content.decode()
    assert "You asked for your own data as a file" in page
    assert "Did something with your data" not in page


def test_time_of_a_trail_is_the_readers_own(learner: User, focal_point: User, as_person: AsPerson) -> None:
    MembershipFactory(person=learner, institution=Institution.objects.get(), confirmed=True)
    as_person(focal_point).get(reverse("directory:person", args=[learner.public_id]))
    AuditEvent.objects.update(at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    User.objects.filter(pk=learner.pk).update(time_zone="Africa/Nairobi")
    assert "1 April 2026, 01:30 EAT" in as_person(learner).get(reverse("people:seen")).content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_profile_and_trail_take_as_many_queries_however_much_there_is(
    learner: User, manager: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    for _number in range(how_many):
        institution = InstitutionFactory()
        MembershipFactory(person=learner, institution=institution, confirmed=True)
        grant_role(person=learner, role=Role.FOCAL_POINT, granted_by=manager, institution=institution)
    client = as_person(learner)
    client.get(reverse("people:profile"))
    with django_assert_num_queries(6):
        client.get(reverse("people:profile"))
    with django_assert_num_queries(13):
        client.get(reverse("people:seen"))
