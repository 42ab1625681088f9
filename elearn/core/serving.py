from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """An author's picture, on an installation without a web server in front that serves /media/ itself.

    The names of stored files never change their content, so they may be kept by the browser. An SVG opened by itself
    must run nothing: the sandbox sees to it.
    """
    name = str(PurePosixPath(path))
    if ".." in PurePosixPath(path).parts or not default_storage.exists(name):
        raise Http404
    try:
        file = default_storage.open(name)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    response = FileResponse(file)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response._csp_replace = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": [""]}  # type: ignore[attr-defined]
    return response
