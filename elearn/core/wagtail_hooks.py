from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from wagtail import hooks


@hooks.register("before_serve_document")
def only_the_cms_opens_files_here(document: Model, request: HttpRequest) -> None:
    """Wagtail's own address of a file is for its editors; learners get it through the lesson that offers it."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
