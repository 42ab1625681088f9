"""What the page of one piece of work shows: the work, the rubric to judge it by, and what was judged of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.domain import rubrics, second_marks
from assessments.domain.asking import question_of
from assessments.domain.attempts import standing_answers
from assessments.domain.judging import Written, points_of
from assessments.domain.marking_desk import code_of
from assessments.domain.marking_lists import titles_of
from assessments.domain.reading.question import plain
from assessments.enums import AssessmentPart, ScriptState
from assessments.models import HandInFile, PracticalPage, Question, RubricAssessment, Script
from assessments.questions.essay import words_in
from elearn.core.html import clean_picture_text

# --- One piece of work -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WorkFile:
    public_id: UUID
    name: str
    size: int


@dataclass(frozen=True)
class Work:
    """What is to be judged, with what was asked. `name` is empty as long as it is marked without names."""

    script: Script
    code: str
    name: str
    course: str
    unit: str
    asked: str
    asked_language: str
    notes: str
    text: str
    language: str
    words: int
    files: list[WorkFile]
    handed_in_at: datetime | None
    possible: Decimal | None
    pass_mark: int

    @property
    def is_essay(self) -> bool:
        return self.script.attempt_id is not None

    @property
    def title(self) -> str:
        return self.name or _("Script %(code)s") % {"code": self.code}


def hides_name(script: Script) -> bool:
    """Whether nobody is told whose work this is: where its author asks for that, until it is settled."""
    return script.is_anonymous and script.state != ScriptState.SETTLED


def read_work(script: Script, language: str) -> Work:
    """One piece of work for whoever judges it."""
    titles = titles_of([script.unit], language)
    about: dict[str, Any] = {
        "script": script,
        "code": code_of(script),
        "name": "" if hides_name(script) else script.enrolment.person.printed_name,
        "course": titles.course(script.unit),
        "unit": titles.unit(script.unit),
        "pass_mark": second_marks.pass_mark_of(script),
    }
    return Work(**about, **(_essay(script, language) if script.attempt is not None else _hand_in(script, language)))


def _essay(script: Script, language: str) -> dict[str, Any]:
    attempt = script.attempt
    question = question_of(attempt, script.question_key) if attempt is not None else None
    if attempt is None or question is None:
        raise ValueError("The attempt has no such question.")
    answers = attempt.responses.filter(question_key=script.question_key)
    response = standing_answers(answers).get(script.question_key)
    text = str(response.answer or "") if response is not None else ""
    answered_in = response.language if response is not None else language
    return {
        "asked": clean_picture_text(question.content(answered_in)["prompt"]),
        "asked_language": answered_in,
        "notes": _marking_notes(question.entry["translation_key"], language),
        "text": text,
        "language": answered_in,
        "words": words_in(text),
        "files": [],
        "handed_in_at": attempt.submitted_at,
        "possible": plain(question.points),
    }


def _marking_notes(translation_key: str, language: str) -> str:
    """The author's notes as they stand now, in this language or in another."""
    rows = Question.objects.filter(translation_key=translation_key).select_related("locale")
    by_language = {row.locale.language_code: row.marking_notes for row in rows if row.marking_notes}
    return clean_picture_text(by_language.get(language) or next(iter(by_language.values()), ""))


def _hand_in(script: Script, language: str) -> dict[str, Any]:
    hand_in = script.hand_in
    if hand_in is None:
        raise ValueError("Not a practical.")
    pages = {
        page.locale.language_code: page
        for page in PracticalPage.objects.filter(translation_key=script.unit.key).select_related("locale")
    }
    page = pages.get(language) or pages.get(hand_in.language) or next(iter(pages.values()), None)
    return {
        "asked": clean_picture_text(page.brief) if page else "",
        "asked_language": page.locale.language_code if page else language,
        "notes": "",
        "text": hand_in.text,
        "language": hand_in.language,
        "words": words_in(hand_in.text),
        "files": [
            WorkFile(file.public_id, file_name(script, file, number), file.size)
            for number, file in enumerate(hand_in.files.all(), start=1)
        ],
        "handed_in_at": hand_in.handed_in_at,
        "possible": None,
    }


def file_name(script: Script, file: HandInFile, number: int) -> str:
    """What a file is called for a marker: where no name is shown, neither is the one that its owner gave it."""
    if not hides_name(script):
        return file.name
    return f"{code_of(script)}-{number}{PurePosixPath(file.name).suffix.lower()[:10]}"


# --- Judgements --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Level:
    id: str
    title: str
    descriptor: str
    points: str
    chosen: bool


@dataclass(frozen=True)
class Criterion:
    id: str
    title: str
    about: str
    must_reach: str
    levels: list[Level]
    comment: str


def criteria_of(script: Script, written: Written, language: str) -> list[Criterion]:
    """The rubric as a form, with what has been filled in; nothing for an essay."""
    if script.hand_in is None:
        return []
    return [
        Criterion(
            id=each["id"],
            title=each["title"],
            about=each["about"],
            must_reach=next((level["title"] for level in each["levels"] if level["id"] == each["must_reach"]), ""),
            levels=[
                Level(
                    level["id"],
                    level["title"],
                    level["descriptor"],
                    level["points"],
                    level["id"] == written.levels.get(each["id"]),
                )
                for level in each["levels"]
            ],
            comment=written.comments.get(each["id"], ""),
        )
        for each in rubrics.in_language(script.hand_in.rubric, language)["criteria"]
    ]


@dataclass(frozen=True)
class Judged:
    """One judgement as its column: what it is for, who gave it, what it came to."""

    assessment: RubricAssessment
    part: str
    by: str
    percent: Decimal | int
    points: Decimal | int | None
    counts: bool


@dataclass(frozen=True)
class Cell:
    level: str
    points: str
    comment: str


@dataclass(frozen=True)
class Compared:
    """One criterion across the judgements."""

    title: str
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        return len({cell.level for cell in self.cells}) > 1


@dataclass(frozen=True)
class Comparison:
    """Judgements side by side, in the order in which they were given."""

    columns: list[Judged]
    rows: list[Compared]


def compare(script: Script, finals: list[RubricAssessment], language: str) -> Comparison:
    """What was judged of a script, for whoever decides or moderates; the assessors must come with the rows."""
    counting = second_marks.verdict(finals) if script.state == ScriptState.SETTLED else None
    given_by = {each.pk for each in counting.given_by} if counting else set()
    columns = [
        Judged(
            assessment=each,
            part=str(AssessmentPart(each.part).label),
            by=str(each.assessor),
            percent=plain((each.fraction or Decimal(0)) * 100),
            points=_points(script, each),
            counts=each.pk in given_by,
        )
        for each in finals
    ]
    rows = []
    for criterion in criteria_of(script, Written(), language):
        titles = {level.id: level for level in criterion.levels}
        cells = []
        for each in finals:
            level = titles.get(each.levels.get(criterion.id, ""))
            comment = each.comments.get(criterion.id, "")
            cells.append(Cell(level.title if level else "", level.points if level else "", comment))
        rows.append(Compared(criterion.title, cells))
    return Comparison(columns, rows)


def _points(script: Script, judged: RubricAssessment) -> Decimal | int | None:
    judged.script = script
    points = points_of(judged)
    return plain(points) if points is not None else None
