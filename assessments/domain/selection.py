"""Drawing the questions of an attempt, and copying them into it."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from assessments import questions
from assessments.domain.pictures import with_links
from assessments.domain.quizzes import QuizRules, Source
from assessments.models import Question, QuestionCategory
from assessments.questions import Option

Random = secrets.SystemRandom
ONLY_SHOWN = [kind.key for kind in questions.all_types() if kind.only_shown]


def available(source: Source, language: str) -> QuerySet[Question]:
    """What a source may give in a language. One query when it is evaluated, and one for a category."""
    live = Question.objects.filter(archived_at=None, locale__language_code=language)
    if source.questions:
        return live.filter(translation_key__in=source.questions)
    live = live.filter(bank__uid=source.bank)
    if source.category:
        live = live.filter(category__in=_with_those_below(source.category))
    if source.tag:
        live = live.filter(tags__slug=source.tag) | live.filter(tags__name__iexact=source.tag)
    return live.distinct() if source.tag else live


def _with_those_below(uid: str) -> list[int]:
    """The category and those under it; none when it is gone, or its name was never one."""
    try:
        category = QuestionCategory.objects.filter(uid=UUID(uid)).first()
    except ValueError:
        category = None
    if category is None:
        return []
    rows = QuestionCategory.objects.filter(bank=category.bank_id)
    below = rows.filter(path__startswith=category.path + QuestionCategory.SEPARATOR)
    return [category.pk, *below.values_list("pk", flat=True)]


def count_available(rules: QuizRules, language: str) -> tuple[int, int]:
    """How many questions an attempt would have now, and how many it could draw them from."""
    asked = there = 0
    for source in rules.all_sources:
        count = available(source, language).exclude(kind__in=ONLY_SHOWN).count()
        asked += min(source.count or count, count)
        there += count
    return asked, there


def draw_snapshot(
    *, rules: QuizRules, language: str, languages: tuple[str, ...], seen: Mapping[str, int] | None = None
) -> list[Any]:
    """Draw questions and copy them, in every language offered, into plain data (see Attempt.snapshot).

    A question counts as available when it exists in `language`, and is drawn once. Where there is a choice, those go
    first that the learner has seen least often (`seen`: how often, by translation key). What is right and what it
    earns come from that language's row. The number of queries does not depend on the size of the bank.
    """
    random = Random()
    drawn: list[UUID] = []
    for source in rules.all_sources:
        drawn += _draw(source, language, rules, set(drawn), seen or {}, random)
    if rules.shuffle and not rules.sources:
        random.shuffle(drawn)
    texts: dict[UUID, dict[str, Question]] = defaultdict(dict)
    rows = Question.objects.filter(archived_at=None, translation_key__in=drawn, locale__language_code__in=languages)
    for row in rows.select_related("locale"):
        texts[row.translation_key][row.locale.language_code] = row
    return [_copy(texts[key], language, rules.shuffle, random) for key in drawn]


def _draw(
    source: Source, language: str, rules: QuizRules, taken: set[UUID], seen: Mapping[str, int], random: Random
) -> list[UUID]:
    rows = available(source, language).order_by("position", "pk").values_list("translation_key", flat=True)
    there = [key for key in rows if key not in taken]
    if source.questions:
        order = {key: place for place, key in enumerate(source.questions)}
        return sorted(there, key=lambda key: order[str(key)])
    wanted = min(source.count or len(there), len(there))
    if wanted == len(there) or not rules.shuffle:
        return there[:wanted]
    # In any order, and those seen least often first: the sort is stable.
    random.shuffle(there)
    there.sort(key=lambda key: seen.get(str(key), 0))
    return there[:wanted]


def seen_in(snapshots: Iterable[Sequence[Mapping[str, Any]]]) -> Counter[str]:
    """How often each question stood in these attempts, by translation key."""
    return Counter(question["translation_key"] for snapshot in snapshots for question in snapshot)


def _copy(rows: dict[str, Question], language: str, shuffle: bool, random: Random) -> dict[str, Any]:
    leader = rows[language]
    kind = questions.get(leader.kind)
    asked = leader.asked()
    may_shuffle = (shuffle and leader.shuffle) or "shuffle" not in kind.rules
    order = kind.shuffle(asked.options, random.shuffle) if may_shuffle else asked.options
    return {
        "key": leader.key,
        "translation_key": str(leader.translation_key),
        "kind": leader.kind,
        "points": str(leader.weight),
        "rules": leader.rules.to_json(),
        "order": [option.id for option in order],
        # Said, and not left to the order of the contents: PostgreSQL does not keep it.
        "language": language,
        "contents": {code: content_of(row, asked.options) for code, row in rows.items()},
    }


def content_of(question: Question, leader: Sequence[Option]) -> dict[str, Any]:
    """The wording of a question in its language, with what is right as the leading language has it."""
    asked = question.asked()
    try:
        options = questions.get(question.kind).align(asked.options, leader)
    except ValueError:
        # The translation has other options than the original; the original's are asked.
        options = list(leader)
    content: dict[str, Any] = {
        "prompt": with_links(asked.prompt),
        "options": [_with_links(option).to_json() for option in options],
    }
    for name, text in (("feedback", with_links(asked.feedback)), ("template", asked.template)):
        if text:
            content[name] = text
    return content


def _with_links(option: Option) -> Option:
    return option.with_texts(with_links)
