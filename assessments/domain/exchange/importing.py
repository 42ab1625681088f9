"""Bringing the questions of a file into a bank."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from wagtail.models import Locale

from assessments.domain.exchange.content import Content
from assessments.domain.exchange.file_formats import FORMATS
from assessments.domain.exchange.from_items import content_of
from assessments.domain.exchange.pictures import Library, Pictures
from assessments.domain.exchange.refusing import NotHeld
from assessments.domain.exchange.rows import Recognised, write_rows
from assessments.domain.exchange.texts import with_references
from assessments.formats.items import Refused
from assessments.models import QuestionBank
from elearn.people.models import User


@dataclass(frozen=True)
class Note:
    """Something that is not kept, of `count` questions; `line` and `name` are those of the first."""

    reason: str
    count: int
    line: int
    name: str


@dataclass(frozen=True)
class Report:
    """What an import does, or did. `by_kind` counts by Moodle's names of the types; `there` what was there already."""

    imported: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    files: int = 0
    there: int = 0
    notes: tuple[Note, ...] = ()
    names: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "imported": self.imported,
            "by_kind": self.by_kind,
            "refused": [asdict(refused) for refused in self.refused],
            "files": self.files,
            "already_there": self.there,
            "notes": [asdict(note) for note in self.notes],
        }


@dataclass
class Prepared:
    """A file that was read: what can be kept of it, before a bank is looked at."""

    contents: list[Content]
    pictures: Pictures
    refused: list[Refused]
    notes: list[Refused]


def prepare(content: bytes, file_format: str) -> Prepared:
    """Read a file. Raises FileRefused where nothing of it can be read; writes nothing."""
    reading = FORMATS[file_format].read(content)
    prepared = Prepared([], Pictures(), list(reading.refused), list(reading.notes))
    for item in reading.items:
        try:
            made, notes = content_of(item, prepared.pictures)
        except NotHeld as refusal:
            prepared.refused.append(Refused(item.line, item.name, str(refusal)))
            continue
        prepared.contents.append(made)
        prepared.notes += (Refused(item.line, item.name, note) for note in notes)
    prepared.refused.sort(key=lambda refused: refused.line)
    return prepared


def preview(*, prepared: Prepared, bank: QuestionBank | None, locale: Locale | None) -> Report:
    """What `import_questions` would do, changing nothing. Where bank or language are still to be made, all is new."""
    new, there = _told_apart(prepared, bank, locale, Library(bank) if bank else None)
    return _report(prepared, new, there)


def import_questions(
    *,
    prepared: Prepared,
    bank: QuestionBank,
    locale: Locale,
    by: User | None,
    then: Callable[[Report], None] | None = None,
) -> Report:
    """Add what the bank does not hold yet, in one transaction: all of it, or nothing at all.

    A question that is there already (the same name, category and content) is left alone; one that was changed, here
    or in the file, is added as a new one. Nothing is ever overwritten, so attempts that have begun and quizzes that
    are released see no change but more questions to draw from. Writes pictures into the course's library, makes
    categories and tags, and a first revision of each question. `then` is told the report in the same transaction.
    """
    library = Library(bank)
    try:
        with transaction.atomic():
            # Two imports of one file at the same time must not both find the bank without its questions.
            held = QuestionBank.objects.select_for_update().get(pk=bank.pk)
            new, there = _told_apart(prepared, held, locale, library)
            for content in new:
                for digest, found in prepared.pictures.found.items() if content.files else ():
                    if digest in "".join(_texts(content)):
                        library.add(digest, found, by)
            write_rows(bank=held, locale=locale, contents=[_resolved(c, library) for c in new], by=by)
            report = _report(prepared, new, there)
            if then is not None:
                then(report)
    except BaseException:
        library.clear_away()
        raise
    return report


def _told_apart(
    prepared: Prepared, bank: QuestionBank | None, locale: Locale | None, library: Library | None
) -> tuple[list[Content], int]:
    """What is new, and how many are there already."""
    if bank is None or library is None or locale is None or not prepared.contents:
        return prepared.contents, 0
    library.look_up(set(prepared.pictures.found))
    recognised = Recognised(bank, locale, {content.name for content in prepared.contents})
    new = [content for content in prepared.contents if not recognised.take(_resolved(content, library))]
    return new, len(prepared.contents) - len(new)


def _texts(content: Content) -> Iterable[str]:
    yield from (content.prompt, content.feedback, content.marking_notes)
    for option in content.options:
        for line in (option, *option.inside):
            yield from (line.text, line.feedback)


def _resolved(content: Content, library: Library) -> Content:
    if not content.files:
        return content

    def led(markup: str) -> str:
        return with_references(markup, library.find)

    return content.with_texts(led)


def _report(prepared: Prepared, new: list[Content], there: int) -> Report:
    return Report(
        imported=len(new),
        by_kind=dict(sorted(Counter(content.qtype for content in new).items())),
        refused=tuple(prepared.refused),
        files=sum(content.files for content in new),
        there=there,
        notes=tuple(_gathered(prepared.notes)),
        names=tuple(content.name for content in new),
    )


def _gathered(notes: list[Refused]) -> Iterable[Note]:
    """Each sentence once, in the order of the file."""
    counts = Counter(note.reason for note in notes)
    first: dict[str, Refused] = {}
    for note in sorted(notes, key=lambda note: note.line):
        first.setdefault(note.reason, note)
    return (Note(reason, counts[reason], note.line, note.name) for reason, note in first.items())
