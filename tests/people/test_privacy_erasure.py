"""Erasure: the identity goes, wherever it was; the evidence stays, and can be checked."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import HandInFile, MarkChange, Response
from certificates.domain import issuing, rendering
from certificates.models import Certificate, CertificateSubject
from courses.domain.progress import save_reflection
from courses.models import Enrolment, Reflection, Unit, UnitCompletion
from elearn.core import pending
from elearn.core.models import AuditEvent
from elearn.messages.domain import sending
from elearn.messages.models import Message
from elearn.people.domain import erasure, exports
from elearn.people.domain.personal_data import PersonErased
from elearn.people.domain.profile import save_profile
from elearn.people.domain.roles import grant_role
from elearn.people.enums import ErasureOrigin, Role
from elearn.people.models import DataExport, ErasureRequest, NoticeAcceptance, User
from tests.factories import privacy
from tests.factories.mail import deliver_mail
from tests.factories.people import UserFactory
from tests.factories.practicals import remove_files

AsPerson = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def no_files_of_other_tests() -> None:
    privacy.remove_files()


@pytest.fixture
def known(manager: User) -> User:
    return privacy.make_known_person(manager)


def erase(person: User) -> User:
    erasure.erase_now(person=person, origin=ErasureOrigin.OPERATOR, reason="Asked by letter.")
    do_what_is_left(person)
    return User.objects.get(pk=person.pk)


def do_what_is_left(person: User) -> None:
    for pk in Certificate.objects.filter(enrolment__person=person, work_done_at=None).values_list("pk", flat=True):
        assert pending.work(issuing.KIND, pk)
    for pk in DataExport.objects.filter(person=person, work_done_at=None).values_list("pk", flat=True):
        pending.work(exports.KIND, pk)
    remove_files()


def test_nothing_that_names_an_erased_person_is_left_in_any_table_or_file(known: User) -> None:
    before = privacy.found_in_tables()
    assert set(before) == set(privacy.TRACES), "There must be data that could leak."
    assert {path.rpartition(".")[2] for path in privacy.found_in_files()} == {"pdf", "zip", "png"}
    # One more trace each: a message in flight, and a mail that could not be sent.
    Message.objects.filter(person=known, reason="a-test").update(work_error=f"SMTPRefused: {privacy.ADDRESS}")
    erase(known)
    assert privacy.found_in_tables() == {}
    assert privacy.found_in_files() == []


def test_evidence_stays_without_a_name(known: User) -> None:
    certificate = Certificate.objects.get()
    facts = (
        certificate.serial,
        certificate.facts,
        certificate.name_salt,
        certificate.name_hmac,
        certificate.pdf_sha256,
    )
    counted = [model.objects.count() for model in (Enrolment, UnitCompletion, MarkChange, Response, NoticeAcceptance)]
    events = AuditEvent.objects.count()
    erase(known)
    certificate.refresh_from_db()
    assert facts == (
        *(certificate.serial, certificate.facts, certificate.name_salt),
        *(certificate.name_hmac, certificate.pdf_sha256),
    )
    assert issuing.name_hmac(privacy.NAME, certificate.name_salt) == certificate.name_hmac
    after = [model.objects.count() for model in (Enrolment, UnitCompletion, MarkChange, Response, NoticeAcceptance)]
    assert after == counted
    assert AuditEvent.objects.count() > events
    assert Response.objects.get(sequence=1).answer == ["right"]
    assert (Reflection.objects.count(), CertificateSubject.objects.count()) == (0, 0)


def test_row_of_an_erased_person_names_nobody_and_opens_nothing(known: User) -> None:
    public_id = known.public_id
    client = Client()
    client.force_login(known)
    person = erase(known)
    assert re.fullmatch(r"erased-[0-9a-f]{24}@erased\.invalid", person.email)
    assert (person.printed_name, person.latin_name, person.country) == ("Erased person", "", "")
    assert (person.gender, person.age_band, person.statistics_consent_at, person.last_login) == ("", "", None, None)
    assert (person.is_active, person.is_staff, person.has_usable_password()) == (False, False, False)
    assert person.public_id != public_id
    assert client.get(reverse("desk")).status_code == 302
    assert authenticate(email=privacy.ADDRESS, password="correct horse battery") is None
    assert privacy.models_with_rows_of(person) == {
        "assessments.Adjustment.person",
        "assessments.RubricAssessment.subject",
        "core.AuditEvent.subject",
        "courses.CohortMember.person",
        "courses.Enrolment.person",
        "elearn_messages.Message.person",
        "people.ErasureRequest.person",
        "people.Membership.person",
        "people.NoticeAcceptance.person",
        "people.RoleGrant.person",
    }


def test_verification_of_an_erased_certificate_says_so(known: User, client: Client) -> None:
    serial = Certificate.objects.get().serial
    assert privacy.NAME in client.get(f"/verify/{serial}/").content.decode()
    erase(known)
    page = client.get(f"/verify/{serial}/").content.decode()
    assert privacy.NAME not in page
    assert "The name of the holder was removed" in page
    assert "it is valid today" in page


def test_erasure_a_second_time_changes_nothing(known: User) -> None:
    person = erase(known)
    row = ErasureRequest.objects.get()
    erasure.carry_out(row)
    assert erasure.erase_again() == 1
    again = User.objects.get(pk=person.pk)
    assert (again.email, again.erased_at, again.public_id) == (person.email, person.erased_at, person.public_id)
    with pytest.raises(PersonErased):
        erasure.erase_now(person=again, origin=ErasureOrigin.OPERATOR, reason="Once more.")


def test_row_that_a_request_under_way_saved_again_is_swept_up(known: User) -> None:
    stale = User.objects.get(pk=known.pk)
    erase(known)
    stale.save()  # As a view does that had read the row before.
    assert privacy.found_in_tables() != {}
    erasure.erase_again()
    assert privacy.found_in_tables() == {}
    assert User.objects.get(pk=known.pk).erased_at is not None


def test_nothing_is_written_about_an_erased_person(known: User) -> None:
    enrolment, unit = Enrolment.objects.get(), Unit.objects.first()
    erase(known)
    with pytest.raises(PersonErased):
        save_reflection(enrolment=enrolment, unit=unit, block_id="b1", text=privacy.NOTE)
    with pytest.raises(PersonErased):
        exports.ask_for_export(person=known)
    with pytest.raises(PersonErased):
        save_profile(
            person=known,
            printed_name=privacy.NAME,
            latin_name="",
            country="",
            language="en",
            time_zone="UTC",
            gender="",
            age_band="",
            consent=False,
        )
    sending.write(person=known, reason="late", subject=privacy.NAME, body=privacy.NAME)
    before = len(mail.outbox)
    deliver_mail()
    assert (len(mail.outbox), privacy.found_in_tables()) == (before, {})


def test_certificate_is_not_issued_to_an_erased_person(known: User) -> None:
    enrolment = Enrolment.objects.get()
    erase(known)
    other = Enrolment.objects.create(
        person=known,
        course=enrolment.course,
        edition=enrolment.edition,
        cycle=2,
        state="completed",
        completed_at=timezone.now(),
    )
    with pytest.raises(PersonErased):
        issuing.issue(enrolment=other)
    assert issuing.issue_missing() == 0


def test_rendering_under_way_leaves_no_file(known: User) -> None:
    certificate = Certificate.objects.select_related("subject").get()
    assert certificate.subject.printed_name == privacy.NAME  # What a worker has read before the erasure.
    certificate.pdf_sha256 = ""
    Certificate.objects.update(pdf_sha256="", pdf="", work_done_at=None)
    erase(known)
    rendering.render(certificate)
    assert privacy.found_in_files() == []
    assert Certificate.objects.get().pdf == ""


def test_file_that_a_killed_worker_left_is_removed(known: User) -> None:
    certificate, export = Certificate.objects.get(), DataExport.objects.get()
    paths = [certificate.pdf.path, export.file.path, HandInFile.objects.get().file.path]
    Certificate.objects.update(pdf="", pdf_sha256="", work_done_at=None, leased_until=timezone.now())
    DataExport.objects.update(file="", expires_at=None, work_done_at=None, leased_until=timezone.now())
    erasure.erase_now(person=known, origin=ErasureOrigin.OPERATOR, reason="Asked by letter.")
    assert len(privacy.found_in_files()) == len(paths)
    do_what_is_left(known)
    assert privacy.found_in_files() == []


# --- Asking, waiting, taking back --------------------------------------------------------------------------------


def log_in(client: Client, person: User) -> Client:
    """With a password, as everybody does: what is grave asks for it again otherwise."""
    person.emailaddress_set.get_or_create(email=person.email, verified=True, primary=True)
    response = client.post(reverse("account_login"), {"login": person.email, "password": "correct horse battery"})
    assert response.status_code == 302
    return client


def confirm_it_is_me(client: Client, response) -> object:
    """Give the password where it is asked for again, and answer what follows."""
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    return client.post(response.headers["Location"], {"password": "correct horse battery"}, follow=True)


def test_person_asks_waits_and_is_erased(
    learner: User, client: Client, django_capture_on_commit_callbacks: Callable
) -> None:
    log_in(client, learner)
    page = client.get(reverse("people:privacy")).content.decode()
    assert "What stays, without your name" in page
    refused = confirm_it_is_me(client, client.post(reverse("people:ask_for_erasure"), {}))
    assert "Tick this box" in refused.content.decode()
    asked = client.post(reverse("people:ask_for_erasure"), {"understood": "on"}, follow=True)
    assert "Keep my account" in asked.content.decode()
    row = ErasureRequest.objects.get()
    assert (row.origin, row.work_due_at - row.asked_at > timedelta(days=6, hours=23)) == (ErasureOrigin.PERSON, True)
    (told,) = deliver_mail()
    assert (told.to, told.subject) == (["learner@example.org"], "Your account will be erased")
    assert pending.work(erasure.KIND, row.pk) is False  # Not yet due.
    ErasureRequest.objects.update(work_due_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert pending.work(erasure.KIND, row.pk) is True
    assert mail.outbox[-1].to == ["learner@example.org"]
    assert mail.outbox[-1].subject == "Your account was erased"
    assert privacy.found_in_tables(("learner@example.org", "Lea Learner")) == {}
    assert client.get(reverse("desk")).status_code == 302


def test_request_is_taken_back(learner: User, client: Client, as_person: AsPerson) -> None:
    row = erasure.ask_for_erasure(person=learner, origin=ErasureOrigin.PERSON)
    deliver_mail()
    as_person(learner).post(reverse("people:keep_account"))
    assert deliver_mail()[-1].subject == "Your account stays"
    ErasureRequest.objects.update(work_due_at=timezone.now())
    assert pending.work(erasure.KIND, row.pk) is False
    erasure.carry_out(row)
    learner.refresh_from_db()
    assert learner.erased_at is None
    assert erasure.withdraw(erasure=row) is False


def test_stranger_takes_back_nobody_elses_request(learner: User, stranger: User, as_person: AsPerson) -> None:
    erasure.ask_for_erasure(person=learner, origin=ErasureOrigin.PERSON)
    as_person(stranger).post(reverse("people:keep_account"))
    assert ErasureRequest.objects.open().count() == 1


def test_whoever_holds_a_role_is_refused_in_words(trainer: User, admin: User, as_person: AsPerson) -> None:
    with pytest.raises(erasure.ErasureRefused, match="You hold a role here \\(Trainer\\)"):
        erasure.ask_for_erasure(person=trainer, origin=ErasureOrigin.PERSON)
    with pytest.raises(erasure.ErasureRefused, match="administers the site"):
        erasure.ask_for_erasure(person=admin, origin=ErasureOrigin.PERSON)
    page = as_person(trainer).get(reverse("people:privacy")).content.decode()
    assert "You hold a role here" in page
    assert reverse("people:ask_for_erasure") not in page


def test_role_given_while_a_request_waits_stops_it(learner: User, manager: User) -> None:
    row = erasure.ask_for_erasure(person=learner, origin=ErasureOrigin.PERSON, due_at=timezone.now())
    grant_role(person=learner, role=Role.TRAINER, granted_by=manager)
    assert pending.work(erasure.KIND, row.pk) is False
    row.refresh_from_db()
    learner.refresh_from_db()
    assert (row.is_open, learner.erased_at) == (True, None)
    assert "You hold a role here" in row.work_error


def test_asking_twice_is_one_request(learner: User) -> None:
    first = erasure.ask_for_erasure(person=learner, origin=ErasureOrigin.PERSON)
    assert erasure.ask_for_erasure(person=learner, origin=ErasureOrigin.PERSON) == first


def test_person_who_asks_does_not_wait_for_the_day_of_a_warning(learner: User) -> None:
    later = timezone.now() + timedelta(days=30)
    erasure.ask_for_erasure(person=learner, origin=ErasureOrigin.INACTIVITY, due_at=later)
    asked = erasure.ask_for_erasure(person=learner, origin=ErasureOrigin.PERSON)
    assert asked.work_due_at < later
    assert list(ErasureRequest.objects.open()) == [asked]


def test_operator_erases_by_command(learner: User) -> None:
    with pytest.raises(CommandError, match="There is no such account"):
        call_command("erase_person", "nobody@example.org", "--reason", "x", "--yes")
    with pytest.raises(CommandError, match="must not name the person"):
        call_command("erase_person", "learner@example.org", "--reason", "Lea Learner asked", "--yes")
    out = StringIO()
    call_command("erase_person", "LEARNER@example.org", "--reason", "Letter 12", "--yes", stdout=out)
    assert out.getvalue().startswith(f"Account {learner.pk} was erased at ")
    row = ErasureRequest.objects.get()
    assert (row.origin, row.reason, row.applied_at is not None) == (ErasureOrigin.OPERATOR, "Letter 12", True)
    again = UserFactory(email="learner@example.org")
    assert again.pk != learner.pk
