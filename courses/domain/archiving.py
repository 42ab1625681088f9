"""Archiving instead of deletion: a page that learners' records hang on is never lost, by any door."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from courses.models import Course, Edition, Enrolment, Unit
from courses.models.pages import COURSE_DEPTH
from elearn.core import audit
from elearn.people.models import User


@dataclass(frozen=True)
class ArchiveState:
    is_archived: bool
    learners: int


class HasRecords(PermissionDenied):
    """Refused: the page, one below it or a translation is part of a released edition. The message says what to do.

    A door that does not know of it then answers "not allowed", in the CMS and to scripts, and never an error.
    """


def recorded_pages(pages: list[Page]) -> list[Page]:
    """Those of the pages, or of the pages below them, that an edition holds in any language."""
    return [page for root in pages for page in _held(Page.objects.descendant_of(root, inclusive=True))]


def _held(pages: QuerySet) -> QuerySet:
    return pages.filter(
        Q(translation_key__in=Unit.objects.values("key"))
        | Q(translation_key__in=Course.objects.values("key"))
        | Q(translation_key__in=_module_keys(), content_type__model="modulepage")
    )


def _module_keys() -> set[str]:
    """The keys of the modules of every edition: an emptied module still gives editions and certificates its title."""
    return {
        module.key
        for edition in Edition.objects.only("manifest")
        for variant in edition.structure.variants
        for module in variant.modules
    }


def archive_state(page: Page) -> ArchiveState | None:
    """Whether the course or unit of a page is archived, and how many take it; None when no edition holds it."""
    course = Course.objects.filter(key=page.translation_key).first()
    unit = Unit.objects.select_related("course").filter(key=page.translation_key).first()
    record = course or unit
    if record is None:
        return None
    taken = Enrolment.objects.open().filter(course=record.course if isinstance(record, Unit) else record)
    return ArchiveState(is_archived=record.archived_at is not None, learners=taken.count())


def refuse_if_recorded(pages: list[Page]) -> None:
    """Raise HasRecords when deleting, unpublishing or moving these pages would take a released unit away."""
    found = recorded_pages(pages)
    if found:
        raise HasRecords(
            _(
                "“%(title)s” is part of a released edition, and learners' records rest on it. Nothing was changed. "
                "Archive it instead: it leaves the catalogue and the next release, and those who are taking it keep it."
            )
            % {"title": found[0].title}
        )


def refuse_unpublishing_if_recorded(page: Page) -> None:
    """Raise HasRecords when storing this page would take a released unit from public view to draft."""
    if page.pk and not page.live and Page.objects.filter(pk=page.pk, live=True).exists():
        refuse_if_recorded([page])


def refuse_move_if_recorded(page: Page, target_parent: Page) -> None:
    """Raise HasRecords when a move would take a released unit, or a module with some, out of its course.

    Moving within the course (another place, another module) is free: the next release shows it.
    """
    if not recorded_pages([page]):
        return
    if page.depth <= COURSE_DEPTH:
        same = page.get_parent().pk == target_parent.pk
    else:
        same = target_parent.path.startswith(page.path[: COURSE_DEPTH * Page.steplen])
    if not same:
        refuse_if_recorded([page])


def refuse_locale_deletion(locale: Locale) -> None:
    """Raise HasRecords when a language still has pages that records rest on."""
    page = _held(Page.objects.filter(locale=locale)).first()
    if page is not None:
        refuse_if_recorded([page])


@transaction.atomic
def set_archived(*, page: Page, archived: bool, by: User | None) -> None:
    """Put the course or unit of a page, in every language, into the archive or take it out.

    Effects: an archived course leaves the catalogue and takes no new learners; an archived unit is left out of the
    next release; both stay served to those whose edition holds them. An audit event.
    Refusals: ValueError when the page has never been released (it can simply be deleted).
    """
    at = timezone.now() if archived else None
    rows = {"key": page.translation_key}
    # The catalogue is kept by what its courses were; what comes back must not look like what was there before.
    changed = Course.objects.filter(**rows).update(archived_at=at, wording=F("wording") + 1)
    changed += Unit.objects.filter(**rows).update(archived_at=at)
    if not changed:
        raise ValueError("This page is in no released edition.")
    audit.record(
        action="page.archive" if archived else "page.unarchive", actor=by, subject=None, key=str(page.translation_key)
    )
