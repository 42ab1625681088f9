"""Passes that a corrected key would not have given: they stay until a person takes one back, with a reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.domain.marking import Result, result_of
from assessments.domain.rekeying import Key
from assessments.domain.remark_mail import tell_of_voiding
from assessments.domain.remarking import RemarkRefused, attempts_that_asked, chunks, lines_of
from assessments.enums import AttemptState
from assessments.models import Attempt, Question, Remark
from courses.domain.progress import void_completion
from courses.models import Enrolment, UnitCompletion
from elearn.people.models import User

# A pass belongs to a learner's enrolment and a quiz.
Pass = tuple[int, int]


def passes_in_doubt(remark: Remark, attempts: Iterable[Attempt]) -> list[Attempt]:
    """Of these attempts those of learners with a standing pass that nothing carries by the key of the remark: neither
    this attempt nor another one of theirs at the quiz.

    Five queries, however many attempts.
    """
    attempts = list(attempts)
    pairs = {(attempt.enrolment_id, attempt.unit_id) for attempt in attempts}
    standing = _standing(pairs)
    concerned = _all_of(standing)
    by_key = _results_by_key(remark, concerned)
    passing: dict[Pass, bool] = defaultdict(bool)
    for attempt in concerned:
        passing[attempt.enrolment_id, attempt.unit_id] |= by_key[attempt.pk].passed
    return [a for a in attempts if (a.enrolment_id, a.unit_id) in standing and not passing[a.enrolment_id, a.unit_id]]


def _standing(pairs: set[Pass]) -> set[Pass]:
    rows = UnitCompletion.objects.standing().filter(enrolment__in={pair[0] for pair in pairs})
    return pairs & set(rows.values_list("enrolment", "unit"))


def _all_of(pairs: set[Pass]) -> list[Attempt]:
    """Every submitted attempt that these passes may rest on."""
    rows = Attempt.objects.filter(state=AttemptState.SUBMITTED, enrolment__in={pair[0] for pair in pairs})
    rows = rows.filter(unit__in={pair[1] for pair in pairs}).prefetch_related("mark_changes")
    return [row for row in rows if (row.enrolment_id, row.unit_id) in pairs]


def _results_by_key(remark: Remark, attempts: list[Attempt]) -> dict[int, Result]:
    key = Key.from_json(remark.contents, everybody=remark.everybody)
    lines = lines_of(attempts, str(remark.translation_key), key, True, Counter())
    changed = {line.attempt.pk: line.result_by_key for line in lines}
    return {attempt.pk: changed.get(attempt.pk) or result_of(attempt) for attempt in attempts}


def all_in_doubt(remark: Remark, limit: int) -> list[Attempt]:
    """The first of all passes in doubt after a remark, at most `limit`. Attempts are read 200 at a time."""
    if remark.everybody:
        return []
    question = Question.objects.filter(translation_key=remark.translation_key).select_related("bank").order_by("pk")[0]
    found: list[Attempt] = []
    for chunk in chunks(attempts_that_asked(question).filter(state=AttemptState.SUBMITTED)):
        found += passes_in_doubt(remark, chunk)
        if len(found) >= limit:
            break
    return found[:limit]


@transaction.atomic
def void_pass(*, remark: Remark, attempt: Attempt, by: User, reason: str) -> None:
    """Take back the pass of a learner that the remark put in doubt.

    Effects: the completion is voided (courses.domain.progress.void_completion says what follows); a mail to
    the learner. A certificate is not touched: revoking is an act of its own.
    Refusals: RemarkRefused without a reason, or when the pass is not in doubt: another attempt passes, or it was taken
    back already.
    """
    if not reason.strip():
        raise RemarkRefused(_("Give a reason. Nothing was changed."))
    Enrolment.objects.select_for_update(of=("self",)).get(pk=attempt.enrolment_id)
    if not passes_in_doubt(remark, [attempt]):
        raise RemarkRefused(_("This pass does not rest on the old key alone, or was taken back. Nothing was changed."))
    completion = UnitCompletion.objects.standing().get(enrolment=attempt.enrolment_id, unit=attempt.unit_id)
    void_completion(completion=completion, by=by, reason=reason)
    tell_of_voiding(attempt, reason.strip())
