"""What is kept of people who talked: handed out, erased with the mails about it, blanked when its time is over."""

import datetime

import pytest
from django.utils import timezone

from courses.domain.cohorts import moderating, talk_data, talking, telling
from courses.models import Cohort, CohortMember, Follow, Post, PostReport, Thread, UsefulMark
from elearn.messages.models import Message
from elearn.people.domain.personal_data import Identity
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.people import UserFactory
from tests.factories.talk import make_reply, make_topic, room_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


@pytest.fixture
def member(cohort: Cohort) -> CohortMember:
    return make_member(cohort, UserFactory(printed_name="Lea Learner"))


@pytest.fixture
def thread(cohort: Cohort, member: CohortMember) -> Thread:
    """Lea wrote, was told on, marked an answer and reported it."""
    thread = make_topic(member.person, cohort, title="Lea's topic", text="I am Lea Learner.")
    telling.tell(thread.posts.get())
    answer = make_reply(cohort.trainer, thread)
    room = room_for(member.person, cohort)
    talking.mark_useful(room=room, post=answer, useful=True)
    moderating.report(room=room, post=answer, reason="Says Lea.")
    moderating.hide(room=room_for(cohort.trainer, cohort), post=thread.posts.earliest("pk"), reason="By Lea.")
    return thread


def test_everything_somebody_wrote_is_handed_out(member: CohortMember, thread: Thread) -> None:
    tables = {table.key: table.rows for table in talk_data.collect(member.person)}
    assert {key: len(rows) for key, rows in tables.items()} == {
        "threads": 1,
        "posts": 1,
        "useful_marks": 1,
        "post_reports": 1,
        "follows": 1,
    }
    assert tables["posts"][0]["text"] == "I am Lea Learner."


def test_erasure_takes_the_words_and_those_in_mails_to_others(member: CohortMember, thread: Thread) -> None:
    assert "Lea Learner" in Message.objects.get().body
    for _run in range(2):
        talk_data.erase(member.person, Identity.of(member.person))
    thread.refresh_from_db()
    post = thread.posts.get(author=member.person)
    assert (thread.title, post.text, post.hidden_reason) == ("[erased]", "[erased]", "[erased]")
    message = Message.objects.get()
    assert (message.subject, message.body, message.work_done_at is not None) == ("", "", True)
    assert PostReport.objects.get().reason == ""
    assert (Follow.objects.filter(person=member.person).count(), UsefulMark.objects.count()) == (0, 0)
    assert thread.posts.exclude(author=member.person).get().text == "The head does."


def test_old_words_are_blanked_and_newer_ones_stay(thread: Thread) -> None:
    old = thread.posts.earliest("pk")
    Post.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(days=10))
    due = talk_data.written_before(timezone.now() - datetime.timedelta(days=5))
    assert list(due) == [old]
    talk_data._blank([old.pk])
    assert list(due.all()) == []
    thread.refresh_from_db()
    assert (thread.title, thread.posts.latest("pk").text) == ("Lea's topic", "The head does.")
    talk_data._blank([thread.posts.latest("pk").pk])
    thread.refresh_from_db()
    assert thread.title == "[erased]"
