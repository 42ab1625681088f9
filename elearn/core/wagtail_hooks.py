from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin import messages
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.permissions import policy_registry
from wagtail.snippets.models import register_snippet

from elearn.core import cms, files

register_snippet(cms.RecordingViewSet)


@hooks.register("before_serve_document")
def only_the_cms_opens_files_here(document: Model, request: HttpRequest) -> None:
    """Wagtail's own address of a file is for those who may use it in the CMS; learners get it through the lesson."""
    policy = policy_registry.get(document)
    if not (
        request.user.has_perm("wagtailadmin.access_admin")
        and policy.user_has_any_permission_for_instance(request.user, ["choose", "change"], document)
    ):
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
    used = files.guarded(objects)
    if action_type != "delete" or not used:
        return None
    try:
        files.refuse_if_used(used)
    except files.FileInUse as refusal:
        messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    return None


@hooks.register("before_delete_snippet")
def refuse_deleting_used_snippets(request: HttpRequest, objects: list) -> HttpResponse | None:
    """Before the question whether to delete, as for pictures and files."""
    used = files.guarded(objects)
    try:
        files.refuse_if_used(used)
    except files.FileInUse as refusal:
        messages.error(request, str(refusal))
        return redirect(used[0].snippet_viewset.get_url_name("edit"), used[0].pk)  # type: ignore[attr-defined]
    return None


@hooks.register("construct_admin_api")
def whole_or_not_at_all(router: WagtailAPIRouter) -> None:
    router.register_endpoint("pages", cms.PagesAPI)
