"""An author who was granted one course meets only that one in /cms/: every address with a number, and every list."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Comment, Locale, Page, Revision
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from assessments.models import Question, QuestionBank, QuizPage
from courses.domain.authors import library_of
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from elearn.core.models import Handout, Picture
from elearn.people.domain.roles import end_role, grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from elearn.portal.models import HomePage
from tests.factories.assessments import QUIZ_RULES, make_quiz
from tests.factories.courses import make_course, make_lesson
from tests.factories.people import UserFactory

AsPerson = Callable[[User | None], Client]


@dataclass
class World:
    """One course with everything that hangs on it. Every title in it holds the word `mark`."""

    mark: str
    course: CoursePage
    lesson: LessonPage
    quiz: QuizPage
    question: Question
    picture: Picture
    handout: Handout

    @property
    def module(self) -> ModulePage:
        return ModulePage.objects.child_of(self.course).first()

    @property
    def bank(self) -> QuestionBank:
        return self.quiz.bank


def make_world(mark: str, by: User) -> World:
    course = make_course(mark.lower(), modules=1, lessons=1, title=f"{mark} course", owner=by)
    module = ModulePage.objects.child_of(course).get()
    Page.objects.filter(pk=module.pk).update(title=f"{mark} module", draft_title=f"{mark} module")
    lesson = make_lesson(module, "secret", title=f"{mark} lesson")
    lesson.title = f"{mark} lesson in another draft"
    lesson.save_revision(user=by, log_action=True)
    Comment.objects.create(page=lesson, user=by, text=f"{mark} remark", contentpath="title")
    quiz = make_quiz(module, f"{mark.lower()}-quiz", questions=1)
    QuestionBank.objects.filter(pk=quiz.bank_id).update(title=f"{mark} bank")
    question = Question.objects.get(bank=quiz.bank)
    Question.objects.filter(pk=question.pk).update(key=f"{mark.lower()}-question")
    library = library_of(course.translation_key)
    data = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(data, "PNG")
    picture = Picture.objects.create(
        title=f"{mark} picture",
        file=ContentFile(data.getvalue(), name=f"{mark}.png"),
        alt_text="A square",
        collection=library,
        uploaded_by_user=by,
    )
    handout = Handout.objects.create(
        title=f"{mark} handout", file=ContentFile(b"%PDF-1.4", name=f"{mark}.pdf"), collection=library
    )
    return World(mark, course, LessonPage.objects.get(pk=lesson.pk), quiz, question, picture, handout)


@pytest.fixture
def mine(manager: User) -> World:
    return make_world("Mine", manager)


@pytest.fixture
def theirs(manager: User) -> World:
    return make_world("Theirs", manager)


def holder_of(role: Role, course: CoursePage, manager: User) -> User:
    person = UserFactory(printed_name=f"{role.label} of one course")
    grant_role(person=person, role=role, granted_by=manager, scope_key=course.translation_key)
    return person


@pytest.fixture
def own_author(mine: World, theirs: World, manager: User) -> User:
    return holder_of(Role.AUTHOR, mine.course, manager)


def revision(page: Page) -> int:
    return Revision.objects.for_instance(page).latest("created_at").pk


BANKS, QUESTIONS = "wagtailsnippets_assessments_questionbank", "wagtailsnippets_assessments_question"
BANK_CHOOSER = "wagtailsnippetchoosers_assessments_questionbank"
QUESTION_CHOOSER = "wagtailsnippetchoosers_assessments_question"
# Every address that takes a number, by its name, with the arguments from somebody else's course.
ADDRESSES: dict[str, Callable[[World], list[Any]]] = {
    **{
        f"wagtailadmin_pages:{name}": lambda w: [w.lesson.pk]
        for name in [
            "edit",
            "preview_on_edit",
            "view_draft",
            "usage",
            "delete",
            "unpublish",
            "copy",
            "convert_alias",
            "move",
            "lock",
            "unlock",
            "set_privacy",
            "workflow_history",
            "history",
            "history_results",
            "revisions_index",
            "confirm_workflow_cancellation",
        ]
    },
    "wagtailadmin_pages:add": lambda w: ["courses", "lessonpage", w.module.pk],
    "wagtailadmin_pages:preview_on_add": lambda w: ["courses", "lessonpage", w.module.pk],
    "wagtailadmin_pages:add_subpage": lambda w: [w.module.pk],
    "wagtailadmin_pages:move_confirm": lambda w: [w.lesson.pk, w.module.pk],
    "wagtailadmin_pages:set_page_position": lambda w: [w.lesson.pk],
    "wagtailadmin_pages:revisions_view": lambda w: [w.lesson.pk, revision(w.lesson)],
    "wagtailadmin_pages:revisions_revert": lambda w: [w.lesson.pk, revision(w.lesson)],
    "wagtailadmin_pages:revisions_unschedule": lambda w: [w.lesson.pk, revision(w.lesson)],
    "wagtailadmin_pages:revisions_compare": lambda w: [w.lesson.pk, "earliest", "latest"],
    "wagtailadmin_explore": lambda w: [w.module.pk],
    "wagtailadmin_explore_results": lambda w: [w.module.pk],
    "wagtailadmin_choose_page_child": lambda w: [w.module.pk],
    "courses_cms:release": lambda w: [w.course.pk],
    "courses_cms:archive": lambda w: [w.course.pk],
    **{f"{BANKS}:{name}": lambda w: [w.bank.pk] for name in ["edit", "delete", "usage", "history", "categories"]},
    **{
        f"{QUESTIONS}:{name}": lambda w: [w.question.pk]
        for name in ["edit", "inspect", "delete", "usage", "history", "copy", "translate"]
    },
    f"{BANK_CHOOSER}:chosen": lambda w: [w.bank.pk],
    f"{QUESTION_CHOOSER}:chosen": lambda w: [w.question.pk],
    **{
        f"wagtailimages:{name}": lambda w: [w.picture.pk]
        for name in ["edit", "delete", "url_generator", "image_usage", "edit_multiple", "delete_multiple"]
    },
    "wagtailimages:preview": lambda w: [w.picture.pk, "original"],
    "wagtailimages_chooser:chosen": lambda w: [w.picture.pk],
    "wagtailimages_chooser:select_format": lambda w: [w.picture.pk],
    **{
        f"wagtaildocs:{name}": lambda w: [w.handout.pk]
        for name in ["edit", "delete", "document_usage", "edit_multiple", "delete_multiple"]
    },
    "wagtaildocs_chooser:chosen": lambda w: [w.handout.pk],
    "wagtaildocs_serve": lambda w: [w.handout.pk, w.handout.filename],
}
# Addresses that need none, or that carry it in the query.
LISTS: dict[str, Callable[[World], str]] = {
    "home": lambda w: "/cms/",
    "explorer": lambda w: f"/cms/pages/{CataloguePage.objects.get().pk}/",
    "search": lambda w: "/cms/pages/search/?q=" + w.mark,
    "lessons": lambda w: "/cms/pages/usage/courses/lessonpage/",
    "page chooser": lambda w: f"/cms/choose-page/{CataloguePage.objects.get().pk}/",
    "page chooser of lessons": lambda w: "/cms/choose-page/?page_type=courses.LessonPage",
    "page chooser search": lambda w: f"/cms/choose-page/search/?q={w.mark}",
    "chosen pages": lambda w: f"/cms/choose-page/chosen-multiple/?id={w.lesson.pk}",
    "history": lambda w: "/cms/reports/site-history/",
    "locked": lambda w: "/cms/reports/locked/",
    "workflow": lambda w: "/cms/reports/workflow/",
    "workflow tasks": lambda w: "/cms/reports/workflow_tasks/",
    "aging": lambda w: "/cms/reports/aging-pages/",
    "page types": lambda w: "/cms/reports/page-types-usage/",
    "pictures": lambda w: "/cms/images/",
    "picture search": lambda w: f"/cms/images/?q={w.mark}",
    "picture chooser": lambda w: "/cms/images/chooser/",
    "chosen pictures": lambda w: f"/cms/images/chooser/chosen-multiple/?id={w.picture.pk}",
    "files": lambda w: "/cms/documents/",
    "file chooser": lambda w: "/cms/documents/chooser/",
    "chosen files": lambda w: f"/cms/documents/chooser/chosen-multiple/?id={w.handout.pk}",
    "banks": lambda w: reverse(f"{BANKS}:list"),
    "bank form": lambda w: reverse(f"{BANKS}:add"),
    "questions": lambda w: reverse(f"{QUESTIONS}:list"),
    "bank chooser": lambda w: reverse(f"{BANK_CHOOSER}:choose"),
    "bank chooser results": lambda w: reverse(f"{BANK_CHOOSER}:choose_results"),
    "chosen banks": lambda w: reverse(f"{BANK_CHOOSER}:chosen_multiple") + f"?id={w.bank.pk}",
    "interface: pages": lambda w: "/cms/api/main/pages/",
    "interface: page": lambda w: f"/cms/api/main/pages/{w.lesson.pk}/",
    "interface: pictures": lambda w: "/cms/api/main/images/",
    "interface: picture": lambda w: f"/cms/api/main/images/{w.picture.pk}/",
    "interface: files": lambda w: "/cms/api/main/documents/",
    "interface: file": lambda w: f"/cms/api/main/documents/{w.handout.pk}/",
}
# Where somebody who sees every course would not see the word either: the list holds nothing of this kind in the test.
EMPTY_HERE = {"aging", "home", "locked", "workflow", "workflow tasks"}


THINGS = ("course", "module", "lesson", "bank", "picture", "handout")


def shows(world: World, text: str) -> bool:
    """Whether a screen shows anything of the course. The bare word may be repeated from what was searched for."""
    code = world.mark.lower()
    return any(f"{world.mark} {thing}" in text for thing in THINGS) or f"{code}-question" in text or f'"{code}"' in text


@pytest.fixture
def searchable(mine: World, theirs: World) -> None:
    call_command("update_index", verbosity=0)  # Outside of tests it follows every change, on commit.


def text_of(response: Any) -> str:
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content).decode(errors="replace")
    return str(response.content.decode(errors="replace"))


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.EDITOR])
def test_no_address_shows_or_changes_a_course_that_was_not_granted(
    mine: World, theirs: World, manager: User, as_person: AsPerson, role: Role
) -> None:
    client = as_person(holder_of(role, mine.course, manager))
    before = list(Page.objects.order_by("pk").values_list("pk", "path", "live", "locked", "latest_revision_id"))
    shown = []
    for name, arguments in ADDRESSES.items():
        url = reverse(name, args=arguments(theirs))
        for response in (client.get(url), client.post(url, {"message": "x"})):
            if response.status_code not in (302, 403, 404, 405) or theirs.mark in text_of(response):
                shown.append((name, response.request["REQUEST_METHOD"], response.status_code))
    assert shown == []
    assert before == list(Page.objects.order_by("pk").values_list("pk", "path", "live", "locked", "latest_revision_id"))
    assert Question.objects.count() == 2 and Picture.objects.count() == 2 and Handout.objects.count() == 2


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.EDITOR])
def test_no_list_shows_a_course_that_was_not_granted(
    searchable: None, mine: World, theirs: World, manager: User, as_person: AsPerson, role: Role
) -> None:
    client = as_person(holder_of(role, mine.course, manager))
    shown = []
    for name, url in LISTS.items():
        text = text_of(client.get(url(theirs), headers={"X-Requested-With": "XMLHttpRequest"}))
        if shows(theirs, text):
            shown.append(name)
    assert shown == []


def test_the_same_lists_show_it_to_those_who_see_every_course(
    searchable: None, theirs: World, author: User, as_person: AsPerson
) -> None:
    """Otherwise the test above would prove nothing."""
    client = as_person(author)
    blank = []
    for name, url in LISTS.items():
        text = text_of(client.get(url(theirs), headers={"X-Requested-With": "XMLHttpRequest"}))
        if not shows(theirs, text) and name not in EMPTY_HERE:
            blank.append(name)
    assert blank == []


# --- What was granted works --------------------------------------------------------------------------------------


def test_author_of_one_course_works_on_it(mine: World, own_author: User, as_person: AsPerson) -> None:
    client = as_person(own_author)
    names = ["wagtailadmin_pages:edit", "wagtailadmin_pages:history", "wagtailadmin_pages:add", "wagtailadmin_explore"]
    names += [f"{BANKS}:edit", f"{QUESTIONS}:edit", "wagtailimages:edit", "wagtaildocs:edit", "wagtaildocs_serve"]
    for name in names:
        assert (name, client.get(reverse(name, args=ADDRESSES[name](mine))).status_code) == (name, 200)
    for name in ("home", "explorer", "pictures", "files", "banks", "questions", "picture chooser", "bank chooser"):
        response = client.get(LISTS[name](mine), follow=True)
        assert (name, response.status_code, mine.mark in text_of(response)) == (name, 200, True)


def test_author_of_one_course_may_write_and_not_publish(mine: World, own_author: User) -> None:
    for page in (mine.course, mine.lesson):
        rights = page.permissions_for_user(own_author)
        assert (rights.can_edit(), rights.can_publish(), rights.can_submit_for_moderation()) == (True, False, True)
    assert mine.module.permissions_for_user(own_author).can_add_subpage()
    assert not CataloguePage.objects.get().permissions_for_user(own_author).can_add_subpage()


def test_grant_reaches_every_language_and_those_that_come_later(
    mine: World, own_author: User, make_french: Callable
) -> None:
    french = make_french(mine.course)
    assert french.permissions_for_user(User.objects.get(pk=own_author.pk)).can_edit()


@pytest.fixture
def make_french() -> Callable[[CoursePage], CoursePage]:
    def make(course: CoursePage) -> CoursePage:
        locale = Locale.objects.get_or_create(language_code="fr")[0]
        home = HomePage(title="Accueil", slug="accueil", locale=locale, headline="H", introduction="I")
        Page.get_first_root_node().add_child(instance=home)
        catalogue = home.add_child(instance=CataloguePage(title="Cours", slug="cours", locale=locale))
        page = CoursePage(
            title="Le mien", slug="mine", key="mine", locale=locale, summary="S", purpose="P", audience="A",
            theme="training", translation_key=course.translation_key,
        )  # fmt: skip
        return catalogue.add_child(instance=page)

    return make


def test_grant_may_come_before_the_course(manager: User) -> None:
    key = uuid4()
    person = UserFactory()
    grant_role(person=person, role=Role.AUTHOR, granted_by=manager, scope_key=key)
    course = make_course("late", modules=1, lessons=0, translation_key=key)
    assert course.permissions_for_user(User.objects.get(pk=person.pk)).can_edit()
    assert str(library_of(key)) == "Late"


def test_role_that_ended_gives_nothing(mine: World, own_author: User, as_person: AsPerson, manager: User) -> None:
    end_role(grant=own_author.role_grants.get(), ended_by=manager)
    response = as_person(User.objects.get(pk=own_author.pk)).get(f"/cms/pages/{mine.lesson.pk}/edit/")
    assert (response.status_code, response.headers["Location"].startswith("/accounts/login/")) == (302, True)


# --- Ways around -------------------------------------------------------------------------------------------------


def test_quiz_does_not_draw_from_a_bank_of_another_course(
    mine: World, theirs: World, own_author: User, as_person: AsPerson
) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[mine.quiz.pk])
    form = quiz_form(mine.quiz, theirs.bank)
    response = as_person(own_author).post(url, form)
    assert response.context["form"].errors.get("bank") == ["Choose a bank of one of your courses."]
    assert mine.quiz.get_latest_revision_as_object().bank == mine.bank


def quiz_form(quiz: QuizPage, bank: QuestionBank) -> dict:
    return nested_form_data(
        {
            "title": quiz.title,
            "slug": quiz.slug,
            "key": quiz.key,
            "purpose": "P",
            "introduction": rich_text("<p></p>"),
            "bank": bank.pk,
            "draw": 1,
            "pass_mark": 70,
            "attempts_allowed": 0,
            "selection": streamfield([]),
            **QUIZ_RULES,
            "minutes": 5,
            "stands_for": "",
            "facilitator_notes": rich_text("<p></p>"),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
        }
    )


def test_question_does_not_move_into_a_bank_of_another_course(
    mine: World, theirs: World, own_author: User, as_person: AsPerson
) -> None:
    client = as_person(own_author)
    url = reverse(f"{QUESTIONS}:edit", args=[mine.question.pk])
    form = nested_form_data(
        {
            "bank": theirs.bank.pk,
            "key": "x",
            "kind": "single_choice",
            "weight": 1,
            "prompt": rich_text("<p>?</p>"),
            "options": streamfield([]),
            "feedback": rich_text("<p></p>"),
        }
    )
    response = client.post(url, form)
    assert response.context["form"].errors["bank"] == ["Choose a bank of one of your courses."]
    assert Question.objects.get(pk=mine.question.pk).bank == mine.bank


def test_taking_the_key_of_another_course_opens_none_of_its_banks(
    mine: World, theirs: World, own_author: User, as_person: AsPerson
) -> None:
    CoursePage.objects.filter(pk=mine.course.pk).update(key=theirs.course.key)
    response = as_person(own_author).get(reverse(f"{BANKS}:edit", args=[theirs.bank.pk]), follow=True)
    assert response.status_code == 404


def test_author_does_not_say_that_experts_reviewed(mine: World, own_author: User, reviewer: User) -> None:
    form = CoursePage.get_edit_handler().get_form_class()
    for person, disabled in ((own_author, True), (reviewer, False)):
        fields = form(instance=mine.course, for_user=person).fields
        assert (fields["review_state"].disabled, fields["review_note"].disabled) == (disabled, disabled)
