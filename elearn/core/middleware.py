from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ContentPolicyMiddleware(CSPMiddleware):
    """Sends the site's Content-Security-Policy; /cms/, which Wagtail writes, has a wider one of its own."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/cms/"):
            parts.replace = {**settings.CMS_CONTENT_POLICY, **(parts.replace or {})}
        return parts
