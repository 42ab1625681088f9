"""Setting when the modules of a cohort open and are due, and giving one learner more time."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.domain.cohorts.opening import refuse_closed
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.schedule import schedule_of
from courses.domain.moving import title_and_address
from courses.enums import CohortPace, MemberState
from courses.models import Cohort, CohortMember, Enrolment, Extension, ModuleDate
from elearn.messages.domain import sending
from elearn.people.domain import trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

WEEK = timedelta(days=7)
FURTHEST = timedelta(days=3653)
# When a module opens and when it is due; None for a day that is not set.
Days = tuple[date | None, date | None]


@transaction.atomic
def open_at_once(*, cohort: Cohort, by: User) -> None:
    """Open all modules of a cohort from the start; due dates stay as they are. An audit event.

    Refusals: CohortRefused when the cohort is closed.
    """
    row = _locked(cohort)
    due = dict(ModuleDate.objects.filter(cohort=row).values_list("module", "due_on"))
    _write(row, CohortPace.AT_ONCE, {module: (None, due.get(module)) for module in row.edition.structure.module_keys})
    trail.record("cohorts.scheduled", actor=by, subject=None, cohort=row.pk, pace=CohortPace.AT_ONCE.value)
    cohort.refresh_from_db()


@transaction.atomic
def open_weekly(*, cohort: Cohort, first_day: date, due_after: int | None, by: User) -> None:
    """Open one module a week from `first_day` on, each due `due_after` days later where that is given. An audit event.

    Refusals: CohortRefused when the cohort is closed, or ends before its last module opens.
    """
    row = _locked(cohort)
    _refuse_far(first_day)
    dates: dict[UUID, Days] = {}
    for number, module in enumerate(row.edition.structure.module_keys):
        opens_on = first_day + number * WEEK
        dates[module] = (opens_on, opens_on + timedelta(days=due_after) if due_after is not None else None)
    _refuse_beyond_end(row, dates)
    _write(row, CohortPace.WEEKLY, dates)
    trail.record("cohorts.scheduled", actor=by, subject=None, cohort=row.pk, pace=CohortPace.WEEKLY.value)
    cohort.refresh_from_db()


@transaction.atomic
def set_dates(*, cohort: Cohort, dates: Mapping[UUID, Days], by: User) -> None:
    """Set, module by module, when they open and are due; a module that is not named has no date. An audit event.

    Refusals: CohortRefused when the cohort is closed, for a module that its edition does not hold, for one that is due
    before it opens, and for one that opens after the cohort ends.
    """
    row = _locked(cohort)
    if unknown := dates.keys() - set(row.edition.structure.module_keys):
        raise CohortRefused(_("The edition of this cohort does not hold this module: %s") % next(iter(unknown)))
    for opens_on, due_on in dates.values():
        _refuse_far(opens_on, due_on)
        if opens_on and due_on and due_on < opens_on:
            raise CohortRefused(_("A module cannot be due before it opens."))
    _refuse_beyond_end(row, dates)
    waits = any(opens_on for opens_on, _due in dates.values())
    pace = CohortPace.DATES if waits else CohortPace.AT_ONCE
    _write(row, pace, dates)
    trail.record("cohorts.scheduled", actor=by, subject=None, cohort=row.pk, pace=pace.value)
    cohort.refresh_from_db()


@transaction.atomic
def grant_extension(*, member: CohortMember, module: UUID, due_on: date, reason: str, by: User) -> Extension:
    """Give one learner more time in a module; the latest counts. The same once more answers what is there.

    Effects: a row; an audit event about the learner, and a mail to them.
    Refusals: CohortRefused when the cohort is closed, when the person does not take part in it, when the module is not
    due on any day, for a day that is over or before that of everybody else, and for oneself; PersonErased.
    """
    if member.person_id is not None:
        lock_person(member.person_id)
    cohort = _locked(member.cohort)
    member = CohortMember.objects.get(pk=member.pk)
    if member.state != MemberState.SEATED or member.enrolment_id is None:
        raise CohortRefused(_("This person does not take part in the cohort at the moment."), "member")
    enrolment = Enrolment.objects.select_for_update().get(pk=member.enrolment_id)
    if enrolment.person_id == by.pk:
        raise CohortRefused(_("Nobody gives more time to themselves."), "member")
    _refuse_far(due_on, field="due_on")
    everybody = ModuleDate.objects.filter(cohort=cohort, module=module).values_list("due_on", flat=True).first()
    if everybody is None:
        raise CohortRefused(_("This module is not due on any day, so there is nothing to extend."), "module")
    times = schedule_of(enrolment).of(module)
    if due_on < max(everybody, timezone.now().astimezone(times.zone).date()):
        words = _("Choose a day from today on, and not before %(day)s, when the module is due for everybody.")
        raise CohortRefused(words % {"day": date_format(everybody, "j E Y")}, "due_on")
    last = Extension.objects.filter(enrolment=enrolment, cohort=cohort, module=module).last()
    if last is not None and last.due_on == due_on:
        return last
    given = Extension.objects.create(
        enrolment=enrolment, cohort=cohort, module=module, due_on=due_on, reason=reason.strip(), granted_by=by
    )
    trail.record("cohorts.more_time", actor=by, subject=enrolment.person, cohort=cohort.pk, module=str(module))
    _tell_of_more_time(given)
    return given


def _refuse_far(*days: date | None, field: str = "") -> None:
    """Refuse a day that can only be a slip: a deadline in the year 9999 stands for none."""
    for day in days:
        if day is not None and abs(day - timezone.localdate()) > FURTHEST:
            words = _("%s is more than ten years away. Look at the year; leave it empty where there is no day.")
            raise CohortRefused(words % date_format(day, "j E Y"), field or None)


def _tell_of_more_time(given: Extension) -> None:
    person = given.enrolment.person
    title, url = title_and_address(given.cohort.course, person.language)
    with translation.override(person.language):
        words = {"course": title, "day": date_format(given.due_on, "j E Y"), "name": person.printed_name}
        sending.write(
            person=person,
            reason=f"more-time-{given.pk}",
            subject=_("%(course)s: you have more time") % words,
            body=_(
                "Hello %(name)s,\n\nyour trainers have given you more time in a module of %(course)s: it is now due on "
                "%(day)s for you.\n\nGo on here: %(url)s\n"
            )
            % {**words, "url": settings.SITE_URL + url},
            about=given.cohort.public_id,
        )


def _locked(cohort: Cohort) -> Cohort:
    row = Cohort.objects.select_for_update().get(pk=cohort.pk)
    refuse_closed(row)
    return row


def _refuse_beyond_end(cohort: Cohort, dates: Mapping[UUID, Days]) -> None:
    last = max((opens_on for opens_on, _due in dates.values() if opens_on), default=None)
    if last is not None and cohort.ends_on is not None and last > cohort.ends_on:
        words = _("The last module would open on %(opens)s, and the cohort ends on %(ends)s.")
        raise CohortRefused(words % {"opens": date_format(last, "j E Y"), "ends": date_format(cohort.ends_on, "j E Y")})


def _write(cohort: Cohort, pace: CohortPace, dates: Mapping[UUID, Days]) -> None:
    cohort.pace = pace
    cohort.save(update_fields=["pace"])
    ModuleDate.objects.filter(cohort=cohort).delete()
    ModuleDate.objects.bulk_create(
        ModuleDate(cohort=cohort, module=module, opens_on=opens_on, due_on=due_on)
        for module, (opens_on, due_on) in dates.items()
        if opens_on or due_on
    )
