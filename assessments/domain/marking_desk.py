"""The marking queue: what waits for whose mark, and who may do what with it.

Lists show codes and no names. A name is met where one piece of work is opened, which is written down; where its author
asks for anonymous marking, not before it is settled.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain import second_marks
from assessments.domain.assessors import scripts_for
from assessments.enums import AssessmentPart, AssessmentState, ScriptState, SecondMark
from assessments.models import RubricAssessment, Script
from elearn.people.domain import rights
from elearn.people.domain.roles import SCOPES_OF
from elearn.people.enums import Role, Scope
from elearn.people.models import User

MODERATE = rights.Right(
    "assessments.moderate",
    _("decide where two marks of one piece of work differ, and change a mark that was given, with reasons"),
    {**rights.MANAGERS, Role.ASSESSOR: SCOPES_OF[Role.ASSESSOR]},
)

WORK_OPENED = "assessments.work_opened"
SENTENCES = {
    WORK_OPENED: _("Opened work of yours, to mark it"),
    "assessments.first": _("Marked work of yours"),
    "assessments.second": _("Marked work of yours, as the second of two"),
    "assessments.adjudication": _("Decided where two marks of your work differed"),
    "assessments.moderation": _("Looked at a mark of yours again"),
}

# Where a script says what a scope covers.
PLACES: dict[Scope, tuple[str, ...]] = {
    Scope.COURSE: ("enrolment__course__key",),
    Scope.COHORT: ("enrolment__cohort__public_id",),
    Scope.ACTION: ("enrolment__action", "enrolment__cohort__action"),
}

# Without letters and digits that are taken for one another.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def code_of(script: Script) -> str:
    """What a script is called where no name is shown. It tells nothing about whose it is."""
    number, code = script.public_id.int, ""
    for _place in range(5):
        number, rest = divmod(number, len(LETTERS))
        code += LETTERS[rest]
    return code


# --- Who may do what ---------------------------------------------------------------------------------------------


def open_to(person: User) -> QuerySet[Script]:
    """What the person may open at all. The work of somebody who was erased is gone, and nobody judges it."""
    return scripts_for(person).filter(enrolment__person__erased_at=None)


def moderated_by(person: User) -> QuerySet[Script]:
    """Those among them whose marks the person may decide on where markers differ, or change: MODERATE as a filter."""
    rows = open_to(person)
    grants = rights.grants_giving(person, MODERATE)
    if person.is_superuser or any(grant.scope == Scope.PLATFORM for grant in grants):
        return rows
    covered = Q(pk__in=[])
    for grant in grants:
        held = grant.scope_key or grant.action_id
        for place in PLACES[Scope(grant.scope)]:
            covered |= Q(**{place: held})
    return rows.filter(covered)


def part_of(script: Script, person: User, finals: list[RubricAssessment]) -> AssessmentPart | None:
    """What the person's judgement of a script would be for as it stands; None where none is wanted of them.

    `finals` are the script's. Whether the script is open to the person is asked elsewhere (`may_judge`).
    """
    if person.pk in {each.assessor_id for each in finals}:
        return None
    if script.state == ScriptState.SETTLED:
        return AssessmentPart.MODERATION
    if script.state == ScriptState.DISPUTED:
        return AssessmentPart.ADJUDICATION
    if not finals:
        return AssessmentPart.FIRST
    return AssessmentPart.SECOND if script.second_mark else None


def may_judge(script: Script, person: User, part: AssessmentPart) -> bool:
    """Whether the person holds the right that this part needs, over this script."""
    rows = open_to(person) if part in MARKING else moderated_by(person)
    return rows.filter(pk=script.pk).exists()


MARKING = frozenset({AssessmentPart.FIRST, AssessmentPart.SECOND})


def to_mark(person: User) -> QuerySet[Script]:
    """What waits for a judgement that this person may give: `part_of` and `may_judge` as a filter."""
    rows = open_to(person).annotate(has_first=_is_judged()).exclude(_is_judged(assessor=person))
    first = Q(state=ScriptState.WAITING) & ~Q(_is_judged())
    second = Q(state=ScriptState.WAITING) & Q(_is_judged()) & ~Q(second_mark=SecondMark.NONE)
    disputed = Q(state=ScriptState.DISPUTED, pk__in=moderated_by(person).values("pk"))
    return rows.filter(first | second | disputed)


def _is_judged(**how: object) -> Exists:
    """Whether a judgement of the script is final."""
    return Exists(RubricAssessment.objects.filter(script=OuterRef("pk"), state=AssessmentState.FINAL, **how))


def settled_for(person: User) -> QuerySet[Script]:
    """What this person may look at, and moderate, because it is settled."""
    return moderated_by(person).filter(state=ScriptState.SETTLED).order_by("-settled_at", "-pk")


# --- The lease ---------------------------------------------------------------------------------------------------


def free_for(person: User, now: datetime) -> Q:
    """A script that nobody else has taken for now."""
    return Q(taken_by=None) | Q(taken_by=person) | Q(taken_until=None) | Q(taken_until__lte=now)


def holder_until(script: Script, person: User) -> datetime | None:
    """Until when somebody else has the script; None where nobody does. The same rule as `free_for`."""
    if script.taken_by_id in (None, person.pk) or script.taken_until is None or script.taken_until <= timezone.now():
        return None
    return script.taken_until


def is_held_by(script: Script, person: User) -> bool:
    """Whether the person has the script at this moment."""
    return script.taken_by_id == person.pk and script.taken_until is not None and script.taken_until > timezone.now()


# --- Filters -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What of the queue is wanted; what is empty filters nothing. `kind` is "first", "second" or "disputed"."""

    course: UUID | None = None
    unit: UUID | None = None
    question: str = ""
    kind: str = ""
    mine: bool = False
    newest: bool = False


