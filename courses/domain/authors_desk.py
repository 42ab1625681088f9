"""The first screen of the CMS for authors, reviewers and editors: their courses, and what is under way."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from wagtail.models import Page, TaskState, WorkflowState

from courses.domain.authors import courses_of, works_everywhere
from courses.models import CataloguePage, Course, CoursePage
from courses.models.pages import COURSE_DEPTH
from elearn.people.models import User

COURSE_PATH = COURSE_DEPTH * Page.steplen


@dataclass(frozen=True)
class CourseLine:
    """A course in one language. `drafts` are pages with something that learners do not see yet."""

    page: CoursePage
    edition: int | None
    archived: bool
    drafts: int
    in_review: int
    waiting_for_you: int


def place_for_a_course(person: User) -> CataloguePage | None:
    """Where the person may begin a new course; None for those who work on single courses, or write none."""
    if not works_everywhere(person):
        return None
    catalogue = CataloguePage.objects.order_by("pk").first()
    return catalogue if catalogue and catalogue.permissions_for_user(person).can_add_subpage() else None


def course_lines(person: User) -> list[CourseLine]:
    """The courses that the CMS shows the person, in every language, with what is under way.

    The number of queries does not grow with the courses.
    """
    pages = list(courses_of(person).select_related("locale").order_by("title", "locale__language_code"))
    paths = [page.path for page in pages]
    editions = {
        course.key: course
        for course in Course.objects.filter(key__in=[page.translation_key for page in pages]).select_related(
            "current_edition"
        )
    }
    drafts = _by_course(Page.objects.filter(has_unpublished_changes=True), paths)
    in_review = _by_course(_pages_of(WorkflowState.objects.active().values_list("object_id", flat=True)), paths)
    yours = TaskState.objects.reviewable_by(person).values_list("workflow_state__object_id", flat=True)
    waiting = _by_course(_pages_of(yours), paths)
    lines = []
    for page in pages:
        course = editions.get(page.translation_key)
        lines.append(
            CourseLine(
                page=page,
                edition=course.current_edition.number if course and course.current_edition else None,
                archived=bool(course and course.archived_at),
                drafts=drafts[page.path],
                in_review=in_review[page.path],
                waiting_for_you=waiting[page.path],
            )
        )
    return lines


def _pages_of(object_ids: QuerySet) -> QuerySet:
    return Page.objects.filter(pk__in=[int(pk) for pk in object_ids])


def _by_course(pages: QuerySet, paths: list[str]) -> Counter[str]:
    known = set(paths)
    found = pages.filter(depth__gte=COURSE_DEPTH).values_list("path", flat=True)
    return Counter(path[:COURSE_PATH] for path in found if path[:COURSE_PATH] in known)
