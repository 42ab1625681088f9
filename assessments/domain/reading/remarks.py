"""What the screens of marking again show: a preview, an act that was done, and whose pass is in doubt."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from assessments.domain.remark_mail import quiz_title
from assessments.domain.remarking import Line, Preview
from assessments.models import Attempt, Question, Remark
from courses.domain.role_scopes import course_titles
from courses.models import Course, Unit
from elearn.people.domain import trail
from elearn.people.models import User


@dataclass(frozen=True)
class PreviewLine:
    """A row of the table. `name` is empty for whoever may not see it."""

    name: str
    quiz: str
    edition: int
    attempt: int
    before: Decimal
    after: Decimal
    by_key: Decimal
    stays: bool
    now_passes: bool
    would_not_pass: bool


@dataclass(frozen=True)
class PreviewView:
    prompt: str
    question_key: str
    preview: Preview
    courses: list[str]
    lines: list[PreviewLine]
    earlier: list[Remark]
    edit_url: str


def read_preview(question: Question, preview: Preview, language: str, *, with_names: bool) -> PreviewView:
    """The preview as a page shows it; without names for whoever may not act."""
    titles = _Titles(language)
    courses = course_titles([str(course.key) for course in preview.courses])
    return PreviewView(
        prompt=question.in_words(),
        question_key=question.key,
        preview=preview,
        courses=sorted(courses.values()),
        lines=[_line(line, titles, with_names) for line in preview.lines],
        earlier=list(Remark.objects.filter(translation_key=question.translation_key).select_related("done_by")),
        edit_url=reverse("wagtailsnippets_assessments_question:edit", args=[question.pk]),
    )


def _line(line: Line, titles: "_Titles", with_names: bool) -> PreviewLine:
    attempt = line.attempt
    return PreviewLine(
        name=attempt.enrolment.person.printed_name if with_names else "",
        quiz=titles.of(attempt.unit),
        edition=attempt.enrolment.edition.number,
        attempt=attempt.number,
        before=line.result.percent,
        after=line.after.percent,
        by_key=line.result_by_key.percent,
        stays=line.stays,
        now_passes=line.now_passes,
        would_not_pass=line.would_not_pass,
    )


class _Titles:
    """Titles of quizzes in one language, each looked up once."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.known: dict[int, str] = {}

    def of(self, unit: Unit) -> str:
        if unit.pk not in self.known:
            self.known[unit.pk] = quiz_title(unit, self.language)
        return self.known[unit.pk]


@dataclass(frozen=True)
class Doubt:
    """A learner whose pass stands and that the corrected key would not have given."""

    name: str
    quiz: str
    attempt: int
    void_url: str


@dataclass(frozen=True)
class RemarkView:
    remark: Remark
    changed: int
    doubts: list[Doubt]

    @property
    def url(self) -> str:
        return reverse("assessments:remark", args=[self.remark.translation_key])


def read_remark(
    remark: Remark, doubts: Iterable[Attempt], language: str, may_void: Callable[[Course], bool]
) -> RemarkView:
    titles = _Titles(language)
    return RemarkView(
        remark=remark,
        changed=remark.mark_changes.count(),
        doubts=[
            Doubt(
                name=attempt.enrolment.person.printed_name,
                quiz=titles.of(attempt.unit),
                attempt=attempt.number,
                void_url=reverse("assessments:void_pass", args=[remark.public_id, attempt.public_id])
                if may_void(attempt.unit.course)
                else "",
            )
            for attempt in doubts
        ],
    )


def record_names_read(by: User, attempts: Iterable[Attempt], question_key: str) -> None:
    """Write in the trail of everybody who stands on the screen that their name was read there."""
    for person in {attempt.enrolment.person for attempt in attempts}:
        trail.record("assessments.remark_read", actor=by, subject=person, question=question_key)
