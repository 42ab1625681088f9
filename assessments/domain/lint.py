"""What a quiz and its questions still lack, in words for an author."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import questions
from assessments.domain.quizzes import QuizRules
from assessments.domain.selection import available
from assessments.models import Question, QuestionBank, QuizPage
from assessments.questions import Option
from assessments.questions.base import NOTHING, PLAIN_TEXTS, is_blank
from assessments.questions.typed import share_of
from courses.domain.lint.content import Kind, Part, Place
from courses.domain.lint.findings import Book, Finding, Problem, Severity
from courses.domain.lint.subject import Known, Subject
from courses.domain.lint.text_rules import TEXT

QUIZ_RULES = Book(gettext_lazy("Quizzes"))
QUESTION_RULES = Book(gettext_lazy("Questions of a quiz"))

LOWEST_SENSIBLE_MARK = 50
# Thirds, written with a few digits, are the whole point together.
ABOUT = Decimal("0.01")
WITH_FEEDBACK = {"option", "choice", "accepted", "number", "answer"}


@dataclass(frozen=True)
class QuizUnderCheck:
    """A quiz with the questions that it may draw in its language. `elsewhere` counts the bank's in each language."""

    page: QuizPage
    questions: tuple[Question, ...]
    elsewhere: dict[str, int]


def lint(pages: Sequence[QuizPage]) -> list[Finding]:
    """What these quizzes, and the questions that they draw, lack. Two queries, however many there are."""
    banks = QuestionBank.objects.in_bulk({page.bank_id for page in pages if page.bank_id})
    rows = Question.objects.filter(bank__in=banks, archived_at=None).select_related("locale")
    by_bank: dict[int, list[Question]] = defaultdict(list)
    for row in rows.order_by("bank", "position", "pk"):
        by_bank[row.bank_id].append(row)
    findings: list[Finding] = []
    for page in pages:
        found = _under_check(page, by_bank[page.bank_id] if page.bank_id in banks else [])
        findings.extend(QUIZ_RULES.check(found, page.pk))
        for question in found.questions:
            findings.extend(QUESTION_RULES.check(question, page.pk))
            parts = tuple(_parts(question))
            findings.extend(TEXT.check(Subject(page, parts, page.locale.language_code, Known()), page.pk))
    return findings


def _under_check(page: QuizPage, rows: list[Question]) -> QuizUnderCheck:
    elsewhere: dict[str, int] = defaultdict(int)
    for row in rows:
        elsewhere[row.locale.language_code] += 1
    own = tuple(row for row in rows if row.locale_id == page.locale_id)
    return QuizUnderCheck(page, own, dict(elsewhere))


def _place(question: Question) -> Place:
    prompt = Truncator(strip_tags(question.prompt)).words(8, truncate=" …")
    return Place("question", _("question “%(prompt)s” (%(key)s)") % {"prompt": prompt, "key": question.key})


def _parts(question: Question) -> Iterator[Part]:
    place = _place(question)
    yield Part(Kind.RICH_TEXT, question.prompt, place, "prompt")
    yield Part(Kind.RICH_TEXT, question.feedback, place, "feedback")
    for option in question.asked().options:
        for line in (option, *option.inside):
            plain = line.type in PLAIN_TEXTS
            yield Part(Kind.TEXT if plain else Kind.RICH_TEXT, line.text, place, "text")
            yield Part(Kind.RICH_TEXT, line.feedback, place, "feedback")


# --- Quizzes -----------------------------------------------------------------------------------------------------


@QUIZ_RULES.rule("quiz-bank-empty", Severity.MUST, gettext_lazy("The bank of a quiz has questions in its language."))
def bank_empty(quiz: QuizUnderCheck) -> Iterator[Problem]:
    if not quiz.page.bank_id:
        yield Problem(_("It has no question bank. Choose one."))
    elif not quiz.questions and not quiz.page.selection:
        yield Problem(_("Its question bank has no question in this language. Write or translate some."))


@QUIZ_RULES.rule("quiz-draws-too-many", Severity.MUST, gettext_lazy("A bank has at least as many as a quiz draws."))
def draws_too_many(quiz: QuizUnderCheck) -> Iterator[Problem]:
    count = len(quiz.questions)
    if not quiz.page.selection and 0 < count < quiz.page.draw:
        words = _(
            "It draws %(draw)d questions, but its bank has %(available)d in this language. Add some, or draw fewer."
        )
        yield Problem(words % {"draw": quiz.page.draw, "available": count})


