"""What a quiz says to a learner who wants to move up to a newer edition."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from assessments.domain.quizzes import QUIZ, QuizRules
from assessments.enums import AttemptState
from assessments.models import Attempt
from courses.models import Edition, Enrolment, UnitCompletion


def refuse_lost_attempts(enrolments: Sequence[Enrolment], edition: Edition) -> dict[int, str]:
    """Keep a learner where they are who could not pass a required quiz any more after moving up.

    The newer edition allows fewer attempts, and the learner has made as many without passing. Attempts made count by
    unit, whatever edition they were begun in. A rule of courses.domain.moving; three queries at most.
    """
    limits = _limits(edition)
    if not limits:
        return {}
    used = _attempts_used(enrolments, set(limits))
    stuck: dict[int, UUID] = {}
    for enrolment in enrolments:
        for key, count in used[enrolment.pk].items():
            entry = enrolment.edition.structure.unit(key)
            before = QuizRules.from_json(entry.rules).attempts if entry else 0
            # Who has used them up already loses nothing by moving.
            if count >= limits[key] and (before == 0 or count < before):
                stuck[enrolment.pk] = key
    titles = _titles(set(stuck.values()))
    words = _(
        "The quiz “%(quiz)s” allows %(limit)d attempts in the newest edition, and you have made as many without "
        "passing. Pass it first, then move up. Nothing was changed."
    )
    return {pk: words % {"quiz": titles.get(key, ""), "limit": limits[key]} for pk, key in stuck.items()}


def _limits(edition: Edition) -> dict[UUID, int]:
    """The required quizzes of the edition that allow only so many attempts."""
    units = (unit for variant in edition.structure.variants for unit in variant.units())
    quizzes = {UUID(u.key): QuizRules.from_json(u.rules).attempts for u in units if u.kind == QUIZ and u.required}
    return {key: attempts for key, attempts in quizzes.items() if attempts}


def _attempts_used(enrolments: Sequence[Enrolment], keys: set[UUID]) -> dict[int, dict[UUID, int]]:
    """Attempts submitted by enrolment and quiz, without those passed and those with one still in progress."""
    pks = [enrolment.pk for enrolment in enrolments]
    attempts = Attempt.objects.filter(enrolment__in=pks, unit__key__in=keys)
    passed = UnitCompletion.objects.standing().filter(enrolment__in=pks, unit__key__in=keys)
    open_ended = {
        *passed.values_list("enrolment", "unit__key"),
        *attempts.in_progress().values_list("enrolment", "unit__key"),
    }
    submitted = attempts.filter(state=AttemptState.SUBMITTED).order_by()
    used: dict[int, dict[UUID, int]] = defaultdict(dict)
    for enrolment_id, key, count in submitted.values_list("enrolment", "unit__key").annotate(count=Count("pk")):
        if (enrolment_id, key) not in open_ended:
            used[enrolment_id][key] = count
    return used


def _titles(keys: set[UUID]) -> dict[UUID, str]:
    if not keys:
        return {}
    pages = Page.objects.filter(translation_key__in=keys).values_list(
        "translation_key", "locale__language_code", "title"
    )
    titles: dict[UUID, str] = {}
    for key, language, title in pages:
        if key not in titles or language == get_language():
            titles[key] = title
    return titles
