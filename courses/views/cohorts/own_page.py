"""A cohort's page for those who take part: its dates, trainers and sessions, and what other parts add to it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.domain.cohorts.own_cohort import read_own_cohort
from courses.models import CohortMember
from courses.views.cohorts.entrance import of_own_cohort


@dataclass(frozen=True)
class Section:
    """A part of the page. `read` answers what its template finds as `section`, or None where there is nothing to show.

    The template also has `member` and `cohort`. Sessions stand before all sections; lower orders come first.
    """

    key: str
    order: int
    template: str
    read: Callable[[CohortMember], object | None]


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Give the page one more part. Called in `ready()`."""
    _sections[section.key] = section


@of_own_cohort
@require_safe
def own(request: HttpRequest, member: CohortMember) -> HttpResponse:
    found = [(each.template, each.read(member)) for each in sorted(_sections.values(), key=lambda each: each.order)]
    context = {
        "member": member,
        "cohort": member.cohort,
        "view": read_own_cohort(member),
        "sections": [(template, content) for template, content in found if content is not None],
    }
    return render(request, "courses/cohorts/own.html", context)
