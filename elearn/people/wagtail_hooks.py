"""/cms/ is for courses: people, their roles and groups have screens of their own, where every look is written down."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem

CLOSED_MENUS = {"users", "groups"}


@hooks.register("construct_settings_menu")
def hide_the_screens_of_people(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Their addresses are closed in elearn.urls: Wagtail's bulk acts come before whatever a hook registers."""
    menu_items[:] = [item for item in menu_items if item.name not in CLOSED_MENUS]
