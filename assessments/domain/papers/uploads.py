"""Answers of many papers in one file: each row looked at, then entered by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from assessments.domain.papers import codes
from assessments.domain.papers.desk import forms_of
from assessments.domain.papers.entering import AnswersRefused, PaperRefused, enter_paper, read_answers
from assessments.domain.papers.places import NotationRefused, PaperQuestion, in_signs, questions_of_form, read_cell
from assessments.domain.papers.tables import TableRefused
from assessments.models import PaperEntry, PaperForm
from assessments.questions import Posted
from courses.domain.cohorts.numbers import numbers_of
from courses.models import Cohort, CohortMember
from elearn.people.models import User

FIXED = 3  # form code, learner, name (which is for people and not read)


@dataclass
class Row:
    """A row of a file: what was understood, and what stands in the way. `number` is that of the file."""

    number: int
    cells: list[str]
    form: PaperForm | None = None
    member: CohortMember | None = None
    posted: dict[str, Posted] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    # What was read, by printed number, in the signs of the paper.
    read: list[tuple[int, str]] = field(default_factory=list)
    entry: PaperEntry | None = None

    @property
    def code(self) -> str:
        return codes.printed(self.form.code) if self.form else self.cells[0]

    @property
    def learner(self) -> str:
        return str(self.member.person) if self.member else (self.cells[1] if len(self.cells) > 1 else "")


def head(columns: int) -> list[str]:
    """The head of the file to fill in. It is there for people: columns count by their place."""
    return [_("Form code"), _("Learner: address, or number"), _("Name (not read)"), *map(str, range(1, columns + 1))]


def template_rows(cohort: Cohort) -> list[list[str]]:
    """A file to fill in: a column for each question of the longest form, a row for everybody who takes part."""
    longest = max((_asking(form) for form in forms_of(cohort)), key=len, default=[])
    members = cohort.members.seated().select_related("person").order_by("person__printed_name", "pk")
    people = [member.person for member in members if member.person is not None]
    return [head(len(longest)), *(["", person.email, str(person)] for person in people)]


def _asking(form: PaperForm) -> list[PaperQuestion]:
    return [question for question in questions_of_form(form) if not question.only_shown]


def look_at(cohort: Cohort, table: Sequence[Sequence[str]], *, by: User) -> list[Row]:
    """What each row would do. Four queries, however many rows. Raises TableRefused for a file without rows."""
    rows = [Row(number, list(cells)) for number, cells in enumerate(table[1:], start=2) if _is_filled_in(cells)]
    if not rows:
        raise TableRefused(_("No row of the file has a form code in its first column. The first row is the head."))
    forms = {form.code: form for form in forms_of(cohort)}
    asking = {form.pk: _asking(form) for form in forms.values()}
    finder = _Finder(cohort)
    entered = set(PaperEntry.objects.filter(form__cohort=cohort).values_list("form", "enrolment"))
    met: set[tuple[int, int]] = set()
    for row in rows:
        _look(row, forms, finder)
        if row.form is None or row.member is None:
            continue
        if row.member.person_id == by.pk:
            row.problems.append(_("You cannot enter your own paper."))
        pair = (row.form.pk, row.member.enrolment_id or 0)
        if pair in entered:
            row.problems.append(_("This form was entered for this learner before. What was entered then stands."))
        if pair in met:
            row.problems.append(_("This form and learner stand in the file twice."))
        met.add(pair)
        _read(row, row.form, asking[row.form.pk])
    return rows


def _is_filled_in(cells: Sequence[str]) -> bool:
    """Not one of the template's rows for somebody who wrote nothing: those have no code and no answers."""
    return any(cell.strip() for cell in (*cells[:1], *cells[FIXED:]))


class _Finder:
    """Finds who takes part, by address or by number on the attendance sheet."""

    def __init__(self, cohort: Cohort) -> None:
        members = list(cohort.members.seated().select_related("person", "enrolment"))
        self.by_email = {member.person.email.casefold(): member for member in members if member.person}
        by_id = {str(member.public_id): member for member in members}
        numbers = numbers_of(cohort).items()
        self.by_number = {number: by_id[public_id] for number, public_id in numbers if public_id in by_id}

    def find(self, who: str) -> CohortMember | None:
        if who.isascii() and who.isdigit():
            return self.by_number.get(int(who[:6]))
        return self.by_email.get(who.casefold())


def _look(row: Row, forms: dict[str, PaperForm], finder: _Finder) -> None:
    try:
        row.form = forms.get(codes.read(row.cells[0]))
    except codes.CodeRefused as refusal:
        row.problems.append(str(refusal))
    else:
        if row.form is None:
            row.problems.append(_("No form of this cohort has this code."))
    who = row.cells[1].strip() if len(row.cells) > 1 else ""
    row.member = finder.find(who) if who else None
    if row.member is None:
        row.problems.append(_("Nobody who takes part in this cohort has this address or number."))


def _read(row: Row, form: PaperForm, asking: list[PaperQuestion]) -> None:
    answers = row.cells[FIXED:]
    if any(cell.strip() for cell in answers[len(asking) :]):
        row.problems.append(_("There are more answers than the form has questions (%(most)d).") % {"most": len(asking)})
    for question, cell in zip(asking, answers, strict=False):
        try:
            posted = read_cell(question, cell)
        except NotationRefused as refusal:
            words = _("Question %(number)d: %(problem)s")
            row.problems.append(words % {"number": question.number, "problem": str(refusal)})
            continue
        if posted:
            row.posted[question.key] = posted
            row.read.append((question.number, in_signs(question, posted)))
    try:
        read_answers(form, row.posted)
    except AnswersRefused as refusal:
        row.problems.append(str(refusal))


def enter_rows(rows: Sequence[Row], *, by: User, sat_on: date) -> list[Row]:
    """Enter every row without a problem, each by itself: what cannot be entered says why, and stops no other."""
    for row in rows:
        if row.problems or row.form is None or row.member is None:
            continue
        try:
            row.entry = enter_paper(form=row.form, member=row.member, by=by, sat_on=sat_on, posted=row.posted)
        except PaperRefused as refusal:
            row.problems.append(str(refusal))
    return list(rows)


def as_plain(table: Sequence[Sequence[str]]) -> list[Any]:
    """What the page of the preview carries to the next step."""
    return [list(row) for row in table]
