"""What kits keep about a person: who asked for one.

A kit's file, with names on its attendance sheet, goes after a month, or with the erasure of somebody in the cohort.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy

from courses.domain.cohorts.kits import MADE
from courses.domain.cohorts.members_data import times_in_cohorts
from courses.models import CohortMember, PrintKit
from elearn.people.domain import trail
from elearn.people.domain.personal_data import Contribution, Identity, Table
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    """Nothing: a kit is about a cohort. Numbers on attendance sheets are places in a list."""
    return []


def erase(person: User, identity: Identity) -> None:
    """Kits of the person's cohorts may print their name: their time ends now, and the sweeper removes the files."""
    cohorts = CohortMember.objects.filter(person=person).values("cohort")
    PrintKit.objects.filter(cohort__in=cohorts).exclude(file="").update(expires_at=timezone.now())


CONTRIBUTION = Contribution(
    name="kits", collect=collect, erase=erase, holds=frozenset(), acts=frozenset({"courses.PrintKit.made_by"})
)


def register_sentences() -> None:
    trail.register_list(
        MADE,
        gettext_lazy("Had an attendance sheet printed for your cohort, with your name on it"),
        names="cohort",
        standings=times_in_cohorts,
    )
