"""From an author's draft to what learners read: the expert of the field, then the editor, who publishes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, Workflow, WorkflowPage
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from courses.domain.authors_desk import course_lines
from courses.domain.review import ensure_workflow
from courses.models import CoursePage, LessonPage
from elearn.core.scheduling import publish_scheduled
from elearn.messages.models import Message
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from elearn.portal.models import HomePage
from tests.factories.courses import make_course
from tests.factories.people import UserFactory

AsPerson = Callable[[User | None], Client]


@pytest.fixture
def lesson(db: None) -> LessonPage:
    make_course(modules=1, lessons=1)
    return LessonPage.objects.get(key="m1-l1")


def form(lesson: LessonPage, **fields: object) -> dict:
    return nested_form_data(
        {
            "title": "Rewritten",
            "slug": lesson.slug,
            "key": lesson.key,
            "purpose": "To learn.",
            "body": streamfield([]),
            "minutes": 10,
            "stands_for": "",
            "facilitator_notes": rich_text("<p></p>"),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            **fields,
        }
    )


def edit(client: Client, lesson: LessonPage, action: str = "", **fields: object):  # type: ignore[no-untyped-def]
    data = form(lesson, **fields) | ({action: "1"} if action else {})
    return client.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), data)


def decide(client: Client, lesson: LessonPage, action: str, comment: str = ""):  # type: ignore[no-untyped-def]
    state = TaskState.objects.filter(status="in_progress").latest("pk")
    url = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, action, state.pk])
    return client.post(url, {"comment": comment})


def waiting(person: User) -> int:
    return sum(line.waiting_for_you for line in course_lines(User.objects.get(pk=person.pk)))


def newest(lesson: LessonPage) -> LessonPage:
    return LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()


def subjects(person: User) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("subject", flat=True))


def test_draft_goes_to_the_expert_then_to_the_editor_and_is_then_published(
    lesson: LessonPage, author: User, reviewer: User, editor: User, manager: User, as_person: AsPerson
) -> None:
    edit(as_person(author), lesson, "action-submit")
    lesson.refresh_from_db()
    assert (lesson.title, lesson.current_workflow_task.name) == ("M1-l1", "Expert review")
    assert (waiting(author), waiting(reviewer), waiting(editor)) == (0, 1, 0)

    decide(as_person(reviewer), lesson, "approve")
    assert LessonPage.objects.get().current_workflow_task.name == "Editor's approval"
    assert (waiting(reviewer), waiting(editor), waiting(manager)) == (0, 1, 1)
    assert LessonPage.objects.get().title == "M1-l1"

    decide(as_person(editor), lesson, "approve", "Well done")
    published = LessonPage.objects.get()
    assert (published.title, published.workflow_in_progress) == ("Rewritten", False)

    assert subjects(reviewer) == ["Waiting for you: “Rewritten” (Expert review)"]
    assert subjects(editor) == ["Waiting for you: “Rewritten” (Editor's approval)"]
    assert subjects(author) == ["Published: “Rewritten”"]
    assert "Well done" in Message.objects.get(person=author).body
    assert mail.outbox == []  # Nothing was sent while somebody waited; the rows are sent later.


def test_changes_asked_for_go_back_to_the_author_and_begin_at_the_expert_again(
    lesson: LessonPage, author: User, reviewer: User, editor: User, as_person: AsPerson
) -> None:
    edit(as_person(author), lesson, "action-submit")
    decide(as_person(reviewer), lesson, "approve")
    decide(as_person(editor), lesson, "reject", "Name the article of the law.")
    assert subjects(author) == ["Changes asked for: “Rewritten”"]
    assert "Name the article of the law." in Message.objects.get(person=author).body
    edit(as_person(author), lesson, "action-submit", purpose="With the article.")
    assert LessonPage.objects.get().current_workflow_task.name == "Expert review"


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_author_publishes_nothing(lesson: LessonPage, author: User, as_person: AsPerson, action: str) -> None:
    edit(as_person(author), lesson, action)
    assert LessonPage.objects.get().title == "M1-l1"


def test_author_does_not_publish_past_the_editor(
    lesson: LessonPage, author: User, reviewer: User, as_person: AsPerson
) -> None:
    edit(as_person(author), lesson)
    client = as_person(author)
    assert newest(lesson).title == "Rewritten"
    attempts = [
        client.post(f"/cms/api/main/pages/{lesson.pk}/action/publish/"),
        client.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={lesson.pk}"),
        client.post(reverse("wagtailadmin_pages:unpublish", args=[lesson.pk])),
    ]
    assert [response.status_code in (302, 403, 200) for response in attempts] == [True, True, True]
    page = LessonPage.objects.get()
    assert (page.title, page.live) == ("M1-l1", True)
    edit(client, lesson, "action-submit")
    decide(client, lesson, "approve")
    assert LessonPage.objects.get().current_workflow_task.name == "Expert review"


def test_page_in_review_is_locked_for_its_author_and_open_to_the_reviewer(
    lesson: LessonPage, author: User, reviewer: User, stranger: User, as_person: AsPerson
) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    assert as_person(reviewer).get(url).status_code == 302
    edit(as_person(author), lesson, "action-submit")
    edit(as_person(author), lesson, title="Slipped in")
    assert newest(lesson).title == "Rewritten"
    assert as_person(reviewer).get(url).status_code == 200
    edit(as_person(reviewer), lesson, title="Put right")
    assert newest(lesson).title == "Put right"
    assert as_person(stranger).get(url).status_code == 302


def test_nobody_is_the_expert_of_their_own_text(
    lesson: LessonPage, author: User, manager: User, as_person: AsPerson
) -> None:
    grant_role(person=author, role=Role.REVIEWER, granted_by=manager)
    client = as_person(author)
    edit(client, lesson, "action-submit")
    decide(client, lesson, "approve")
    assert LessonPage.objects.get().current_workflow_task.name == "Expert review"


def test_reviewer_of_one_course_decides_on_no_other(
    lesson: LessonPage, author: User, manager: User, as_person: AsPerson
) -> None:
    other = make_course("other-course", modules=1, lessons=0)
    persons = {}
    for course in (CoursePage.objects.get(key="rescue-at-sea"), other):
        persons[course.key] = UserFactory()
        grant_role(person=persons[course.key], role=Role.REVIEWER, granted_by=manager, scope_key=course.translation_key)
    edit(as_person(author), lesson, "action-submit")
    assert (waiting(persons["rescue-at-sea"]), waiting(persons["other-course"])) == (1, 0)
    assert (len(subjects(persons["rescue-at-sea"])), len(subjects(persons["other-course"]))) == (1, 0)
    decide(as_person(persons["other-course"]), lesson, "approve")
    assert LessonPage.objects.get().current_workflow_task.name == "Expert review"
    decide(as_person(persons["rescue-at-sea"]), lesson, "approve")
    assert LessonPage.objects.get().current_workflow_task.name == "Editor's approval"


def test_comment_reaches_those_who_follow_it(
    lesson: LessonPage, author: User, editor: User, as_person: AsPerson
) -> None:
    comment = {
        "id": "", "contentpath": "purpose", "text": "Says who?", "position": "", "resolved": "",
        "replies-TOTAL_FORMS": 0, "replies-INITIAL_FORMS": 0,
    }  # fmt: skip
    edit(as_person(author), lesson, comment_notifications="on")
    comments = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "0": comment}
    edit(as_person(editor), lesson, comments=comments)
    assert subjects(author) == ["Comments on “Rewritten”"]
    assert "Says who?" in Message.objects.get(person=author).body
    assert mail.outbox == []


def test_date_set_by_the_author_holds_after_the_review(
    lesson: LessonPage, author: User, reviewer: User, editor: User, as_person: AsPerson
) -> None:
    edit(as_person(author), lesson, "action-submit", go_live_at="2099-01-05 10:00")
    decide(as_person(reviewer), lesson, "approve")
    decide(as_person(editor), lesson, "approve")
    page = LessonPage.objects.get()
    assert (page.title, page.approved_schedule) == ("M1-l1", True)
    # The date has come: nobody waits for it in a test.
    revision = page.scheduled_revision
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    Revision.objects.filter(pk=revision.pk).update(content=revision.content, approved_go_live_at=timezone.now())
    publish_scheduled()
    assert LessonPage.objects.get().title == "Rewritten"


def test_every_page_is_under_the_review_and_what_an_administrator_takes_away_stays_away(lesson: LessonPage) -> None:
    assert [task.name for task in lesson.get_workflow().tasks] == ["Expert review", "Editor's approval"]
    workflow = Workflow.objects.get(name="Review and publish")
    task = workflow.workflow_tasks.first()
    task.delete()
    ensure_workflow(HomePage.objects.all())
    ensure_workflow(HomePage.objects.all())
    assert Workflow.objects.filter(name="Review and publish").count() == 1
    assert WorkflowPage.objects.get(page=HomePage.objects.get()).workflow == workflow
    assert [task.name for task in workflow.tasks] == ["Editor's approval"]


def test_dashboard_costs_the_same_whatever_there_is(
    lesson: LessonPage,
    author: User,
    as_person: AsPerson,
    django_assert_num_queries: Callable,
    django_assert_max_num_queries: Callable,
) -> None:
    edit(as_person(author), lesson, "action-submit")
    course_lines(author)  # What a process keeps for itself, such as types of content, is read.
    # Two of them are types of content that another test of this process may have read before.
    with django_assert_max_num_queries(11) as with_one:
        assert len(course_lines(User.objects.get(pk=author.pk))) == 1
    make_course("second")
    make_course("third")
    with django_assert_num_queries(len(with_one)):
        assert len(course_lines(User.objects.get(pk=author.pk))) == 3
    assert Page.objects.filter(depth=4).count() == 3
