"""Opening, changing, closing and reopening cohorts, by whichever door: a screen, a command, an import."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain.cohorts import rights
from courses.domain.cohorts.attending import complete_whoever_may
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.training import enter_trainers
from courses.enums import CohortBasis, MemberState
from courses.models import Cohort, CohortMember, Course, Edition, JoinLink
from elearn.people.domain import trail
from elearn.people.domain.places import zone_names
from elearn.people.enums import InstitutionState
from elearn.people.models import Action, Institution, User

TITLE_LENGTH = 200


@dataclass(frozen=True)
class CohortFacts:
    """What is known of a cohort beside its edition and its people."""

    title: str
    starts_on: date
    ends_on: date | None = None
    institution: Institution | None = None
    action: Action | None = None
    language: str = settings.LANGUAGE_CODE
    time_zone: str = "UTC"
    capacity: int | None = None
    has_waiting_list: bool = True
    takes_requests: bool = False
    attendance_percent: int = 0


@dataclass(frozen=True)
class Opening:
    """A cohort that is about to be open, as the rules see it. `by` is None for the installation itself."""

    cohort: Cohort
    trainers: tuple[User, ...]
    by: User | None


Rule = Callable[[Opening], None]
_rules: list[Rule] = []


def register_rule(rule: Rule) -> None:
    """Have an upper package say who may open a cohort: `rule(opening)` raises CohortRefused, in words, or does nothing.

    Rules are asked whenever a cohort is opened or reopened, inside the transaction, when its row and its trainers' are
    locked; one that refuses takes everything back. What a rule counts it can therefore count on.
    """
    if rule not in _rules:
        _rules.append(rule)


@transaction.atomic
def open_cohort(
    *,
    course: Course,
    facts: CohortFacts,
    trainers: Iterable[User],
    by: User | None,
    edition: Edition | None = None,
    basis: CohortBasis = CohortBasis.PROGRAMME,
    public_id: UUID | None = None,
) -> Cohort:
    """Open a cohort of a course, in its current edition unless another of its editions is named.

    `public_id` is the cohort's, where a form has chosen it: sent twice, it answers the cohort that is there.
    `by=None` is the installation itself. Whoever trains the course and opens the cohort is a trainer of it.

    Effects: the cohort, and a role of trainer for it for each trainer; an audit event.
    Refusals: CohortRefused for an empty title, wrong dates, no trainer, a course without a released edition or
    archived, an edition of another course, an institution that is not known, an Action or course beyond the right of
    whoever opens it, and what the registered rules say.
    """
    public_id = public_id or uuid4()
    # Of two clicks the second waits here, and then finds the cohort of the first.
    course = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    standing = Cohort.objects.filter(public_id=public_id, course=course, opened_by=by).first()
    if standing is not None:
        return standing
    chosen = _edition(course, edition)
    facts = _checked(facts)
    _refuse_beyond_right(by, course, facts.action)
    _refuse_unknown(facts.institution)
    cohort = Cohort(public_id=public_id, course=course, edition=chosen, basis=basis, opened_by=by, **vars(facts))
    entered = enter_trainers(cohort=cohort, people=trainers, by=by)
    _ask_the_rules(cohort, entered, by)
    trail.record("cohorts.opened", actor=by, subject=None, cohort=cohort.pk)
    return cohort


def _edition(course: Course, edition: Edition | None) -> Edition:
    if course.archived_at is not None:
        raise CohortRefused(_("This course is archived and takes no new learners."))
    if edition is not None and edition.course_id != course.pk:
        raise CohortRefused(_("This edition belongs to another course. Choose one of this course."), "edition")
    chosen = edition or course.current_edition
    if chosen is None:
        raise CohortRefused(_("This course has not been released yet, so no cohort can take it."))
    return chosen


def _checked(facts: CohortFacts) -> CohortFacts:
    title = " ".join(facts.title.split())
    if not title:
        raise CohortRefused(_("Give the cohort a title."), "title")
    if len(title) > TITLE_LENGTH:
        raise CohortRefused(_("The title is too long."), "title")
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise CohortRefused(_("The last day cannot lie before the first."), "ends_on")
    if facts.capacity is not None and facts.capacity < 1:
        raise CohortRefused(
            _("A cohort has at least one place. Leave it empty where places are not counted."), "capacity"
        )
    if not 0 <= facts.attendance_percent <= 100:
        raise CohortRefused(_("Choose a number from 0 to 100."), "attendance_percent")
    if facts.language not in dict(settings.LANGUAGES):
        raise CohortRefused(_("Choose one of the languages of the site."), "language")
    if facts.time_zone != "UTC" and facts.time_zone not in zone_names():
        raise CohortRefused(_("Choose a time zone from the list."), "time_zone")
    return replace(facts, title=title)


def _refuse_beyond_right(by: User | None, course: Course, action: Action | None) -> None:
    if by is None:
        return
    reach = rights.reach(by, rights.OPEN)
    if reach.everywhere or course.key in reach.course_keys:
        return
    if action is not None and action.pk in reach.action_ids:
        return
    if reach.action_ids:
        raise CohortRefused(_("You open cohorts within your Action. Choose it."), "action")
    raise CohortRefused(_("Your roles do not let you open cohorts of this course."))


def _refuse_unknown(institution: Institution | None) -> None:
    if institution is not None and institution.state != InstitutionState.KNOWN:
        raise CohortRefused(
            _("This institution is not a known one. Choose another, or have it accepted."), "institution"
        )


def _ask_the_rules(cohort: Cohort, trainers: Iterable[User], by: User | None) -> None:
    opening = Opening(cohort, tuple(trainers), by)
    for rule in _rules:
        rule(opening)


@transaction.atomic
def change_cohort(*, cohort: Cohort, facts: CohortFacts, by: User) -> None:
    """Change what is known of a cohort. Its course and edition stay: people are in it by them.

    Effects: the row; an audit event when something differs; where the minimum attendance is lower, the enrolments that
    it alone had kept open are completed.
    Refusals: CohortRefused when it is closed, for an empty title, wrong dates, fewer places than are taken, an
    institution that is not known, and an Action beyond the person's right.
    """
    row = Cohort.objects.select_for_update().get(pk=cohort.pk)
    refuse_closed(row)
    facts = _checked(facts)
    if facts.institution is not None and facts.institution.pk != row.institution_id:
        _refuse_unknown(facts.institution)
    if (facts.action.pk if facts.action else None) != row.action_id:
        _refuse_beyond_right(by, row.course, facts.action)
    taken = CohortMember.objects.filter(cohort=row).taking_places().count()
    if facts.capacity is not None and facts.capacity < taken:
        words = ngettext(
            "%(count)d place is taken or offered, so there cannot be fewer.",
            "%(count)d places are taken or offered, so there cannot be fewer.",
            taken,
        )
        raise CohortRefused(words % {"count": taken}, "capacity")
    changed = [name for name, value in vars(facts).items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, getattr(facts, name))
    if changed:
        row.save(update_fields=changed)
        trail.record("cohorts.changed", actor=by, subject=None, cohort=row.pk, changed=changed)
    if "attendance_percent" in changed:
        complete_whoever_may(row)
    cohort.refresh_from_db()


@transaction.atomic
def close_cohort(*, cohort: Cohort, by: User) -> None:
    """Close a cohort: nobody enters it any more, and what it recorded stays.

    Effects: invitations, requests and the waiting list end, and so do its links; those who take part keep their
    enrolment and go on. An audit event. Closing what is closed changes nothing, so two at once close it once.
    """
    row = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if row.is_open:
        now = timezone.now()
        row.closed_at, row.closed_by = now, by
        row.save(update_fields=["closed_at", "closed_by"])
        outside = (MemberState.INVITED, MemberState.REQUESTED, MemberState.WAITLISTED)
        ended = CohortMember.objects.filter(cohort=row, state__in=outside)
        count = ended.update(state=MemberState.DECLINED, decided_by=by, decided_at=now)
        JoinLink.objects.filter(cohort=row, ended_at=None).update(ended_at=now)
        trail.record("cohorts.closed", actor=by, subject=None, cohort=row.pk, turned_away=count)
    cohort.refresh_from_db()


@transaction.atomic
def reopen_cohort(*, cohort: Cohort, by: User) -> None:
    """Open a closed cohort again.

    Effects: people can enter again; invitations and links that ended stay ended. An audit event.
    Refusals: CohortRefused where nobody trains it, where its course is archived, and what the registered rules say.
    """
    row = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if not row.is_open:
        if row.course.archived_at is not None:
            raise CohortRefused(_("This course is archived and takes no new learners."))
        trainers = rights.trainers_of(row)
        if not trainers:
            raise CohortRefused(_("Nobody trains this cohort any more. Name a trainer first."))
        row.closed_at = row.closed_by = None
        row.save(update_fields=["closed_at", "closed_by"])
        _ask_the_rules(row, trainers, by)
        trail.record("cohorts.reopened", actor=by, subject=None, cohort=row.pk)
    cohort.refresh_from_db()


def refuse_closed(cohort: Cohort) -> None:
    """Refusals: CohortRefused for a cohort that is closed. Its row is to be locked by the caller."""
    if not cohort.is_open:
        raise CohortRefused(_("This cohort is closed, so nothing was changed."))
