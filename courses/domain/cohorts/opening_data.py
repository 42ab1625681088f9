"""What a cohort's opening and schedule keep about a person: more time that they were given."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Extension
from elearn.people.domain.personal_data import Contribution, Identity, Table, in_role
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    rows = Extension.objects.filter(enrolment__person=person).select_related("enrolment", "cohort", "granted_by")
    more_time = [
        {
            "enrolment": row.enrolment.public_id,
            "cohort": row.cohort.title,
            "module": row.module,
            "due_on": row.due_on,
            "reason": row.reason,
            "granted_by": in_role(row.granted_by, person),
            "granted_at": row.granted_at,
        }
        for row in rows
    ]
    return [Table("extensions", _("More time that you were given in a module"), more_time)]


def erase(person: User, identity: Identity) -> None:
    """The reasons go: they tell of the person's circumstances. That there was more time stays, without a name."""
    Extension.objects.filter(enrolment__person=person).exclude(reason="").update(reason="")


CONTRIBUTION = Contribution(
    name="schedule",
    collect=collect,
    erase=erase,
    holds=frozenset({"courses.Extension.enrolment"}),
    acts=frozenset(
        {
            "courses.Cohort.closed_by",
            "courses.Cohort.opened_by",
            "courses.Extension.granted_by",
            "courses.LocalCase.written_by",
        }
    ),
)

PERIODS = (
    Kept(
        key="extensions",
        what=gettext_lazy("More time that you were given in a module, and why"),
        why=gettext_lazy("So that nobody is called late who is not."),
        how_long=gettext_lazy("for good; the reason until the account is erased"),
        then=gettext_lazy("The reason is deleted, and the rest no longer says whose it was."),
    ),
)
