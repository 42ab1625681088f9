from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from courses.domain.reading import catalogue
from elearn.portal.models import HomePage


@hooks.register("before_serve_page")
def prepare_home(page: Page, request: HttpRequest, args: tuple, kwargs: dict) -> None:
    """Give the home page the courses on offer."""
    if isinstance(page, HomePage):
        request.reading = catalogue(request.user, page.locale.language_code)
