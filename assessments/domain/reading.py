"""What the pages of a quiz show to one learner."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from assessments import questions
from assessments.domain.attempts import standing_answers
from assessments.domain.marking import Result, fold, result_of
from assessments.domain.quizzes import QuizRules
from assessments.models import Attempt, Question, QuizPage, Response
from courses.blocks.text import CleanRichText
from courses.domain.outline import UnitLine, build_outline, completions_of
from courses.models import Enrolment
from elearn.core.html import clean_rich_text


@dataclass(frozen=True)
class AttemptLine:
    number: int
    submitted_at: datetime
    percent: Decimal
    passed: bool
    url: str


@dataclass(frozen=True)
class QuizReading:
    """`attempts_left` is None when there is no limit; `question_count` is what an attempt begun now would have."""

    introduction: CleanRichText
    rules: QuizRules
    attempts: list[AttemptLine]
    running_url: str
    attempts_left: int | None
    can_start: bool
    question_count: int
    drawn_at_random: bool

    @property
    def passed(self) -> bool:
        return any(attempt.passed for attempt in self.attempts)


@dataclass(frozen=True)
class OptionView:
    id: str
    text: str
    checked: bool


@dataclass(frozen=True)
class QuestionView:
    number: int
    key: str
    kind: str
    control: str
    prompt: str
    points: int
    options: list[OptionView]
    sequence: int
    client_key: str
    answered: bool
    url: str
    notice: str = ""


@dataclass(frozen=True)
class AttemptView:
    attempt: Attempt
    course_title: str
    quiz_title: str
    quiz_url: str
    questions: list[QuestionView]
    save_url: str
    submit_url: str

    @property
    def answered(self) -> int:
        return sum(question.answered for question in self.questions)

    @property
    def total(self) -> int:
        return len(self.questions)

    @property
    def open_questions(self) -> list[QuestionView]:
        return [question for question in self.questions if not question.answered]


@dataclass(frozen=True)
class OptionResult:
    text: str
    feedback: str
    chosen: bool
    correct: bool


@dataclass(frozen=True)
class QuestionResult:
    number: int
    prompt: str
    points: int
    options: list[OptionResult]
    answered: bool
    fraction: Decimal
    feedback: str

    @property
    def is_right(self) -> bool:
        return self.fraction == 1

    @property
    def is_partly_right(self) -> bool:
        return 0 < self.fraction < 1

    @property
    def fraction_percent(self) -> int:
        return int(self.fraction * 100)


@dataclass(frozen=True)
class ResultView:
    attempt: Attempt
    result: Result
    questions: list[QuestionResult]
    quiz_title: str
    quiz_url: str
    next: UnitLine | None
    can_retry: bool
    course_completed: bool

    @property
    def percent(self) -> Decimal:
        return self.result.percent

    @property
    def points(self) -> Decimal:
        return self.result.points.quantize(Decimal("0.01")).normalize()

    @property
    def possible(self) -> int:
        return self.result.possible

    @property
    def pass_mark(self) -> int:
        return self.result.pass_mark

    @property
    def passed(self) -> bool:
        return self.result.passed

    @property
    def start_url(self) -> str:
        return reverse("assessments:start", args=[self.attempt.unit.key])


def read_quiz(page: QuizPage, enrolment: Enrolment | None) -> QuizReading:
    """A quiz for one learner: the rules of their edition and their own attempts. Three queries at most."""
    rules = _rules_for(page, enrolment) or QuizRules.of_page(page)
    own = _own_attempts(page, enrolment) if enrolment else []
    running = next((attempt for attempt in own if attempt.is_open), None)
    available = Question.objects.in_bank(rules.bank).filter(locale=page.locale_id).count()
    return QuizReading(
        introduction=CleanRichText(page.introduction),
        rules=rules,
        attempts=[_attempt_line(attempt) for attempt in own if not attempt.is_open],
        running_url=reverse("assessments:attempt", args=[running.public_id]) if running else "",
        attempts_left=_attempts_left(rules, own),
        can_start=_can_start(page, enrolment, own),
        question_count=rules.count_drawn(available),
        drawn_at_random=rules.draws_at_random(available),
    )


def _rules_for(page: QuizPage, enrolment: Enrolment | None) -> QuizRules | None:
    """The rules of the learner's edition; None when it does not hold the quiz."""
    entry = enrolment.edition.structure.unit(page.translation_key) if enrolment else None
    return QuizRules.from_json(entry.rules) if entry else None


