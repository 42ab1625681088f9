"""Questions out of a Moodle XML file, as Moodle's own importer takes them (question/format/xml/format.php, 4.5 to 5.1).

One thing is done better on purpose: Moodle stops at the first question it cannot take, here that question is left
out and reported. And white space between two entities (&lt;b&gt; &lt;i&gt;) is kept, which Moodle loses.
"""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from assessments.formats import cloze
from assessments.formats.items import Item, Reading, Refused
from assessments.formats.moodle_values import SPACE
from assessments.formats.moodle_xml_parts import Unreadable, plain_in, shortened, value
from assessments.formats.moodle_xml_types import item_of
from assessments.formats.xml_tree import Node, decode, each_question

# Of one question: a file made for it could have millions.
_NOTES_AT_MOST = 20


def read(content: bytes) -> Reading:
    """The questions in the file. Raises FileRefused where nothing of it can be read."""
    text, note = decode(content)
    reader = _Reader()
    if note:
        reader.notes.append(Refused(1, "", note))
    each_question(text, reader.take)
    return Reading(tuple(reader.items), tuple(reader.refused), tuple(reader.notes))


class _Reader:
    def __init__(self) -> None:
        self.items: list[Item] = []
        self.refused: list[Refused] = []
        self.notes: list[Refused] = []
        self.category = ""
        self.id_numbers: set[tuple[str, str]] = set()

    def take(self, node: Node) -> None:
        """Keep a question, or the reason why it cannot be kept."""
        notes: list[str] = []
        name = _name_as_far_as_known(node)
        try:
            if node.attributes.get("type") == "category":
                self._enter_category(node, notes)
            else:
                self.items.append(
                    self._with_own_id_number(replace(item_of(node, notes), category=self.category), notes)
                )
        except (Unreadable, cloze.BadGap) as error:
            self.refused.append(Refused(node.line, name, str(error)))
            return
        told = list(dict.fromkeys(notes))
        more = len(told) - _NOTES_AT_MOST
        if more > 0:
            told[_NOTES_AT_MOST:] = [_("%(count)d more such notes.") % {"count": more}]
        self.notes += (Refused(node.line, name, note) for note in told)

    def _enter_category(self, node: Node, notes: list[str]) -> None:
        parent = node.child("category")
        if parent is not None and parent.words and parent.child("text") is None:
            raise Unreadable(_("The category has no <text>; the questions below stay in the category before."))
        path = plain_in(parent, notes)
        self.category = re.sub(r"\A\s*\$[a-z]+\$\s*(?:/(?!/)|\Z)", "", path).strip(SPACE)
        if plain_in(node.child("info"), []):
            notes.append(_("The description of the category “%(name)s” is not kept.") % {"name": self.category[:80]})
        if value(node, "idnumber"):
            notes.append(_("The id number of the category “%(name)s” is not kept.") % {"name": self.category[:80]})

    def _with_own_id_number(self, item: Item, notes: list[str]) -> Item:
        key = (self.category, item.id_number)
        if not item.id_number or key not in self.id_numbers:
            self.id_numbers.add(key)
            return item
        notes.append(
            _("Another question of the category has the id number “%(id)s”; this one has none now.")
            % {"id": item.id_number}
        )
        return replace(item, id_number="")


def _name_as_far_as_known(node: Node) -> str:
    for tag in ("name", "questiontext"):
        parent = node.child(tag)
        inner = parent.child("text") if parent else None
        words = inner.words if inner else ""
        if words:
            return shortened(words)
    return ""
