"""What the groups of the CMS may do there. Who is in them follows from roles (elearn.people.domain.roles).

Rights on a single course, for those who were granted only that, are made in courses.domain.authors.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupPagePermission

from courses.domain import authors, review
from elearn.people.domain.roles import CMS_GROUPS
from elearn.people.enums import Role
from elearn.portal.models import HomePage

# Nobody but an administrator deletes a question: attempts point at it.
WRITE_QUESTIONS = tuple(
    f"{verb}_{model}" for verb in ("view", "add", "change") for model in ("questionbank", "question")
)
READ_QUESTIONS = ("view_questionbank", "view_question")
ON_QUESTIONS: dict[Role, tuple[str, ...]] = {
    Role.AUTHOR: WRITE_QUESTIONS,
    Role.REVIEWER: READ_QUESTIONS,
    Role.EDITOR: WRITE_QUESTIONS,
    Role.MANAGER: WRITE_QUESTIONS,
}
READ_TERMS = ("view_glossaryterm",)
WRITE_TERMS = (*READ_TERMS, "add_glossaryterm", "change_glossaryterm", "delete_glossaryterm")
ON_TERMS = {Role.AUTHOR: WRITE_TERMS, Role.REVIEWER: READ_TERMS, Role.EDITOR: WRITE_TERMS, Role.MANAGER: WRITE_TERMS}
# A rubric that no page uses may go: learners are judged by what was frozen of it.
READ_RUBRICS = ("view_rubric",)
WRITE_RUBRICS = (*READ_RUBRICS, "add_rubric", "change_rubric", "delete_rubric")
ON_RUBRICS = {
    Role.AUTHOR: WRITE_RUBRICS,
    Role.REVIEWER: READ_RUBRICS,
    Role.EDITOR: WRITE_RUBRICS,
    Role.MANAGER: WRITE_RUBRICS,
}
# What authors of single courses may choose from beside their own: logos, maps, what every course shows.
SHARED_LIBRARY = "Shared library"


@transaction.atomic
def ensure_cms_rights() -> None:
    """Let those with a role in the CMS into it, each to what the role is for, and have pages go through the review.

    Runs after every `migrate`. A group's rights are given once, and once for each new home page: what an
    administrator takes away afterwards stays away. Rights on single courses are made anew where they are missing.
    """
    for app in ("assessments", "courses", *authors.FILE_APPS):
        # Django makes an app's permissions after this package's turn has come.
        create_permissions(apps.get_app_config(app), verbosity=0)
    everything = Collection.get_first_root_node()
    # Rights on what came later than the groups: given when nobody has them, which is after the upgrade that brought it.
    terms_are_new = not Permission.objects.filter(codename__in=WRITE_TERMS, group__isnull=False).exists()
    rubrics_are_new = not Permission.objects.filter(codename__in=WRITE_RUBRICS, group__isnull=False).exists()
    recordings = Permission.objects.filter(content_type__app_label="core", codename="choose_recording")
    recordings_are_new = not recordings.filter(groupcollectionpermission__isnull=False).exists()
    for role, name in CMS_GROUPS.items():
        group, _created = Group.objects.get_or_create(name=name)
        if not group.permissions.exists():
            _let_in(group, role)
            authors.give_files(group, everything, authors.ON_FILES[role])
        if terms_are_new:
            _give_terms(group, role)
        if rubrics_are_new:
            _give_rubrics(group, role)
        if recordings_are_new:
            codenames = tuple(name for name in authors.ON_FILES[role] if name.endswith("_recording"))
            authors.give_files(group, everything, codenames)
        for home in HomePage.objects.exclude(group_permissions__group=group):
            for permission in authors.page_permissions(authors.ON_PAGES[role]):
                GroupPagePermission.objects.create(group=group, page=home, permission=permission)
    for role in authors.COURSE_ROLES:
        group, _created = Group.objects.get_or_create(name=authors.everybody_group(role))
        if not group.permissions.exists():
            _let_in(group, role)
            authors.give_files(group, _shared_library(), authors.CHOOSE_FILES)
        if terms_are_new:
            _give_terms(group, role)
        if rubrics_are_new:
            _give_rubrics(group, role)
    authors.prepare_all()
    review.ensure_workflow(HomePage.objects.all())


def _let_in(group: Group, role: Role) -> None:
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="assessments", codename__in=ON_QUESTIONS[role]),
    )


def _give_terms(group: Group, role: Role) -> None:
    group.permissions.add(*Permission.objects.filter(content_type__app_label="courses", codename__in=ON_TERMS[role]))


def _give_rubrics(group: Group, role: Role) -> None:
    codenames = ON_RUBRICS[role]
    group.permissions.add(*Permission.objects.filter(content_type__app_label="assessments", codename__in=codenames))


def _shared_library() -> Collection:
    """The collection that the groups of single courses choose from, whatever it is called by now."""
    names = [authors.everybody_group(role) for role in authors.COURSE_ROLES]
    collection = Collection.objects.filter(group_permissions__group__name__in=names).first()
    return collection or Collection.get_first_root_node().add_child(name=SHARED_LIBRARY)
