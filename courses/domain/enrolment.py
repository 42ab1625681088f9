"""Enrolling, and what an enrolment may become."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.enums import EnrolmentSource
from courses.models import Cohort, Course, Edition, Enrolment
from elearn.people.enums import MembershipState
from elearn.people.models import Membership, User


class EnrolmentRefused(Exception):
    """The person cannot be enrolled; the message says why, in words for them."""


def enrol(*, person: User, course: Course, source: EnrolmentSource = EnrolmentSource.SELF) -> Enrolment:
    """Enrol a person in the current edition of a course, or answer the enrolment they have.

    Effects: one row, with the person's confirmed institution and country as they are now. Asking twice, from two tabs
    or at once, gives the same row; a completed enrolment is answered as it is.
    Refusals: EnrolmentRefused when the course is archived or has no released edition.
    """
    existing = Enrolment.objects.of(person).filter(course=course).readable().latest_first().first()
    if existing is not None:
        return existing
    if course.archived_at is not None:
        raise EnrolmentRefused(_("This course is archived and takes no new learners."))
    if course.current_edition is None:
        raise EnrolmentRefused(_("This course has not been released yet."))
    return create_enrolment(person=person, course=course, edition=course.current_edition, source=source)


def create_enrolment(
    *, person: User, course: Course, edition: Edition, source: EnrolmentSource, cohort: Cohort | None = None
) -> Enrolment:
    """Write the row of the person's next cycle. Whoever comes by two doors at one moment has the row of the first."""
    try:
        with transaction.atomic():
            return _create(person, course, edition, source, cohort)
    except IntegrityError:
        return Enrolment.objects.of(person).filter(course=course).latest_first()[0]


def _create(
    person: User, course: Course, edition: Edition, source: EnrolmentSource, cohort: Cohort | None
) -> Enrolment:
    membership = (
        Membership.objects.filter(person=person, state=MembershipState.CONFIRMED, ends_on=None)
        .select_related("institution")
        .order_by("-starts_on")
        .first()
    )
    last = Enrolment.objects.of(person).filter(course=course).latest_first().first()
    return Enrolment.objects.create(
        person=person,
        course=course,
        cycle=last.cycle + 1 if last else 1,
        edition=edition,
        source=source,
        institution=membership.institution if membership else None,
        country=person.country,
        cohort=cohort,
        action=cohort.action if cohort else None,
    )
