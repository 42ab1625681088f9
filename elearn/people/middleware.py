from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from elearn.people.gate import turned_away


class SecondFactorMiddleware:
    """Guards every address of the CMS, which has views of its own and no place for a decorator."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/cms/"):
            return turned_away(request) or self.get_response(request)
        return self.get_response(request)
