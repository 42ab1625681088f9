import mimetypes
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from elearn.core.recordings import MEDIA_TYPES

CHUNK = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
# What the computer's own table of types would say differs from one system to the next.
TYPES = {
    **{f".{extension}": media_type for extension, media_type in MEDIA_TYPES.items()},
    ".vtt": "text/vtt; charset=utf-8",
}


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """An author's picture or recording, on an installation without a web server in front that serves /media/ itself.

    The names of stored files never change their content, so they may be kept by the browser. An SVG opened by itself
    must run nothing: the sandbox sees to it. Players ask for a part at a time, and some telephones play nothing
    without it.
    """
    name = str(PurePosixPath(path))
    if ".." in PurePosixPath(path).parts or not default_storage.exists(name):
        raise Http404
    try:
        file = default_storage.open(name)
        size = file.size
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    response = _whole_or_part(request, file, size)
    if response.status_code != 416:
        kind = PurePosixPath(name).suffix.lower()
        guessed = TYPES.get(kind) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        response["Content-Type"] = guessed
        response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response._csp_replace = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": [""]}  # type: ignore[attr-defined]
    return response


def _whole_or_part(request: HttpRequest, file: IO[bytes], size: int) -> HttpResponseBase:
    """The file, or the one part of it that is asked for. What is no such question is answered with the whole."""
    asked = RANGE.match(request.headers.get("Range", ""))
    # If-Range speaks of a version by a tag or a date; files here have neither.
    if asked is None or asked.groups() == ("", "") or "If-Range" in request.headers:
        return FileResponse(file)
    first, last = asked.groups()
    if first and last and int(last) < int(first):
        return FileResponse(file)
    if first:
        begin, end = int(first), min(int(last or size), size - 1)
    else:
        begin, end = max(size - int(last), 0), size - 1
    if begin > end:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(_part(file, begin, end + 1 - begin), status=206)
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]
    response["Content-Range"] = f"bytes {begin}-{end}/{size}"
    response["Content-Length"] = str(end + 1 - begin)
    return response


def _part(file: IO[bytes], begin: int, length: int) -> Iterator[bytes]:
    file.seek(begin)
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk
