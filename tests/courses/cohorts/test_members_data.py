"""What getting into cohorts keeps about people, and for how long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.domain.cohorts.seating import ask_for_place
from courses.enums import MemberSource
from courses.models import CohortMember, ImportRow, MemberImport
from elearn.people.domain import erasure, retention
from elearn.people.enums import ErasureOrigin
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import make_released_course

pytestmark = pytest.mark.django_db


def test_an_erasure_ends_requests_and_leaves_places_without_words(learner: User) -> None:
    taken, asked = CohortFactory(), CohortFactory(course=make_released_course("another", modules=1, lessons=1))
    make_member(taken, learner)
    CohortMember.objects.update(email=learner.email, name="Lea", reason="Lea came late")
    ask_for_place(cohort=asked, person=learner, source=MemberSource.REQUEST, words="I am Lea")
    CohortMember.objects.create(
        cohort=asked, email="LEARNER@example.org", state="invited", source="list", token="t", expires_at=timezone.now()
    )
    erasure.erase_now(person=learner, origin=ErasureOrigin.OPERATOR, reason="Asked")
    rows = CohortMember.objects.order_by("pk").values_list("state", "email", "name", "words", "reason")
    assert list(rows) == [("seated", "", "", "", ""), ("removed", "", "", "", "")]


def test_lists_and_invitations_by_which_nobody_came_go_after_their_time() -> None:
    cohort, now = CohortFactory(), timezone.now()
    for age in (29, 31):
        batch = MemberImport.objects.create(
            cohort=cohort,
            by=cohort.trainer,
            name=f"{age}",
            stage="done",
            work_done_at=now,
            created_at=now - timedelta(age),
        )
        ImportRow.objects.create(batch=batch, number=1, fate="seat")
    for age in (89, 91):
        CohortMember.objects.create(
            cohort=cohort,
            email=f"{age}@x.org",
            state="invited",
            source="list",
            token=f"{age}",
            expires_at=now - timedelta(age),
        )
    retention.apply_retention()
    assert list(MemberImport.objects.values_list("name", flat=True)) == ["29"]
    assert ImportRow.objects.count() == 1
    assert list(CohortMember.objects.values_list("email", flat=True)) == ["89@x.org"]
