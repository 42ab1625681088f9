"""Mail before something is due in a cohort, when it is late, and before a live session."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain.cohorts.schedule import due_dates
from courses.domain.editions import give_editions
from courses.domain.outline import build_outline
from courses.enums import EnrolmentState
from courses.models import Cohort, CohortMember, Enrolment, Extension, LiveSession, ModuleDate, UnitCompletion
from elearn.messages.domain import sending
from elearn.messages.domain.hours import zone_of
from elearn.messages.domain.sending import Letter
from elearn.messages.enums import Category
from elearn.messages.models import Message
from elearn.people.models import User

LOOKED = "cohorts:reminders-looked"
LOOK_EVERY = timedelta(minutes=10)

DAYS_BEFORE = 3
# Whoever was not told on the first day, since nothing ran then, is told on the next ones, but not weeks later.
DAYS_LATE = 3
HOURS_BEFORE_SESSION = 24
# A session so near does not wait for the morning.
URGENT_HOURS = 12
BATCH = 500

DueDays = Mapping[int, Mapping[UUID, date]]


def remind() -> int:
    """Write the reminders for which the time has come; the sweeper calls it. Answers how many, at most."""
    if not cache.add(LOOKED, 1, timeout=int(LOOK_EVERY.total_seconds())):
        return 0
    return remind_of_due_dates() + remind_of_sessions()


# --- Due dates ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Learner:
    person: User
    enrolment: Enrolment
    cohort: Cohort
    joined_at: datetime


@dataclass(frozen=True)
class Call:
    """What one learner is to be told: these modules are due on this day, or were."""

    learner: Learner
    day: date
    is_late: bool
    modules: tuple[UUID, ...]

    @property
    def reason(self) -> str:
        """The day is part of it: whoever gets more time is reminded of the new day too."""
        kind = "late" if self.is_late else "due"
        return f"{kind}-{self.learner.cohort.public_id}-{self.day:%Y-%m-%d}"


def remind_of_due_dates() -> int:
    """Remind those who have not completed what is due within three days, and once more when the day is over."""
    around = Q(
        due_on__gte=timezone.localdate() - timedelta(days=DAYS_LATE + 1),
        due_on__lte=timezone.localdate() + timedelta(days=DAYS_BEFORE + 1),
    )
    cohorts = {
        *ModuleDate.objects.filter(around).values_list("cohort", flat=True),
        *Extension.objects.filter(around).values_list("cohort", flat=True),
    }
    running = Cohort.objects.running().filter(pk__in=cohorts).order_by("pk")
    return sum(remind_cohort(cohort) for cohort in running)


def remind_cohort(cohort: Cohort) -> int:
    """Write the reminders of one cohort. The same queries for each batch of learners, however many are in it."""
    return sum(_remind_batch(cohort, lot) for lot in _lots(_learners([cohort.pk])))


def _learners(cohorts: Iterable[int]) -> list[Learner]:
    """Those who take part and have not completed the course."""
    rows = CohortMember.objects.seated().filter(
        cohort__in=cohorts,
        enrolment__state=EnrolmentState.ACTIVE,
        person__is_active=True,
        person__erased_at=None,
    )
    rows = rows.select_related("person", "cohort", "enrolment__course").order_by("pk")
    return [
        Learner(row.person, row.enrolment, row.cohort, row.seated_at)
        for row in rows
        if row.person and row.enrolment and row.seated_at
    ]


def _lots(learners: list[Learner]) -> Iterator[list[Learner]]:
    for start in range(0, len(learners), BATCH):
        yield learners[start : start + BATCH]


def _remind_batch(cohort: Cohort, learners: list[Learner]) -> int:
    now = timezone.now()
    for learner in learners:
        learner.enrolment.person = learner.person
    schedules = due_dates(cohort, [learner.enrolment for learner in learners])
    days = {
        pk: {m: times.due_on for m, times in each.modules.items() if times.due_on} for pk, each in schedules.items()
    }
    opens = {m: times.opens_on for each in schedules.values() for m, times in each.modules.items()}
    calls = [call for learner in learners for call in _calls(learner, days[learner.enrolment.pk], opens, now)]
    calls = _not_yet_told(calls)
    if not calls:
        return 0
    enrolments = [call.learner.enrolment for call in calls]
    give_editions(enrolments)
    done: dict[int, set[UUID]] = defaultdict(set)
    completions = UnitCompletion.objects.standing().filter(enrolment__in=enrolments)
    for enrolment, key in completions.values_list("enrolment", "unit__key"):
        done[enrolment].add(key)
    titles: dict[tuple[int, str], dict[UUID, str]] = {}
    letters = []
    for call in calls:
        open_modules = _without_completed(call, done, titles)
        if open_modules:
            letters.append(_letter(call, open_modules))
    sending.write_all(letters)
    return len(letters)


def _calls(
    learner: Learner, days: Mapping[UUID, date], opens: Mapping[UUID, date | None], now: datetime
) -> Iterator[Call]:
    """What falls due around today, where the learner is; modules of one day together."""
    zone = zone_of(learner.person)
    today = now.astimezone(zone).date()
    joined = learner.joined_at.astimezone(zone).date()
    by_day: dict[date, list[UUID]] = defaultdict(list)
    for module, day in days.items():
        if (opens.get(module) or today) <= today:
            by_day[day].append(module)
    for day, modules in by_day.items():
        left = (day - today).days
        if 0 <= left <= DAYS_BEFORE:
            yield Call(learner, day, False, tuple(modules))
        elif -DAYS_LATE <= left < 0 and joined <= day:
            yield Call(learner, day, True, tuple(modules))


def _not_yet_told(calls: list[Call]) -> list[Call]:
    people, reasons = {call.learner.person.pk for call in calls}, {call.reason for call in calls}
    told = set(Message.objects.filter(person__in=people, reason__in=reasons).values_list("person", "reason"))
    return [call for call in calls if (call.learner.person.pk, call.reason) not in told]


def _without_completed(
    call: Call, done: Mapping[int, set[UUID]], titles: dict[tuple[int, str], dict[UUID, str]]
) -> list[str]:
    """The titles of what the learner has still to complete, in their language and the order of the course."""
    enrolment, language = call.learner.enrolment, call.learner.person.language
    structure = enrolment.edition.structure
    key = (enrolment.edition_id, language)
    if key not in titles:
        titles[key] = {module.key: module.title for module in build_outline(enrolment.edition, language, {}).modules}
    return [
        title
        for module, title in titles[key].items()
        if module in call.modules and not structure.module_complete(str(module), done[enrolment.pk])
    ]


def _letter(call: Call, modules: list[str]) -> Letter:
    person, cohort = call.learner.person, call.learner.cohort
    with translation.override(person.language):
        words = {
            "name": person.printed_name,
            "cohort": cohort.title,
            "day": date_format(call.day, "l, j F Y"),
            "modules": "\n".join(f"- {title}" for title in modules),
            "desk": settings.SITE_URL + reverse("desk"),
        }
        if call.is_late:
            subject = ngettext("%(count)d module was due", "%(count)d modules were due", len(modules))
            body = _(
                "Hello %(name)s,\n\nin “%(cohort)s”, this was due by %(day)s and is not complete yet:\n\n%(modules)s"
                "\n\n"
                "You can still complete it. Do you need more time? Ask your trainer.\n\nGo on here:\n%(desk)s\n"
            )
        else:
            subject = ngettext("%(count)d module is due soon", "%(count)d modules are due soon", len(modules))
            body = _(
                "Hello %(name)s,\n\nin “%(cohort)s”, this is due by the end of %(day)s:\n\n%(modules)s\n\n"
                "Go on here:\n%(desk)s\n"
            )
        over = datetime.combine(call.day + timedelta(days=1), time(), tzinfo=zone_of(person))
        return Letter(
            person=person,
            reason=call.reason,
            subject=f"{subject % {'count': len(modules)}}: {cohort.title}",
            body=body % words,
            category=Category.REMINDER,
            about=cohort.public_id,
            useless_after=None if call.is_late else over,
        )


# --- Live sessions -----------------------------------------------------------------------------------------------


def remind_of_sessions() -> int:
    """Remind those who take part of the sessions of the next 24 hours, once for each time at which one is to begin."""
    now = timezone.now()
    soon = LiveSession.objects.standing().filter(
        cohort__closed_at=None, starts_at__gt=now, starts_at__lte=now + timedelta(hours=HOURS_BEFORE_SESSION)
    )
    sessions = list(soon.select_related("cohort").order_by("starts_at", "pk"))
    by_cohort: dict[int, list[LiveSession]] = defaultdict(list)
    for session in sessions:
        by_cohort[session.cohort_id].append(session)
    count = 0
    for lot in _lots(_learners(by_cohort)):
        pairs = [(learner, session) for learner in lot for session in by_cohort[learner.cohort.pk]]
        reasons = {_reason_of(session) for session in sessions}
        known = Message.objects.filter(person__in=[learner.person.pk for learner in lot], reason__in=reasons)
        told = set(known.values_list("person", "reason"))
        letters = [_session_letter(one, s, now) for one, s in pairs if (one.person.pk, _reason_of(s)) not in told]
        sending.write_all(letters)
        count += len(letters)
    return count


def _reason_of(session: LiveSession) -> str:
    return f"session-soon-{session.public_id}-{session.starts_at:%Y%m%d%H%M}"


def _session_letter(learner: Learner, session: LiveSession, now: datetime) -> Letter:
    person = learner.person
    with translation.override(person.language):
        starts, ends = (moment.astimezone(zone_of(person)) for moment in (session.starts_at, session.ends_at))
        words = {
            "name": person.printed_name,
            "cohort": learner.cohort.title,
            "title": session.title,
            "day": date_format(starts, "l, j F Y"),
            "from": date_format(starts, "H:i"),
            "to": date_format(ends, "H:i"),
            "zone": person.time_zone,
            "where": "\n".join(line for line in (session.place, session.link) if line),
        }
        body = _(
            "Hello %(name)s,\n\na session of “%(cohort)s” begins soon:\n\n%(title)s\n%(day)s, %(from)s to %(to)s "
            "(time zone %(zone)s)\n%(where)s\n"
        )
        return Letter(
            person=person,
            reason=_reason_of(session),
            subject=_("Session soon: %(title)s") % words,
            body=body % words,
            category=Category.SESSION,
            about=learner.cohort.public_id,
            urgent=session.starts_at - now < timedelta(hours=URGENT_HOURS),
            useless_after=session.ends_at,
        )
