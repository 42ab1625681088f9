"""The pages of a course in the tree: made, found and put in order."""

from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from courses.domain.packages.content import Entry
from courses.domain.packages.problems import PackageRefused, Place, Problem
from courses.models import CataloguePage, Course, Unit


def lock_catalogues() -> list[CataloguePage]:
    """All catalogues, locked against another import until the transaction ends.

    On SQLite the transaction holds the write lock from its beginning; elsewhere the rows are locked.
    """
    keys = list(CataloguePage.objects.values_list("pk", flat=True))
    list(Page.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    catalogues = list(CataloguePage.objects.order_by("pk"))
    if not catalogues:
        message = _("The site has no catalogue page. Run “manage.py migrate”, or make one under the home page.")
        raise PackageRefused([Problem(Place(_("the site")), message)])
    return catalogues


def catalogue_for(language: str) -> CataloguePage:
    """The catalogue of a language; made, with its home page, as a translation of the first one where it is missing."""
    locale, _created = Locale.objects.get_or_create(language_code=language)
    found = CataloguePage.objects.filter(locale=locale).order_by("pk").first()
    if found is not None:
        return found
    original = CataloguePage.objects.order_by("pk")[0]
    home = original.get_parent().specific
    if not home.has_translation(locale):
        _publish(home.copy_for_translation(locale))
    return _publish(original.copy_for_translation(locale))


def _publish(page: Page) -> Page:
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk).specific


def translation_key(course_key: str, entry: Entry) -> UUID:
    """The key that the pages of an entry share in all languages, when none of them exists yet.

    A record that has outlived its pages gives its own; otherwise it follows from the names alone, so that two
    sites that import one package agree.
    """
    if entry.level == "course":
        recorded = Course.objects.filter(code=course_key).values_list("key", flat=True).first()
        return recorded or uuid5(NAMESPACE_URL, f"course:{course_key}")
    if entry.level == "unit":
        recorded = Unit.objects.filter(course__code=course_key, code=entry.key).values_list("key", flat=True).first()
        if recorded:
            return recorded
    return uuid5(NAMESPACE_URL, f"{entry.level}:{course_key}/{entry.key}")


def put_in_order(parent_pk: int, wanted: list[int]) -> None:
    """Have these pages stand under this parent in this order; others that stand there come after them."""
    children = list(Page.objects.child_of(Page.objects.get(pk=parent_pk)).order_by("path").values_list("pk", flat=True))
    if [pk for pk in children if pk in wanted] == wanted:
        return
    for pk in [*wanted, *(pk for pk in children if pk not in wanted)]:
        # Read anew each time: every move changes the paths of its neighbours.
        Page.objects.get(pk=pk).move(Page.objects.get(pk=parent_pk), pos="last-child")
