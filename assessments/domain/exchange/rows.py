"""Rows of questions that come from a file: recognised, and written in a few queries however many there are."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils import timezone
from wagtail.models import Locale, ReferenceIndex, Revision

from assessments.domain.exchange.content import Content
from assessments.models import Question, QuestionBank, QuestionCategory, QuestionTag, TaggedQuestion
from assessments.models.options import to_stream
from courses.domain.keys import make_key
from elearn.people.models import User

AT_ONCE = 500
# Between the names of a path; a doubled slash is one within a name.
BETWEEN = re.compile(r"(?<!/)/(?!/)")


class Recognised:
    """The questions of a bank in one language, to find those that a file brings again."""

    def __init__(self, bank: QuestionBank, locale: Locale, names: set[str]) -> None:
        rows = Question.objects.filter(bank=bank, locale=locale, archived_at=None).select_related("category")
        # Names are compared here: a file may bring more of them than a query takes.
        self._there = Counter(identity_of(row) for row in rows.iterator(AT_ONCE) if row.name in names)

    def take(self, content: Content) -> bool:
        """Whether the bank holds this one; each row is found once, so that a file may hold the same one twice."""
        identity = content.identity()
        if not self._there[identity]:
            return False
        self._there[identity] -= 1
        return True


def identity_of(row: Question) -> tuple:
    return content_of_row(row).identity()


def content_of_row(row: Question) -> Content:
    asked = row.asked()
    return Content(
        kind=row.kind,
        prompt=row.prompt,
        options=asked.options,
        rules=asked.rules,
        weight=row.weight,
        feedback=row.feedback,
        template=row.template,
        marking_notes=row.marking_notes,
        name=row.name,
        category=row.category.path if row.category else "",
    )


def write_rows(*, bank: QuestionBank, locale: Locale, contents: Sequence[Content], by: User | None) -> list[Question]:
    """Make a row of each, with category, tags, a first revision and its references. Within a transaction."""
    if not contents:
        return []
    categories = _categories(bank, {content.category for content in contents} - {""})
    taken = set(Question.objects.filter(bank=bank).values_list("key", flat=True))
    last = Question.objects.filter(bank=bank, locale=locale).aggregate(last=Max("position"))["last"]
    rows = []
    for place, content in enumerate(contents, start=0 if last is None else last + 1):
        key = make_key(content.id_number or content.name or content.prompt, fallback="question", taken=taken)
        taken.add(key)
        category = categories.get(content.category)
        rows.append(_row(content, bank=bank, locale=locale, key=key, position=place, category=category))
    Question.objects.bulk_create(rows, batch_size=AT_ONCE)
    _tag(rows, contents)
    _first_revisions(rows, by)
    for row, content in zip(rows, contents, strict=True):
        if content.files:  # So that nobody deletes a picture that is shown.
            ReferenceIndex.create_or_update_for_object(row)
    return rows


def _row(
    content: Content,
    *,
    bank: QuestionBank,
    locale: Locale,
    key: str,
    position: int,
    category: QuestionCategory | None,
) -> Question:
    return Question(
        bank=bank,
        locale=locale,
        key=key,
        position=position,
        category=category,
        name=content.name,
        kind=content.kind,
        weight=content.weight,
        prompt=content.prompt,
        options=to_stream(content.options),
        feedback=content.feedback,
        template=content.template,
        marking_notes=content.marking_notes,
        **asdict(content.rules),
    )


def _categories(bank: QuestionBank, paths: set[str]) -> dict[str, QuestionCategory]:
    """The categories with these paths and those above them, made where they are missing."""
    wanted: set[str] = set()
    for path in paths:
        # What stands above is a category too: a quiz may draw from it with all below.
        wanted |= {path[: found.start()] for found in BETWEEN.finditer(path)} | {path}
    held = {row.path: row for row in QuestionCategory.objects.filter(bank=bank)}
    for path in sorted(wanted - held.keys()):
        held[path] = QuestionCategory.objects.create(bank=bank, path=path)
    return held


def _tag(rows: Sequence[Question], contents: Sequence[Content]) -> None:
    names = {name for content in contents for name in content.tags}
    held = {tag.name: tag for tag in QuestionTag.objects.all() if tag.name in names}
    for name in sorted(names - held.keys()):
        held[name] = QuestionTag.objects.create(name=name)
    TaggedQuestion.objects.bulk_create(
        (
            TaggedQuestion(tag=held[name], content_object=row)
            for row, content in zip(rows, contents, strict=True)
            for name in content.tags
        ),
        batch_size=AT_ONCE,
    )


def _first_revisions(rows: Sequence[Question], by: User | None) -> None:
    """What Wagtail's save_revision does, for many rows at once."""
    content_type = ContentType.objects.get_for_model(Question)
    now = timezone.now()
    revisions = Revision.objects.bulk_create(
        (
            Revision(
                content_type=content_type,
                base_content_type=content_type,
                object_id=str(row.pk),
                user=by,
                created_at=now,
                content=row.serializable_data(),
                object_str=str(row),
            )
            for row in rows
        ),
        batch_size=AT_ONCE,
    )
    for row, revision in zip(rows, revisions, strict=True):
        row.latest_revision = revision
    Question.objects.bulk_update(rows, ["latest_revision"], batch_size=AT_ONCE)
