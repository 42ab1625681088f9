from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from certificates.domain import issuing
from certificates.domain.issuing import Facts
from certificates.models import Certificate, CertificateEvent, CertificateSubject
from certificates.receivers import issue_certificate
from courses.enums import EnrolmentState
from courses.models import Edition, Enrolment
from elearn.core import pending
from elearn.messages.models import Message
from tests.certificates.conftest import complete
from tests.factories.courses import EnrolmentFactory


def test_issue_asked_for_five_times_gives_one_certificate(completed):
    first = issuing.issue(enrolment=completed)
    again = [issuing.issue(enrolment=completed) for _index in range(4)]
    assert [certificate.pk for certificate in again] == [first.pk] * 4
    assert Certificate.objects.count() == 1
    assert CertificateSubject.objects.count() == 1
    assert list(CertificateEvent.objects.values_list("kind", flat=True)) == ["issued"]
    assert Message.objects.filter(reason=f"certificate-issued-{first.serial}").count() == 1


def test_issue_refuses_an_enrolment_that_is_not_completed(enrolment):
    with pytest.raises(ValueError, match="is not completed"), transaction.atomic():
        issuing.issue(enrolment=enrolment)
    assert Certificate.objects.count() == 0


def test_completing_the_last_unit_issues_the_certificate(enrolment, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        complete(enrolment)
    assert Certificate.objects.get().enrolment == enrolment
    # The signal may be sent again, by a repair for instance.
    issue_certificate(sender=Enrolment, enrolment=enrolment)
    assert Certificate.objects.count() == 1


def test_facts_are_those_of_the_course_and_the_learner(certificate, completed):
    today = completed.completed_at.date().isoformat()
    assert Facts.of(certificate) == Facts(
        award="completion",
        course="Rescue at sea",
        edition=1,
        edition_title=completed.edition.title("en"),
        modules=["M1", "M2"],
        variant="full",
        language="en",
        hours=certificate.facts["hours"],
        started_on=completed.created_at.date().isoformat(),
        completed_on=today,
        issued_on=today,
        issuer="Elearn",
        template="classic-1",
        verify_url=f"http://localhost:8000/verify/{certificate.serial}/",
    )
    assert certificate.subject.printed_name == "Lea Learner"


def test_facts_stay_when_pages_and_person_change_later(certificate, learner, pdf_of):
    before = pdf_of(certificate)
    Page.objects.update(title="Renamed")
    learner.printed_name = "Somebody Else"
    learner.save()
    again = Certificate.objects.get(pk=certificate.pk)
    assert again.facts["course"] == "Rescue at sea"
    assert again.facts["modules"] == ["M1", "M2"]
    assert again.subject.printed_name == "Lea Learner"
    assert pdf_of(again) == before


def test_sweeper_issues_what_is_missing(completed):
    assert Certificate.objects.count() == 0
    pending.sweep()
    assert Certificate.objects.get().enrolment == completed
    pending.sweep()
    assert Certificate.objects.count() == 1


def test_issue_missing_counts_what_it_issued(completed):
    assert issuing.issue_missing() == 1
    assert issuing.issue_missing() == 0


def test_name_hmac_is_the_same_however_the_name_is_spaced_or_composed():
    salt = "00" * 16
    assert issuing.name_hmac("José  RUIZ", salt) == issuing.name_hmac("jose\u0301 ruiz", salt)
    assert issuing.name_hmac("José Ruiz", salt) != issuing.name_hmac("Jose Ruiz", salt)


def test_one_that_cannot_be_issued_does_not_keep_the_others_waiting(course):
    ready = {"state": EnrolmentState.COMPLETED, "completed_at": timezone.now()}
    bad, good = EnrolmentFactory(course=course, **ready), EnrolmentFactory(course=course, **ready)
    Enrolment.objects.filter(pk=bad.pk).update(edition=Edition.objects.create(course=course, number=9, manifest={}))
    assert issuing.issue_missing() == 1
    assert Certificate.objects.get().enrolment == good


@pytest.mark.parametrize("typed", ["ALI  REZA", "\u202eAli Reza", "Ali\u200c Reza", "ａｌｉ reza"])
def test_name_compares_equal_however_it_is_typed(typed):
    assert issuing.name_hmac(typed, "00") == issuing.name_hmac("Ali Reza", "00")


def test_certificate_issued_later_says_when_it_was_issued(enrolment):
    long_ago = datetime(2026, 1, 31, 12, tzinfo=UTC)
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.COMPLETED, completed_at=long_ago)
    facts = Facts.of(issuing.issue(enrolment=enrolment))
    assert (facts.completed_on, facts.issued_on) == ("2026-01-31", timezone.now().date().isoformat())
