"""What papers keep about a person: that somebody typed in what they wrote, and when they wrote it.

Answers and marks are those of the attempt, and go with it.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.papers.entering import ENTERED
from assessments.models import PaperEntry
from elearn.people.domain import trail
from elearn.people.domain.personal_data import Contribution, Identity, Row, Table, in_role
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [Table("papers", _("Quizzes that you wrote on paper"), _entries(person))]


def _entries(person: User) -> list[Row]:
    rows = PaperEntry.objects.filter(enrolment__person=person).select_related("attempt", "form", "entered_by")
    return [
        {
            "attempt": row.attempt.public_id,
            "form": row.form.code,
            "title": row.form.title,
            "sat_on": row.sat_on,
            "entered_by": in_role(row.entered_by, person),
            "entered_at": row.entered_at,
        }
        for row in rows.order_by("pk")
    ]


def erase(person: User, identity: Identity) -> None:
    """Nothing here says who somebody is: a code, days, and who typed. What they wrote goes with the attempt."""


CONTRIBUTION = Contribution(
    name="papers",
    collect=collect,
    erase=erase,
    holds=frozenset({"assessments.PaperEntry.enrolment", "assessments.PaperEntry.attempt"}),
    acts=frozenset({"assessments.PaperEntry.entered_by", "assessments.PaperForm.created_by"}),
)


def register_sentences() -> None:
    trail.register(ENTERED, gettext_lazy("Typed in what you wrote in a quiz on paper"))
