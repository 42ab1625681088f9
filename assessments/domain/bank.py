"""What authors do with questions of a bank, many at once. Attempts hold copies, so none of it reaches one."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.exchange.rows import BETWEEN
from assessments.domain.usage import all_draws, categories_in_editions
from assessments.models import Attempt, Question, QuestionBank, QuestionCategory, QuestionTag, TaggedQuestion

AT_ONCE = 200
LONGEST_PATH = 400


class Refused(Exception):
    """Nothing was changed; the message says why, in words for an author."""


def category_at(bank: QuestionBank, path: str) -> QuestionCategory | None:
    """The category with this path, made with those above it where it is missing; none for an empty path."""
    names = _names_of(path)
    made = None
    for end in range(1, len(names) + 1):
        made, _is_new = QuestionCategory.objects.get_or_create(bank=bank, path="/".join(names[:end]))
    return made


def _names_of(path: str) -> list[str]:
    """The names of a path, tidy, without empty ones."""
    names = (" ".join(name.split()) for name in BETWEEN.split(path))
    return [name for name in names if name.strip("/")]


@transaction.atomic
def move_to_category(*, questions: Collection[Question], path: str) -> int:
    """Put the questions, in every language, into the category of this path in their own bank; "" takes them out.

    The category is made where a bank lacks it. Answers how many questions there were.
    """
    for bank_id in sorted({question.bank_id for question in questions}):
        own = [question for question in questions if question.bank_id == bank_id]
        category = category_at(own[0].bank, path) if path.strip() else None
        _each(own, lambda rows, category=category: rows.update(category=category))
    return len(questions)


@transaction.atomic
def add_tags(*, questions: Collection[Question], names: Sequence[str]) -> int:
    """Give the questions, in every language, these tags."""
    for name in names:
        tag, _is_new = QuestionTag.objects.get_or_create(name=name)

        def give(rows: QuerySet[Question], tag: QuestionTag = tag) -> None:
            new = rows.exclude(tagged__tag=tag).values_list("pk", flat=True)
            TaggedQuestion.objects.bulk_create([TaggedQuestion(tag=tag, content_object_id=pk) for pk in new])

        _each(questions, give)
    return len(questions)


@transaction.atomic
def remove_tags(*, questions: Collection[Question], names: Sequence[str]) -> int:
    """Take these tags from the questions, in every language. A tag that nothing has any more goes."""
    wanted = Q(tag__name__in=names)
    _each(questions, lambda rows: TaggedQuestion.objects.filter(wanted, content_object__in=rows).delete())
    QuestionTag.objects.filter(name__in=names, tagged=None).delete()
    return len(questions)


@transaction.atomic
def set_archived(*, questions: Collection[Question], archived: bool) -> int:
    """Put the questions, in every language, into the archive or take them out. Quizzes draw none from it."""
    now = timezone.now() if archived else None
    _each(questions, lambda rows: rows.filter(archived_at__isnull=archived).update(archived_at=now))
    return len(questions)


def _each(questions: Collection[Question], act: Any) -> None:
    """Do it for the questions in every language, so many at once as a query takes."""
    keys = sorted({question.translation_key for question in questions})
    for start in range(0, len(keys), AT_ONCE):
        act(Question.objects.filter(translation_key__in=keys[start : start + AT_ONCE]))


# --- Deleting -----------------------------------------------------------------------------------------------------


def refuse_if_drawn(questions: Collection[Question]) -> None:
    """Raise Refused when an attempt holds one of these, or a quiz names it. What was drawn is archived instead."""
    keys = {question.translation_key for question in questions}
    named = keys & {key for draw in all_draws() for key in draw.fixed}
    drawn = named or _in_attempts(keys)
    if drawn:
        stand = sorted({question.key for question in questions if question.translation_key in drawn})
        raise Refused(
            _("These questions have been drawn, or a quiz names them: %(keys)s. Nothing was deleted. Archive them.")
            % {"keys": ", ".join(stand[:10]) + (", …" if len(stand) > 10 else "")}
        )


def _in_attempts(keys: Collection[UUID]) -> set[UUID]:
    attempts = Attempt.objects.annotate(text=Cast("snapshot", TextField()))
    return {key for key in keys if attempts.filter(text__contains=str(key)).exists()}


# --- Categories and tags ------------------------------------------------------------------------------------------


@transaction.atomic
def rename_category(*, category: QuestionCategory, path: str) -> list[str]:
    """Give the category, and those below it, another path; where that is taken, merge the two.

    Released editions know a category by its permanent name and follow. Pages of quizzes name it by its path: their
    titles are answered, so that somebody changes them. Raises Refused for an empty path, one below itself, and a merge
    that would leave a released quiz without its category.
    """
    path = "/".join(_names_of(path))
    below = category.path + QuestionCategory.SEPARATOR
    own = QuestionCategory.objects.filter(bank=category.bank)
    family = list(own.filter(Q(pk=category.pk) | Q(path__startswith=below)).order_by("path"))
    longest = max(len(path) + len(row.path) - len(category.path) for row in family)
    if not path or path.startswith(below) or longest > LONGEST_PATH:
        raise Refused(
            _("A category needs a name that is not below itself, of at most %(count)d signs with those below it.")
            % {"count": LONGEST_PATH}
        )
    if path == category.path:
        return []
    titles = _pages_naming(category)
    for row in family:
        _move_category(row, path + row.path[len(category.path) :])
    parent = path.rpartition("/")[0]
    if parent:
        category_at(category.bank, parent)
    return titles


def _move_category(row: QuestionCategory, path: str) -> None:
    there = QuestionCategory.objects.filter(bank=row.bank, path=path).first()
    if there is None:
        QuestionCategory.objects.filter(pk=row.pk).update(path=path)
        return
    remove_category(category=row, into=there)


@transaction.atomic
def remove_category(*, category: QuestionCategory, into: QuestionCategory | None = None) -> list[str]:
    """Delete the category; its questions go `into` another, or into none. What is below it stays.

    Answers the titles of the quizzes whose pages name it. Raises Refused where a released quiz draws from it.
    """
    if str(category.uid) in categories_in_editions():
        raise Refused(
            _("A released edition draws from “%(path)s”: it can be renamed, but neither merged nor removed.")
            % {"path": category.path}
        )
    titles = _pages_naming(category)
    Question.objects.filter(category=category).update(category=into)
    category.delete()
    return titles


def _pages_naming(category: QuestionCategory) -> list[str]:
    own = (draw for draw in all_draws() if draw.use.page and draw.bank == category.bank.uid)
    inside = category.path + QuestionCategory.SEPARATOR
    return sorted({draw.use.title for draw in own if draw.path == category.path or draw.path.startswith(inside)})


@transaction.atomic
def rename_tag(*, bank: QuestionBank, name: str, new_name: str) -> int:
    """Call a tag something else on the questions of this bank; other banks keep theirs. Answers how many had it."""
    rows = Question.objects.filter(bank=bank, tags__name=name)
    questions = list(rows)
    if new_name.strip() and new_name != name:
        add_tags(questions=questions, names=[new_name.strip()])
    if new_name != name:
        remove_tags(questions=questions, names=[name])
    return len(questions)
