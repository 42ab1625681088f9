import pytest
from wagtail.models import Locale, Page

from courses.domain import releasing
from courses.domain.archiving import set_archived
from courses.domain.releasing import ReleaseRefused, plan_release, release
from courses.models import Course, CoursePage, Edition, LessonPage, ModulePage, Unit
from courses.models.edition import UnitEntry
from elearn.people.models import User
from tests.factories.courses import add_edition, make_course, make_course_page, make_lesson, make_module


def codes(edition: Edition) -> list[str]:
    return named(tuple(edition.structure.variants[0].units()))


def named(units: tuple[UnitEntry, ...]) -> list[str]:
    return [unit.code for unit in units]


def test_first_release_makes_course_and_units(manager: User, db: None) -> None:
    page = make_course()
    plan = plan_release(page)
    assert (plan.number, plan.is_first, plan.problems) == (1, True, [])
    assert Course.objects.count() == 0
    edition = release(page=page, by=manager, note="First", expected_digest=plan.digest)
    assert (edition.number, edition.note, edition.released_by) == (1, "First", manager)
    assert codes(edition) == ["m1-l1", "m1-l2", "m2-l1", "m2-l2"]
    assert edition.course.current_edition == edition
    assert edition.course.key == page.translation_key
    assert set(Unit.objects.values_list("key", flat=True)) == set(
        LessonPage.objects.values_list("translation_key", flat=True)
    )


def test_drafts_stand_outside_the_edition(db: None) -> None:
    page = make_course(modules=1, lessons=1)
    draft = make_module(page, "m9")
    make_lesson(draft, "m9-l1")
    draft.unpublish()
    lesson = make_lesson(ModulePage.objects.get(key="m1"), "m1-l9")
    lesson.unpublish()
    assert codes(release(page=page, by=None)) == ["m1-l1"]


def test_second_release_names_what_changes(course: Course) -> None:
    page = CoursePage.objects.get(translation_key=course.key)
    first, second = ModulePage.objects.get(key="m1"), ModulePage.objects.get(key="m2")
    make_lesson(first, "m1-new")
    LessonPage.objects.filter(key="m2-l1").update(minutes=99)
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.move(ModulePage.objects.get(pk=second.pk), pos="last-child")
    set_archived(page=LessonPage.objects.get(key="m2-l2"), archived=True, by=None)
    plan = plan_release(page)
    difference = plan.difference
    assert (plan.number, named(difference.added), named(difference.removed)) == (2, ["m1-new"], ["m2-l2"])
    assert [(was.code, was.minutes, now.minutes) for was, now in difference.changed] == [("m2-l1", 15, 99)]
    assert named(difference.moved) == ["m1-l1"]
    edition = release(page=page, by=None, expected_digest=plan.digest)
    assert codes(edition) == ["m1-l2", "m1-new", "m2-l1", "m1-l1"]
    assert codes(course.editions.get(number=1)) == ["m1-l1", "m1-l2", "m2-l1", "m2-l2"]


def test_unit_moved_to_the_module_before_is_named(course: Course) -> None:
    lesson = LessonPage.objects.get(key="m2-l1")
    lesson.move(ModulePage.objects.get(key="m1"), pos="last-child")
    plan = plan_release(CoursePage.objects.get(translation_key=course.key))
    difference = plan.difference
    assert (plan.differs, named(difference.moved), difference.added, difference.removed) == (True, ["m2-l1"], (), ())


def test_other_title_and_certificate_are_named(course: Course) -> None:
    CoursePage.objects.update(edition_title="Second", award="achievement")
    plan = plan_release(CoursePage.objects.get(translation_key=course.key))
    assert (plan.difference.other_award, plan.difference.other_titles) == (True, ("en",))


def test_course_without_a_required_unit_is_refused(db: None) -> None:
    page = make_course(modules=1, lessons=1)
    LessonPage.objects.update(required=False)
    with pytest.raises(ReleaseRefused, match="nobody could complete it"):
        release(page=page, by=None)


def test_two_modules_with_one_key_are_refused(db: None) -> None:
    page = make_course(modules=2, lessons=1)
    ModulePage.objects.filter(key="m2").update(key="m1")
    with pytest.raises(ReleaseRefused, match="Two modules"):
        release(page=page, by=None)


def test_release_without_a_difference_is_refused(course: Course) -> None:
    with pytest.raises(ReleaseRefused):
        add_edition(course)
    assert course.editions.count() == 1


def test_release_of_a_plan_that_is_no_longer_true_is_refused(course: Course) -> None:
    page = CoursePage.objects.get(translation_key=course.key)
    LessonPage.objects.filter(key="m2-l1").update(minutes=99)
    digest = plan_release(page).digest
    LessonPage.objects.filter(key="m2-l1").update(minutes=98)
    with pytest.raises(ReleaseRefused, match="changed since this preview"):
        release(page=page, by=None, expected_digest=digest)
    assert course.editions.count() == 1


def test_course_that_is_archived_while_it_is_released_is_not(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    page = CoursePage.objects.get(translation_key=course.key)
    LessonPage.objects.filter(key="m2-l1").update(minutes=99)

    def plan_and_be_overtaken(page: CoursePage) -> releasing.ReleasePlan:
        plan = plan_release(page)
        set_archived(page=page, archived=True, by=None)
        return plan

    monkeypatch.setattr(releasing, "plan_release", plan_and_be_overtaken)
    with pytest.raises(ReleaseRefused, match="changed since this preview"):
        release(page=page, by=None)
    assert course.editions.count() == 1


def test_release_of_an_empty_course_is_refused_and_leaves_nothing(db: None) -> None:
    with pytest.raises(ReleaseRefused):
        release(page=make_course_page(), by=None)
    assert Course.objects.count() == 0


def test_copied_course_cannot_take_over_the_records_of_the_original(course: Course) -> None:
    original = CoursePage.objects.get(translation_key=course.key)
    copy = original.copy(recursive=True, update_attrs={"slug": "copy", "title": "Copy"})
    with pytest.raises(ReleaseRefused, match="Another course has the key"):
        release(page=copy, by=None)


def test_new_page_under_the_key_of_an_archived_unit_is_refused(course: Course) -> None:
    set_archived(page=LessonPage.objects.get(key="m1-l1"), archived=True, by=None)
    new = make_lesson(ModulePage.objects.get(key="m2"), "another")
    LessonPage.objects.filter(pk=new.pk).update(key="m1-l1")
    with pytest.raises(ReleaseRefused, match="belongs to another unit"):
        add_edition(course)


def test_languages_with_other_units_in_one_variant_are_refused(course: Course) -> None:
    page = CoursePage.objects.get(translation_key=course.key)
    french = Locale.objects.create(language_code="fr")
    home = page.get_parent().get_parent().copy_for_translation(french)
    page.get_parent().copy_for_translation(french)
    translated = page.copy_for_translation(french)
    ModulePage.objects.get(key="m1").copy_for_translation(french)
    LessonPage.objects.get(key="m1-l1").copy_for_translation(french)
    for draft in Page.objects.filter(locale=french):
        draft.specific.save_revision().publish()
    assert home.locale == french
    with pytest.raises(ReleaseRefused, match="fr does not have the same units"):
        release(page=page, by=None)
    CoursePage.objects.filter(pk=translated.pk).update(variant="condensed")
    edition = release(page=page, by=None)
    assert [(v.kind, v.languages, len(list(v.units()))) for v in edition.structure.variants] == [
        ("full", ("en",), 4),
        ("condensed", ("fr",), 1),
    ]
