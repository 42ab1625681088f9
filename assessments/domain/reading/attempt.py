"""The page of questions of an attempt in progress."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assessments.domain import reviewing
from assessments.domain.asking import AttemptQuestion, questions_of
from assessments.domain.attempts import GRACE, rules_of, standing_answers
from assessments.domain.marking import fraction_of
from assessments.domain.reading.question import QuestionResult, numbered, plain, plural, question_result
from assessments.models import Attempt, Response
from elearn.core.html import clean_picture_text


@dataclass(frozen=True)
class QuestionView:
    """One question as the page asks it. `data` is what the type's own template prints, `review` what it shows of an
    answer that was checked."""

    number: int
    key: str
    kind: str
    template: str
    prompt: str
    points: Decimal | int
    data: dict[str, Any]
    sequence: int
    client_key: str
    answered: bool
    complete: bool
    url: str
    only_shown: bool
    by_a_person: bool
    unfolds: bool
    may_check: bool
    review: "QuestionResult | None" = None
    notice: str = ""
    # What the learner sent last, where something newer stands: in words, with the fields that would send it again.
    other: "OtherAnswer | None" = None

    @property
    def points_plural(self) -> int:
        return plural(self.points)

    @property
    def asks(self) -> bool:
        """Whether there is anything left to answer."""
        return not self.only_shown and self.review is None


@dataclass(frozen=True)
class OtherAnswer:
    words: list[str]
    standing_words: list[str]
    fields: list[tuple[str, str]]


@dataclass(frozen=True)
class AttemptView:
    attempt: Attempt
    course_title: str
    quiz_title: str
    quiz_url: str
    questions: list[QuestionView]
    save_url: str
    submit_url: str
    clock_url: str

    @property
    def asked(self) -> list[QuestionView]:
        return [question for question in self.questions if not question.only_shown]

    @property
    def answered(self) -> int:
        return sum(question.answered for question in self.asked)

    @property
    def total(self) -> int:
        return len(self.asked)

    @property
    def open_questions(self) -> list[QuestionView]:
        return [question for question in self.asked if not question.complete]

    @property
    def seconds_left(self) -> int | None:
        """Until the deadline, by the server's clock; None without one."""
        if self.attempt.deadline is None:
            return None
        return max(0, int((self.attempt.deadline - timezone.now()).total_seconds()))

    @property
    def minutes_left(self) -> int | None:
        return None if self.seconds_left is None else -(-self.seconds_left // 60)

    @property
    def grace_minutes(self) -> int:
        return int(GRACE.total_seconds() // 60)

    @property
    def waits_for_a_person(self) -> bool:
        return any(question.by_a_person for question in self.questions)


def question_views(
    attempt: Attempt,
    language: str,
    notices: Mapping[str, str] | None = None,
    others: Mapping[str, Any] | None = None,
    only: str = "",
) -> list[QuestionView]:
    """The questions of an attempt with the answers that stand; `only` one of them where its key is given. One query.

    `others` are answers, by question, that were sent and do not stand.
    """
    standing = standing_answers(attempt.responses.all())
    numbers = numbered(questions_of(attempt))
    return [
        _question_view(
            attempt,
            number,
            question,
            language,
            standing.get(question.key),
            notices or {},
            (others or {}).get(question.key),
        )
        for number, question in numbers
        if only in ("", question.key)
    ]


def _question_view(
    attempt: Attempt,
    number: int,
    question: AttemptQuestion,
    language: str,
    response: Response | None,
    notices: Mapping[str, str],
    other: Any,
) -> QuestionView:
    # Cleaned before it is taken apart: a text with gaps is printed in pieces that are no HTML by themselves.
    asked = question.asked(language)
    asked = replace(asked, prompt=clean_picture_text(asked.prompt))
    kind, answer = question.kind, response.answer if response else None
    checked = response is not None and response.checked
    shows = reviewing.showing(rules_of(attempt), reviewing.moments(attempt, closed=False, checked=checked))
    return QuestionView(
        number=number,
        key=question.key,
        kind=kind.key,
        template=f"assessments/questions/{kind.template}.html",
        prompt=asked.prompt,
        points=plain(question.points),
        data=kind.view(asked, answer),
        sequence=response.sequence if response else 0,
        client_key=str(uuid.uuid4()),
        answered=bool(answer),
        complete=kind.is_complete(answer, asked),
        url=reverse("assessments:answer", args=[attempt.public_id, question.key]),
        only_shown=kind.only_shown,
        by_a_person=kind.by_a_person,
        unfolds=kind.unfolds,
        may_check=rules_of(attempt).shows_during and not (kind.by_a_person or kind.only_shown or kind.unfolds),
        review=_checked(number, question, language, response, shows) if checked else None,
        notice=notices.get(question.key, ""),
        other=_other_answer(question, asked, answer, other) if other is not None else None,
    )


def _checked(
    number: int, question: AttemptQuestion, language: str, response: Response | None, shows: reviewing.Showing
) -> QuestionResult:
    mark = None if question.kind.by_a_person else fraction_of(question, response)
    return question_result(number, question, language, response, mark, shows)


def _other_answer(question: AttemptQuestion, asked: Any, answer: Any, other: Any) -> OtherAnswer:
    kind = question.kind
    return OtherAnswer(
        words=kind.in_words(other, asked),
        standing_words=kind.in_words(answer, asked),
        fields=[(part, value) for part, values in kind.fields_of(other).items() for value in values],
    )
