from dataclasses import astuple
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from certificates.domain import issuing
from certificates.domain.verification import certificates_of, own_certificate, verify
from certificates.enums import CertificateEventKind, CertificateState
from certificates.models import Certificate, CertificateEvent, CertificateSubject
from courses.enums import EnrolmentState
from tests.factories.courses import EnrolmentFactory, make_released_course


def revoke(certificate: Certificate) -> None:
    CertificateEvent.objects.create(certificate=certificate, kind=CertificateEventKind.REVOKED, reason="Fraud.")


def replace(certificate: Certificate) -> Certificate:
    successor = Certificate.objects.create(
        enrolment=certificate.enrolment,
        award=certificate.award,
        issue_number=2,
        supersedes=certificate,
        serial=issuing.new_serial(),
        status_index=certificate.status_index + 1,
        facts=certificate.facts,
        name_salt=certificate.name_salt,
        name_hmac=certificate.name_hmac,
    )
    CertificateEvent.objects.create(certificate=certificate, kind=CertificateEventKind.REPLACED)
    return successor


def test_serial_that_was_never_issued_is_not_found(certificate):
    found = verify("2222-2222-2222")
    assert (found.found, found.state, found.rows) == (False, None, ())


def test_certificate_shows_every_printed_fact(certificate):
    certificate.facts |= {"hours": "4.5", "completed_on": "2026-11-19", "issued_on": "2026-11-21", "edition_title": "A"}
    certificate.save()
    found = verify(certificate.serial)
    assert [(row.label, row.value) for row in found.rows] == [
        ("Type", "Certificate of completion"),
        ("Name", "Lea Learner"),
        ("Course", "Rescue at sea"),
        ("Edition", "1 – A"),
        ("Modules", "M1\nM2"),
        ("Variant", "Full"),
        ("Hours of learning", "4.5"),
        ("Language of the course", "English"),
        ("Completed on", "19 November 2026"),
        ("Issued on", "21 November 2026"),
        ("Issued by", "Elearn"),
        ("Serial", certificate.serial),
        (
            "Please note",
            "It certifies completion of the online modules only. It does not authorise the holder to train others.",
        ),
    ]


def test_nothing_about_the_person_is_told_but_the_name(rendered, learner):
    told = str(astuple(verify(rendered.serial)))
    assert learner.printed_name in told
    assert rendered.pdf_sha256 in told
    assert learner.email not in told
    assert rendered.name_salt not in told
    assert rendered.name_hmac not in told


def test_labels_and_numbers_are_in_the_readers_language(certificate):
    certificate.facts |= {"hours": "4.5", "completed_on": "2026-11-19"}
    certificate.save()
    with translation.override("fr"):
        values = {row.value for row in verify(certificate.serial).rows}
    assert {"4,5", "19 novembre 2026", "Anglais"} <= values


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ([], CertificateState.VALID),
        ([revoke], CertificateState.REVOKED),
        ([replace], CertificateState.REPLACED),
        ([replace, revoke], CertificateState.REVOKED),
    ],
)
def test_state_is_the_fold_of_what_happened(certificate, changes, state):
    for change in changes:
        change(certificate)
    found = verify(certificate.serial)
    assert (found.state, found.is_good) == (state, state == CertificateState.VALID)


def test_certificate_past_its_date_is_expired_unless_something_worse_happened(certificate):
    certificate.expires_at = timezone.now() + timedelta(hours=1)
    certificate.save()
    assert verify(certificate.serial).state == CertificateState.VALID
    certificate.expires_at = timezone.now() - timedelta(hours=1)
    certificate.save()
    assert verify(certificate.serial).state == CertificateState.EXPIRED
    revoke(certificate)
    assert verify(certificate.serial).state == CertificateState.REVOKED


def test_replaced_certificate_names_its_successor(certificate):
    successor = replace(certificate)
    assert verify(certificate.serial).replaced_by == successor.serial
    assert verify(successor.serial).state == CertificateState.VALID
    assert verify(successor.serial).replaced_by == ""


def test_removed_name_is_said_and_everything_else_stays(certificate):
    CertificateSubject.objects.filter(certificate=certificate).delete()
    found = verify(certificate.serial)
    assert (found.found, found.state, found.name_removed) == (True, CertificateState.VALID, True)
    labels = [row.label for row in found.rows]
    assert "Name" not in labels
    assert "Course" in labels


def test_verifying_takes_two_queries_however_much_happened(certificate, django_assert_num_queries):
    with django_assert_num_queries(2):
        verify(certificate.serial)
    replace(certificate)
    revoke(certificate)
    with django_assert_num_queries(2):
        verify(certificate.serial)
    CertificateSubject.objects.filter(certificate=certificate).delete()
    with django_assert_num_queries(2):
        verify(certificate.serial)


def test_list_of_a_person_takes_two_queries_for_one_and_for_three(rendered, learner, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(certificates_of(learner)) == 1
    for key in ("second", "third"):
        enrolment = EnrolmentFactory(
            person=learner,
            course=make_released_course(key),
            state=EnrolmentState.COMPLETED,
            completed_at=timezone.now(),
        )
        issuing.issue(enrolment=enrolment)
    with django_assert_num_queries(2):
        lines = certificates_of(learner)
    assert [(line.title, line.ready) for line in lines] == [
        ("Third", False),
        ("Second", False),
        ("Rescue at sea", True),
    ]
    assert lines[2].award == "Certificate of completion"
    assert lines[2].url == f"/en/certificates/{rendered.serial}/"
    assert lines[2].download_url == f"/en/certificates/{rendered.serial}/download/"


def test_list_holds_nobody_elses_certificates(certificate, stranger):
    assert certificates_of(stranger) == []
    assert own_certificate(stranger, certificate.serial) is None
