"""One question in several languages: what is right, what it earns and where it belongs are equal in all of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from wagtail.models import Locale

from assessments import questions
from assessments.models import Question
from assessments.models.options import to_stream
from assessments.questions import Option
from elearn.people.models import User


@dataclass(frozen=True)
class Aligned:
    """What aligning changed: languages that were brought into line, and those that got options to translate."""

    changed: tuple[str, ...] = ()
    to_translate: tuple[str, ...] = ()


@transaction.atomic
def align_translations(*, question: Question, by: User | None) -> Aligned:
    """Bring the other languages of a question into line with the one that was just saved.

    Type, bank, category, tags, points, rules, and what is right become those of `question`. Options keep their wording;
    a new one comes with the wording of `question`, to be translated, and one that is gone goes. Types whose answers
    are written anew in each language (short text, gaps) keep theirs. Each row that changes gets a revision.
    """
    changed, to_translate = [], []
    tags = sorted(question.tags.names())
    rows = Question.objects.select_for_update(of=("self",)).filter(translation_key=question.translation_key)
    for row in rows.exclude(pk=question.pk).select_related("locale").order_by("pk"):
        before = _state(row)
        new_words = _align(row, question)
        if _state(row) == before and sorted(row.tags.names()) == tags:
            continue
        row.save()
        row.tags.set(tags)
        row.save_revision(user=by, clean=False)
        changed.append(row.locale.language_code)
        if new_words:
            to_translate.append(row.locale.language_code)
    return Aligned(tuple(changed), tuple(to_translate))


def _state(row: Question) -> tuple[object, ...]:
    return (row.kind, row.bank_id, row.category_id, row.key, row.weight, row.rules, row.asked().options)


def _align(row: Question, leader: Question) -> bool:
    """Change the row, unsaved. Answers whether it got options in the words of the leader."""
    kind = questions.get(leader.kind)
    changed_kind = row.kind != leader.kind
    row.kind, row.bank, row.category, row.key = leader.kind, leader.bank, leader.category, leader.key
    row.weight, row.position, row.archived_at = leader.weight, leader.position, leader.archived_at
    for name, value in asdict(leader.rules).items():
        setattr(row, name, value)
    own, wanted = row.asked().options, leader.asked().options
    if kind.answers_by_language and not changed_kind:
        return False
    filled = _filled(own, wanted)
    row.options = to_stream(kind.align(filled, wanted) if not kind.answers_by_language else filled)
    return _ids(own) != _ids(wanted)


def _filled(own: Sequence[Option], wanted: Sequence[Option]) -> list[Option]:
    """The options that are wanted, each in its own words where it has some."""
    by_id = {option.id: option for option in own}
    return [
        replace(by_id[option.id], inside=tuple(_filled(by_id[option.id].inside, option.inside)))
        if option.id in by_id
        else option
        for option in wanted
    ]


def _ids(options: Sequence[Option]) -> list[tuple[str, str]]:
    return sorted((option.id, str(_ids(option.inside))) for option in options)


@transaction.atomic
def add_translation(*, question: Question, locale: Locale, by: User | None) -> Question:
    """Copy the question into another language, to be translated there; where it is already, answer that row.

    A copy is drawn by quizzes in its language at once, as every question is: translate it soon, or archive it.
    """
    there = Question.objects.filter(translation_key=question.translation_key, locale=locale).first()
    if there is not None:
        return there
    left = {"id", "locale", "latest_revision"}
    values = {f.name: getattr(question, f.name) for f in Question._meta.concrete_fields if f.name not in left}
    copy = Question(**values, locale=locale)
    copy.save()
    copy.tags.set(question.tags.names())
    copy.save_revision(user=by, clean=False)
    return copy


def languages_missing(question: Question) -> list[Locale]:
    """The languages of the site that the question is not in."""
    held = Question.objects.filter(translation_key=question.translation_key).values("locale")
    return list(Locale.objects.exclude(pk__in=held))
