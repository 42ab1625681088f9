"""What becomes of each row of a list if it is entered now."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from courses.domain.cohorts.addresses import people_at
from courses.domain.cohorts.invitations import stands
from courses.domain.cohorts.lists.columns import language_of
from courses.domain.cohorts.seating import places_left
from courses.enums import ENTERED_FATES, EnrolmentState, MemberState, RowFate
from courses.models import Cohort, CohortMember, Enrolment, ImportRow, MemberImport
from elearn.people.domain.names import NameRefused, clean_name

# Rows of which another one with the same person is no repetition.
OUT = (RowFate.LEFT_OUT, RowFate.FAULTY, RowFate.TWICE)
# Whose fate hangs on how many places there are.
SHARING = (*ENTERED_FATES, RowFate.FULL)


def judge(batch: MemberImport, rows: Sequence[ImportRow]) -> None:
    """Give these rows of one list their fate, on the objects. The same few queries for any number of rows."""
    sound = []
    for row in rows:
        row.email, row.person, row.problem = row.email.strip().lower()[:300], None, ""
        row.problem = fault_of(row)
        row.fate = RowFate.FAULTY if row.problem else RowFate.INVITE
        if not row.problem:
            sound.append(row)
    people = people_at(row.email for row in sound)
    for row in sound:
        row.person = people.get(row.email)
        row.fate = RowFate.SEAT if row.person else RowFate.INVITE
    _judge_by_cohort(batch.cohort, sound)
    _judge_repetitions(batch, sound)


def fault_of(row: ImportRow) -> str:
    """What is wrong with the row itself, in words; empty when nothing is. A name is put in order on the way."""
    if not row.email:
        return _("There is no e-mail address.")
    try:
        if len(row.email) > 254:
            raise ValidationError("")
        validate_email(row.email)
    except ValidationError:
        return _("This is no e-mail address.")
    try:
        row.name = clean_name(row.name)[:300]
    except NameRefused as refusal:
        return str(refusal)
    if len(row.name) > 150:
        return _("The name is longer than 150 signs.")
    if language_of(row.language) is None:
        return _("This language is not known here. Leave it empty, or write for example “fr” or “French”.")
    return ""


def _judge_by_cohort(cohort: Cohort, rows: Sequence[ImportRow]) -> None:
    people: set[int | None] = {row.person_id for row in rows if row.person_id}
    found = CohortMember.objects.annotate(address=Lower("email")).filter(
        Q(person__in=people) | Q(address__in={row.email for row in rows}), cohort=cohort
    )
    standing: dict[object, CohortMember] = {}
    for member in found:
        if member.state != MemberState.REQUESTED and stands(member):
            standing |= {member.email.lower(): member} if member.email else {}
            standing |= {member.person_id: member} if member.person_id else {}
    elsewhere, completed = _enrolments(cohort, people)
    for row in rows:
        stood = standing.get(row.person_id) or standing.get(row.email)
        # Somebody who was invited before they had an account is entered, and the invitation becomes theirs.
        if stood is not None and not (row.person_id and stood.person_id is None):
            row.fate = RowFate.IN_IT
            row.problem = "" if stood.state == MemberState.SEATED else str(stood.get_state_display())
        elif row.person_id in elsewhere:
            row.fate, row.problem = RowFate.ELSEWHERE, elsewhere[row.person_id]
        elif row.person_id in completed:
            row.fate = RowFate.COMPLETED


def _enrolments(cohort: Cohort, people: set[int | None]) -> tuple[dict[int | None, str], set[int | None]]:
    """Who of these is in another running cohort of the course, and who has completed it. One query."""
    elsewhere: dict[int | None, str] = {}
    completed: set[int | None] = set()
    open_ones: set[int | None] = set()
    rows = Enrolment.objects.filter(person__in=people, course=cohort.course_id).exclude(cohort=cohort.pk)
    rows = rows | Enrolment.objects.filter(person__in=people, course=cohort.course_id, cohort=None)
    facts = rows.values_list("person", "state", "cohort__title", "cohort__closed_at")
    for person, state, title, closed_at in facts:
        if state == EnrolmentState.COMPLETED:
            completed.add(person)
        elif state == EnrolmentState.ACTIVE:
            open_ones.add(person)
            if title is not None and closed_at is None:
                elsewhere[person] = title
    return elsewhere, completed - open_ones


def _judge_repetitions(batch: MemberImport, rows: Sequence[ImportRow]) -> None:
    """Mark who stands in the list twice, also under two addresses, and point at equal names."""
    others = (
        ImportRow.objects.filter(batch=batch).exclude(pk__in=[row.pk for row in rows if row.pk]).exclude(fate__in=OUT)
    )
    wanted = Q(email__in={row.email for row in rows}) | Q(person__in={row.person_id for row in rows if row.person_id})
    wanted |= Q(name__in={row.name for row in rows if row.name})
    seen: dict[tuple[str, object], int] = {}
    for number, email, person, name in others.filter(wanted).values_list("number", "email", "person", "name"):
        seen |= {("email", email): number, ("person", person): number, ("name", name): number}
    for row in rows:
        if row.fate in OUT:
            continue
        earlier = seen.get(("email", row.email)) or (row.person_id and seen.get(("person", row.person_id)))
        if earlier:
            row.fate, row.problem = RowFate.TWICE, _("The same person as in row %d.") % earlier
            continue
        namesake = seen.get(("name", row.name)) if row.name else None
        if namesake and not row.problem:
            row.problem = _("Look twice: row %d has the same name with another address.") % namesake
        for key in (("email", row.email), ("person", row.person_id), ("name", row.name)):
            seen.setdefault(key, row.number)


def share_out_places(batch: MemberImport) -> None:
    """Say of each row that is to be entered whether there is a place for it, in the order of the list."""
    rows = ImportRow.objects.filter(batch=batch, fate__in=SHARING, entered_at=None)
    left = places_left(batch.cohort)
    if left is not None and CohortMember.objects.filter(cohort=batch.cohort).waiting().exists():
        left = 0
    last = None if left is None else rows.order_by("number").values_list("number", flat=True)[left : left + 1].first()
    within = rows if last is None else rows.filter(number__lt=last)
    within.filter(person=None).exclude(fate=RowFate.INVITE).update(fate=RowFate.INVITE)
    within.exclude(person=None).exclude(fate=RowFate.SEAT).update(fate=RowFate.SEAT)
    if last is not None:
        beyond = RowFate.WAIT if batch.cohort.has_waiting_list else RowFate.FULL
        rows.filter(number__gte=last).exclude(fate=beyond).update(fate=beyond)
