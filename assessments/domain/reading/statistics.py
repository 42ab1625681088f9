"""What authors see of the statistics of questions: a table, and in words what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from assessments.domain import item_analysis
from assessments.models import Question, QuestionStatistics, StatisticsRun
from courses.domain.authors import course_codes_of
from courses.models import Edition
from elearn.people.models import User

FLAGS: dict[str, str | Promise] = {
    item_analysis.NEGATIVE: _("Good learners get it wrong: check the key."),
    item_analysis.ATTRACTS: _("Good learners choose this wrong answer: “%s”"),
    item_analysis.UNUSED: _("Nobody chooses this wrong answer: “%s”"),
    item_analysis.WEAKLY: _("It hardly tells good learners from weak ones."),
    item_analysis.TOO_HARD: _("Very few get it right."),
    item_analysis.TOO_EASY: _("Nearly everybody gets it right."),
    item_analysis.SAME: _("All answers earned the same, so it tells nobody apart."),
    item_analysis.FEW: _("Too few answers to say."),
}
KINDS_OF_FLAGS: list[tuple[str, str | Promise]] = [
    (item_analysis.NEGATIVE, _("Good learners get it wrong")),
    (item_analysis.ATTRACTS, _("A wrong answer attracts good learners")),
    (item_analysis.UNUSED, _("A wrong answer that nobody chooses")),
    (item_analysis.WEAKLY, _("Hardly tells good from weak")),
    (item_analysis.TOO_HARD, _("Very hard")),
    (item_analysis.TOO_EASY, _("Very easy")),
    (item_analysis.FEW, _("Too few answers")),
]
# What the table is sorted by; a minus turns it round.
COLUMNS = ("question", "answers", "facility", "discrimination", "seconds")
SORTS = tuple(f"{sign}{name}" for name in COLUMNS for sign in ("", "-"))
TEXT_LENGTH = 60


@dataclass(frozen=True)
class Choice:
    """One option: how often it was chosen by all, the upper and the lower group."""

    text: str
    right: bool
    chosen: int
    upper: int
    lower: int


@dataclass(frozen=True)
class StatisticsLine:
    row: QuestionStatistics
    prompt: str
    edit_url: str
    remark_url: str
    told: list[str]
    choices: list[Choice]

    @property
    def key_is_suspect(self) -> bool:
        return item_analysis.NEGATIVE in self.row.flags

    @property
    def facility(self) -> Decimal | None:
        """In per cent."""
        return None if self.row.facility is None else (self.row.facility * 100).quantize(Decimal(1))

    @property
    def discrimination(self) -> Decimal | None:
        return None if self.row.discrimination is None else self.row.discrimination.quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Column:
    """The head of a column: where it leads, and how the table is sorted by it now ("ascending", "descending", "")."""

    label: str | Promise
    query: str
    sorted: str


@dataclass(frozen=True)
class StatisticsTable:
    edition: Edition
    run: StatisticsRun | None
    lines: list[StatisticsLine]
    columns: list[Column]

    @property
    def under_way(self) -> bool:
        return self.run is not None and self.run.work_done_at is None


def editions_of(person: User) -> QuerySet[Edition]:
    """The editions of the person's courses, the newest of each course first."""
    codes = course_codes_of(person)
    rows = Edition.objects.select_related("course").order_by("course__code", "-number")
    return rows if codes is None else rows.filter(course__code__in=codes)


def read_statistics(edition: Edition, *, flag: str = "", sort: str = "") -> StatisticsTable:
    """The questions of an edition with what their answers say. Four queries, however many questions."""
    rows = [row for row in QuestionStatistics.objects.filter(edition=edition) if _has(row, flag)]
    questions = _questions([row.translation_key for row in rows])
    lines = _sorted([_line(row, questions.get(row.translation_key)) for row in rows], sort)
    run = StatisticsRun.objects.filter(edition=edition).first()
    return StatisticsTable(edition, run, lines, _columns(edition, flag, sort))


def _has(row: QuestionStatistics, flag: str) -> bool:
    kinds = {code.partition(":")[0] for code in row.flags}
    return not flag or flag in kinds or (flag == "any" and bool(kinds - {item_analysis.FEW}))


def _questions(keys: Sequence[Any]) -> dict[Any, Question]:
    """The row of each question that leads."""
    rows = Question.objects.filter(translation_key__in=keys).select_related("bank").order_by("-pk")
    return {row.translation_key: row for row in rows}


def _line(row: QuestionStatistics, question: Question | None) -> StatisticsLine:
    options = {option.id: option for option in question.asked().options} if question else {}
    texts = {name: Truncator(strip_tags(option.text)).chars(TEXT_LENGTH) for name, option in options.items()}
    codes = [code.partition(":") for code in row.flags]
    told = [
        str(FLAGS[kind]) % (texts.get(option, option),) if option else str(FLAGS[kind])
        for kind, _colon, option in sorted(codes, key=lambda code: list(FLAGS).index(code[0]))
    ]
    chosen = row.options
    names = [
        *(name for name in options if name in chosen or options[name].type == "option"),
        *(chosen.keys() - options),
    ]
    none = {"chosen": 0, "upper": 0, "lower": 0}
    return StatisticsLine(
        row=row,
        prompt=question.in_words() if question else row.question_key,
        edit_url=reverse("wagtailsnippets_assessments_question:edit", args=[question.pk]) if question else "",
        remark_url=reverse("assessments:remark", args=[row.translation_key]),
        told=told,
        choices=[
            Choice(texts.get(name, name), name in options and options[name].fraction > 0, **chosen.get(name, none))
            for name in names
        ],
    )


def _sorted(lines: list[StatisticsLine], sort: str) -> list[StatisticsLine]:
    """By the column asked for, what has no figure last; by default what needs looking at first."""
    name, turned = sort.lstrip("-"), sort.startswith("-")
    order = list(FLAGS)
    if not name:
        worst = {
            line.row.pk: min((order.index(f.partition(":")[0]) for f in line.row.flags), default=99) for line in lines
        }
        return sorted(lines, key=lambda line: (worst[line.row.pk], line.row.question_key))
    if name == "question":
        return sorted(lines, key=lambda line: line.prompt.casefold(), reverse=turned)
    with_figure = [line for line in lines if getattr(line.row, name) is not None]
    without = [line for line in lines if getattr(line.row, name) is None]
    return [*sorted(with_figure, key=lambda line: getattr(line.row, name), reverse=turned), *without]


def _columns(edition: Edition, flag: str, sort: str) -> list[Column]:
    labels = dict(zip(COLUMNS, (_("Question"), _("Answers"), _("Right"), _("Discrimination"), _("Time")), strict=True))
    columns = []
    for name, label in labels.items():
        now = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        wanted = f"-{name}" if now == "ascending" else name
        columns.append(Column(label, f"edition={edition.pk}&flag={flag}&sort={wanted}", now))
    return columns
