"""What a page says in a package, declared once per page type: reading, dumping and building all go by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from courses.domain.packages.blocks import Building, Dumping
from courses.domain.packages.bodies import Body, Notes, RunningText, Stream
from courses.domain.packages.fields import Choice, Flag, KeyList, Number, Text, TextList, Value
from courses.enums import Award, Level, ReviewState, Theme
from courses.models import CoursePage, LessonPage, ModulePage


@dataclass(frozen=True)
class Form:
    """A page type in a package: `facts` stand in course.yaml, `head` and `body` in the page's own file."""

    model: type
    head: tuple[Value, ...]
    body: Body
    facts: tuple[Value, ...] = ()
    # The attribute for the file of facilitator notes beside it; empty: it has none.
    notes: str = ""

    def values(self) -> Iterator[Value | Body]:
        yield from self.facts
        yield from self.head
        yield self.body
        if self.notes_value:
            yield self.notes_value

    @property
    def notes_value(self) -> Notes | None:
        return Notes(self.notes) if self.notes else None

    def dump(self, page: Any, dumping: Dumping) -> dict[str, Any]:
        return {value.name: value.dump(page, dumping) for value in self.values()}

    def assign(self, page: Any, data: dict[str, Any], building: Building) -> None:
        for value in self.values():
            value.assign(page, data.get(value.name, value.default), building)


TITLE = Text("title", "title", required=True)
OBJECTIVES = TextList("objectives", "objectives", default=())
UNIT_FACTS: tuple[Value, ...] = (
    Number("minutes", "minutes", lowest=1, highest=600),
    Flag("required", "required", default=True),
    KeyList("stands_for", "stands_for", default=()),
)
UNIT_HEAD: tuple[Value, ...] = (TITLE, Text("purpose", "purpose", required=True))
NOTES = "facilitator_notes"

LESSON = Form(LessonPage, head=UNIT_HEAD, body=Stream("body"), facts=UNIT_FACTS, notes=NOTES)
MODULE = Form(
    ModulePage,
    head=(TITLE, Text("purpose", "purpose", required=True, lines=True), OBJECTIVES),
    body=RunningText("introduction"),
)
COURSE = Form(
    CoursePage,
    head=(
        TITLE,
        Text("edition_title", "edition_title"),
        Text("summary", "summary", required=True),
        Text("purpose", "purpose", required=True, lines=True),
        Text("audience", "audience", required=True, lines=True),
        OBJECTIVES,
        Text("review_note", "review_note"),
    ),
    body=RunningText("about"),
    facts=(
        Choice("theme", "theme", choices=Theme.values),
        Choice("level", "level", choices=Level.values),
        Choice("award", "award", choices=Award.values),
        Choice("review", "review_state", choices=ReviewState.values),
    ),
)
