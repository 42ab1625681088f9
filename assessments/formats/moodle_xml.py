"""Moodle XML: the exchange format that holds all of a question, pictures too.

docs/question-formats.md says for authors what is read, refused and written.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from assessments.formats.items import EmbeddedFile, FileRefused, Item, Text
from assessments.formats.moodle_values import SPACE
from assessments.formats.moodle_xml_reading import read
from assessments.formats.moodle_xml_types import PENALTY
from assessments.formats.moodle_xml_writing import clean, write

__all__ = ["losses", "read", "write"]


def losses(item: Item) -> list[str]:
    """What of the question would be lost or changed on the way through a file, a sentence each; none if nothing is.

    Besides what XML cannot hold this names what Moodle's importer takes away or refuses.
    """
    found: dict[str, None] = {}

    def watched(name: str, words: str) -> str:
        kept = clean(words)
        if len(kept) < len(words.replace("\r\n", "\n")):
            found[_("%(part)s: control characters are left out.") % {"part": _label(name)}] = None
        elif kept != words:
            found[_("%(part)s: line ends are written in one way.") % {"part": _label(name)}] = None
        trimmed = kept if name == "id_number" else kept.strip(SPACE)
        if trimmed != kept:
            found[_("%(part)s: spaces and empty lines at its ends are left out.") % {"part": _label(name)}] = None
        return trimmed

    cleaned = _mapped(replace(item, gaps=()), watched, "")
    cleaned = replace(cleaned, gaps=item.gaps, penalty=PENALTY if item.penalty is None else item.penalty)
    return [*found, *_changed(cleaned)]


def _changed(item: Item) -> list[str]:
    """What differs when the question, written and read, comes back."""
    try:
        reading = read(write([item]))
    except (ValueError, FileRefused) as error:
        return [_("The question cannot be written: %(reason)s") % {"reason": error}]
    if reading.refused:
        return [_("Moodle would refuse the question: %(reason)s") % {"reason": reading.refused[0].reason}]
    back, given = reading.items[0], _comparable(item)
    # What the question does not say, the reader fills in; that is no loss.
    same = _comparable(replace(back, settings={key: back.settings.get(key) for key in item.settings}))
    names = [field.name for field in fields(Item) if getattr(same, field.name) != getattr(given, field.name)]
    return [
        *(note.reason for note in reading.notes),
        *(_("%(part)s: not all of it comes back the same.") % {"part": _label(name)} for name in names),
    ]


def _comparable(item: Item) -> Item:
    """The question without what a file says in other places: the line, and of a gap its name, words and penalty."""
    gaps = (replace(gap, name="", text=Text(), penalty=None, settings=_of_gap(gap)) for gap in item.gaps)
    return replace(item, line=0, gaps=tuple(gaps))


def _of_gap(gap: Item) -> dict[str, Any]:
    return {key: value for key, value in gap.settings.items() if value is not False}


def _mapped(value: Any, change: Callable[[str, str], str], name: str) -> Any:
    """The value with every string in it changed, all the way down; `change` is told the name of the part."""
    # Equal to a string, but no words: the format of a text, the numbers of a setting, the bytes of a file.
    if type(value) is str:
        return change(name, value)
    if isinstance(value, EmbeddedFile):
        return replace(value, name=change("files", value.name), path=change("files", value.path))
    if isinstance(value, tuple):
        return tuple(_mapped(one, change, name) for one in value)
    if isinstance(value, dict):
        return {key: _mapped(one, change, key) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        is_question = isinstance(value, Item)
        return replace(
            value,
            **{
                field.name: _mapped(getattr(value, field.name), change, field.name if is_question else name)
                for field in fields(value)
            },
        )
    return value


def _label(name: str) -> str:
    labels = {
        "name": _("Name"),
        "text": _("Question"),
        "category": _("Category"),
        "answers": _("Answers"),
        "pairs": _("Pairs"),
        "units": _("Units"),
        "gaps": _("Gaps"),
        "default_grade": _("Points"),
        "penalty": _("Penalty"),
        "general_feedback": _("General feedback"),
        "id_number": _("ID number"),
        "tags": _("Tags"),
        "settings": _("Settings"),
        "files": _("Names of files"),
        "hints": _("Hints"),
    }
    return labels.get(name, name)
