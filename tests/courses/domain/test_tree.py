"""What stands at an address: pages that are renamed, moved, edited; and that what is kept never outlives a change."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from courses.domain import archiving
from courses.domain.outline import build_outline
from courses.domain.tree import course_path, place_of, tree_of
from courses.models import Course, CoursePage, Enrolment, LessonPage, ModulePage
from elearn.core import shelf
from elearn.core.models import Picture
from elearn.people.models import User
from tests.factories.courses import make_course, make_lesson, make_released_course

AsPerson = Callable[[User | None], Client]
LESSON = "/en/courses/rescue-at-sea/m1/m1-l1/"
PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@pytest.fixture
def reader(course: Course, enrolment: Enrolment, as_person: AsPerson) -> Client:
    """The learner, who has the course open already: everything below happens to what is kept."""
    client = as_person(enrolment.person)
    for path in ("/en/courses/", "/en/courses/rescue-at-sea/", "/en/courses/rescue-at-sea/m1/", LESSON):
        assert client.get(path).status_code == 200
    return client


def wording() -> int:
    return Course.objects.get(code="rescue-at-sea").wording


def test_renamed_slug_works_at_once_and_the_old_address_is_gone(reader: Client) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.slug = "renamed"
    lesson.save_revision().publish()
    assert reader.get(LESSON).status_code == 404
    assert reader.get("/en/courses/rescue-at-sea/m1/renamed/").status_code == 200
    assert 'href="/en/courses/rescue-at-sea/m1/renamed/"' in reader.get("/en/courses/rescue-at-sea/").content.decode()


def test_renamed_course_takes_all_its_addresses_along(reader: Client) -> None:
    page = CoursePage.objects.get()
    page.slug = "rescue"
    page.save_revision().publish()
    assert [reader.get(path).status_code for path in ("/en/courses/rescue-at-sea/", LESSON)] == [404, 404]
    assert reader.get("/en/courses/rescue/").status_code == 200
    assert reader.get("/en/courses/rescue/m1/m1-l1/").status_code == 200
    assert 'href="/en/courses/rescue/"' in reader.get("/en/courses/").content.decode()


def test_another_course_takes_over_an_address(reader: Client, enrolment: Enrolment) -> None:
    page = CoursePage.objects.get()
    make_released_course("newcomer")
    newcomer = CoursePage.objects.get(key="newcomer")
    assert reader.get(newcomer.url).status_code == 200
    page.slug = "rescue"
    page.save_revision().publish()
    newcomer.slug = "rescue-at-sea"
    newcomer.save_revision().publish()
    assert "<h1>Newcomer</h1>" in reader.get("/en/courses/rescue-at-sea/").content.decode()
    # What belongs to the newcomer is not open to learners of the course that stood there before.
    assert reader.get(LESSON).headers["Location"] == "/en/courses/rescue-at-sea/"
    assert "<h1>Rescue at sea</h1>" in reader.get("/en/courses/rescue/").content.decode()
    assert reader.get("/en/courses/rescue/m1/m1-l1/").status_code == 200


def test_moved_page_is_found_where_it_is_now(reader: Client) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.move(ModulePage.objects.get(key="m2"), pos="last-child")
    assert reader.get(LESSON).status_code == 404
    assert reader.get("/en/courses/rescue-at-sea/m2/m1-l1/").status_code == 200


def test_renamed_module_takes_its_lessons_along(reader: Client) -> None:
    module = ModulePage.objects.get(key="m1")
    module.slug = "first"
    module.save_revision().publish()
    assert reader.get(LESSON).status_code == 404
    assert reader.get("/en/courses/rescue-at-sea/first/m1-l1/").status_code == 200


def test_refused_unpublishing_leaves_the_page_readable(reader: Client) -> None:
    before = wording()
    with pytest.raises(archiving.HasRecords):
        LessonPage.objects.get(key="m1-l1").unpublish()
    assert reader.get(LESSON).status_code == 200
    assert wording() == before


def test_page_taken_down_is_gone_and_back_when_it_is_published_again(
    course: Course, admin: User, client: Client
) -> None:
    lesson = make_lesson(ModulePage.objects.get(key="m1"), "new")
    client.force_login(admin)
    assert client.get(lesson.url).status_code == 200
    lesson.unpublish()
    assert client.get(lesson.url).status_code == 404
    lesson.save_revision().publish()
    assert client.get(lesson.url).status_code == 200


def test_published_title_and_text_show_at_once(reader: Client) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.title = "A better title"
    lesson.body = [("text", "<p>Better words.</p>")]
    lesson.save_revision().publish()
    page = reader.get(LESSON).content.decode()
    assert "<h1>A better title</h1>" in page
    assert ("Better words." in page, "Text of m1-l1." in page) == (True, False)
    assert "A better title" in reader.get("/en/courses/rescue-at-sea/").content.decode()
    assert "A better title" in reader.get("/en/courses/rescue-at-sea/m1/m1-l2/").content.decode()


def test_stored_draft_moves_no_stamp_and_shows_nothing(reader: Client) -> None:
    before = wording()
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.title = "Not yet"
    lesson.save_revision()
    assert wording() == before
    assert "Not yet" not in reader.get(LESSON).content.decode()


def test_every_change_of_a_live_page_moves_the_stamp_of_its_course_alone(course: Course) -> None:
    other = make_released_course("other")
    before, others = wording(), Course.objects.get(pk=other.pk).wording
    LessonPage.objects.get(translation_key=course.units.first().key).save_revision().publish()
    assert wording() > before
    assert Course.objects.get(pk=other.pk).wording == others


def test_change_above_the_courses_moves_every_stamp(course: Course) -> None:
    other = make_released_course("other")
    before = [wording(), Course.objects.get(pk=other.pk).wording]
    catalogue = CoursePage.objects.get(key="other").get_parent()
    catalogue.slug = "learning"
    catalogue.save()
    after = [wording(), Course.objects.get(pk=other.pk).wording]
    assert all(new > old for new, old in zip(after, before, strict=True))
    outline = build_outline(Course.objects.select_related("current_edition").get(pk=other.pk).current_edition, "en", {})
    assert outline.units[0].url == "/en/learning/other/m1/m1-l1/"


def test_alternative_text_of_a_picture_shows_within_a_minute(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Picture(title="Harbour", alt_text="A harbour", file=ContentFile(PIXEL, "harbour.gif"))
    picture.save()
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.body = [("picture", {"file": picture, "alt": "", "caption": ""})]
    now = 1.0 * shelf.RENEWED_AFTER
    monkeypatch.setattr(shelf.time, "time", lambda: now)
    lesson.save_revision().publish()
    assert 'alt="A harbour"' in reader.get(LESSON).content.decode()
    picture.alt_text = "A harbour at dawn"
    picture.save()
    monkeypatch.setattr(shelf.time, "time", lambda: now + shelf.RENEWED_AFTER)
    assert 'alt="A harbour at dawn"' in reader.get(LESSON).content.decode()


def test_course_before_its_first_release_is_never_kept(author: User, as_person: AsPerson) -> None:
    page = make_course()
    client = as_person(author)
    assert "<h1>Rescue at sea</h1>" in client.get(page.url).content.decode()
    # Past every signal, as a script might do it: what has no stamp must be read anew each time.
    CoursePage.objects.filter(pk=page.pk).update(title="Unheard of")
    assert "<h1>Unheard of</h1>" in client.get(page.url).content.decode()


def test_tree_of_a_language_without_the_course_is_none(course: Course) -> None:
    assert tree_of(course.key, "ar", course.wording) is None


def test_place_of_a_page_is_the_one_at_its_address(course: Course) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    place = place_of(lesson)
    assert (place.page.url, place.course_url, place.language) == (LESSON, "/en/courses/rescue-at-sea/", "en")
    assert tree_of(course.key, "en", wording()).by_url[LESSON] == place.page


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("courses/rescue-at-sea/", "/home/courses/rescue-at-sea/"),
        ("courses/rescue-at-sea/m1/m1-l1/", "/home/courses/rescue-at-sea/"),
        ("courses/", None),
        ("elsewhere/rescue-at-sea/", None),
        ("", None),
    ],
)
def test_course_of_an_address(db: None, address: str, path: str | None) -> None:
    assert course_path("en", address) == path
    assert course_path("xx", address) is None
