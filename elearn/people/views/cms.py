"""What stands at the addresses of Wagtail's own screens of users and groups."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages


def refuse_people(request: HttpRequest) -> HttpResponse:
    """Wagtail would show and change people without a trail: adding, switching off, putting into groups, deleting."""
    if request.user.is_authenticated:
        messages.error(
            request,
            _(
                "Nothing was changed. Accounts are not managed here: people sign up and set their passwords "
                "themselves, nobody is deleted, since records rest on people, and groups follow from roles, which "
                "managers give under “People” in their profile."
            ),
        )
    return redirect("wagtailadmin_home")
