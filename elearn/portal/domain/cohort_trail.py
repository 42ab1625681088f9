"""Who looked at the people of a cohort, as those read it whom it concerns."""

from django.utils.translation import gettext_lazy as _

from courses.domain.cohorts import rights
from courses.domain.cohorts.members_data import times_in_cohorts
from courses.models import Cohort
from elearn.people.domain import trail
from elearn.people.models import User

READ = "cohorts.board_read"
EXPORTED = "cohorts.exported"
EXPORTED_PART = "cohorts.part_exported"
OPENED = "cohorts.learner_opened"


def record_read(by: User, cohort: Cohort) -> None:
    """Somebody read a list of the cohort's people: one event, which all who take part find in their trail.

    Who sees an institution's people alone has read a list of that institution.
    """
    reach = rights.reach(by, rights.SEE)
    if reach.covers_all_of(cohort):
        trail.record(READ, actor=by, subject=None, cohort=str(cohort.public_id), reason=cohort.title)
        return
    for institution in sorted(reach.institution_ids):
        trail.record(trail.LIST_READ, actor=by, subject=None, institution=institution, reason=cohort.title)


def record_export(by: User, cohort: Cohort) -> None:
    """Somebody took the list away as a file; recorded as reading it is."""
    reach = rights.reach(by, rights.SEE)
    if reach.covers_all_of(cohort):
        trail.record(EXPORTED, actor=by, subject=None, cohort=str(cohort.public_id), reason=cohort.title)
        return
    for member in reach.members(cohort).seated().select_related("person"):  # type: ignore[attr-defined]
        trail.record(EXPORTED_PART, actor=by, subject=member.person, cohort=str(cohort.public_id), reason=cohort.title)


def record_opened(by: User, learner: User, cohort: Cohort) -> None:
    trail.record(OPENED, actor=by, subject=learner, cohort=str(cohort.public_id), reason=cohort.title)


def register() -> None:
    trail.register_list(
        READ, _("Read how far the people of your cohort are"), names="cohort", standings=times_in_cohorts
    )
    trail.register_list(
        EXPORTED, _("Exported how far the people of your cohort are"), names="cohort", standings=times_in_cohorts
    )
    trail.register(EXPORTED_PART, _("Exported how far you and others of your institution are in a cohort"))
    trail.register(OPENED, _("Opened your progress in a cohort"))
