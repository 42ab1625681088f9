from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.cache import never_cache

from elearn.portal.context import catalogue_addresses
from elearn.portal.domain.desk import read_desk


@login_required
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/desk.html", {"desk": read_desk(request.user, get_language())})


def root(request: HttpRequest) -> HttpResponse:
    """The bare address leads to the home page in the visitor's language, or in the site's own where that is missing."""
    offered = catalogue_addresses()
    wanted = get_language_from_request(request)
    language = wanted if wanted in offered else settings.LANGUAGE_CODE
    return redirect(f"/{language}/")
