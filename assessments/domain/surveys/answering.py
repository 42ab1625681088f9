"""Answering a survey: once for each enrolment, and where it is anonymous without a trace of who it was."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.surveys.questions import Question, as_asked, fits
from assessments.domain.surveys.rules import SURVEY, SurveyRules
from assessments.domain.surveys.waves import has_come
from assessments.enums import Asks
from assessments.models import SurveyAnswers, SurveyPage, SurveyResponse, SurveySheet
from courses.domain.cohorts.schedule import in_words, opens_later
from courses.domain.progress import complete_unit
from courses.models import Enrolment, Unit
from elearn.people.domain.personal_data import lock_person

# What of a row of answers says something, and changes places with that of another (see _store_anonymously).
CONTENT = ("sheet_id", "edition_id", "cohort_id", "year", "answers", "texts")


class SurveyRefused(Exception):
    """The act cannot be done; the message says why and what was kept, in words for the learner."""


@dataclass(frozen=True)
class Submitted:
    """`is_new` is False when the survey had been answered before; then nothing was changed."""

    response: SurveyResponse
    is_new: bool


def rules_for(enrolment: Enrolment, unit_key: UUID) -> SurveyRules | None:
    """The survey as the learner's edition has it; None when it does not."""
    entry = enrolment.edition.structure.unit(unit_key)
    return SurveyRules.from_json(entry.rules) if entry is not None and entry.kind == SURVEY else None


def survey_open_to(enrolment: Enrolment, unit: Unit) -> bool:
    """Whether the learner can answer this survey now: they may read, its time has come, and they have not answered."""
    rules = rules_for(enrolment, unit.key)
    if not enrolment.may_read or rules is None or not has_come(rules, enrolment, timezone.now()):
        return False
    return not SurveyResponse.objects.filter(enrolment=enrolment, unit=unit).exists()


@transaction.atomic
def submit_survey(
    *, enrolment: Enrolment, unit: Unit, given: Mapping[str, Any], language: str, revision: int | None
) -> Submitted:
    """Keep what a learner answered, once, and complete the unit. `given` holds answers by the id of their question.

    Effects: the answers are stored together with the wording of what was asked, in every language; of an anonymous
    survey in a row that leads to nobody, and without the revision read, which would tell when. One response per
    enrolment and survey: a second one, at once or later, changes nothing and answers the first. The unit is completed
    (courses.domain.progress.complete_unit).
    Refusals: SurveyRefused when the edition does not hold the survey, when the enrolment is not open to the learner,
    when its time has not come, and when an answer is missing or does not fit its question. PersonErased.
    """
    lock_person(enrolment.person_id)
    # Without its edition joined: PostgreSQL finds no row at all when the enrolment moves up while this waits.
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    standing = SurveyResponse.objects.filter(enrolment=enrolment, unit=unit).first()
    if standing is not None:
        return Submitted(standing, is_new=False)
    rules = rules_for(enrolment, unit.key)
    if rules is None or not enrolment.may_read:
        raise SurveyRefused(_("This survey is not part of the edition you are taking, so nothing was stored."))
    if times := opens_later(enrolment, unit.key):
        raise SurveyRefused(in_words(times))
    if not has_come(rules, enrolment, timezone.now()):
        raise SurveyRefused(_("The time of this survey has not come yet, so nothing was stored."))
    asked = _asked(unit, rules)
    questions = asked.get(language) or next(iter(asked.values()), [])
    answers = _checked(questions, given)
    response = SurveyResponse.objects.create(enrolment=enrolment, unit=unit, language=language)
    revision = None if rules.anonymous else revision
    complete_unit(enrolment=enrolment, unit=unit, language=language, revision=revision)
    written = {question.id for question in questions if question.kind == Asks.FREE_TEXT}
    row = SurveyAnswers(
        sheet=_sheet(unit, asked),
        edition_id=enrolment.edition_id,
        cohort_id=enrolment.cohort_id,
        year=timezone.localdate().year,
        answers={key: answer for key, answer in answers.items() if key not in written},
        texts={key: answer for key, answer in answers.items() if key in written},
    )
    if rules.anonymous:
        _store_anonymously(row, unit)
    else:
        row.response = response
        row.save(force_insert=True)
    return Submitted(response, is_new=True)


def _asked(unit: Unit, rules: SurveyRules) -> dict[str, list[Question]]:
    """The questions of this edition by language."""
    pages = SurveyPage.objects.live().filter(translation_key=unit.key).select_related("locale")
    return {page.locale.language_code: rules.asked_on(page) for page in pages}


def _checked(questions: list[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that were given, without empty ones and without line ends of other systems."""
    answers = {}
    for question in questions:
        answer = given.get(question.id)
        if isinstance(answer, str):
            answer = answer.replace("\r\n", "\n").strip()
        if answer in (None, "", []):
            if question.required:
                raise SurveyRefused(_("An answer is missing. Nothing was stored yet."))
        elif fits(question, answer):
            answers[question.id] = answer
        else:
            raise SurveyRefused(_("An answer does not fit its question. Nothing was stored yet."))
    return answers


def _sheet(unit: Unit, asked: Mapping[str, list[Question]]) -> SurveySheet:
    content = as_asked(asked)
    digest = sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    sheet, _created = SurveySheet.objects.get_or_create(unit=unit, digest=digest, defaults={"asked": content})
    return sheet


def _store_anonymously(row: SurveyAnswers, unit: Unit) -> None:
    """Store answers in a place among those of the survey that is drawn by lot.

    A database lays rows down in the order in which they come (SQLite's rowid, PostgreSQL's ctid), and completions come
    in the same order: who was third would have written the third row. So the new content takes the place of a random
    row, whose content moves to the end: after every step, each order of the contents is equally likely (the
    "inside-out" shuffle of Fisher and Yates, https://en.wikipedia.org/wiki/Fisher%E2%80%93Yates_shuffle).
    """
    rows = SurveyAnswers.objects.anonymous().filter(sheet__unit=unit).order_by("pk")
    place = secrets.randbelow(rows.count() + 1)
    other = next(iter(rows.select_for_update(of=("self",))[place : place + 1]), None)
    if other is not None:
        for name in CONTENT:
            own, theirs = getattr(row, name), getattr(other, name)
            setattr(row, name, theirs)
            setattr(other, name, own)
        other.save(update_fields=CONTENT)
    row.save(force_insert=True)
