"""Asking, answering, editing, finding useful, following: what is written, and what is refused."""

import datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.domain.cohorts import talking, telling, threads
from courses.domain.cohorts.rooms import room_of, room_of_unit
from courses.domain.cohorts.talking import TalkRefused
from courses.enums import MemberState, ThreadKind
from courses.models import Cohort, CohortMember, Enrolment, Follow, Post, Thread, Unit, UsefulMark
from elearn.core import pending
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import EnrolmentFactory
from tests.factories.people import UserFactory
from tests.factories.talk import make_announcement, make_question, make_reply, make_topic, room_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


@pytest.fixture
def member(cohort: Cohort) -> CohortMember:
    return make_member(cohort)


def unit_of(cohort: Cohort) -> Unit:
    return Unit.objects.filter(course=cohort.course).order_by("pk").first()


def pass_time(post: Post, **past: float) -> None:
    Post.objects.filter(pk=post.pk).update(created_at=timezone.now() - datetime.timedelta(**past))


def test_question_is_followed_by_who_asked_and_the_trainers(cohort: Cohort, member: CohortMember) -> None:
    thread = make_question(member.person, unit_of(cohort), cohort, title="  Who\nsigns? ")
    assert (thread.title, thread.cohort, thread.kind) == ("Who signs?", cohort, "question")
    assert {row.person for row in Follow.objects.all()} == {member.person, cohort.trainer}
    assert Post.objects.get().by_trainer is False


def test_same_sending_writes_once(cohort: Cohort, member: CohortMember) -> None:
    room, key = room_for(member.person, cohort), uuid4()
    sent = [
        talking.start_thread(room=room, kind=ThreadKind.TOPIC, title="Hello", text="A", client_key=key)
        for _click in range(2)
    ]
    again = [talking.reply(room=room, thread=sent[0], text="B", client_key=uuid4()) for _click in range(2)]
    assert sent[0] == sent[1]
    assert (Thread.objects.count(), Post.objects.count(), len(set(again))) == (1, 3, 2)


def test_answer_moves_the_thread_up_and_is_marked_as_a_trainers(cohort: Cohort, member: CohortMember) -> None:
    first, second = make_topic(member.person, cohort, title="A"), make_topic(member.person, cohort, title="B")
    post = make_reply(cohort.trainer, first)
    assert post.by_trainer is True
    assert list(threads.forum_of(room_for(member.person, cohort))) == [first, second]


def test_nobody_announces_but_trainers(cohort: Cohort, member: CohortMember) -> None:
    with pytest.raises(TalkRefused):
        make_announcement(member.person, cohort)
    thread = make_announcement(cohort.trainer, cohort)
    with pytest.raises(TalkRefused):
        make_reply(member.person, thread)
    assert Follow.objects.count() == 0


def test_closed_cohort_is_read_and_not_written_in(cohort: Cohort, member: CohortMember) -> None:
    thread = make_topic(member.person, cohort)
    cohort.closed_at = timezone.now()
    cohort.save()
    for write in (lambda: make_topic(member.person, cohort), lambda: make_reply(member.person, thread)):
        with pytest.raises(TalkRefused):
            write()


def test_twenty_posts_an_hour_and_no_more(cohort: Cohort, member: CohortMember) -> None:
    thread = make_topic(member.person, cohort)
    for _number in range(talking.MOST_AN_HOUR - 1):
        make_reply(member.person, thread)
    with pytest.raises(TalkRefused, match="20 times within an hour"):
        make_reply(member.person, thread)
    pass_time(Post.objects.order_by("pk").first(), minutes=61)
    make_reply(member.person, thread)
    assert Post.objects.count() == talking.MOST_AN_HOUR + 1


@pytest.mark.parametrize(
    ("minutes", "answered", "edited"), [(29, True, True), (31, False, True), (31, True, False), (29, False, True)]
)
def test_post_is_edited_for_half_an_hour_or_until_answered(
    cohort: Cohort, member: CohortMember, minutes: int, answered: bool, edited: bool
) -> None:
    thread = make_topic(member.person, cohort)
    post = thread.posts.get()
    if answered:
        make_reply(cohort.trainer, thread)
    pass_time(post, minutes=minutes)
    room = room_for(member.person, cohort)
    if edited:
        talking.edit(room=room, post=post, text="Changed", title="Other")
    else:
        with pytest.raises(TalkRefused):
            talking.edit(room=room, post=post, text="Changed", title="Other")
    post.refresh_from_db()
    thread.refresh_from_db()
    assert (post.text, thread.title, post.edited_at is not None) == (
        ("Changed", "Other", True) if edited else ("I am new here.", "Hello", False)
    )


def test_nobody_edits_what_others_wrote(cohort: Cohort, member: CohortMember) -> None:
    post = make_topic(member.person, cohort).posts.get()
    with pytest.raises(TalkRefused):
        talking.edit(room=room_for(cohort.trainer, cohort), post=post, text="Changed")


def test_answer_of_somebody_else_is_marked_useful_once(cohort: Cohort, member: CohortMember) -> None:
    thread = make_question(member.person, unit_of(cohort), cohort)
    post, room = make_reply(cohort.trainer, thread), room_for(member.person, cohort)
    for _click in range(2):
        talking.mark_useful(room=room, post=post, useful=True)
    (line,) = threads.lines_of(threads.questions_about(room, unit_of(cohort)), "en")
    assert (UsefulMark.objects.count(), line.has_useful, line.by_trainer, line.answers) == (1, True, True, 1)
    talking.mark_useful(room=room, post=post, useful=False)
    assert UsefulMark.objects.count() == 0


