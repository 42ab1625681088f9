from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from elearn.urls import urlpatterns as site_patterns


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """What Django itself costs: middleware, session, one person read from the database, a line of text."""
    return HttpResponse(f"<p>{request.user.email}</p>")


urlpatterns = [path("bench/bare/", bare), *site_patterns]