def _own_attempts(page: QuizPage, enrolment: Enrolment) -> list[Attempt]:
    rows = Attempt.objects.filter(enrolment=enrolment, unit__key=page.translation_key)
    return list(rows.prefetch_related("mark_changes"))


def _attempts_left(rules: QuizRules, own: list[Attempt]) -> int | None:
    return max(rules.attempts - len(own), 0) if rules.attempts else None


def _can_start(page: QuizPage, enrolment: Enrolment | None, own: list[Attempt]) -> bool:
    rules = _rules_for(page, enrolment)
    if enrolment is None or rules is None or not enrolment.may_read:
        return False
    return _attempts_left(rules, own) != 0 and not any(attempt.is_open for attempt in own)


def _attempt_line(attempt: Attempt) -> AttemptLine:
    result = result_of(attempt)
    if attempt.submitted_at is None:
        raise ValueError("An attempt in progress has no result.")
    return AttemptLine(
        number=attempt.number,
        submitted_at=attempt.submitted_at,
        percent=result.percent,
        passed=result.passed,
        url=reverse("assessments:result", args=[attempt.public_id]),
    )


def question_views(attempt: Attempt, language: str, notices: dict[str, str] | None = None) -> list[QuestionView]:
    """The questions of an attempt with the answers that stand. One query."""
    standing = standing_answers(list(attempt.responses.all()))
    return [
        _question_view(attempt, number, question, language, standing.get(question["key"]), notices or {})
        for number, question in enumerate(attempt.snapshot, start=1)
    ]


def _question_view(
    attempt: Attempt,
    number: int,
    question: dict[str, Any],
    language: str,
    answer: Response | None,
    notices: dict[str, str],
) -> QuestionView:
    texts = _texts(question, language)
    chosen = answer.option_ids if answer else []
    return QuestionView(
        number=number,
        key=question["key"],
        kind=question["kind"],
        control=questions.get(question["kind"]).control,
        prompt=clean_rich_text(texts["prompt"]),
        points=question["points"],
        options=[
            OptionView(option["id"], _wording(question, texts, option["id"]), option["id"] in chosen)
            for option in question["options"]
        ],
        sequence=answer.sequence if answer else 0,
        client_key=str(uuid.uuid4()),
        answered=bool(chosen),
        url=reverse("assessments:answer", args=[attempt.public_id, question["key"]]),
        notice=notices.get(question["key"], ""),
    )


def read_result(attempt: Attempt, page: QuizPage, language: str) -> ResultView:
    """A submitted attempt with marks, feedback and what comes next."""
    prefetch_related_objects([attempt], "responses", "mark_changes")
    answers = standing_answers(list(attempt.responses.all()))
    marks = fold(attempt.mark_changes.all())
    enrolment = attempt.enrolment
    outline = build_outline(enrolment.edition, page.locale.language_code, completions_of(enrolment))
    own = _own_attempts(page, enrolment)
    has_passed = any(result_of(other).passed for other in own if not other.is_open)
    return ResultView(
        attempt=attempt,
        result=result_of(attempt),
        questions=[
            _question_result(number, question, language, answers, marks)
            for number, question in enumerate(attempt.snapshot, start=1)
        ],
        quiz_title=page.title,
        quiz_url=page.url,
        next=outline.after(attempt.unit.key),
        can_retry=_can_start(page, enrolment, own) and not has_passed,
        course_completed=enrolment.completed_at is not None,
    )


def _question_result(
    number: int, question: dict[str, Any], language: str, answers: dict[str, Response], marks: dict[str, Decimal]
) -> QuestionResult:
    texts = _texts(question, language)
    answer = answers.get(question["key"])
    chosen = answer.option_ids if answer else []
    return QuestionResult(
        number=number,
        prompt=clean_rich_text(texts["prompt"]),
        points=question["points"],
        options=[
            OptionResult(
                text=_wording(question, texts, option["id"]),
                feedback=texts["options"][option["id"]]["feedback"],
                chosen=option["id"] in chosen,
                correct=option["correct"],
            )
            for option in question["options"]
        ],
        answered=bool(chosen),
        fraction=marks.get(question["key"], Decimal(0)),
        feedback=clean_rich_text(texts["feedback"]),
    )


def _wording(question: dict[str, Any], texts: dict[str, Any], option_id: str) -> str:
    return questions.get(question["kind"]).wording(option_id, texts["options"][option_id]["text"])


def _texts(question: dict[str, Any], language: str) -> dict[str, Any]:
    """The wording in the reader's language, or in the first one that was copied in."""
    texts: dict[str, Any] = question["texts"]
    found: dict[str, Any] = texts.get(language) or next(iter(texts.values()))
    return found
