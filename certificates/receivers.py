from contextlib import suppress

from django.dispatch import receiver

from certificates.domain import issuing
from courses.models import Enrolment
from courses.signals import course_completed


@receiver(course_completed)
def issue_certificate(enrolment: Enrolment, **kwargs: object) -> None:
    with suppress(issuing.IssueHeld):  # It waits for a manager; the decision is written.
        issuing.issue(enrolment=enrolment)
