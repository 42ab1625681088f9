"""The list of cohorts, and opening one: first the course, then the rest."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from courses.domain.cohorts import listing, rights
from courses.domain.cohorts.opening import open_cohort
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.role_scopes import course_titles
from courses.forms.opening import CohortsFilterForm, OpeningForm
from courses.models import Course
from courses.views.cohorts.entrance import first_tab
from elearn.people.domain.roles import holds_role
from elearn.people.enums import Role
from elearn.people.gate import second_factor_first
from elearn.people.models import Action, User

PER_PAGE = 25


@login_required
@second_factor_first
@never_cache
def cohorts(request: HttpRequest) -> HttpResponse:
    """The cohorts that one runs, or of whose people one sees some."""
    reach, opens = rights.reach(request.user, rights.SEE), rights.reach(request.user, rights.OPEN)
    if reach.nowhere:
        raise PermissionDenied
    form = CohortsFilterForm(request.GET or None, courses=listing.courses_of(reach))
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = listing.search(
        reach, state=wanted.get("state", ""), course=wanted.get("course", ""), text=wanted.get("q", "")
    )
    page = Paginator(rows.select_related("course", "institution", "action"), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    lines = listing.lines(page.object_list, reach, rights.reach(request.user, rights.RUN))
    context = {
        "form": form,
        "page": page,
        "lines": [(line, first_tab(line.cohort, runs=line.runs)) for line in lines],
        "query": query.urlencode(),
        "opens": not opens.nowhere,
        "is_filtered": bool(query),
    }
    return render(request, "courses/cohorts/list.html", context)


@login_required
@second_factor_first
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """The courses of which one may open a cohort."""
    if rights.reach(request.user, rights.OPEN).nowhere:
        raise PermissionDenied
    text = request.GET.get("q", "")[:200].strip()
    page = Paginator(listing.courses_to_open(request.user, text), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"page": page, "text": text, "query": query.urlencode()}
    return render(request, "courses/cohorts/choose_course.html", context)


@login_required
@second_factor_first
@never_cache
def open_one(request: HttpRequest, course_key: UUID) -> HttpResponse:
    """The form of a new cohort of a course."""
    course = get_object_or_404(Course.objects.select_related("current_edition"), key=course_key)
    reach = rights.reach(request.user, rights.OPEN)
    if not reach.covers_course(course):
        raise PermissionDenied
    within_actions = not (reach.everywhere or course.key in reach.course_keys)
    form = OpeningForm(
        request.POST or None,
        course=course,
        actions=actions_within(reach) if within_actions else Action.objects.all(),
        needs_action=within_actions,
        initial=_initial(request.user, course),
    )
    if request.method == "POST" and form.is_valid():
        try:
            cohort = open_cohort(
                course=course,
                facts=form.facts(),
                trainers=form.cleaned_data["trainers"],
                edition=form.cleaned_data["edition"],
                by=request.user,
                public_id=form.cleaned_data["key"],
            )
        except CohortRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The cohort is open. Say next when its modules open, then bring people in."))
            return redirect("cohorts:schedule", cohort.public_id)
    title = course_titles([str(course.key)]).get(str(course.key), course.code)
    context = {"form": form, "course": title}
    return render(request, "courses/cohorts/open.html", context, status=422 if form.errors else 200)


def actions_within(reach: rights.CohortReach) -> QuerySet[Action]:
    """The Actions that somebody may name for a cohort whom the right reaches by them."""
    return Action.objects.all() if reach.everywhere else Action.objects.filter(pk__in=reach.action_ids)


def _initial(person: User, course: Course) -> dict[str, Any]:
    trains = holds_role(person, Role.TRAINER, course_key=course.key)
    return {
        "edition": course.current_edition_id,
        "language": get_language(),
        "time_zone": person.time_zone,
        "starts_on": timezone.localdate(),
        "has_waiting_list": True,
        "trainers": person.email if trains else "",
    }
