"""Hooks only register; what they do stands in domain and views."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets.button import Button
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from courses.domain import archiving
from courses.domain.authors import works_everywhere
from courses.domain.tree import page_address
from courses.models import CoursePage, UnitPage
from courses.views import cms, granted, moving
from courses.views.authors_desk import YourCoursesPanel
from courses.views.checks import ContentChecks
from courses.views.terms import GlossaryTermViewSet
from courses.viewsets import course_content_viewsets
from elearn.people.models import User

register_snippet(GlossaryTermViewSet)


@hooks.register("before_serve_page", order=-10)
def keep_to_the_language_of_the_page(
    page: Page, request: HttpRequest, args: tuple, kwargs: dict
) -> HttpResponse | None:
    """Where a language has no pages, Wagtail serves others under its address; lead to where they belong.

    Otherwise the frame of the page would speak, and run, in another direction than its text.
    """
    language = page.locale.language_code
    return None if language == get_language() else redirect(page_address(language, page.url_path))


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
        path("courses/<int:page_id>/check/", cms.check, name="check"),
        path("courses/<int:page_id>/release/", cms.release, name="release"),
        path("courses/<int:page_id>/archive/", cms.archive, name="archive"),
        path("courses/<int:page_id>/move-up/", moving.move_many, name="move_many"),
    ]
    return [path("", include((routes, "courses_cms")))]


def _buttons(page: Page, user: User) -> list[Button]:
    buttons = []
    may = page.permissions_for_user(user)
    if page.specific_class is CoursePage and may.can_edit():
        address = reverse("courses_cms:check", args=[page.pk])
        buttons.append(Button(_("Course check"), address, icon_name="clipboard-list", priority=14))
    if page.specific_class is CoursePage and moving.may_move_many(user, page.translation_key):
        address = reverse("courses_cms:move_many", args=[page.pk])
        buttons.append(Button(_("Move learners up…"), address, icon_name="arrow-up", priority=16))
    if may.can_publish():
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


# --- Authors and their courses -----------------------------------------------------------------------------------


@hooks.register("register_admin_viewset")
def register_screens_of_our_pages() -> list[PageViewSet]:
    return course_content_viewsets()


@hooks.register("construct_homepage_panels")
def show_own_courses(request: HttpRequest, panels: list) -> None:
    panels.append(YourCoursesPanel())


@hooks.register("construct_page_chooser_queryset")
def choose_among_own_pages(pages: QuerySet, request: HttpRequest) -> QuerySet:
    return granted.choosable_pages(pages, request)


@hooks.register("construct_admin_api")
def list_own_files(router: WagtailAPIRouter) -> None:
    router.register_endpoint("images", granted.OwnPicturesAPI)
    router.register_endpoint("documents", granted.OwnHandoutsAPI)


# --- What authors see around their pages -------------------------------------------------------------------------


@hooks.register("construct_wagtail_userbar")
def check_with_our_rules(request: HttpRequest, items: list, page: Page | None) -> None:
    items[:] = [ContentChecks(item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items]


@hooks.register("construct_reports_menu")
def leave_out_reports_over_every_course(request: HttpRequest, menu_items: list) -> None:
    if not works_everywhere(request.user):
        menu_items[:] = [item for item in menu_items if item.name != "page-types-usage"]


@hooks.register("construct_help_menu")
def leave_out_news_of_wagtail(request: HttpRequest, menu_items: list) -> None:
    menu_items[:] = [item for item in menu_items if not item.name.startswith("whats-new-in-wagtail")]
