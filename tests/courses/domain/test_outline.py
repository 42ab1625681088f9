import pytest

from courses.domain.outline import build_outline, build_outlines, completions_of
from courses.domain.progress import complete_unit
from courses.models import Course, Enrolment, Unit
from tests.factories.courses import make_released_course


def complete(enrolment: Enrolment, *codes: str) -> None:
    for code in codes:
        complete_unit(enrolment=enrolment, unit=Unit.objects.get(code=code), language="en", revision=None)


def outline_of(enrolment: Enrolment):
    return build_outline(enrolment.edition, "en", completions_of(enrolment))


def test_outline_holds_titles_and_addresses_in_order(course: Course) -> None:
    outline = build_outline(course.current_edition, "en", {})
    assert [(unit.title, unit.url) for unit in outline.units] == [
        ("M1-l1", "/en/courses/rescue-at-sea/m1/m1-l1/"),
        ("M1-l2", "/en/courses/rescue-at-sea/m1/m1-l2/"),
        ("M2-l1", "/en/courses/rescue-at-sea/m2/m2-l1/"),
        ("M2-l2", "/en/courses/rescue-at-sea/m2/m2-l2/"),
    ]
    assert (outline.done, outline.required, outline.percent, outline.started) == (0, 4, 0, False)


@pytest.mark.parametrize(
    ("done", "resume"),
    [
        ([], "M1-l1"),
        (["m1-l1"], "M1-l2"),
        (["m1-l2"], "M2-l1"),
        (["m2-l2"], "M1-l1"),
        (["m1-l1", "m2-l1", "m2-l2"], "M1-l2"),
    ],
)
def test_resume_goes_on_after_the_last_unit_done(enrolment: Enrolment, done: list[str], resume: str) -> None:
    complete(enrolment, *done)
    assert outline_of(enrolment).resume.title == resume


def test_outline_of_a_completed_course(enrolment: Enrolment) -> None:
    complete(enrolment, "m1-l1", "m1-l2", "m2-l1")
    outline = outline_of(enrolment)
    assert [module.is_complete for module in outline.modules] == [True, False]
    assert (outline.done, outline.percent) == (3, 75)
    complete(enrolment, "m2-l2")
    assert (outline_of(enrolment).percent, outline_of(enrolment).resume) == (100, None)


@pytest.mark.parametrize("how_many", [1, 3])
def test_outlines_take_two_queries_once_however_many(db: None, how_many: int, django_assert_num_queries) -> None:
    courses = [make_released_course(f"course-{number}") for number in range(how_many)]
    for course in courses:
        course.refresh_from_db()
        course.current_edition.course = course
    with django_assert_num_queries(2):
        assert len(build_outlines([(course.current_edition, {}) for course in courses], "en")) == how_many
    with django_assert_num_queries(0):
        outlines = build_outlines([(course.current_edition, {}) for course in courses], "en")
    assert [outline.course.title for outline in outlines] == [f"Course {number}" for number in range(how_many)]
