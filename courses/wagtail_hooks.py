"""Hooks only register; what they do stands in domain and views."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from courses.domain import archiving, reading
from courses.domain.access import access_to
from courses.domain.outline import page_address
from courses.models import CataloguePage, CoursePage, ModulePage, UnitPage
from courses.views import cms
from elearn.people.models import User


@hooks.register("before_serve_page", order=-10)
def keep_to_the_language_of_the_page(
    page: Page, request: HttpRequest, args: tuple, kwargs: dict
) -> HttpResponse | None:
    """Where a language has no pages, Wagtail serves others under its address; lead to where they belong.

    Otherwise the frame of the page would speak, and run, in another direction than its text.
    """
    language = page.locale.language_code
    return None if language == get_language() else redirect(page_address(language, page.url_path))


@hooks.register("before_serve_page")
def prepare_reading(page: Page, request: HttpRequest, args: tuple, kwargs: dict) -> HttpResponse | None:
    """Check access and hand the page what this person reads of it."""
    if isinstance(page, CataloguePage):
        request.reading = reading.catalogue(request.user, page.locale.language_code)
    elif isinstance(page, CoursePage):
        request.reading = reading.read_course(page, access_to(request.user, page.translation_key))
    elif isinstance(page, ModulePage):
        place = reading.place_of(page)
        request.reading = reading.read_module(page, place, access_to(request.user, place.course_key))
    elif isinstance(page, UnitPage):
        place = reading.place_of(page)
        access = access_to(request.user, place.course_key)
        if not access.may_read(page.translation_key):
            return _turn_away(request, place)
        request.reading = reading.read_unit(page, place, access)
    return None


def _turn_away(request: HttpRequest, place: reading.Place) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    messages.info(request, _("Enrol in the course first; then all its lessons are open to you."))
    return redirect(place.course_url)


# --- Archiving instead of deletion -------------------------------------------------------------------------------


def _refuse(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    try:
        archiving.refuse_if_recorded(pages)
    except archiving.HasRecords as refusal:
        messages.error(request, str(refusal))
        if len(pages) == 1:
            return redirect("courses_cms:archive", pages[0].pk)
        return redirect("wagtailadmin_explore_root")
    return None


@hooks.register("before_delete_page")
def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse(request, [page])


@hooks.register("before_unpublish_page")
def refuse_unpublishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse(request, [page])


@hooks.register("before_publish_page")
def refuse_expiry(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse a date on which a released page would go. The draft with what was written is already stored."""
    if page.expire_at is None:
        return None
    try:
        archiving.refuse_if_recorded([page])
    except archiving.HasRecords as refusal:
        messages.error(request, str(refusal))
        messages.error(request, _("Your draft is kept. Take its expiry date away, then publish it."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_move_page")
def refuse_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    try:
        archiving.refuse_move_if_recorded(page, destination)
    except archiving.HasRecords as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_bulk_action")
def refuse_bulk_action(
    request: HttpRequest, action_type: str, objects: list, action_class: object
) -> HttpResponse | None:
    pages = [item for item in objects if isinstance(item, Page)]
    if action_type in ("delete", "unpublish"):
        return _refuse(request, pages)
    if action_type == "move":
        destination = Page.objects.filter(pk=request.POST.get("chooser") or 0).first()
        for page in pages if destination else ():
            response = refuse_move(request, page, destination)
            if response is not None:
                return response
    return None


# --- Releasing ---------------------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_cms_views() -> list:
    routes = [
        path("courses/<int:page_id>/release/", cms.release, name="release"),
        path("courses/<int:page_id>/archive/", cms.archive, name="archive"),
    ]
    return [path("", include((routes, "courses_cms")))]


def _buttons(page: Page, user: User) -> list[Button]:
    buttons = []
    if page.permissions_for_user(user).can_publish():
        if page.specific_class is CoursePage:
            buttons.append(
                Button(_("Release…"), reverse("courses_cms:release", args=[page.pk]), icon_name="check", priority=15)
            )
        if issubclass(page.specific_class, (CoursePage, UnitPage)):
            buttons.append(
                Button(_("Archive…"), reverse("courses_cms:archive", args=[page.pk]), icon_name="folder", priority=90)
            )
    return buttons


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page: Page, user: User, next_url: str | None = None) -> list[Button]:
    return _buttons(page, user)


@hooks.register("register_page_header_buttons")
def header_buttons(page: Page, user: User, view_name: str, next_url: str | None = None) -> list[Button]:
    return _buttons(page, user)
