"""Reporting and removing: what others see, what the author sees, what is left in the trail."""

import pytest
from django.utils import timezone

from courses.domain.cohorts import moderating, telling, threads
from courses.domain.cohorts.rooms import Room
from courses.domain.cohorts.talking import TalkRefused
from courses.models import Cohort, CohortMember, Post, PostReport, Thread
from elearn.core.models import AuditEvent
from elearn.messages.models import Message
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.talk import make_reply, make_topic, room_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


@pytest.fixture
def member(cohort: Cohort) -> CohortMember:
    return make_member(cohort)


@pytest.fixture
def trainers(cohort: Cohort) -> Room:
    return room_for(cohort.trainer, cohort)


def test_removed_answer_is_read_by_its_author_and_trainers_alone(
    cohort: Cohort, member: CohortMember, trainers: Room
) -> None:
    thread, other = make_topic(member.person, cohort), make_member(cohort)
    post = make_reply(other.person, thread, text="Rude words.")
    moderating.hide(room=trainers, post=post, reason="Rude.")
    seen = {}
    for name, person in (("asker", member.person), ("author", other.person), ("trainer", cohort.trainer)):
        room = room_for(person, cohort)
        line = threads.post_lines(room, thread, threads.posts_of(thread, person))[1]
        seen[name] = (line.is_read, line.html)
    assert seen == {"asker": (False, ""), "author": (True, "Rude words."), "trainer": (True, "Rude words.")}
    post.refresh_from_db()
    assert (post.hidden_by, post.hidden_reason) == (cohort.trainer, "Rude.")


def test_thread_goes_from_lists_with_its_first_post_and_comes_back(
    cohort: Cohort, member: CohortMember, trainers: Room
) -> None:
    thread, other = make_topic(member.person, cohort), make_member(cohort)
    post = thread.posts.get()
    moderating.hide(room=trainers, post=post, reason="Not here.")
    listed = [list(threads.forum_of(room_for(p, cohort))) for p in (member.person, other.person, cohort.trainer)]
    assert listed == [[thread], [], [thread]]
    with pytest.raises(TalkRefused):
        make_reply(other.person, thread)
    for _click in range(2):
        moderating.bring_back(room=trainers, post=post)
    assert list(threads.forum_of(room_for(other.person, cohort))) == [thread]
    assert Post.objects.get().hidden_reason == ""


def test_lists_are_in_the_order_of_what_is_shown(cohort: Cohort, member: CohortMember, trainers: Room) -> None:
    first, second = make_topic(member.person, cohort, title="A"), make_topic(member.person, cohort, title="B")
    post = make_reply(member.person, first)
    room = room_for(member.person, cohort)
    assert list(threads.forum_of(room)) == [first, second]
    moderating.hide(room=trainers, post=post, reason="Twice.")
    assert list(threads.forum_of(room)) == [second, first]


def test_acts_of_trainers_leave_a_trail_with_the_author(cohort: Cohort, member: CohortMember, trainers: Room) -> None:
    thread = make_topic(member.person, cohort)
    post = thread.posts.get()
    before = AuditEvent.objects.count()
    moderating.hide(room=trainers, post=post, reason="Not here.")
    moderating.bring_back(room=trainers, post=post)
    for closed in (True, True, False):
        moderating.close(room=trainers, thread=thread, closed=closed)
    events = AuditEvent.objects.order_by("pk")[before:]
    assert [event.action for event in events] == [
        *("talk.post_hidden", "talk.post_shown", "talk.thread_closed", "talk.thread_reopened")
    ]
    assert {(event.actor, event.subject) for event in events} == {(cohort.trainer, member.person)}
    assert events[0].details["reason"] == "Not here."


def test_nobody_but_trainers_removes_or_closes(cohort: Cohort, member: CohortMember) -> None:
    thread, room = make_topic(member.person, cohort), room_for(member.person, cohort)
    post = thread.posts.get()
    for act in (
        lambda: moderating.hide(room=room, post=post, reason="Mine."),
        lambda: moderating.bring_back(room=room, post=post),
        lambda: moderating.leave_it(room=room, post=post),
        lambda: moderating.close(room=room, thread=thread, closed=True),
    ):
        with pytest.raises(TalkRefused):
            act()
    assert (Post.objects.shown().count(), Thread.objects.filter(closed_at=None).count()) == (1, 1)


