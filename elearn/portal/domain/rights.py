"""What the groups of the CMS may do there. Who is in them follows from roles (elearn.people.domain.roles)."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from elearn.people.domain.roles import CMS_GROUPS
from elearn.portal.models import HomePage

ON_PAGES = ("add", "change", "publish", "lock", "unlock")
# Wagtail asks for the rights on its own two models, whichever stand in for them.
ON_FILES = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")
# Nobody but an administrator deletes a question: attempts point at it.
ON_QUESTIONS = tuple(f"{verb}_{model}" for verb in ("view", "add", "change") for model in ("questionbank", "question"))
APPS = ("wagtailimages", "wagtaildocs", "assessments")


@transaction.atomic
def ensure_cms_rights() -> None:
    """Let authors and programme managers into /cms/, to pages below the home pages, files and questions.

    Runs after every `migrate`. A group's rights are given once, and once for each new home page: what an
    administrator takes away afterwards stays away.
    """
    for app in APPS:
        # Django makes an app's permissions after this package's turn has come.
        create_permissions(apps.get_app_config(app), verbosity=0)
    for name in CMS_GROUPS.values():
        group, _created = Group.objects.get_or_create(name=name)
        if not group.permissions.exists():
            _give_rights_everywhere(group)
        for home in HomePage.objects.exclude(group_permissions__group=group):
            for verb in ON_PAGES:
                GroupPagePermission.objects.create(group=group, page=home, permission_type=verb)


def _give_rights_everywhere(group: Group) -> None:
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="assessments", codename__in=ON_QUESTIONS),
    )
    collection = Collection.get_first_root_node()
    for permission in Permission.objects.filter(content_type__app_label__in=APPS, codename__in=ON_FILES):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
