"""The programme's desk: the screens of managers and focal points, one beside the other, and the way into them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache

from elearn.people.domain import rights
from elearn.people.domain.places import zone_named
from elearn.people.domain.rights import Reach, Right
from elearn.people.gate import second_factor_first
from elearn.people.models import User


@dataclass(frozen=True)
class Screen:
    """A screen of the desk: `address` is the name of its address, which takes nothing."""

    key: str
    label: str | Promise
    address: str
    right: Right
    order: int


_screens: dict[str, Screen] = {}


def register_screen(screen: Screen) -> None:
    """Give the desk one more screen, in `ready()`; upper packages too."""
    _screens[screen.key] = screen


def screens_for(person: User) -> list[Screen]:
    """The screens that are open to this person, in their order."""
    return [screen for screen in sorted(_screens.values(), key=lambda s: s.order) if rights.holds(person, screen.right)]


def desk_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, here: str, status: int = 200
) -> HttpResponse:
    """Show a template that extends components/desk.html, with the screens around it; `here` is its screen's key."""
    links = [
        {"label": screen.label, "url": reverse(screen.address), "is_here": screen.key == here}
        for screen in screens_for(request.user)
    ]
    return render(request, template, {**context, "screens": links}, status=status)


def on_desk(right: Right) -> Callable[..., Callable[..., HttpResponse]]:
    """A screen or act of those who hold the right over anything; `view(request, reach, ...)`. Others find nothing.

    What the reach does not cover the view answers with Http404. Times of day are those of the reader's own time zone.
    """

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @second_factor_first
        @never_cache
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rights.holds(request.user, right):
                raise Http404
            reach: Reach = rights.reach(request.user, right)
            with timezone.override(zone_named(request.user.time_zone)):
                return view(request, reach, *args, **kwargs)

        return inner

    return decorator
