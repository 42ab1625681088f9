"""Pictures and files of authors are kept as long as a page, a draft or a question uses them."""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from elearn.core.models import Handout, Picture

MOST_NAMED = 5
AuthorsFile = Picture | Handout


class FileInUse(PermissionDenied):
    """Refused: something that is shown, or a newest draft, uses the file. The message says where."""


def refuse_if_used(files: list[AuthorsFile]) -> None:
    """Raise FileInUse when deleting one of these would leave a hole in a page. Older versions of pages do not count."""
    for file in files:
        places = list(dict.fromkeys([*_indexed_places(file), *_drafts_with(file)]))
        if places:
            more = ", …" if len(places) > MOST_NAMED else ""
            raise FileInUse(
                _("“%(title)s” is used in: %(places)s. Nothing was deleted. Take it out there first.")
                % {"title": file.title, "places": ", ".join(places[:MOST_NAMED]) + more}
            )


def _indexed_places(file: AuthorsFile) -> Iterator[str]:
    """Everything that uses the file as it is stored; of a page that is the published version."""
    references = ReferenceIndex.get_references_to(file).values_list("base_content_type", "object_id").distinct()
    for content_type, pk in references:
        model = ContentType.objects.get_for_id(content_type).model_class()
        place = model._base_manager.filter(pk=pk).first() if model else None
        if place is not None:
            yield str(place)


def _drafts_with(file: AuthorsFile) -> Iterator[str]:
    """Pages whose newest draft uses the file. Wagtail's index knows nothing of drafts."""
    for page in Page.objects.filter(has_unpublished_changes=True).select_related("latest_revision"):
        draft = page.get_latest_revision_as_object()
        if any(issubclass(model, type(file)) and str(pk) == str(file.pk) for model, pk in _references_of(draft)):
            yield str(draft)


def _references_of(page: Page) -> Iterator[tuple[type[Model], object]]:
    for field in page._meta.get_fields():
        if hasattr(field, "extract_references"):
            for model, pk, *_place in field.extract_references(field.value_from_object(page)):
                yield model, pk


def refuse_deleting_used_file(instance: AuthorsFile, **kwargs: object) -> None:
    """The same, for whoever deletes from code: connected to pre_delete of both models."""
    refuse_if_used([instance])
