"""What a quiz and its questions still lack, in words for an author."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import questions
from assessments.models import Question, QuestionBank, QuizPage
from courses.domain.lint.content import Kind, Part, Place
from courses.domain.lint.findings import Book, Finding, Problem, Severity
from courses.domain.lint.subject import Known, Subject
from courses.domain.lint.text_rules import TEXT

QUIZ_RULES = Book(gettext_lazy("Quizzes"))
QUESTION_RULES = Book(gettext_lazy("Questions of a quiz"))

LOWEST_SENSIBLE_MARK = 50


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
    for option in question.option_rows():
        yield Part(Kind.TEXT, option.text, place, "text")
        yield Part(Kind.TEXT, option.feedback, place, "feedback")


# --- Quizzes -----------------------------------------------------------------------------------------------------


@QUIZ_RULES.rule("quiz-bank-empty", Severity.MUST, gettext_lazy("The bank of a quiz has questions in its language."))
def bank_empty(quiz: QuizUnderCheck) -> Iterator[Problem]:
    if not quiz.page.bank_id:
        yield Problem(_("It has no question bank. Choose one."))
    elif not quiz.questions:
        yield Problem(_("Its question bank has no question in this language. Write or translate some."))


@QUIZ_RULES.rule("quiz-draws-too-many", Severity.MUST, gettext_lazy("A bank has at least as many as a quiz draws."))
def draws_too_many(quiz: QuizUnderCheck) -> Iterator[Problem]:
    available = len(quiz.questions)
    if 0 < available < quiz.page.draw:
        words = _(
            "It draws %(draw)d questions, but its bank has %(available)d in this language. Add some, or draw fewer."
        )
        yield Problem(words % {"draw": quiz.page.draw, "available": available})


@QUIZ_RULES.rule(
    "quiz-same-each-time",
    Severity.SHOULD,
    gettext_lazy("Where attempts are repeated, the bank has questions to spare."),
)
def same_each_time(quiz: QuizUnderCheck) -> Iterator[Problem]:
    drawn = quiz.page.draw or len(quiz.questions)
    if quiz.page.attempts_allowed != 1 and quiz.questions and drawn == len(quiz.questions):
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
        questions.get(question.kind).validate(question.option_rows())
    except ValidationError as error:
        yield Problem(" ".join(error.messages), _place(question))


@QUESTION_RULES.rule("question-empty", Severity.MUST, gettext_lazy("A question asks something."))
def empty(question: Question) -> Iterator[Problem]:
    if not strip_tags(question.prompt).strip():
        yield Problem(_("The question has no text."), _place(question))


@QUESTION_RULES.rule("question-feedback", Severity.SHOULD, gettext_lazy("Every option has feedback, or the question."))
def feedback(question: Question) -> Iterator[Problem]:
    without = [option for option in question.option_rows() if not option.feedback.strip()]
    if without and not strip_tags(question.feedback).strip():
        words = _(
            "%(count)d of its options have no feedback. Say why each is right or wrong: this is where people learn."
        )
        yield Problem(words % {"count": len(without)}, _place(question))
