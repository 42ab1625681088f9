"""The formats that questions come in and go out in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.formats import aiken, gift, moodle_xml
from assessments.formats.items import Item, Reading


def _holds_all(item: Item) -> str:
    return ""


@dataclass(frozen=True)
class FileFormat:
    """`unsupported` says why a question cannot be written, `losses` what of it would not come back."""

    key: str
    label: str | Promise
    extension: str
    read: Callable[[bytes], Reading]
    write: Callable[[Sequence[Item]], bytes]
    losses: Callable[[Item], list[str]]
    unsupported: Callable[[Item], str] = _holds_all


FORMATS: dict[str, FileFormat] = {
    entry.key: entry
    for entry in (
        FileFormat("gift", _("GIFT"), "txt", gift.read, gift.write, gift.losses, gift.unsupported),
        FileFormat("moodle_xml", _("Moodle XML"), "xml", moodle_xml.read, moodle_xml.write, moodle_xml.losses),
        FileFormat("aiken", _("Aiken"), "txt", aiken.read, aiken.write, aiken.losses, aiken.unsupported),
    )
}


def choices() -> list[tuple[str, str | Promise]]:
    return [(entry.key, entry.label) for entry in FORMATS.values()]
