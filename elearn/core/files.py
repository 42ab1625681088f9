"""What authors keep beside the pages (pictures, files, recordings, and other things that a page refers to) is kept as
long as a page, a draft or a question uses it."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import pre_delete
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex
from wagtail.tasks import delete_file_from_storage_task

from elearn.core.models import Recording, RecordingCaptions

MOST_NAMED = 5


class FileInUse(PermissionDenied):
    """Refused: something that is shown, or a newest draft, uses the file. The message says where."""


def refuse_if_used(files: Sequence[Model]) -> None:
    """Raise FileInUse when deleting one of these would leave a hole in a page. Older versions of pages do not count."""
    for file in files:
        places = list(dict.fromkeys([*_indexed_places(file), *_drafts_with(file)]))
        if places:
            more = ", …" if len(places) > MOST_NAMED else ""
            raise FileInUse(
                _("“%(title)s” is used in: %(places)s. Nothing was deleted. Take it out there first.")
                % {"title": str(file), "places": ", ".join(places[:MOST_NAMED]) + more}
            )


_guarded: list[type[Model]] = []


def guard(model: type[Model]) -> None:
    """Have every door refuse to delete a row of this model while a page uses it. Called in `ready()`."""
    _guarded.append(model)
    pre_delete.connect(refuse_deleting_used_file, sender=model)


def guarded(objects: Iterable[object]) -> list[Model]:
    return [item for item in objects if isinstance(item, Model) and isinstance(item, tuple(_guarded))]


def _indexed_places(file: Model) -> Iterator[str]:
    """Everything that uses the file as it is stored; of a page that is the published version."""
    references = ReferenceIndex.get_references_to(file).values_list("base_content_type", "object_id").distinct()
    for content_type, pk in references:
        model = ContentType.objects.get_for_id(content_type).model_class()
        place = model._base_manager.filter(pk=pk).first() if model else None
        if place is not None:
            yield str(place)


def _drafts_with(file: Model) -> Iterator[str]:
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


def refuse_deleting_used_file(instance: Model, **kwargs: object) -> None:
    """The same, for whoever deletes from code: connected to pre_delete by `guard`."""
    refuse_if_used([instance])


def delete_stored_file(instance: Recording | RecordingCaptions, **kwargs: object) -> None:
    """The file goes when its row is gone for good: connected to post_delete. Wagtail does it for its own two models."""
    _delete_later(instance, str(instance.file.name))


def delete_replaced_file(instance: Recording | RecordingCaptions, **kwargs: object) -> None:
    """So does the file that a new one takes the place of, under another name: connected to pre_save."""
    if instance.pk is None or getattr(instance.file, "_committed", True):
        return
    before = type(instance)._default_manager.filter(pk=instance.pk).values_list("file", flat=True).first()
    if before:
        _delete_later(instance, before)


def _delete_later(instance: Recording | RecordingCaptions, name: str) -> None:
    place = instance.file.storage.deconstruct()  # type: ignore[attr-defined]
    transaction.on_commit(lambda: delete_file_from_storage_task.enqueue(place, name))
