"""What is kept about a person's live sessions: where they attended, and the address of their calendar."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Attendance, CalendarFeed
from elearn.people.domain.personal_data import Contribution, Identity, Row, Table, in_role
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [
        Table("attendance", _("Live sessions you attended, or missed"), _attendance(person)),
        Table("calendar", _("The address of your calendar"), _calendar(person)),
    ]


def _attendance(person: User) -> list[Row]:
    rows = Attendance.objects.filter(enrolment__person=person).select_related("session__cohort", "entered_by")
    return [
        {
            "cohort": row.session.cohort.title,
            "session": row.session.title,
            "starts_at": row.session.starts_at,
            "state": row.state,
            "source": row.source,
            "entered_by": in_role(row.entered_by, person),
            "entered_at": row.entered_at,
        }
        for row in rows.order_by("session__starts_at", "pk")
    ]


def _calendar(person: User) -> list[Row]:
    # Not the address itself: whoever gets hold of the download would read the calendar with it.
    return [{"made_at": feed.made_at} for feed in CalendarFeed.objects.filter(person=person)]


def erase(person: User, identity: Identity) -> None:
    """The calendar's address goes. That somebody attended stays without a name: reports count it."""
    CalendarFeed.objects.filter(person=person).delete()


CONTRIBUTION = Contribution(
    name="sessions",
    collect=collect,
    erase=erase,
    holds=frozenset({"courses.Attendance.enrolment", "courses.CalendarFeed.person"}),
    acts=frozenset({"courses.Attendance.entered_by", "courses.LiveSession.created_by"}),
)

PERIODS = (
    Kept(
        key="attendance",
        what=gettext_lazy("Which live sessions you attended or missed, and who entered it when"),
        why=gettext_lazy("Courses can ask for attendance, and the programme reports how many came."),
        how_long=gettext_lazy("for good"),
        then=gettext_lazy("After an erasure it no longer says whose it was."),
    ),
    Kept(
        key="calendar",
        what=gettext_lazy("The address of your calendar, if you made one"),
        why=gettext_lazy("So that your own calendar program can read your sessions."),
        how_long=gettext_lazy("until you make a new one, or the account is erased"),
        then=gettext_lazy("It is deleted, and leads nowhere."),
    ),
)
