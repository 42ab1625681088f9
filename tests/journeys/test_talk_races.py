"""Two clicks at once, or two trainers: one post, one message, one removal."""

from uuid import uuid4

import pytest

from courses.domain.cohorts import moderating, talking, writing
from courses.domain.cohorts.talking import TalkRefused
from courses.enums import ThreadKind
from courses.models import CohortMessage, Follow, Post, Thread
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.talk import make_topic, room_for
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clicks_at_once_write_one_post() -> None:
    cohort = CohortFactory()
    room = room_for(make_member(cohort).person, cohort)
    key, again = uuid4(), uuid4()
    begin = {"room": room, "kind": ThreadKind.TOPIC, "title": "A", "text": "B", "client_key": key}
    begun = at_once(*(lambda: talking.start_thread(**begin) for _click in range(4)))
    assert {type(result) for result in begun} == {Thread}
    (thread,) = set(begun)
    answers = at_once(
        *(lambda: talking.reply(room=room, thread=thread, text="C", client_key=again) for _click in range(4))
    )
    assert {type(result) for result in answers} == {Post}
    assert (Thread.objects.count(), Post.objects.count(), Follow.objects.count()) == (1, 2, 2)


def test_many_answers_at_once_stay_within_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talking, "MOST_AN_HOUR", 3)
    cohort = CohortFactory()
    member = make_member(cohort)
    thread, room = make_topic(member.person, cohort), room_for(member.person, cohort)
    results = at_once(
        *(lambda: talking.reply(room=room, thread=thread, text="C", client_key=uuid4()) for _tab in range(6))
    )
    assert sorted(type(result).__name__ for result in results) == ["Post"] * 2 + ["TalkRefused"] * 4
    assert Post.objects.count() == 3


def test_two_clicks_at_once_send_one_message() -> None:
    cohort = CohortFactory()
    make_member(cohort)
    texts, key = {"en": {"subject": "S", "body": "B"}}, uuid4()
    members = list(writing.recipients_of(cohort, None))
    send = {"cohort": cohort, "by": cohort.trainer, "texts": texts, "members": members, "client_key": key}
    results = at_once(*(lambda: writing.send(**send) for _click in range(4)))
    assert {type(result) for result in results} == {CohortMessage}
    assert CohortMessage.objects.count() == 1


def test_two_trainers_at_once_remove_a_post_once() -> None:
    cohort = CohortFactory()
    post = make_topic(make_member(cohort).person, cohort).posts.get()
    room = room_for(cohort.trainer, cohort)
    results = at_once(*(lambda n=n: moderating.hide(room=room, post=post, reason=f"R{n}") for n in range(3)))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "TalkRefused", "TalkRefused"]
    assert issubclass(TalkRefused, Exception)
    assert Post.objects.filter(hidden_reason__startswith="R").count() == 1
