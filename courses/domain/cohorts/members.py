"""Looking people of a cohort up."""

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from courses.enums import MemberState
from courses.models import Cohort, CohortMember

# Whoever waits for an answer stands first.
_ORDER = (
    MemberState.REQUESTED,
    MemberState.SEATED,
    MemberState.INVITED,
    MemberState.WAITLISTED,
    MemberState.DECLINED,
    MemberState.REMOVED,
)


def members_of(cohort: Cohort, *, state: str = "", text: str = "") -> QuerySet[CohortMember]:
    """The people of a cohort: those who ask first, then by name; who waits, in their order."""
    rows = CohortMember.objects.filter(cohort=cohort).select_related("person")
    if state:
        rows = rows.filter(state=state)
    for word in text.split():
        rows = rows.filter(
            Q(person__printed_name__icontains=word)
            | Q(person__latin_name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(email__icontains=word)
            | Q(name__icontains=word)
        )
    if state == MemberState.WAITLISTED:
        return rows.order_by("asked_at", "pk")
    places = [When(state=each, then=Value(place)) for place, each in enumerate(_ORDER)]
    order = Case(*places, default=Value(len(_ORDER)), output_field=IntegerField())
    return rows.order_by(order, "person__printed_name", "name", "email", "pk")


def counts_of(cohort: Cohort) -> list[tuple[str, str, int]]:
    """How many stand where: state, its name, and how many; none that nobody is in. One query."""
    found = dict(CohortMember.objects.filter(cohort=cohort).order_by().values_list("state").annotate(Count("pk")))
    return [(str(state), str(state.label), found[state]) for state in _ORDER if found.get(state)]
