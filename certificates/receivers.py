from django.dispatch import receiver

from certificates.domain import issuing
from courses.models import Enrolment
from courses.signals import course_completed


@receiver(course_completed)
def issue_certificate(enrolment: Enrolment, **kwargs: object) -> None:
    issuing.issue(enrolment=enrolment)
