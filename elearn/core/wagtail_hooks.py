from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.api.v2.router import WagtailAPIRouter

from elearn.core import cms, files
from elearn.core.models import Handout, Picture


@hooks.register("before_serve_document")
def only_the_cms_opens_files_here(document: Model, request: HttpRequest) -> None:
    """Wagtail's own address of a file is for its editors; learners get it through the lesson that offers it."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied


# --- What is used is not deleted ---------------------------------------------------------------------------------


@hooks.register("register_admin_urls", order=-10)
def delete_screens_that_say_why_not() -> list[URLPattern]:
    """Wagtail has no hook before an image or document is deleted: ours stand at the same addresses, before its own."""
    return [
        path("images/<int:image_id>/delete/", cms.PictureDeleteView.as_view()),
        path("documents/delete/<int:document_id>/", cms.HandoutDeleteView.as_view()),
    ]


@hooks.register("before_bulk_action")
def refuse_deleting_used_files(
    request: HttpRequest, action_type: str, objects: list, action_class: object
) -> HttpResponse | None:
    used = [item for item in objects if isinstance(item, Picture | Handout)]
    if action_type != "delete" or not used:
        return None
    try:
        files.refuse_if_used(used)
    except files.FileInUse as refusal:
        messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    return None


@hooks.register("construct_admin_api")
def whole_or_not_at_all(router: WagtailAPIRouter) -> None:
    router.register_endpoint("pages", cms.PagesAPI)


# --- People ------------------------------------------------------------------------------------------------------


def _refuse_person(request: HttpRequest) -> HttpResponse:
    messages.error(
        request,
        _(
            "Nothing was changed. Accounts are not managed here: people sign up and set their passwords themselves, "
            "and nobody is deleted, since records rest on people."
        ),
    )
    return redirect("wagtailusers_users:index")


@hooks.register("before_create_user")
def refuse_adding_a_person(request: HttpRequest) -> HttpResponse:
    return _refuse_person(request)


@hooks.register("before_edit_user")
@hooks.register("before_delete_user")
def refuse_changing_a_person(request: HttpRequest, person: Model) -> HttpResponse:
    return _refuse_person(request)


@hooks.register("before_bulk_action")
def refuse_deleting_people(
    request: HttpRequest, action_type: str, objects: list, action_class: object
) -> HttpResponse | None:
    people = any(isinstance(item, get_user_model()) for item in objects)
    return _refuse_person(request) if people and action_type == "delete" else None
