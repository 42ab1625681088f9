"""Texts with placeholders: ready-made ones, and filling them for each learner in the language they read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from courses.domain.cohorts.schedule import Schedule, due_dates
from courses.domain.editions import give_editions
from courses.domain.moving import title_and_address
from courses.models import Cohort, CohortMember, Enrolment, UnitCompletion
from elearn.people.models import User

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS: dict[str, str | Promise] = {
    "name": gettext_lazy("the learner's name"),
    "course": gettext_lazy("the title of the course"),
    "cohort": gettext_lazy("the title of the cohort"),
    "due": gettext_lazy("the day when the next thing is due that the learner has not done"),
    "link": gettext_lazy("the address of the course"),
    "forum": gettext_lazy("the address of the cohort's forum"),
}
# {language: {"subject": …, "body": …}}
Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Template:
    """A ready-made text, as its source has it; `said_in` gives it in a language."""

    key: str
    label: str | Promise
    subject: str
    body: str

    def said_in(self, language: str) -> dict[str, str]:
        """The text in a language; empty where it was never translated, so that nobody sends what is not theirs."""
        with translation.override(language):
            subject, body = _(self.subject), _(self.body)
        if body == self.body and not language.startswith("en"):
            return {"subject": "", "body": ""}
        return {"subject": subject, "body": body}


TEMPLATES = (
    Template(
        "not_started",
        gettext_lazy("You have not started"),
        gettext_noop("{course}: your place is waiting for you"),
        gettext_noop(
            "Hello {name},\n\nyou have a place in “{cohort}”, and have not started yet. The first lesson takes a few "
            "minutes:\n{link}\n\nIf something stands in your way, say so in the forum of the cohort:\n{forum}"
        ),
    ),
    Template(
        "due_soon",
        gettext_lazy("Something is due soon"),
        gettext_noop("{course}: something is due soon"),
        gettext_noop(
            "Hello {name},\n\nsomething of “{course}” is due on {due}. You see what on the page of the course:\n"
            "{link}\n\nIf you need more time, ask for it before it is due:\n{forum}"
        ),
    ),
    Template(
        "late",
        gettext_lazy("You are late"),
        gettext_noop("{course}: something is overdue"),
        gettext_noop(
            "Hello {name},\n\nsomething of “{course}” was due on {due} and is not done yet. You can still do it:\n"
            "{link}\n\nIf you need more time, ask for it:\n{forum}"
        ),
    ),
    Template(
        "well_done",
        gettext_lazy("Well done"),
        gettext_noop("{course}: well done"),
        gettext_noop("Hello {name},\n\nyou have come far in “{course}”. Well done!\n\nGo on here:\n{link}"),
    ),
)


def template_named(key: str) -> Template | None:
    return next((template for template in TEMPLATES if template.key == key), None)


def unknown_in(text: str) -> list[str]:
    """What stands in braces and is no placeholder."""
    return [f"{{{name}}}" for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def text_for(texts: Texts, cohort: Cohort, language: str) -> Mapping[str, str]:
    """What somebody who reads this language gets: a text in it, or that of the cohort's language."""
    own = texts.get(language, {})
    return own if own.get("subject") and own.get("body") else texts[cohort.language]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its placeholders filled, once: what a name holds in braces stays as it is."""
    return PLACEHOLDER.sub(lambda found: facts.get(found.group(1), found.group()), text)


class Filling:
    """Fills the placeholders for learners of a cohort; what several share is asked for once."""

    def __init__(self, cohort: Cohort, texts: Texts, members: Iterable[CohortMember]) -> None:
        self.cohort, self.texts = cohort, texts
        self._courses: dict[str, tuple[str, str, str]] = {}
        asked = any("{due}" in text["body"] + text["subject"] for text in texts.values())
        self._due = next_due(cohort, members) if asked else {}

    def mail_to(self, person: User) -> tuple[str, str]:
        """Subject and body as the person gets them."""
        with translation.override(person.language):
            title, address, forum = self._course_in(person.language)
            due = self._due.get(person.pk)
            facts = {
                "name": person.printed_name,
                "course": title,
                "cohort": self.cohort.title,
                "due": date_format(due, "j E Y") if due else _("(no day is set)"),
                "link": settings.SITE_URL + address,
                "forum": settings.SITE_URL + forum,
            }
        text = text_for(self.texts, self.cohort, person.language)
        return " ".join(filled(text["subject"], facts).split()), filled(text["body"], facts)

    def _course_in(self, language: str) -> tuple[str, str, str]:
        if language not in self._courses:
            forum = reverse("cohorts:forum", args=[self.cohort.public_id])
            self._courses[language] = (*title_and_address(self.cohort.course, language), forum)
        return self._courses[language]


def next_due(cohort: Cohort, members: Iterable[CohortMember]) -> dict[int, date]:
    """By person, the first due day of a module that they have not done. Four queries, however many."""
    wanted = [member.enrolment_id for member in members if member.enrolment_id is not None]
    enrolments = list(Enrolment.objects.filter(pk__in=wanted, cohort=cohort).select_related("person", "course"))
    give_editions(enrolments)
    schedules = due_dates(cohort, enrolments)
    done: dict[int, set[UUID]] = {}
    completed = UnitCompletion.objects.standing().filter(enrolment__in=wanted)
    for enrolment, unit in completed.values_list("enrolment", "unit__key"):
        done.setdefault(enrolment, set()).add(unit)
    found = {}
    for enrolled in enrolments:
        days = _days_of(enrolled, schedules[enrolled.pk], done.get(enrolled.pk, set()))
        if days:
            found[enrolled.person_id] = min(days)
    return found


def _days_of(enrolment: Enrolment, schedule: Schedule, done: set[UUID]) -> list[date]:
    """When the modules are due that are not done."""
    structure = enrolment.edition.structure
    return [
        times.due_on
        for key, times in schedule.modules.items()
        if times.due_on is not None and not structure.module_complete(str(key), done)
    ]
