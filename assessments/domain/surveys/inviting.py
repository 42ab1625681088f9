"""Mail with the link to a survey: at the end of a course, three and six months later, and once more a week after that.

What was sent is known by the mails themselves, whose reason names survey and enrolment. Who has answered is known by
SurveyResponse; what they answered is not asked for here, so an anonymous survey stays one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.domain.surveys.rules import SURVEY, SurveyRules
from assessments.domain.surveys.waves import has_come, months_before
from assessments.enums import SurveyKind
from assessments.models import SurveyResponse
from assessments.models.survey import MONTHS_AFTER
from courses.domain.editions import editions, give_editions
from courses.domain.outline import build_outline
from courses.enums import READING_STATES
from courses.models import Edition, Enrolment, Unit
from elearn.messages.domain import sending
from elearn.messages.domain.hours import zone_of
from elearn.messages.domain.sending import Letter
from elearn.messages.enums import Category
from elearn.messages.models import Message

LOOKED = "surveys:invitations-looked"
LOOK_EVERY = timedelta(minutes=30)

# Whoever finished longer ago is not written to: their memory of it is gone, and a new survey asks nobody of the past.
NOT_LATER_THAN = timedelta(days=30)
REMIND_AFTER = timedelta(days=7)
BATCH = 500

Held = dict[UUID, SurveyRules]


@dataclass(frozen=True)
class Asking:
    """A survey that somebody has not answered yet, and could."""

    enrolment: Enrolment
    key: UUID
    is_wave: bool
    is_fresh: bool  # So near to its day that somebody who had no mail yet gets one.

    def reason(self, again: bool = False) -> str:
        return f"survey-{'again-' if again else ''}{self.key}-{self.enrolment.public_id}"


def invite() -> int:
    """Write the mails about surveys for which the time has come; the sweeper calls it. Answers how many, at most."""
    if not cache.add(LOOKED, 1, timeout=int(LOOK_EVERY.total_seconds())):
        return 0
    return invite_all()


def invite_all() -> int:
    """Invite whoever can answer a survey now and has not, and remind them once, a week later."""
    held = surveys_to_send()
    rows = _finished().filter(edition__in=held).order_by("pk") if held else Enrolment.objects.none()
    count, last = 0, 0
    while lot := list(rows.filter(pk__gt=last)[:BATCH]):
        count += _invite_batch(lot, held)
        last = lot[-1].pk
    return count


def surveys_to_send() -> dict[int, Held]:
    """By edition the surveys about which mail is sent: on satisfaction at the end, and every one some months later."""
    courses = Unit.objects.filter(kind=SURVEY).values("course")
    found: dict[int, Held] = {}
    for pk, edition in editions(Edition.objects.filter(course__in=courses).values_list("pk", flat=True)).items():
        entries = {unit.uuid: unit for variant in edition.structure.variants for unit in variant.units()}
        rules = {key: SurveyRules.from_json(unit.rules) for key, unit in entries.items() if unit.kind == SURVEY}
        sent = {key: r for key, r in rules.items() if r.months_after or r.kind == SurveyKind.SATISFACTION}
        if sent:
            found[pk] = sent
    return found


def _finished() -> QuerySet[Enrolment]:
    """Enrolments whose cohort, or which themselves, ended within the last weeks, or some months and weeks ago."""
    now = timezone.now()
    since = now - NOT_LATER_THAN - REMIND_AFTER
    ended = Q(cohort__closed_at__gte=since) | Q(
        cohort__ends_on__gte=since.date(), cohort__ends_on__lte=now.date() + timedelta(days=1)
    )
    for months, _when in MONTHS_AFTER:
        ended |= Q(completed_at__gt=months_before(since, months), completed_at__lte=months_before(now, months))
    rows = Enrolment.objects.filter(ended, state__in=READING_STATES, person__is_active=True, person__erased_at=None)
    return rows.select_related("person", "course", "cohort")


def _invite_batch(enrolments: list[Enrolment], held: Mapping[int, Held]) -> int:
    now = timezone.now()
    give_editions(enrolments)
    asked = [asking for enrolment in enrolments for asking in _asked(enrolment, held[enrolment.edition_id], now)]
    answered = set(SurveyResponse.objects.filter(enrolment__in=enrolments).values_list("enrolment", "unit__key"))
    asked = [asking for asking in asked if (asking.enrolment.pk, asking.key) not in answered]
    letters = list(_letters(asked, _told(asked), now))
    if letters:
        sending.write_all(letters)
    return len(letters)


def _asked(enrolment: Enrolment, held: Held, now: datetime) -> Iterator[Asking]:
    for key, rules in held.items():
        if rules.months_after:
            if has_come(rules, enrolment, now) and enrolment.completed_at is not None:
                fresh = enrolment.completed_at > months_before(now - NOT_LATER_THAN, rules.months_after)
                yield Asking(enrolment, key, True, fresh)
        elif (ended := _ended_at(enrolment)) is not None and ended <= now:
            yield Asking(enrolment, key, False, ended > now - NOT_LATER_THAN)


def _ended_at(enrolment: Enrolment) -> datetime | None:
    """When the course is over for somebody: with their cohort, or when they complete it by themselves."""
    cohort = enrolment.cohort
    if cohort is None:
        return enrolment.completed_at
    over = None
    if cohort.ends_on is not None:
        day = cohort.ends_on + timedelta(days=1)
        over = datetime(day.year, day.month, day.day, tzinfo=zone_of(enrolment.person))
    return min((moment for moment in (cohort.closed_at, over) if moment is not None), default=None)


def _told(asked: Iterable[Asking]) -> dict[tuple[int, str], datetime]:
    """When mail about these surveys was written, by person and reason."""
    reasons = {asking.reason(again) for asking in asked for again in (False, True)}
    people = {asking.enrolment.person_id for asking in asked}
    rows = Message.objects.filter(person__in=people, category=Category.SURVEY, reason__in=reasons)
    return {(person, reason): at for person, reason, at in rows.values_list("person", "reason", "created_at")}


def _letters(asked: list[Asking], told: Mapping[tuple[int, str], datetime], now: datetime) -> Iterator[Letter]:
    links: dict[tuple[int, str], dict[UUID, tuple[str, str]]] = defaultdict(dict)
    for asking in asked:
        person = asking.enrolment.person
        first = told.get((person.pk, asking.reason()))
        again = first is not None
        if first is None and not asking.is_fresh:
            continue
        if first is not None and (first > now - REMIND_AFTER or (person.pk, asking.reason(again=True)) in told):
            continue
        group = (asking.enrolment.edition_id, person.language)
        if group not in links:
            outline = build_outline(asking.enrolment.edition, person.language, {})
            links[group] = {unit.key: (unit.title, unit.url) for unit in outline.units if unit.url}
        if asking.key in links[group]:
            yield _letter(asking, *links[group][asking.key], again)


def _letter(asking: Asking, title: str, url: str, again: bool) -> Letter:
    enrolment = asking.enrolment
    person = enrolment.person
    with translation.override(person.language):
        words = {"name": person.printed_name, "title": title, "page": settings.SITE_URL + url}
        if again:
            body = _(
                "Hello %(name)s,\n\na week ago we asked you to answer some questions: “%(title)s”. It is not too late, "
                "and this is our last mail about it:\n%(page)s\n"
            )
        elif asking.is_wave:
            body = _(
                "Hello %(name)s,\n\nsome months ago you completed a course. What has become of it in your work? It "
                "takes a few minutes to answer “%(title)s”:\n%(page)s\n"
            )
        else:
            body = _(
                "Hello %(name)s,\n\nyour course has come to its end. What was good, and what should change? It takes a "
                "few minutes to answer “%(title)s”:\n%(page)s\n"
            )
        return Letter(
            person=person,
            reason=asking.reason(again),
            subject=(_("Once more: %(title)s") if again else _("Please tell us: %(title)s")) % words,
            body=body % words,
            category=Category.SURVEY,
            about=enrolment.cohort.public_id if enrolment.cohort else None,
        )
