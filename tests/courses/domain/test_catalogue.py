"""The courses on offer: their order, their pages, and the language in which each is shown."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from wagtail.models import Locale

from courses.domain.archiving import set_archived
from courses.domain.catalogue import _stamp, read_catalogue
from courses.domain.progress import complete_unit
from courses.domain.releasing import release
from courses.models import CataloguePage, Course, CoursePage, Unit
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course, make_lesson, make_module, make_released_course

AsPerson = Callable[[User | None], Client]


def titles(person: User | AnonymousUser, language: str = "en", **asked: int) -> list[str]:
    return [card.title for card in read_catalogue(person, language, **asked).cards]


def small_courses(*keys: str) -> list[Course]:
    return [make_released_course(key, modules=1, lessons=1) for key in keys]


def test_running_courses_come_first_then_all_by_title(learner: User) -> None:
    _alpha, beta, gamma = small_courses("alpha", "beta", "gamma")
    EnrolmentFactory(person=learner, course=gamma)
    done = EnrolmentFactory(person=learner, course=beta)
    complete_unit(enrolment=done, unit=Unit.objects.get(course=beta), language="en", revision=None)
    cards = read_catalogue(learner, "en").cards
    assert [(card.title, card.state, card.percent) for card in cards] == [
        ("Gamma", "active", 0),
        ("Alpha", None, 0),
        ("Beta", "completed", 100),
    ]
    assert titles(AnonymousUser()) == ["Alpha", "Beta", "Gamma"]


def test_pages_hold_each_course_once(learner: User) -> None:
    courses = small_courses("a", "b", "c", "d", "e")
    EnrolmentFactory(person=learner, course=courses[4])
    pages = [read_catalogue(learner, "en", page=number, size=2) for number in (1, 2, 3)]
    assert [[card.title for card in page.cards] for page in pages] == [["E", "A"], ["B", "C"], ["D"]]
    assert [(page.previous, page.page, page.next, page.pages, page.total) for page in pages] == [
        (None, 1, 2, 3, 5),
        (1, 2, 3, 3, 5),
        (2, 3, None, 3, 5),
    ]


@pytest.mark.parametrize("asked", ["0", "-1", "99", "10000", "1e3", "x", "", "2 OR 1=1", "٢", "9" * 5000, "<script>"])
def test_any_page_that_is_asked_for_is_one_that_there_is(db: None, as_person: AsPerson, asked: str) -> None:
    small_courses("alpha")
    response = as_person(None).get("/en/courses/", {"page": asked})
    assert response.status_code == 200
    assert "Alpha" in response.content.decode()
    assert "<script>x" not in response.content.decode()


def test_course_without_the_language_is_shown_in_another(learner: User) -> None:
    french = Locale.objects.create(language_code="fr")
    CataloguePage.objects.get().copy_for_translation(french, copy_parents=True, alias=False).save_revision().publish()
    small_courses("english")
    both = make_course("both", modules=1, lessons=1)
    own = both.copy_for_translation(french)
    own.title, own.live = "Les deux", True
    own.save_revision().publish()
    for page in both.get_descendants():
        page.specific.copy_for_translation(french).save_revision().publish()
    release(page=both, by=None)
    make_lesson(make_module(make_french("seul", french), "m1"), "l1")
    release(page=CoursePage.objects.get(key="seul"), by=None)
    assert titles(learner, "fr") == ["English", "Les deux", "Seul"]
    assert titles(learner, "en") == ["Both", "English", "Seul"]
    urls = {card.title: card.url for card in read_catalogue(learner, "en").cards}
    assert (urls["Both"], urls["Seul"]) == ("/en/courses/both/", CoursePage.objects.get(key="seul").url)


def make_french(key: str, locale: Locale) -> CoursePage:
    page = CoursePage(
        title="Seul",
        slug=key,
        key=key,
        locale=locale,
        summary="Un cours.",
        purpose="Essayer.",
        audience="Tous.",
        theme="training",
    )
    CataloguePage.objects.get(locale=locale).add_child(instance=page)
    return page


def test_one_course_comes_out_of_the_archive_and_another_goes_in(learner: User) -> None:
    small_courses("alpha", "beta")
    alpha, beta = CoursePage.objects.get(key="alpha"), CoursePage.objects.get(key="beta")
    assert titles(learner) == ["Alpha", "Beta"]
    set_archived(page=alpha, archived=True, by=None)
    assert titles(learner) == ["Beta"]
    set_archived(page=alpha, archived=False, by=None)
    set_archived(page=beta, archived=True, by=None)
    assert titles(learner) == ["Alpha"]


def test_course_that_comes_back_is_not_taken_for_the_one_that_was_there_before(learner: User) -> None:
    """A list that was read a moment after its stamp must not be found again under the same stamp."""
    small_courses("alpha")
    before = _stamp()
    for archived in (True, False):
        set_archived(page=CoursePage.objects.get(key="alpha"), archived=archived, by=None)
    assert _stamp() != before


def test_new_release_counts_at_once_for_those_who_are_not_enrolled(learner: User, stranger: User) -> None:
    course = make_released_course("alpha", modules=1, lessons=1)
    EnrolmentFactory(person=learner, course=course)
    before = read_catalogue(stranger, "en").cards[0].hours
    module = CoursePage.objects.get().get_children().get().specific
    make_lesson(module, "long", minutes=600)
    release(page=CoursePage.objects.get(), by=None)
    assert read_catalogue(stranger, "en").cards[0].hours > before
    assert read_catalogue(learner, "en").cards[0].hours == before


@pytest.mark.parametrize("how_many", [1, 3])
def test_catalogue_takes_as_many_queries_with_one_course_as_with_three(
    learner: User, how_many: int, django_assert_num_queries
) -> None:
    for course in small_courses(*(f"course-{number}" for number in range(how_many))):
        EnrolmentFactory(person=learner, course=course)
    titles(learner)
    with django_assert_num_queries(3):
        assert len(titles(learner)) == how_many
