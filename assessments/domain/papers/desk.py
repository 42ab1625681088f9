"""What the screens of papers show: forms of a cohort, who has been entered, and a form to type answers into."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from assessments.domain.marking import Result, result_of
from assessments.domain.papers import codes
from assessments.domain.papers.places import PaperQuestion, Place, in_signs, questions_of_form
from assessments.models import PaperEntry, PaperForm
from assessments.questions import Posted
from courses.domain.cohorts.numbers import numbers_of
from courses.models import Cohort, CohortMember


@dataclass(frozen=True)
class FormLine:
    form: PaperForm
    entries: int

    @property
    def code(self) -> str:
        return codes.printed(self.form.code)


def forms_of(cohort: Cohort) -> QuerySet[PaperForm]:
    return PaperForm.objects.filter(cohort=cohort).select_related("unit", "cohort").order_by("-created_at", "variant")


def form_lines(cohort: Cohort) -> list[FormLine]:
    """One query, however many forms."""
    rows = forms_of(cohort).defer("snapshot", "rules").annotate(count=Count("entries"))
    return [FormLine(row, row.count) for row in rows]


@dataclass(frozen=True)
class EntryLine:
    entry: PaperEntry
    name: str
    result: Result


def entries_of(form: PaperForm) -> QuerySet[PaperEntry]:
    rows = form.entries.select_related("attempt", "enrolment__person", "entered_by")
    return rows.prefetch_related("attempt__mark_changes")


def entry_lines(entries: list[PaperEntry]) -> list[EntryLine]:
    return [EntryLine(e, str(e.enrolment.person), result_of(e.attempt)) for e in entries]


def learners_for(form: PaperForm, *, but: int) -> list[tuple[CohortMember, str]]:
    """Those for whom the form can still be entered, by name, with their numbers on paper. Two queries."""
    entered = form.entries.values("enrolment")
    seated = form.cohort.members.seated().exclude(enrolment__in=entered).exclude(person=but)
    numbers = {public_id: number for number, public_id in numbers_of(form.cohort).items()}
    members = list(seated.select_related("person").order_by("person__printed_name", "pk"))
    return [(member, _label(member, numbers.get(str(member.public_id)))) for member in members]


def _label(member: CohortMember, number: int | None) -> str:
    name = f"{member.person} ({member.person.email})" if member.person else member.email
    return f"{number}. {name}" if number else name


@dataclass(frozen=True)
class AskedPlace:
    """A place of the answer sheet on the screen, with what was typed into it."""

    place: Place
    name: str
    values: tuple[str, ...]

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class AskedQuestion:
    question: PaperQuestion
    places: tuple[AskedPlace, ...]
    is_wrong: bool
    # What was read, in the signs of the paper.
    read: str


def asked_on_paper(form: PaperForm, posted: Mapping[str, Posted], wrong: list[int]) -> list[AskedQuestion]:
    """The questions in the printed order, without those that ask nothing."""
    return [
        _asked(question, posted.get(question.key, {}), question.number in wrong)
        for question in questions_of_form(form)
        if not question.only_shown
    ]


def _asked(question: PaperQuestion, posted: Posted, is_wrong: bool) -> AskedQuestion:
    places = tuple(
        AskedPlace(
            place,
            f"answer-{question.key}" + (f".{place.part}" if place.part else ""),
            tuple(posted.get(place.part, ())),
        )
        for place in question.places
    )
    return AskedQuestion(question, places, is_wrong, in_signs(question, posted))
