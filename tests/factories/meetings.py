"""A live session as the tables of roles walk its screens."""

import json
import uuid
from dataclasses import dataclass

from django.utils import timezone

from courses.domain.cohorts import calendars, check_in
from courses.enums import MemberSource, MemberState
from courses.models import Cohort, CohortMember, Enrolment, LiveSession
from tests.factories.cohorts import CohortFactory, LiveSessionFactory


@dataclass
class Meeting:
    """A session that has just begun, of a cohort with one learner, and what is sent to its screens."""

    session: LiveSession
    cohort: Cohort
    feed: str
    enrolment: int

    @property
    def screens(self) -> str:
        return f"/en/teach/cohorts/{self.cohort.public_id}/sessions/"

    @property
    def screen(self) -> str:
        return f"{self.screens}{self.session.public_id}/"

    @property
    def own(self) -> str:
        return f"/en/cohorts/{self.cohort.public_id}/"

    @property
    def planned(self) -> str:
        times = f"day={timezone.localdate()}&starts=09:00&ends=10:00&opens_before=15&closes_after=15"
        return f"title=New&place=Here&weeks=1&{times}&key={uuid.uuid4()}&seen=0"

    @property
    def ticked(self) -> str:
        return f"source=list&a1=absent&seen={json.dumps([[1, self.enrolment, '']])}"

    @property
    def code(self) -> str:
        return check_in.code_of(self.session, timezone.now())


def make_meeting(enrolment: Enrolment) -> Meeting:
    """Of no Action, and the enrolment's own `cohort` stays empty: either would open other screens to more people."""
    cohort = CohortFactory(course=enrolment.course, edition=enrolment.edition, title="Those who meet")
    CohortMember.objects.create(
        cohort=cohort,
        person=enrolment.person,
        enrolment=enrolment,
        state=MemberState.SEATED,
        source=MemberSource.ADDED,
        seated_at=timezone.now(),
    )
    feed = calendars.new_address(person=enrolment.person)
    session = LiveSessionFactory(cohort=cohort, title="A meeting", place="Here", starts_at=timezone.now())
    return Meeting(session, cohort, feed.token, enrolment.pk)
