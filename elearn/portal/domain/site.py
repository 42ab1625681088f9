"""The first pages of a new site: without them nothing can be opened or imported."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Collection, Locale, Page, Site

from courses.models import CataloguePage
from elearn.portal.models import HomePage

HEADLINE = "Learn it. Pass it on."
INTRODUCTION = (
    "Courses for officials and for those who train them: at your own pace, on any phone, with a certificate that "
    "anyone can check."
)


@transaction.atomic
def ensure_site() -> HomePage:
    """Make the home page, the catalogue and the site of the default language, where they are missing.

    Runs after every `migrate`; what authors have made of these pages since is not touched.
    """
    locale, _created = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node()
    if root is None:
        root = Page.add_root(title="Root", slug="root", locale=locale)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        _remove_welcome_page(root)
        home = HomePage(
            title=settings.SITE_NAME, slug="home", locale=locale, headline=HEADLINE, introduction=INTRODUCTION
        )
        root.add_child(instance=home)
    if not CataloguePage.objects.child_of(home).exists():
        home.add_child(instance=CataloguePage(title="Courses", slug="courses", locale=locale))
    address = urlsplit(settings.SITE_URL)
    if not Site.objects.filter(is_default_site=True).exists():
        Site.objects.create(
            hostname=address.hostname or "localhost",
            port=address.port or (443 if address.scheme == "https" else 80),
            root_page=home,
            is_default_site=True,
            site_name=settings.SITE_NAME,
        )
    return home


def _remove_welcome_page(root: Page) -> None:
    """Wagtail's own migration makes a plain page at the slug that the home page takes."""
    for page in Page.objects.child_of(root).filter(slug="home", content_type__model="page"):
        Site.objects.filter(root_page=page).delete()
        page.delete()
