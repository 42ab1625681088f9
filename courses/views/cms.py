"""Screens in /cms/: checking a course, releasing an edition, and the archive."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.domain import archiving, releasing
from courses.domain.lint.checking import check_course
from courses.domain.release_preview import preview_release
from courses.forms.courses import ReleaseForm
from courses.models import CoursePage


def _publishable(request: HttpRequest, page: Page) -> None:
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied


def check(request: HttpRequest, page_id: int) -> HttpResponse:
    """What the course still lacks in this language, by module and unit."""
    page = get_object_or_404(CoursePage.objects.select_related("locale"), pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    checks = check_course(page, drafts=request.GET.get("state") != "published")
    context = {"page": page, "check": next(iter(checks), None), "links_are_asked": settings.LINK_CHECK}
    return render(request, "courses/cms/check.html", context)


def release(request: HttpRequest, page_id: int) -> HttpResponse:
    """Preview of the next edition, and the act of releasing exactly that."""
    page = get_object_or_404(CoursePage.objects.select_related("locale"), pk=page_id)
    _publishable(request, page)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            edition = releasing.release(
                page=page, by=request.user, note=form.cleaned_data["note"], expected_digest=form.cleaned_data["digest"]
            )
        except releasing.ReleaseRefused as refusal:
            for problem in refusal.problems:
                messages.error(request, problem)
            return redirect("courses_cms:release", page.pk)
        messages.success(request, _("Edition %d is released. New learners take it from now on.") % edition.number)
        return redirect("wagtailadmin_explore", page.pk)
    preview = preview_release(page, releasing.plan_release(page))
    form = form if form.is_bound else ReleaseForm(initial={"digest": preview.plan.digest})
    return render(request, "courses/cms/release.html", {"page": page, "preview": preview, "form": form})


def archive(request: HttpRequest, page_id: int) -> HttpResponse:
    """Confirm putting a course or unit into the archive, or taking it out."""
    page = get_object_or_404(Page, pk=page_id)
    _publishable(request, page)
    state = archiving.archive_state(page)
    if state is None:
        messages.info(request, _("Only courses and units that stand in a released edition are archived."))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    if request.method == "POST":
        archiving.set_archived(page=page, archived=not state.is_archived, by=request.user)
        messages.success(
            request,
            _("“%s” is back from the archive.") % page.title
            if state.is_archived
            else _("“%s” is archived. Those who are taking it keep it.") % page.title,
        )
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return render(request, "courses/cms/archive.html", {"page": page, "state": state})
