"""Drawing the questions of an attempt, and copying them into it."""

import secrets
from collections import defaultdict
from typing import Any
from uuid import UUID

from assessments import questions
from assessments.domain.quizzes import QuizRules
from assessments.models import Question


def draw_snapshot(*, rules: QuizRules, language: str, languages: tuple[str, ...]) -> list[Any]:
    """Draw questions at random and copy them, in every language offered, into plain data (see Attempt.snapshot).

    A question counts as available when it exists in `language`. Keys, weights and right answers come from that
    language's row; they are equal in all. Two queries, whatever the size of the bank.
    """
    live = Question.objects.in_bank(rules.bank)
    available = list(live.filter(locale__language_code=language).values_list("translation_key", flat=True))
    random = secrets.SystemRandom()
    wanted = rules.count_drawn(len(available))
    drawn = random.sample(available, wanted) if rules.shuffle else available[:wanted]
    texts: dict[UUID, dict[str, Question]] = defaultdict(dict)
    rows = live.filter(translation_key__in=drawn, locale__language_code__in=languages).select_related("locale")
    for row in rows:
        texts[row.translation_key][row.locale.language_code] = row
    return [_copy(texts[key], language, rules.shuffle, random) for key in drawn]


def _copy(rows: dict[str, Question], language: str, shuffle: bool, random: secrets.SystemRandom) -> dict[str, Any]:
    question = rows[language]
    options = question.option_rows()
    if shuffle and questions.get(question.kind).may_shuffle:
        random.shuffle(options)
    return {
        "key": question.key,
        "translation_key": str(question.translation_key),
        "kind": question.kind,
        "points": question.weight,
        "options": [{"id": option.id, "correct": option.correct} for option in options],
        "texts": {code: _texts(row) for code, row in rows.items()},
    }


def _texts(question: Question) -> dict[str, Any]:
    return {
        "prompt": question.prompt,
        "feedback": question.feedback,
        "options": {option.id: {"text": option.text, "feedback": option.feedback} for option in question.option_rows()},
    }
