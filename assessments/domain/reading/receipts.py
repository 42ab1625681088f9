"""What pages show of a receipt."""

from dataclasses import dataclass

from django.urls import reverse

from assessments.domain import receipts
from assessments.domain.granting import Reach
from assessments.domain.receipts import Proof, Receipt
from assessments.domain.remark_mail import quiz_title
from assessments.enums import AttemptState
from assessments.models import Attempt
from courses.domain.role_scopes import course_titles
from elearn.people.domain import trail
from elearn.people.models import User


@dataclass(frozen=True)
class ReceiptView:
    attempt: Attempt
    receipt: Receipt
    name: str
    course: str
    quiz: str

    @property
    def matches(self) -> bool:
        return self.receipt.proof == Proof.MATCHES

    @property
    def changed(self) -> bool:
        return self.receipt.proof == Proof.CHANGED

    @property
    def deleted(self) -> bool:
        return self.receipt.proof == Proof.DELETED

    @property
    def erased(self) -> bool:
        return self.receipt.proof == Proof.ERASED

    @property
    def none(self) -> bool:
        return self.receipt.proof == Proof.NONE

    @property
    def code_url(self) -> str:
        return reverse("assessments:receipt_code", args=[self.attempt.public_id])

    @property
    def result_url(self) -> str:
        return reverse("assessments:result", args=[self.attempt.public_id])


def read_receipt(attempt: Attempt, language: str) -> ReceiptView:
    key = str(attempt.enrolment.course.key)
    return ReceiptView(
        attempt=attempt,
        receipt=receipts.check(attempt),
        name=attempt.enrolment.person.printed_name,
        course=course_titles([key])[key],
        quiz=quiz_title(attempt.unit, language),
    )


def find_by_code(reach: Reach, code: str) -> Attempt | None:
    """The attempt of somebody in reach whose receipt begins like this; None where there is none, or not just one."""
    rows = Attempt.objects.filter(state=AttemptState.SUBMITTED, receipt__startswith=code)
    rows = rows.filter(enrolment__in=reach.enrolments()).select_related(
        "enrolment__person", "enrolment__course", "unit"
    )
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def record_check(by: User, attempt: Attempt) -> None:
    person = attempt.enrolment.person
    trail.record("assessments.receipt_checked", actor=by, subject=person, attempt=str(attempt.public_id))
