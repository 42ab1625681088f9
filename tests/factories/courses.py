"""Courses as authors build them: pages in the tree, then a release."""

import factory
from factory.django import DjangoModelFactory
from wagtail.models import Locale

from courses.domain.releasing import release
from courses.enums import Theme
from courses.models import CataloguePage, Course, CoursePage, Edition, Enrolment, LessonPage, ModulePage


def make_course_page(key: str = "rescue-at-sea", *, language: str = "en", **fields: object) -> CoursePage:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    parent = CataloguePage.objects.get(locale=locale)
    page = CoursePage(
        title=fields.pop("title", key.replace("-", " ").capitalize()),
        slug=key,
        key=key,
        locale=locale,
        summary="A course for tests.",
        purpose="To have a course.",
        audience="Tests.",
        theme=Theme.TRAINING,
        **fields,
    )
    parent.add_child(instance=page)
    return page


def make_module(course: CoursePage, key: str, **fields: object) -> ModulePage:
    page = ModulePage(title=key.capitalize(), slug=key, key=key, locale=course.locale, purpose="A module.", **fields)
    course.add_child(instance=page)
    return page


def make_lesson(module: ModulePage, key: str, *, body: list | None = None, **fields: object) -> LessonPage:
    page = LessonPage(
        title=fields.pop("title", key.capitalize()),
        slug=key,
        key=key,
        locale=module.locale,
        purpose="A lesson.",
        body=body if body is not None else [("text", f"<p>Text of {key}.</p>")],
        **fields,
    )
    module.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_course(key: str = "rescue-at-sea", *, modules: int = 2, lessons: int = 2, **fields: object) -> CoursePage:
    """A course page with modules `m1`, `m2` … of lessons `m1-l1`, `m1-l2` …, not released."""
    page = make_course_page(key, **fields)
    for m in range(1, modules + 1):
        module = make_module(page, f"m{m}")
        for n in range(1, lessons + 1):
            make_lesson(module, f"m{m}-l{n}")
    return CoursePage.objects.get(pk=page.pk)


def make_released_course(key: str = "rescue-at-sea", **fields: object) -> Course:
    return release(page=make_course(key, **fields), by=None).course


def add_edition(course: Course) -> Edition:
    """Release the pages of a course again."""
    return release(page=CoursePage.objects.get(translation_key=course.key), by=None)


class EnrolmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrolment

    person = factory.SubFactory("tests.factories.people.UserFactory")
    course = factory.LazyFunction(make_released_course)
    edition = factory.LazyAttribute(lambda enrolment: enrolment.course.current_edition)
