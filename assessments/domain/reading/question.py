"""One question of an attempt with its answer, for whoever may see so much of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from assessments.domain.asking import AttemptQuestion
from assessments.domain.reviewing import Showing
from assessments.models import Response
from elearn.core.html import clean_picture_text


@dataclass(frozen=True)
class QuestionResult:
    number: int
    kind: str
    template: str
    prompt: str
    points: Decimal | int
    data: dict[str, Any]
    answered: bool
    fraction: Decimal | None
    feedback: str
    only_shown: bool
    shows: Showing
    comment: str = ""
    late: bool = False

    @property
    def points_plural(self) -> int:
        return plural(self.points)

    @property
    def waits(self) -> bool:
        return self.fraction is None and not self.only_shown

    @property
    def is_right(self) -> bool:
        return self.fraction == 1

    @property
    def is_partly_right(self) -> bool:
        return self.fraction is not None and 0 < self.fraction < 1

    @property
    def fraction_percent(self) -> int:
        return int((self.fraction or 0) * 100)

    @property
    def earned(self) -> Decimal | int:
        return plain((self.fraction or Decimal(0)) * self.points)


def plain(number: Decimal) -> Decimal | int:
    """Two decimals at most, and no zeros at their end."""
    number = number.quantize(Decimal("0.01"))
    return int(number) if number == number.to_integral() else number.normalize()


def plural(number: Decimal | int) -> int:
    """The whole number whose plural form a number with decimals takes, near enough for the languages of the site."""
    return int(number) if number == int(number) else int(number) + 2


def numbered(asked: Sequence[AttemptQuestion]) -> list[tuple[int, AttemptQuestion]]:
    """Questions with their numbers; what only shows something has none of its own."""
    number = 0
    rows = []
    for question in asked:
        number += not question.kind.only_shown
        rows.append((number, question))
    return rows


def question_result(
    number: int,
    question: AttemptQuestion,
    language: str,
    response: Response | None,
    fraction: Decimal | None,
    shows: Showing,
    *,
    comment: str = "",
    late: bool = False,
) -> QuestionResult:
    """One question with its answer, for whoever may see as much as `shows` says. What may not be seen is not in it."""
    # In the language in which it was answered, where it has words of its own: they were compared with that one's.
    answer_language = response.language if response is not None and question.kind.answers_by_language else language
    asked = question.asked(answer_language)
    asked = replace(asked, prompt=clean_picture_text(asked.prompt))
    answer = response.answer if response else None
    return QuestionResult(
        number=number,
        kind=question.kind.key,
        template=f"assessments/questions/{question.kind.template}_result.html",
        prompt=asked.prompt,
        points=plain(question.points),
        data=question.kind.review(asked, answer),
        answered=bool(answer),
        fraction=fraction,
        feedback=clean_picture_text(asked.feedback) if shows.feedback else "",
        only_shown=question.kind.only_shown,
        shows=shows,
        # What a person gives as reasons is for the learner, whatever the quiz shows of its own feedback.
        comment=comment,
        late=late,
    )