@QUIZ_RULES.rule("quiz-selection", Severity.MUST, gettext_lazy("What a quiz selects is there in its language."))
def selection(quiz: QuizUnderCheck) -> Iterator[Problem]:
    if not quiz.page.bank_id or not quiz.page.selection:
        return
    for number, source in enumerate(QuizRules.of_page(quiz.page).sources, start=1):
        wanted = source.count or len(source.questions)
        there = available(source, quiz.page.locale.language_code).count()
        if there < wanted:
            words = _("Part %(number)d of its selection asks for %(wanted)d questions, and %(there)d are there.")
            yield Problem(words % {"number": number, "wanted": wanted, "there": there})


@QUIZ_RULES.rule(
    "quiz-same-each-time",
    Severity.SHOULD,
    gettext_lazy("Where attempts are repeated, the bank has questions to spare."),
)
def same_each_time(quiz: QuizUnderCheck) -> Iterator[Problem]:
    drawn = quiz.page.draw or len(quiz.questions)
    if not quiz.page.selection and quiz.page.attempts_allowed != 1 and quiz.questions and drawn == len(quiz.questions):
        yield Problem(_("Every attempt gets the same questions, since it draws all there are. Add some to the bank."))


@QUIZ_RULES.rule("quiz-pass-mark", Severity.SHOULD, gettext_lazy("A pass mark lies between 50 and 99 per cent."))
def pass_mark(quiz: QuizUnderCheck) -> Iterator[Problem]:
    mark = quiz.page.pass_mark
    if mark == 0:
        yield Problem(_("The pass mark is 0 %, so nobody can fail. Set one, or make it a quick check in a lesson."))
    elif mark < LOWEST_SENSIBLE_MARK:
        words = _("The pass mark of %(mark)d %% is passed by guessing, more often than not. Think of a higher one.")
        yield Problem(words % {"mark": mark})
    elif mark >= 100:
        yield Problem(_("The pass mark is 100 %: one slip fails. Think of a lower one."))


@QUIZ_RULES.rule("quiz-untranslated", Severity.SHOULD, gettext_lazy("A bank has as many questions in every language."))
def untranslated(quiz: QuizUnderCheck) -> Iterator[Problem]:
    most = max(quiz.elsewhere.values(), default=0)
    if 0 < len(quiz.questions) < most:
        words = _("The bank has %(here)d questions in this language and %(most)d in another. Translate the others.")
        yield Problem(words % {"here": len(quiz.questions), "most": most})


# --- Questions ---------------------------------------------------------------------------------------------------


@QUESTION_RULES.rule("question-invalid", Severity.MUST, gettext_lazy("A question can be answered and marked."))
def invalid(question: Question) -> Iterator[Problem]:
    try:
        questions.get(question.kind).validate(question.asked())
    except ValidationError as error:
        yield Problem(" ".join(error.messages), _place(question))


@QUESTION_RULES.rule("question-empty", Severity.MUST, gettext_lazy("A question asks something."))
def empty(question: Question) -> Iterator[Problem]:
    if not strip_tags(question.prompt).strip():
        yield Problem(_("The question has no text."), _place(question))


def _lines_with_feedback(question: Question) -> list[Option]:
    """What a learner may choose or write, where the type has feedback on it."""
    lines = (line for option in question.asked().options for line in (option, *option.inside))
    return [line for line in lines if line.type in WITH_FEEDBACK]


@QUESTION_RULES.rule("question-feedback", Severity.SHOULD, gettext_lazy("Every option has feedback, or the question."))
def feedback(question: Question) -> Iterator[Problem]:
    without = [line for line in _lines_with_feedback(question) if is_blank(line.feedback)]
    if without and not strip_tags(question.feedback).strip():
        words = _(
            "%(count)d of its options have no feedback. Say why each is right or wrong: this is where people learn."
        )
        yield Problem(words % {"count": len(without)}, _place(question))


@QUESTION_RULES.rule(
    "question-whole-point", Severity.SHOULD, gettext_lazy("Some answer to every question earns the whole point.")
)
def whole_point(question: Question) -> Iterator[Problem]:
    """A file from elsewhere may say otherwise, and then counts as it says."""
    options = question.asked().options
    best = {
        "single_choice": lambda: max((option.fraction for option in options), default=NOTHING),
        "multiple_choice": lambda: sum((option.fraction for option in options if option.fraction > 0), NOTHING),
        "numeric": lambda: max((share_of(option) for option in options if option.type == "number"), default=NOTHING),
    }.get(question.kind)
    states_shares = any(option.share is not None for option in options)
    if best is not None and states_shares and abs(best() - 1) > ABOUT:
        yield Problem(_("Its best answer earns %(share)d per cent.") % {"share": best() * 100}, _place(question))