def test_removing_asks_for_a_reason_and_happens_once(cohort: Cohort, member: CohortMember, trainers: Room) -> None:
    post = make_topic(member.person, cohort).posts.get()
    with pytest.raises(TalkRefused):
        moderating.hide(room=trainers, post=post, reason="  ")
    moderating.hide(room=trainers, post=post, reason="Once.")
    with pytest.raises(TalkRefused):
        moderating.hide(room=trainers, post=post, reason="Twice.")
    assert Post.objects.get().hidden_reason == "Once."


def test_report_waits_until_a_trainer_settles_it(cohort: Cohort, member: CohortMember, trainers: Room) -> None:
    thread, other = make_topic(member.person, cohort), make_member(cohort)
    post, room = thread.posts.get(), room_for(other.person, cohort)
    for _click in range(2):
        moderating.report(room=room, post=post, reason="Not true.")
    assert [report.reason for report in threads.reported_posts(trainers.threads())] == ["Not true."]
    moderating.leave_it(room=trainers, post=post)
    assert list(threads.reported_posts(trainers.threads())) == []
    assert PostReport.objects.get().settled_by == cohort.trainer
    assert Post.objects.get().hidden_at is None


def test_removing_settles_the_reports(cohort: Cohort, member: CohortMember, trainers: Room) -> None:
    post, other = make_topic(member.person, cohort).posts.get(), make_member(cohort)
    moderating.report(room=room_for(other.person, cohort), post=post, reason="")
    moderating.hide(room=trainers, post=post, reason="Indeed.")
    assert PostReport.objects.get().settled_by == cohort.trainer


def test_own_posts_are_not_reported(cohort: Cohort, member: CohortMember) -> None:
    post = make_topic(member.person, cohort).posts.get()
    with pytest.raises(TalkRefused):
        moderating.report(room=room_for(member.person, cohort), post=post, reason="Mine.")


def test_reports_of_another_cohort_are_not_in_the_queue(cohort: Cohort, member: CohortMember) -> None:
    other = CohortFactory(course=cohort.course, edition=cohort.edition)
    reporter = make_member(cohort)
    post = make_topic(member.person, cohort).posts.get()
    moderating.report(room=room_for(reporter.person, cohort), post=post, reason="Not true.")
    assert list(threads.reported_posts(room_for(other.trainer, other).threads())) == []


def test_removed_post_is_taken_out_of_mail_that_waits(cohort: Cohort, member: CohortMember, trainers: Room) -> None:
    thread = make_topic(member.person, cohort)
    post = make_reply(make_member(cohort).person, thread, text="A passport number.")
    telling.tell(post)
    assert Message.objects.filter(useless_after=None).count() == 2
    moderating.hide(room=trainers, post=post, reason="Personal data.")
    assert Message.objects.filter(useless_after__lte=timezone.now()).count() == 2


def test_post_can_be_reported_again_when_trainers_have_left_it(
    cohort: Cohort, member: CohortMember, trainers: Room
) -> None:
    post = make_topic(member.person, cohort).posts.get()
    room = room_for(make_member(cohort).person, cohort)
    moderating.report(room=room, post=post, reason="Once.")
    moderating.leave_it(room=trainers, post=post)
    moderating.report(room=room, post=post, reason="Worse now.")
    report = PostReport.objects.get()
    assert (report.settled_at, report.settled_by, report.reason) == (None, None, "Worse now.")


def test_who_has_waited_longest_for_an_answer_comes_first(cohort: Cohort, member: CohortMember) -> None:
    first, second, answered = (make_topic(member.person, cohort, title=name) for name in ("1", "2", "3"))
    make_reply(cohort.trainer, answered)
    assert list(threads.unanswered_first(Thread.objects.all())) == [first, second, answered]
