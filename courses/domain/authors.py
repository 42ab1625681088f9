"""Who works on which course in the CMS: rights on its pages, and on its pictures and files, derived from role grants.

A role for the whole platform gives rights on every course (elearn.portal.domain.rights). A role for one course puts the
person in two groups: one with what everybody of that role needs (entry, questions), and one of this course, made here.
"""

from uuid import UUID

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from courses.models import Course, CourseLibrary, CoursePage
from courses.models.review import course_key_of
from elearn.people.domain.roles import CMS_GROUPS, course_keys_of, holds_role
from elearn.people.enums import Role, Scope
from elearn.people.models import RoleGrant, User

# The roles that are given for single courses and lead into the CMS.
COURSE_ROLES = (Role.AUTHOR, Role.REVIEWER, Role.EDITOR)
# Those who see the courses in the CMS at all.
CMS_ROLES = (*COURSE_ROLES, Role.MANAGER)
# A reviewer reads what is sent for review; "lock" is the smallest right with which Wagtail shows a page in its lists.
ON_PAGES: dict[Role, tuple[str, ...]] = {
    Role.AUTHOR: ("add", "change", "lock"),
    Role.REVIEWER: ("lock",),
    Role.EDITOR: ("add", "change", "publish", "lock", "unlock"),
    Role.MANAGER: ("add", "change", "publish", "lock", "unlock"),
}
# Wagtail asks for the rights on its own two models, whichever stand in for them.
CHOOSE_FILES = ("choose_image", "choose_document", "choose_recording")
WRITE_FILES = (
    *CHOOSE_FILES,
    *("add_image", "change_image", "add_document", "change_document", "add_recording", "change_recording"),
)
ON_FILES: dict[Role, tuple[str, ...]] = {
    Role.AUTHOR: WRITE_FILES,
    Role.REVIEWER: CHOOSE_FILES,
    Role.EDITOR: WRITE_FILES,
    Role.MANAGER: WRITE_FILES,
}
FILE_APPS = ("wagtailimages", "wagtaildocs", "core")


# --- Who sees what -----------------------------------------------------------------------------------------------


def may_work_on(person: User, course_key: UUID) -> bool:
    """Whether the CMS shows the person this course."""
    keys = course_keys_of(person, *CMS_ROLES)
    return person.is_superuser or keys is None or course_key in keys


def may_open(person: User, page: Page) -> bool:
    """Whether the CMS shows the person this page. What stands above the courses is the way to them."""
    return works_everywhere(person) or (key := course_key_of(page)) is None or may_work_on(person, key)


def works_everywhere(person: User) -> bool:
    """Whether the CMS shows the person every course."""
    return person.is_superuser or course_keys_of(person, *CMS_ROLES) is None


def may_state_review(person: User, course_key: UUID | None) -> bool:
    """Whether the person may write on a course page that experts have reviewed it. The key of a new page is None."""
    return person.is_superuser or holds_role(person, Role.REVIEWER, Role.EDITOR, Role.MANAGER, course_key=course_key)


def courses_of(person: User) -> QuerySet[CoursePage]:
    """The same as a filter: the course pages, in every language, that the CMS shows the person."""
    if works_everywhere(person):
        return CoursePage.objects.all()
    return CoursePage.objects.filter(translation_key__in=course_keys_of(person, *CMS_ROLES) or ())


def course_codes_of(person: User) -> set[str] | None:
    """The keys in course packages of the courses that the CMS shows the person; None for all.

    What names its course by this key (question banks) belongs to nobody's single course when two courses lay claim to
    it: an author may change the key of a page, and must not come into another course's questions by that.
    """
    if works_everywhere(person):
        return None
    mine = courses_of(person)
    codes = set(mine.values_list("key", flat=True))
    keys = set(mine.values_list("translation_key", flat=True))
    others = set(
        CoursePage.objects.filter(key__in=codes).exclude(translation_key__in=keys).values_list("key", flat=True)
    )
    others |= set(Course.objects.filter(code__in=codes).exclude(key__in=keys).values_list("code", flat=True))
    return codes - others


# --- The groups --------------------------------------------------------------------------------------------------


def everybody_group(role: Role) -> str:
    """The group of all who hold the role for single courses."""
    return f"{CMS_GROUPS[role]} of single courses"


def course_group(role: Role, course_key: UUID) -> str:
    return f"{CMS_GROUPS[role]} of course {course_key}"


def groups_of_grant(grant: RoleGrant) -> list[str]:
    """The groups that a grant for one course puts its holder in; none for any other grant."""
    if grant.scope != Scope.COURSE or grant.role not in COURSE_ROLES or grant.scope_key is None:
        return []
    return [everybody_group(Role(grant.role)), course_group(Role(grant.role), grant.scope_key)]


@transaction.atomic
def prepare_grant(grant: RoleGrant) -> None:
    """Make the group of a grant for one course, with its rights; a grant may come before the course does."""
    if groups_of_grant(grant) and grant.scope_key is not None:
        _give_rights(Role(grant.role), grant.scope_key)


@transaction.atomic
def prepare_course(page: CoursePage) -> None:
    """Give a new page of a course, in whatever language, to those who were granted the course."""
    library_of(page.translation_key)
    for role in COURSE_ROLES:
        if Group.objects.filter(name=course_group(role, page.translation_key)).exists():
            _give_rights(role, page.translation_key)


@transaction.atomic
def prepare_all() -> None:
    """Repair: make every course's library and every granted course's groups as they should be."""
    for page in CoursePage.objects.all():
        prepare_course(page)
    for grant in RoleGrant.objects.filter(scope=Scope.COURSE, role__in=COURSE_ROLES):
        prepare_grant(grant)


def _give_rights(role: Role, course_key: UUID) -> None:
    group, _created = Group.objects.get_or_create(name=course_group(role, course_key))
    permissions = page_permissions(ON_PAGES[role])
    for page in CoursePage.objects.filter(translation_key=course_key):
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
    give_files(group, library_of(course_key), ON_FILES[role])


def page_permissions(verbs: tuple[str, ...]) -> QuerySet[Permission]:
    return Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=[f"{verb}_page" for verb in verbs]
    )


def give_files(group: Group, collection: Collection, codenames: tuple[str, ...]) -> None:
    rows = Permission.objects.filter(content_type__app_label__in=FILE_APPS, codename__in=codenames)
    if rows.count() < len(codenames):
        for app in FILE_APPS:  # During the first `migrate`, Django has not made them yet.
            create_permissions(apps.get_app_config(app), verbosity=0)
    for permission in rows.all():
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


# --- Pictures and files ------------------------------------------------------------------------------------------


def library_of(course_key: UUID) -> Collection:
    """The collection of the course's pictures and files, made when it is first asked for and named after the course."""
    library = CourseLibrary.objects.select_related("collection").filter(course_key=course_key).first()
    page = CoursePage.objects.filter(translation_key=course_key).order_by("pk").first()
    name = page.title[:200] if page else str(course_key)
    if library is None:
        collection = Collection.get_first_root_node().add_child(name=name)
        library = CourseLibrary.objects.create(course_key=course_key, collection=collection)
    elif page and library.collection.name == str(course_key):
        Collection.objects.filter(pk=library.collection_id).update(name=name)
    return library.collection
