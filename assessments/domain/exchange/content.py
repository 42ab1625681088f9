"""A question on its way from a file to a row, in plain data."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from assessments.questions import Asked, Option, Rules


@dataclass(frozen=True)
class Content:
    """A question in one language as its row will hold it. Pictures stand in its texts by the hash of their bytes.

    `qtype` is Moodle's name of its type, `line` where it begins in its file, `files` how many of the files that came
    with it are kept.
    """

    kind: str
    prompt: str
    options: tuple[Option, ...] = ()
    rules: Rules = field(default_factory=Rules)
    weight: Decimal = Decimal(1)
    feedback: str = ""
    template: str = ""
    marking_notes: str = ""
    name: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    id_number: str = ""
    qtype: str = ""
    line: int = 0
    files: int = 0

    def asked(self) -> Asked:
        return Asked(
            options=self.options,
            rules=self.rules,
            prompt=self.prompt,
            feedback=self.feedback,
            template=self.template,
        )

    def with_texts(self, change: Callable[[str], str]) -> "Content":
        """The same with its rich texts changed."""
        return replace(
            self,
            prompt=change(self.prompt),
            feedback=change(self.feedback),
            marking_notes=change(self.marking_notes),
            options=tuple(option.with_texts(change) for option in self.options),
        )

    def identity(self) -> tuple[Any, ...]:
        """What makes it the same question as another: all but the ids of its options, its tags and its place."""
        return (
            self.name,
            self.category,
            self.kind,
            self.prompt,
            tuple(_without_id(option) for option in self.options),
            self.rules,
            self.weight,
            self.feedback,
            self.template,
            self.marking_notes,
        )


def _without_id(option: Option) -> Option:
    return replace(option, id="", inside=tuple(_without_id(inner) for inner in option.inside))
