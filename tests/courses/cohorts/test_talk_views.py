"""The pages where people talk: who gets in, what is kept when something goes wrong, what is escaped."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.domain.cohorts import moderating, shared_notes, threads
from courses.domain.progress import save_reflection
from courses.enums import MemberState
from courses.models import (
    Cohort,
    CohortMember,
    CohortMessage,
    Enrolment,
    Follow,
    LessonPage,
    Post,
    PostReport,
    Reflection,
    Thread,
    Unit,
    UsefulMark,
)
from elearn.core.models import AuditEvent
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.people import UserFactory
from tests.factories.talk import make_announcement, make_question, make_reply, make_topic, room_for

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


@pytest.fixture
def member(cohort: Cohort) -> CohortMember:
    return make_member(cohort, UserFactory(printed_name="Lea Learner"))


@pytest.fixture
def unit(cohort: Cohort) -> Unit:
    return Unit.objects.filter(course=cohort.course).order_by("pk").first()


@pytest.fixture
def questions_url(unit: Unit) -> str:
    return reverse("cohorts:questions", args=[unit.key])


def typed(**words: str) -> dict[str, str]:
    return {"title": "Who signs?", "text": "I wonder.", "client_key": str(uuid4()), **words}


def test_lesson_leads_to_its_questions(
    member: CohortMember, unit: Unit, questions_url: str, as_person: AsPerson
) -> None:
    lesson = LessonPage.objects.get(translation_key=unit.key)
    assert f'href="{questions_url}"' in as_person(member.person).get(lesson.url).content.decode()


def test_question_is_asked_once_by_a_double_click(
    member: CohortMember, questions_url: str, as_person: AsPerson
) -> None:
    client, form = as_person(member.person), typed()
    answers = [client.post(questions_url, form) for _click in range(2)]
    thread = Thread.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {f"/en/talk/{thread.public_id}/"}
    assert (Post.objects.count(), "Who signs?" in client.get(questions_url).content.decode()) == (1, True)


def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    member: CohortMember, questions_url: str, as_person: AsPerson
) -> None:
    answer = as_person(member.person).post(questions_url, typed(title=""))
    assert answer.status_code == 422
    assert "I wonder.</textarea>" in answer.content.decode()
    assert Thread.objects.count() == 0


def test_refusal_keeps_what_was_typed(
    cohort: Cohort, member: CohortMember, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = make_topic(member.person, cohort)
    monkeypatch.setattr("courses.domain.cohorts.talking.MOST_AN_HOUR", 1)
    answer = as_person(member.person).post(f"/en/talk/{thread.public_id}/", typed(text="My long answer."))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "times within an hour" in page
    assert "My long answer.</textarea>" in page


def test_text_survives_a_login_that_ran_out(
    member: CohortMember, questions_url: str, as_person: AsPerson, client: Client
) -> None:
    form = typed(text="My long question.", writer=str(member.person.public_id))
    answer = client.post(questions_url, form)
    assert answer.status_code == 302
    assert f"next={questions_url}" in answer.headers["Location"]
    client.force_login(member.person)
    page = client.get(questions_url).content.decode()
    assert "My long question.</textarea>" in page
    assert form["client_key"] in page
    assert "My long question." not in client.get(questions_url).content.decode()
    assert Thread.objects.count() == 0


def test_text_of_a_login_that_ran_out_is_not_shown_to_somebody_else(
    cohort: Cohort, member: CohortMember, questions_url: str, client: Client
) -> None:
    client.post(questions_url, typed(text="My long question.", writer=str(member.person.public_id)))
    client.force_login(make_member(cohort).person)
    assert "My long question." not in client.get(questions_url).content.decode()


def test_what_people_write_is_text_and_no_markup(cohort: Cohort, member: CohortMember, as_person: AsPerson) -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)>\nhttps://example.org/x javascript:alert(1)"
    thread = make_topic(member.person, cohort, title="<b>Bold</b>", text=evil)
    make_reply(cohort.trainer, thread, text='"><svg onload=alert(1)>')
    for person, path in (
        (cohort.trainer, f"/en/talk/{thread.public_id}/"),
        (cohort.trainer, f"/en/teach/cohorts/{cohort.public_id}/talk/?show=forum"),
        (member.person, f"/en/cohorts/{cohort.public_id}/forum/"),
    ):
        page = as_person(person).get(path).content.decode()
        assert "&lt;b&gt;Bold&lt;/b&gt;" in page
        assert not any(
            tag in page for tag in ("<script>alert", "<img src=x", "<svg onload", "<b>Bold", 'href="javascript')
        )
    page = as_person(member.person).get(f"/en/talk/{thread.public_id}/").content.decode()
    assert 'href="https://example.org/x" rel="nofollow noopener ugc"' in page
    assert "<br>" in page


# --- Who gets in -------------------------------------------------------------------------------------------------


def addresses(cohort: Cohort, thread: Thread, post: Post) -> list[str]:
    talk, posts = f"/en/talk/{thread.public_id}/", f"/en/talk/posts/{post.public_id}/"
    return [talk, *(f"{posts}{act}/" for act in ("edit", "report", "hide"))]


def acts(thread: Thread, post: Post) -> list[tuple[str, dict[str, str]]]:
    talk, posts = f"/en/talk/{thread.public_id}/", f"/en/talk/posts/{post.public_id}/"
    return [
        (talk, typed()),
        (f"{talk}follow/", {"on": "1"}),
        (f"{talk}close/", {"on": "1"}),
        (f"{posts}edit/", typed()),
        (f"{posts}useful/", {"on": "1"}),
        (f"{posts}report/", {"reason": "R"}),
        (f"{posts}hide/", {"reason": "R"}),
        (f"{posts}show/", {}),
        (f"{posts}leave/", {}),
    ]


@pytest.mark.parametrize("who", ["stranger", "learner of another cohort", "trainer of another cohort", "who has left"])
def test_a_room_is_closed_to_whoever_is_not_in_it(
    cohort: Cohort, member: CohortMember, unit: Unit, stranger: User, as_person: AsPerson, who: str
) -> None:
    other = CohortFactory(course=cohort.course, edition=cohort.edition)
    gone = make_member(cohort)
    CohortMember.objects.filter(pk=gone.pk).update(state=MemberState.REMOVED, left_at=timezone.now())
    Enrolment.objects.filter(pk=gone.enrolment_id).update(cohort=None)
    person = {
        "stranger": stranger,
        "learner of another cohort": make_member(other).person,
        "trainer of another cohort": other.trainer,
        "who has left": gone.person,
    }[who]
    thread = make_question(member.person, unit, cohort, title="A secret of ours")
    post = make_reply(cohort.trainer, thread)
    client = as_person(person)
    own = f"/en/cohorts/{cohort.public_id}/"
    teach = f"/en/teach/cohorts/{cohort.public_id}/"
    tabs = ["talk/", "talk/announce/", "talk/topic/", "talk/notes/", "messages/", "messages/compose/"]
    for path in (*addresses(cohort, thread, post), f"{own}forum/", *(teach + tab for tab in tabs)):
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 404)
    for path, body in (*acts(thread, post), (f"{own}forum/", typed()), (f"{teach}talk/announce/", typed())):
        answer = client.post(path, body)
        assert (path, answer.status_code) == (path, 404)
    page = client.get(reverse("cohorts:questions", args=[unit.key]))
    assert "A secret of ours" not in page.content.decode()
    assert (Thread.objects.count(), Post.objects.count(), UsefulMark.objects.count()) == (1, 2, 0)
    assert (PostReport.objects.count(), Follow.objects.filter(person=person).count()) == (0, 0)


def test_learners_do_not_find_what_trainers_do(cohort: Cohort, member: CohortMember, as_person: AsPerson) -> None:
    thread = make_topic(cohort.trainer, cohort)
    post, client = thread.posts.get(), as_person(member.person)
    page = client.get(f"/en/talk/{thread.public_id}/").content.decode()
    assert "/hide/" not in page and "/close/" not in page
    for name, number in (("hide_post", post), ("show_post", post), ("leave_post", post), ("close_thread", thread)):
        answer = client.post(reverse(f"cohorts:{name}", args=[number.public_id]), {"reason": "R", "on": "1"})
        assert answer.status_code == 404
    assert client.get(f"/en/teach/cohorts/{cohort.public_id}/talk/").status_code == 404
    assert client.get("/en/teach/questions/").status_code == 403


def test_removed_post_is_on_no_page_of_others(cohort: Cohort, member: CohortMember, as_person: AsPerson) -> None:
    thread = make_topic(member.person, cohort, title="Gossip", text="Words that hurt.")
    moderating.hide(room=room_for(cohort.trainer, cohort), post=thread.posts.get(), reason="It hurts.")
    other, path = make_member(cohort), f"/en/talk/{thread.public_id}/"
    page = as_person(other.person).get(path).content.decode()
    assert "Removed by a trainer." in page
    assert not any(words in page for words in ("Gossip", "Words that hurt.", "It hurts."))
    assert "Gossip" not in as_person(other.person).get(f"/en/cohorts/{cohort.public_id}/forum/").content.decode()
    for person in (member.person, cohort.trainer):
        page = as_person(person).get(path).content.decode()
        assert "Words that hurt." in page and "It hurts." in page


def test_posts_are_reported_and_removed_on_pages(cohort: Cohort, member: CohortMember, as_person: AsPerson) -> None:
    post, other = make_topic(member.person, cohort).posts.get(), make_member(cohort)
    report, hide = (reverse(f"cohorts:{name}_post", args=[post.public_id]) for name in ("report", "hide"))
    client = as_person(other.person)
    assert client.get(report).status_code == 200
    client.post(report, {"reason": "Not true."})
    client = as_person(cohort.trainer)
    assert "Not true." in client.get(f"/en/teach/cohorts/{cohort.public_id}/talk/").content.decode()
    assert (client.get(hide).status_code, client.post(hide, {"reason": ""}).status_code) == (200, 422)
    client.post(hide, {"reason": "Indeed."})
    assert Post.objects.get().hidden_reason == "Indeed."
    assert "Not true." not in client.get(f"/en/teach/cohorts/{cohort.public_id}/talk/").content.decode()


def test_one_click_ends_the_mails_and_one_marks_an_answer(
    cohort: Cohort, member: CohortMember, as_person: AsPerson
) -> None:
    thread = make_topic(member.person, cohort)
    post, client = make_reply(cohort.trainer, thread), as_person(member.person)
    client.post(reverse("cohorts:follow", args=[thread.public_id]), {"on": "0"})
    assert Follow.objects.get(person=member.person).muted_at is not None
    client.post(reverse("cohorts:useful", args=[post.public_id]), {"on": "1"})
    assert UsefulMark.objects.count() == 1


# --- Queries -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_lists_and_threads_take_as_many_queries_however_long(
    cohort: Cohort, member: CohortMember, unit: Unit, as_person: AsPerson, django_assert_num_queries, number: int
) -> None:
    for count in range(number):
        person = make_member(cohort).person
        asked = make_question(person, unit, cohort, title=f"Q{count}")
        make_announcement(cohort.trainer, cohort)
        topic = make_topic(person, cohort)
        moderating.report(room=room_for(member.person, cohort), post=topic.posts.get(), reason="R")
        for answerer in (member.person, cohort.trainer):
            make_reply(answerer, asked)
    thread = Thread.objects.filter(kind="question").order_by("pk").first()
    for _more in range(number):
        make_reply(cohort.trainer, thread)
    teach = f"/en/teach/cohorts/{cohort.public_id}/"
    for person, path, queries in (
        (member.person, reverse("cohorts:questions", args=[unit.key]), 12),
        (member.person, f"/en/cohorts/{cohort.public_id}/forum/", 10),
        (member.person, f"/en/talk/{thread.public_id}/", 11),
        (cohort.trainer, f"{teach}talk/", 12),
        (cohort.trainer, f"{teach}messages/", 7),
        (cohort.trainer, f"{teach}messages/compose/", 7),
    ):
        client = as_person(person)
        client.get(path)
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


# --- Messages ----------------------------------------------------------------------------------------------------


def test_message_is_written_previewed_and_sent_once(cohort: Cohort, member: CohortMember, as_person: AsPerson) -> None:
    path, client = f"/en/teach/cohorts/{cohort.public_id}/messages/compose/", as_person(cohort.trainer)
    to = {"to": [str(member.public_id)]}
    page = client.post(path, to).content.decode()
    assert str(member.public_id) in page and "Lea Learner" in page
    page = client.post(path, {**to, "step": "template", "template": "well_done"}).content.decode()
    assert "Well done!" in page
    form = {**to, "subject_en": "Dear {name}", "body_en": "{course}", "client_key": str(uuid4())}
    page = client.post(path, {**form, "step": "preview"}).content.decode()
    assert "Dear Lea Learner" in page
    assert CohortMessage.objects.count() == 0
    for _click in range(2):
        assert client.post(path, {**form, "step": "send"}).status_code == 302
    assert CohortMessage.objects.get().to == [member.pk]


def test_unknown_placeholder_is_said_and_the_text_kept(
    cohort: Cohort, member: CohortMember, as_person: AsPerson
) -> None:
    path = f"/en/teach/cohorts/{cohort.public_id}/messages/compose/"
    form = {"all": "1", "subject_en": "S", "body_en": "Dear {nmae}", "client_key": str(uuid4())}
    for step in ("preview", "send"):
        answer = as_person(cohort.trainer).post(path, {**form, "step": step})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "{nmae} is not known" in page and "Dear {nmae}</textarea>" in page
    assert CohortMessage.objects.count() == 0


def test_a_list_on_which_nobody_was_ticked_reaches_nobody(
    cohort: Cohort, member: CohortMember, as_person: AsPerson
) -> None:
    path = f"/en/teach/cohorts/{cohort.public_id}/messages/compose/"
    for body in ({}, {"to": ["nonsense"]}, {"to": [str(uuid4())]}):
        answer = as_person(cohort.trainer).post(path, {**body, "step": "send", "subject_en": "S", "body_en": "B"})
        assert answer.headers["Location"] == f"/en/teach/cohorts/{cohort.public_id}/messages/"
    assert CohortMessage.objects.count() == 0


# --- Shared notes ------------------------------------------------------------------------------------------------


@pytest.fixture
def note(member: CohortMember, unit: Unit) -> Reflection:
    save_reflection(enrolment=member.enrolment, unit=unit, block_id="r1", text="My private thought.")
    return Reflection.objects.get()


def share(client: Client, note: Reflection, on: str) -> None:
    client.post(reverse("cohorts:share_note", args=[note.unit.key, note.block_id]), {"on": on})


def test_trainers_read_a_note_while_it_is_shared_and_it_leaves_a_trail(
    cohort: Cohort, member: CohortMember, note: Reflection, as_person: AsPerson
) -> None:
    path = f"/en/teach/cohorts/{cohort.public_id}/talk/notes/"
    of_member = f"{path}{member.public_id}/"
    assert as_person(cohort.trainer).get(of_member).status_code == 404
    share(as_person(member.person), note, "1")
    client = as_person(cohort.trainer)
    assert "Lea Learner" in client.get(path).content.decode()
    assert "My private thought." in client.get(of_member).content.decode()
    event = AuditEvent.objects.get(action="cohorts.shared_notes_read")
    assert (event.actor, event.subject) == (cohort.trainer, member.person)
    share(as_person(member.person), note, "0")
    client = as_person(cohort.trainer)
    assert "Lea Learner" not in client.get(path).content.decode()
    assert client.get(of_member).status_code == 404


def test_note_that_is_not_shared_is_read_by_nobody_else(
    cohort: Cohort, member: CohortMember, note: Reflection, unit: Unit, as_person: AsPerson
) -> None:
    save_reflection(enrolment=member.enrolment, unit=unit, block_id="r2", text="Another thought.")
    share(as_person(member.person), note, "1")
    page = as_person(cohort.trainer).get(f"/en/teach/cohorts/{cohort.public_id}/talk/notes/{member.public_id}/")
    assert "My private thought." in page.content.decode()
    assert "Another thought." not in page.content.decode()


def test_trainers_of_the_next_cohort_do_not_read_what_was_shared_with_those_of_the_last(
    cohort: Cohort, member: CohortMember, note: Reflection, as_person: AsPerson
) -> None:
    share(as_person(member.person), note, "1")
    other = CohortFactory(course=cohort.course, edition=cohort.edition)
    Enrolment.objects.filter(pk=member.enrolment_id).update(cohort=other)
    CohortMember.objects.filter(pk=member.pk).update(cohort=other)
    assert list(shared_notes.shared_in(cohort)) == list(shared_notes.shared_in(other)) == []
    assert list(shared_notes.who_shares(other)) == []


def test_nobody_shares_outside_a_cohort_or_what_is_not_theirs(
    cohort: Cohort, member: CohortMember, note: Reflection, as_person: AsPerson
) -> None:
    share(as_person(make_member(cohort).person), note, "1")
    Enrolment.objects.filter(pk=member.enrolment_id).update(cohort=None)
    share(as_person(member.person), note, "1")
    note.refresh_from_db()
    assert (note.shared_at, note.shared_with) == (None, None)


def test_notes_page_offers_to_share_in_a_cohort_alone(
    member: CohortMember, note: Reflection, as_person: AsPerson
) -> None:
    url, client = reverse("cohorts:share_note", args=[note.unit.key, "r1"]), as_person(member.person)
    assert url in client.get("/en/notes/").content.decode()
    share(client, note, "1")
    assert "Your trainers can read this" in client.get("/en/notes/").content.decode()
    Enrolment.objects.filter(pk=member.enrolment_id).update(cohort=None)
    page = client.get("/en/notes/").content.decode()
    assert url not in page and "Your trainers can read this" not in page


def test_lists_for_other_pages_have_what_is_shown(cohort: Cohort, member: CohortMember) -> None:
    announced, topic = make_announcement(cohort.trainer, cohort), make_topic(member.person, cohort)
    moderating.hide(room=room_for(cohort.trainer, cohort), post=topic.posts.get(), reason="R")
    assert [(line.thread, line.html) for line in threads.latest_announcements(cohort)] == [(announced, "Room 4.")]
    assert threads.latest_threads(cohort, "en") == []