def queue(person: User, filters: Filters) -> QuerySet[Script]:
    """What waits for this person, those that wait longest first unless the newest are wanted."""
    rows = narrowed(to_mark(person), filters)
    if filters.kind == AssessmentPart.FIRST:
        rows = rows.filter(~Q(_is_judged()))
    elif filters.kind == AssessmentPart.SECOND:
        rows = rows.filter(Q(_is_judged()), state=ScriptState.WAITING)
    elif filters.kind == ScriptState.DISPUTED:
        rows = rows.filter(state=ScriptState.DISPUTED)
    if filters.mine:
        drafts = RubricAssessment.objects.filter(script=OuterRef("pk"), assessor=person, state=AssessmentState.DRAFT)
        rows = rows.filter(Q(taken_by=person, taken_until__gt=timezone.now()) | Q(Exists(drafts)))
    order = "-" if filters.newest else ""
    return rows.order_by(f"{order}entered_at", f"{order}pk")


def narrowed(rows: QuerySet[Script], filters: Filters) -> QuerySet[Script]:
    """Scripts of one course, unit or question."""
    if filters.course is not None:
        rows = rows.filter(unit__course__key=filters.course)
    if filters.unit is not None:
        rows = rows.filter(unit__key=filters.unit)
    if filters.question:
        rows = rows.filter(question_key=filters.question)
    return rows


@dataclass(frozen=True)
class Counts:
    """How much waits for a first mark, for a second, and for somebody to decide; and since when."""

    first: int
    second: int
    disputed: int
    longest: datetime | None

    @property
    def all(self) -> int:
        return self.first + self.second + self.disputed


def counted(rows: QuerySet[Script]) -> Counts:
    """One query."""
    waiting = Q(state=ScriptState.WAITING)
    return Counts(
        **rows.order_by().aggregate(
            first=Count("pk", filter=waiting & ~Q(_is_judged())),
            second=Count("pk", filter=waiting & Q(_is_judged())),
            disputed=Count("pk", filter=Q(state=ScriptState.DISPUTED)),
            longest=Min("entered_at"),
        )
    )


def judgement_wanted(script: Script, person: User) -> AssessmentPart | None:
    """What this person's judgement of this script would be for now, if any is wanted of them."""
    part = part_of(script, person, second_marks.finals_of(script))
    return part if part is not None and may_judge(script, person, part) else None
