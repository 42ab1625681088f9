"""What a role can be given for in this package, a course or a cohort, and what roles let one see of courses."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.domain.access import TEACHING_ROLES
from courses.domain.authors import COURSE_ROLES
from courses.models import Cohort, Course, CoursePage
from elearn.people.domain import rights, scopes, trail
from elearn.people.domain.roles import SCOPES_OF
from elearn.people.enums import Role, Scope


def search_courses(text: str) -> list[tuple[str, str]]:
    """Courses by title in any language, or by key; those in the making too, since authors begin before a release."""
    rows = CoursePage.objects.filter(Q(title__icontains=text) | Q(key__icontains=text)).order_by("title", "pk")
    keys = dict.fromkeys(str(key) for key in rows.values_list("translation_key", flat=True)[: 6 * scopes.AT_MOST])
    titles = course_titles(keys)
    return [(key, titles[key]) for key in list(keys)[: scopes.AT_MOST]]


def course_titles(keys: Iterable[str]) -> dict[str, str]:
    """The title of each course in the language of this moment, in another where it has none there, or its key."""
    wanted = _uuids(keys)
    found = {str(key): code for key, code in Course.objects.filter(key__in=wanted).values_list("key", "code")}
    pages = CoursePage.objects.filter(translation_key__in=wanted).order_by("pk")
    language = get_language()
    rows = list(pages.values_list("translation_key", "title", "locale__language_code"))
    # The reader's own language comes last and so stays.
    for key, title, _code in sorted(rows, key=lambda row: row[2] == language):
        found[str(key)] = title
    return found


def search_cohorts(text: str) -> list[tuple[str, str]]:
    wanted = Q(title__icontains=text) | Q(course__code__icontains=text)
    rows = Cohort.objects.filter(wanted).order_by("-starts_on", "pk")
    return [(str(row.public_id), f"{row.title} ({row.starts_on})") for row in rows[: scopes.AT_MOST]]


def cohort_titles(keys: Iterable[str]) -> dict[str, str]:
    rows = Cohort.objects.filter(public_id__in=_uuids(keys))
    return {str(row.public_id): row.title for row in rows}


def _uuids(keys: Iterable[str]) -> list[UUID]:
    found = []
    for key in keys:
        try:
            found.append(UUID(key))
        except ValueError:
            continue
    return found


def _where_asked(roles: Iterable[Role], *kinds: Scope) -> dict[Role, tuple[Scope, ...]]:
    """The scopes of each role, among those that `holds_role` asks about."""
    return {role: tuple(scope for scope in SCOPES_OF[role] if scope in kinds) for role in roles}


READ_AS_TRAINER = rights.Right(
    "courses.teach",
    _("read the course without being enrolled, with the notes for trainers"),
    {
        **_where_asked(TEACHING_ROLES, Scope.PLATFORM, Scope.COURSE),
        Role.TRAINER: (Scope.PLATFORM, Scope.COURSE, Scope.COHORT),
    },
)
WORK_ON_COURSE = rights.Right(
    "courses.cms", _("work on this one course in the CMS"), _where_asked(COURSE_ROLES, Scope.COURSE)
)


def register() -> None:
    """Tell the rooms of people what they may name of ours; courses.apps calls it once everything is loaded."""
    scopes.register(scopes.ScopeKind(Scope.COURSE, search_courses, course_titles))
    scopes.register(scopes.ScopeKind(Scope.COHORT, search_cohorts, cohort_titles))
    rights.register(READ_AS_TRAINER)
    rights.register(WORK_ON_COURSE)
    trail.register("completion.void", _("Took back a completion of yours"))
    trail.register("enrolment.move_up", _("Moved you up to a newer edition of a course"))
