"""Beginning something in the CMS: the first screen, new pages, new terms."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import CataloguePage, Course, CoursePage, GlossaryTerm, LessonPage
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User

AsPerson = Callable[[User | None], Client]
AUTOSAVES = "w-autosave-interval-value"


@pytest.mark.parametrize(
    ("who", "offered"), [("author", True), ("editor", True), ("manager", True), ("reviewer", False)]
)
def test_first_screen_offers_a_new_course_to_those_who_may_begin_one(
    course: Course, who: str, offered: bool, as_person: AsPerson, request: pytest.FixtureRequest
) -> None:
    client = as_person(request.getfixturevalue(who))
    add = reverse("wagtailadmin_pages:add", args=["courses", "coursepage", CataloguePage.objects.get().pk])
    assert (add in client.get(reverse("wagtailadmin_home")).content.decode()) is offered
    assert (client.get(add).status_code == 200) is offered


def test_first_screen_offers_no_new_course_to_the_author_of_a_single_one(
    course: Course, stranger: User, manager: User, as_person: AsPerson
) -> None:
    grant_role(person=stranger, role=Role.AUTHOR, granted_by=manager, scope_key=course.key)
    shown = as_person(stranger).get(reverse("wagtailadmin_home")).content.decode()
    assert (CoursePage.objects.get().title in shown, "New course" in shown) == (True, False)


def test_page_saves_itself_once_it_has_been_saved(course: Course, author: User, as_person: AsPerson) -> None:
    client = as_person(author)
    lesson = LessonPage.objects.first()
    assert lesson is not None
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", lesson.get_parent().pk])
    edit = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    assert [AUTOSAVES in client.get(url).content.decode() for url in (add, edit)] == [False, True]


def test_new_quick_check_begins_with_two_answers() -> None:
    block = LessonPage.body.field.stream_block.child_blocks["quick_check"]
    assert [option["text"] for option in block.get_default()["options"]] == ["", ""]


def test_term_without_a_key_gets_one_from_the_term(course: Course, author: User, as_person: AsPerson) -> None:
    data = {"course_code": "rescue-at-sea", "key": "", "term": "Life raft", "definition": "A boat.", "other_forms": ""}
    response = as_person(author).post(reverse(GlossaryTerm.snippet_viewset.get_url_name("add")), data | {"source": ""})
    assert response.status_code == 302
    assert GlossaryTerm.objects.get().key == "life-raft"
