"""Cohorts with people in them, written straight into the tables."""

import datetime
from dataclasses import dataclass
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from courses.enums import EnrolmentSource, ImportStage, MemberSource, MemberState, RowFate
from courses.models import Cohort, CohortMember, Course, ImportRow, JoinLink, LiveSession, MemberImport
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import Action, User
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.people import UserFactory


class CohortFactory(DjangoModelFactory):
    """A cohort that has begun; `cohort.trainer` is somebody who trains it, made where none is given."""

    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    course = factory.LazyFunction(make_released_course)
    edition = factory.LazyAttribute(lambda cohort: cohort.course.current_edition)
    title = factory.Sequence(lambda n: f"Cohort {n}")
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=7))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=60))

    @factory.post_generation
    def trainer(self, create: bool, extracted: User | None, **kwargs: Any) -> None:
        self.trainer = extracted or UserFactory()
        grant_role(
            person=self.trainer, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=self.public_id
        )


def make_member(cohort: Cohort, person: User | None = None, **enrolment: Any) -> CohortMember:
    """Somebody who takes part in the cohort."""
    person = person or UserFactory()
    enrolled = EnrolmentFactory(
        person=person,
        course=cohort.course,
        edition=cohort.edition,
        cohort=cohort,
        source=EnrolmentSource.COHORT,
        institution=enrolment.pop("institution", cohort.institution),
        action=cohort.action,
        **enrolment,
    )
    return CohortMember.objects.create(
        cohort=cohort,
        person=person,
        enrolment=enrolled,
        state=MemberState.SEATED,
        source=MemberSource.ADDED,
        seated_at=timezone.now(),
    )


class LiveSessionFactory(DjangoModelFactory):
    """A session of an hour on a morning in a week: sessions may not cross midnight, whenever the tests are run."""

    class Meta:
        model = LiveSession

    cohort = factory.SubFactory(CohortFactory)
    title = factory.Sequence(lambda n: f"Session {n}")
    starts_at = factory.LazyFunction(
        lambda: timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + datetime.timedelta(days=7)
    )
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + datetime.timedelta(hours=1))
    created_by = factory.SubFactory(UserFactory)


@dataclass
class Doors:
    """A cohort with every door by which people come in, and somebody who asks for a place."""

    cohort: Cohort
    asking: CohortMember
    invited: CohortMember
    link: JoinLink
    batch: MemberImport

    @property
    def screens(self) -> str:
        return f"/en/teach/cohorts/{self.cohort.public_id}/"

    @property
    def own(self) -> str:
        return f"/en/cohorts/{self.cohort.public_id}/"


def make_doors(course: Course, action: Action, person: User) -> Doors:
    cohort = CohortFactory(course=course, action=action, title="A cohort with doors", takes_requests=True)
    soon = timezone.now() + datetime.timedelta(days=5)
    facts = {"cohort": cohort, "source": MemberSource.ADDED}
    batch = MemberImport.objects.create(
        cohort=cohort, by=cohort.trainer, name="list.csv", stage=ImportStage.PREVIEW, work_done_at=timezone.now()
    )
    ImportRow.objects.create(batch=batch, number=1, email="one@example.org", fate=RowFate.INVITE)
    return Doors(
        cohort=cohort,
        asking=CohortMember.objects.create(person=person, state=MemberState.REQUESTED, **facts),
        invited=CohortMember.objects.create(
            email=f"new.{course.code}@example.org",
            state=MemberState.INVITED,
            token=f"token-{course.code}",
            expires_at=soon,
            **facts,
        ),
        link=JoinLink.objects.create(cohort=cohort, made_by=cohort.trainer, needs_approval=False, expires_at=soon),
        batch=batch,
    )