def test_own_answers_and_questions_are_not_marked_useful(cohort: Cohort, member: CohortMember) -> None:
    thread = make_question(member.person, unit_of(cohort), cohort)
    answer = make_reply(cohort.trainer, thread)
    room = room_for(cohort.trainer, cohort)
    for post in (thread.posts.order_by("pk").first(), answer):
        with pytest.raises(TalkRefused):
            talking.mark_useful(room=room, post=post, useful=True)


# --- Who is told -------------------------------------------------------------------------------------------------


def test_followers_are_told_once_in_their_language(cohort: Cohort, member: CohortMember) -> None:
    thread = make_question(member.person, unit_of(cohort), cohort)
    post = make_reply(cohort.trainer, thread, text="The head does.")
    for _run in range(2):
        telling.tell(post)
    message = Message.objects.get(reason=f"post-{post.public_id}")
    assert (message.person, message.category, message.about) == (member.person, "forum", cohort.public_id)
    assert "The head does." in message.body
    assert f"/en/talk/{thread.public_id}/" in message.body


def test_worker_tells_after_the_post_is_written(cohort: Cohort, member: CohortMember) -> None:
    post = make_topic(member.person, cohort).posts.get()
    assert Message.objects.count() == 0
    assert pending.work(talking.WORK, post.pk) is True
    assert [row.person for row in Message.objects.all()] == [cohort.trainer]


def test_who_mutes_or_leaves_is_told_nothing_more(cohort: Cohort, member: CohortMember) -> None:
    muted, gone = make_member(cohort), make_member(cohort)
    thread = make_topic(member.person, cohort)
    for person in (muted.person, gone.person):
        make_reply(person, thread)
    talking.follow(thread=thread, by=muted.person, wanted=False)
    CohortMember.objects.filter(pk=gone.pk).update(state=MemberState.REMOVED, left_at=timezone.now())
    post = make_reply(cohort.trainer, thread)
    telling.tell(post)
    assert [row.person for row in Message.objects.filter(reason=telling.reason_of(post))] == [member.person]
    make_reply(muted.person, thread)
    assert Follow.objects.get(person=muted.person).muted_at is not None


def test_removed_post_is_told_to_nobody(cohort: Cohort, member: CohortMember) -> None:
    post = make_topic(member.person, cohort).posts.get()
    post.hidden_at = timezone.now()
    telling.tell(post)
    assert Message.objects.count() == 0


def test_announcement_goes_to_everybody_who_takes_part(cohort: Cohort, member: CohortMember) -> None:
    other = make_member(cohort)
    make_member(CohortFactory(course=cohort.course, edition=cohort.edition))
    post = make_announcement(cohort.trainer, cohort).posts.get()
    telling.tell(post)
    assert {(row.person, row.category) for row in Message.objects.all()} == {
        (member.person, "announcement"),
        (other.person, "announcement"),
    }


# --- Who is in which room ----------------------------------------------------------------------------------------


def test_two_cohorts_of_a_course_and_those_without_one_never_meet(cohort: Cohort, member: CohortMember) -> None:
    other = CohortFactory(course=cohort.course, edition=cohort.edition)
    elsewhere, alone = make_member(other), UserFactory()
    EnrolmentFactory(person=alone, course=cohort.course)
    unit = unit_of(cohort)
    asked = {
        "here": make_question(member.person, unit, cohort),
        "there": make_question(elsewhere.person, unit, other),
        "alone": make_question(alone, unit),
    }
    for person, name in ((member.person, "here"), (elsewhere.person, "there"), (alone, "alone")):
        room = room_of_unit(person, unit)
        assert room is not None
        assert list(threads.questions_about(room, unit)) == [asked[name]]
        others = [thread for key, thread in asked.items() if key != name]
        assert [room_of(person, thread.course, thread.cohort) for thread in others] == [None, None]
    assert room_of(other.trainer, cohort.course, cohort) is None
    assert room_of(UserFactory(), cohort.course, cohort) is None


def test_who_has_left_finds_the_room_of_the_course(cohort: Cohort, member: CohortMember) -> None:
    CohortMember.objects.filter(pk=member.pk).update(state=MemberState.REMOVED, left_at=timezone.now())
    Enrolment.objects.filter(pk=member.enrolment_id).update(cohort=None)
    room = room_of_unit(member.person, unit_of(cohort))
    assert room is not None
    assert (room.cohort, room_of(member.person, cohort.course, cohort)) == (None, None)


def test_course_room_is_moderated_by_trainers_of_the_course(
    cohort: Cohort, trainer: User, author: User, stranger: User
) -> None:
    alone = EnrolmentFactory(course=cohort.course).person
    rooms = [room_of(person, cohort.course, None) for person in (alone, trainer, author)]
    assert [(room.learns, room.moderates) for room in rooms if room] == [(True, False), (False, True), (False, False)]
    assert room_of(stranger, cohort.course, None) is None
    assert room_of(cohort.trainer, cohort.course, None) is None
