"""Giving questions out as a file of Moodle's, after saying what such a file does not hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.domain.exchange.file_formats import FORMATS
from assessments.domain.exchange.pictures import OutgoingPictures
from assessments.domain.exchange.refusing import NotHeld
from assessments.domain.exchange.to_items import item_of
from assessments.formats.items import Item
from assessments.models import Question


@dataclass(frozen=True)
class Lost:
    """What of a question does not come along; `whole` when it stays behind altogether."""

    question: Question
    reason: str
    whole: bool = False


@dataclass(frozen=True)
class Export:
    items: tuple[Item, ...]
    lost: tuple[Lost, ...]


def prepare_export(questions: QuerySet[Question], file_format: str, *, tell: bool = True) -> Export:
    """The questions as the format takes them, by category, and everything that is lost; changes nothing.

    What is lost is found by reading back each question, which takes time; without `tell` only those that stay behind
    are named. Queries do not grow with the number of questions, but for one and a read for each picture.
    """
    pictures = OutgoingPictures()
    items: list[Item] = []
    lost: list[Lost] = []
    rows = questions.select_related("category").order_by("category__path", "position", "pk")
    rows = rows.prefetch_related("tags")  # type: ignore[misc]  # taggit's managers have no stubs.
    # Those without a category first: in a file nothing leads back out of one.
    for row in sorted(rows, key=lambda row: row.category is not None):
        item, reasons = _one(row, pictures, file_format, tell=tell)
        if item is not None:
            items.append(item)
        lost += (Lost(row, reason, whole=item is None) for reason in reasons)
    return Export(tuple(items), tuple(lost))


def _one(
    row: Question, pictures: OutgoingPictures, file_format: str, *, tell: bool
) -> tuple[Item | None, Iterable[str]]:
    entry = FORMATS[file_format]
    try:
        item, lost = item_of(row, pictures)
    except NotHeld as refusal:
        return None, [str(refusal)]
    refusal_of_format = entry.unsupported(item)
    if refusal_of_format:
        return None, [refusal_of_format]
    try:
        entry.write([item])
    except ValueError as error:
        return None, [_("It cannot be written: %(reason)s.") % {"reason": error}]
    return item, [*lost, *entry.losses(item)] if tell else []


def write_export(export: Export, file_format: str) -> bytes:
    return FORMATS[file_format].write(export.items)
