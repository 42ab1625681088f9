from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.domain.assessors import ASSESS
from courses.domain.catalogue import read_catalogue
from courses.domain.cohorts.rights import SEE
from courses.domain.tree import catalogue_addresses
from elearn.core.prepared import Prepared
from elearn.core.shelf import Shelf, this_minute
from elearn.people.domain import rights
from elearn.people.domain.places import zone_named
from elearn.portal.domain.desk import read_desk
from elearn.portal.models import HomePage

CARDS_AT_HOME = 6
_home_page = Prepared(
    lambda pk: HomePage.objects.live().filter(pk=pk).only("headline", "introduction"),
    pk=BigIntegerField(),
)
# By language, a database looks at all pages of the site.
_home_pages: Shelf[int, dict[str, int]] = Shelf(room=1)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page in a language; where that has none, the site's own language."""
    language = get_language()
    if language != settings.LANGUAGE_CODE and language not in catalogue_addresses():
        return redirect(f"/{settings.LANGUAGE_CODE}/")
    known = _home_pages.take_one(
        this_minute(), lambda: dict(HomePage.objects.live().values_list("locale__language_code", "pk"))
    )
    pages = _home_page(pk=known[language]) if language in known else []
    if not pages:
        raise Http404
    courses = read_catalogue(request.user, language, size=CARDS_AT_HOME)
    return render(request, HomePage.template, {"page": pages[0], "courses": courses})


@login_required
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    context = {
        "desk": read_desk(request.user, get_language()),
        "marks": rights.holds(request.user, ASSESS),
        "runs_cohorts": rights.holds(request.user, SEE),
    }
    with timezone.override(zone_named(request.user.time_zone)):
        return render(request, "portal/desk.html", context)


def root(request: HttpRequest) -> HttpResponse:
    """The bare address leads to the home page in the visitor's language, or in the site's own where that is missing."""
    offered = catalogue_addresses()
    wanted = get_language_from_request(request)
    language = wanted if wanted in offered else settings.LANGUAGE_CODE
    return redirect(f"/{language}/")
