import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from elearn.core import logs
from elearn.core.stylesheet import style_policy

requests_log = logging.getLogger("elearn.requests")

# What a proxy in front may name a request; anything else gets a name of our own.
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
NOT_LOGGED = ("/healthz", "/readyz", "/metrics")


TEXT = re.compile(r"(?:text/|application/(?:json|javascript)|image/svg\+xml)")


class CompressText(GZipMiddleware):
    """Django's compression for what is text, and not a part of a file, which would no longer be that part.

    Pictures, recordings, PDF and archives are compressed already: again, each time, they would only grow.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if "Content-Range" in response.headers or not TEXT.match(response.headers.get("Content-Type", "")):
            return response
        return super().process_response(request, response)


class RequestLog:
    """Gives every request a name that its log lines share, and writes one line about its answer.

    The line names the route and not the address, which would name courses, certificates and people.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
        name = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        request.log_name = name  # type: ignore[attr-defined]
        token = logs.request_id.set(name)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            self._note(request, response, time.perf_counter() - started)
        finally:
            logs.request_id.reset(token)
        response["X-Request-ID"] = name
        return response

    def _note(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        if request.path in NOT_LOGGED:
            return
        route = "static" if request.path.startswith(settings.STATIC_URL) else logs.route_of(request)
        if settings.METRICS_TOKEN:
            # Imported here: without a monitor nothing keeps counts, and the library writes files as it is loaded.
            from elearn.core import metrics

            with suppress(OSError):  # A full disk must not turn answers into errors.
                metrics.count_request(request.method or "", route, response.status_code, seconds)
        if requests_log.isEnabledFor(logging.INFO):
            facts = {
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            }
            requests_log.info("%s %s %s", request.method, route, response.status_code, extra={"facts": facts})


class ContentPolicyMiddleware(CSPMiddleware):
    """Sends the site's Content-Security-Policy; /cms/, which Wagtail writes, has a wider one of its own."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        parts.replace = {**style_policy(request), **(parts.replace or {})}
        # Wagtail answers a preview as if the page itself had been asked for; it is shown in a frame of the editor.
        if request.path.startswith("/cms/") or getattr(request, "is_preview", False):
            parts.replace = {**parts.replace, **settings.CMS_CONTENT_POLICY}
        return parts
