"""Dates that authors set for a page to appear or to go are kept, by the worker."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from courses.models import Course, LessonPage, ModulePage
from elearn.celery import app
from elearn.core.tasks import publish_scheduled
from tests.factories.courses import make_lesson


def expire(lesson: LessonPage, at: datetime) -> None:
    lesson.expire_at = at
    lesson.save()


@pytest.fixture
def past() -> datetime:
    return timezone.now() - timedelta(minutes=1)


def test_beat_starts_what_is_scheduled_every_five_minutes() -> None:
    line = settings.CELERY_BEAT_SCHEDULE["publish_scheduled"]
    assert (line["task"], line["schedule"]) == ("core.publish_scheduled", 300.0)
    assert line["task"] in app.tasks


def test_page_goes_live_and_expires_at_its_time(course: Course, past: datetime) -> None:
    module = ModulePage.objects.get(key="m1")
    old = make_lesson(module, "old")
    expire(old, past)
    new = make_lesson(module, "new")
    new.unpublish()
    new.go_live_at = timezone.now() + timedelta(hours=1)
    new.save_revision().publish()
    new.revisions.update(approved_go_live_at=past)
    LessonPage.objects.filter(pk=new.pk).update(go_live_at=past)
    content = new.latest_revision.content | {"go_live_at": past.isoformat()}
    new.revisions.filter(pk=new.latest_revision_id).update(content=content)

    publish_scheduled()

    assert LessonPage.objects.filter(key__in=("old", "new"), live=True).get().key == "new"
    assert LessonPage.objects.get(key="old").expired


def test_released_page_does_not_expire_and_others_do(course: Course, past: datetime) -> None:
    expire(LessonPage.objects.get(key="m1-l1"), past - timedelta(hours=1))
    expire(make_lesson(ModulePage.objects.get(key="m1"), "old"), past)

    for _run in range(2):
        publish_scheduled()

    released = LessonPage.objects.get(key="m1-l1")
    assert (released.live, released.expired, released.expire_at) == (True, False, None)
    assert not LessonPage.objects.get(key="old").live
