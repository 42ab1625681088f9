"""The way into a cohort's screens: who may, and the tabs that lead from one to the next."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache

from courses.domain.cohorts import rights
from courses.models import Cohort, CohortMember
from elearn.people.domain.places import zone_named
from elearn.people.domain.rights import Right
from elearn.people.gate import second_factor_first


@dataclass(frozen=True)
class Tab:
    """A screen of a cohort: `address` is the name of its address, which takes the cohort's `public_id`."""

    key: str
    label: str | Promise
    address: str
    right: Right
    order: int


_tabs: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    """Give a cohort one more screen. Upper packages do so in `ready()`."""
    _tabs[tab.key] = tab


@dataclass(frozen=True)
class TabLink:
    label: str
    url: str
    is_here: bool


def first_tab(cohort: Cohort, *, runs: bool) -> str:
    """Where a cohort's name leads in a list: its first screen that is open to who sees it, or runs it; "" for none."""
    held = (rights.SEE.key, rights.RUN.key) if runs else (rights.SEE.key,)
    tabs = sorted((tab for tab in _tabs.values() if tab.right.key in held), key=lambda tab: tab.order)
    return reverse(tabs[0].address, args=[cohort.public_id]) if tabs else ""


def frame_of(request: HttpRequest, cohort: Cohort, here: str) -> dict[str, Any]:
    """What every screen of a cohort shows around itself (templates/courses/cohorts/base.html)."""
    held = {right.key: rights.reach(request.user, right).covers(cohort) for right in (rights.SEE, rights.RUN)}
    tabs = [tab for tab in sorted(_tabs.values(), key=lambda tab: tab.order) if held.get(tab.right.key)]
    links = [TabLink(str(t.label), reverse(t.address, args=[cohort.public_id]), t.key == here) for t in tabs]
    return {"cohort": cohort, "tabs": links, "runs": held[rights.RUN.key]}


def of_cohort(right: Right) -> Callable[..., Callable[..., HttpResponse]]:
    """A screen or act of those whose right reaches the cohort; `view(request, cohort, ...)`. Others find nothing.

    Times of day are those of the reader's own time zone.
    """

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @second_factor_first
        @never_cache
        @wraps(view)
        def inner(request: HttpRequest, cohort_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            found = rights.reach(request.user, right).cohorts().filter(public_id=cohort_id)
            cohort = found.select_related("course", "edition", "institution", "action").first()
            if cohort is None:
                raise Http404
            cohort.edition.course = cohort.course
            with timezone.override(zone_named(request.user.time_zone)):
                return view(request, cohort, *args, **kwargs)

        return inner

    return decorator


def of_own_cohort(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A screen or act of those who take part; `view(request, member, ...)`. Others find nothing."""

    @login_required
    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, cohort_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = CohortMember.objects.seated().filter(person=request.user, cohort__public_id=cohort_id)
        member = rows.select_related("cohort__course", "cohort__edition", "enrolment").first()
        if member is None:
            raise Http404
        member.cohort.edition.course = member.cohort.course
        with timezone.override(zone_named(request.user.time_zone)):
            return view(request, member, *args, **kwargs)

    return inner
