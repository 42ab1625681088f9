"""Statistics of questions, computed in the background from the attempts of one edition (domain.item_analysis says how).

First attempts alone: who comes a second time has seen feedback, and often the question. Whose enrolment moved up counts
with the edition that they take now. Every question counts against the rest of the attempt that it stood in, since
attempts draw different ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from assessments import questions
from assessments.domain import item_analysis
from assessments.domain.asking import AttemptQuestion
from assessments.domain.item_analysis import Item, as_decimal
from assessments.enums import AttemptState
from assessments.models import Attempt, MarkChange, Question, QuestionStatistics, Response, StatisticsRun
from courses.models import Edition
from elearn.core import pending

KIND = "assessments.statistics"
CHUNK = 500
NOT_AGAIN_BEFORE = timedelta(hours=24)
# How often the sweeper looks for editions that have something new: counting attempts is not free.
LOOK_EVERY = timedelta(hours=1)
LOOKED = "assessments:statistics-looked"


@dataclass
class Analysis:
    """What the attempts so far say; one Item per question, by translation key."""

    attempts: int = 0
    items: dict[str, Item] = field(default_factory=lambda: defaultdict(Item))


def first_attempts(edition: Edition) -> QuerySet[Attempt]:
    return Attempt.objects.filter(enrolment__edition=edition, state=AttemptState.SUBMITTED, number=1)


def analyse(edition: Edition, tick: Any = None) -> Analysis:
    """Read the first attempts of an edition, 500 at a time: three queries for each lot, memory for one lot.

    `tick` is called after each lot.
    """
    analysis, last = Analysis(), 0
    rows = first_attempts(edition).order_by("pk").values_list("pk", "snapshot", "started_at")
    while lot := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = lot[-1][0]
        _add_lot(analysis, lot)
        if tick is not None:
            tick()
    return analysis


Answered = tuple[str, bool, Any, datetime]


def _add_lot(analysis: Analysis, lot: Sequence[tuple[int, list[dict[str, Any]], datetime]]) -> None:
    pks = [pk for pk, _snapshot, _started in lot]
    marks: dict[int, dict[str, float]] = defaultdict(dict)
    changes = MarkChange.objects.filter(attempt__in=pks).order_by("pk")
    for pk, key, fraction in changes.values_list("attempt", "question_key", "fraction"):
        marks[pk][key] = float(fraction)  # The last one written counts.
    answers: dict[int, list[Answered]] = defaultdict(list)
    responses = Response.objects.filter(attempt__in=pks).order_by("attempt", "sequence")
    columns = responses.values_list("attempt", "question_key", "displaces", "answer", "received_at")
    for pk, key, displaces, answer, at in columns:
        answers[pk].append((key, displaces, answer, at))
    for pk, snapshot, started_at in lot:
        analysis.attempts += 1
        _add_attempt(analysis, snapshot, marks[pk], answers[pk], started_at)


def _add_attempt(
    analysis: Analysis,
    snapshot: Sequence[Mapping[str, Any]],
    marks: Mapping[str, float],
    answers: Sequence[Answered],
    started_at: datetime,
) -> None:
    """What still waits for a person's mark is left out, of the totals too."""
    asked = [AttemptQuestion(entry) for entry in snapshot if entry["key"] in marks]
    worth = {question.key: float(question.points) for question in asked}
    earned = {key: marks[key] * points for key, points in worth.items()}
    possible, points = sum(worth.values()), sum(earned.values())
    if not possible:
        return
    standing = {key: answer for key, displaces, answer, _at in answers if displaces}
    seconds = seconds_by_question(started_at, [(key, at) for key, _displaces, _answer, at in answers])
    for question in asked:
        key, others = question.key, possible - worth[question.key]
        item = analysis.items[str(question.entry["translation_key"])]
        item.key = key
        item.add(
            fraction=marks[key],
            rest=(points - earned[key]) / others if others > 0 else None,
            total=int(points * 100 / possible),
            chosen=_known(question, standing.get(key)),
            seconds=seconds.get(key),
        )


def _known(question: AttemptQuestion, answer: Any) -> list[str]:
    """The options that the answer chooses, and never what somebody typed."""
    if answer is None:
        return []
    # A translation may have options of its own, where each language says what it accepts.
    options = [option for content in question.entry["contents"].values() for option in content.get("options", ())]
    ids = {option["id"] for option in options}
    ids |= {inner["id"] for option in options for inner in option.get("inside", ())}
    return [name for name in question.kind.chosen(answer) if set(name.split("=")) <= ids]


def seconds_by_question(started_at: datetime, received: Sequence[tuple[str, datetime]]) -> dict[str, int]:
    """An estimate of the seconds spent on each question of an attempt, from the times at which answers arrived.

    The time since the answer before, or since the start, goes to the question that was answered. So reading without
    answering goes to the next answer, and a break to the question after it. Answers that arrive together, as those of a
    page sent without JavaScript do, tell nothing: less than a second counts for nobody.
    """
    spent: dict[str, float] = defaultdict(float)
    before = started_at
    for key, at in received:
        spent[key] += max((at - before).total_seconds(), 0.0)
        before = max(at, before)
    return {key: int(seconds) for key, seconds in spent.items() if seconds >= 1}


# --- The work ----------------------------------------------------------------------------------------------------


def compute(run: StatisticsRun) -> None:
    """Compute the statistics of an edition anew and put them in the place of the old; the work of a StatisticsRun."""
    started = timezone.now()
    analysis = analyse(run.edition, tick=lambda: _hold(run))
    rights = _right_options(list(analysis.items))
    rows = [_row(run.edition, name, item, rights.get(name, {}), started) for name, item in analysis.items.items()]
    with transaction.atomic():
        QuestionStatistics.objects.filter(edition=run.edition).delete()
        QuestionStatistics.objects.bulk_create(rows)
        StatisticsRun.objects.filter(pk=run.pk).update(computed_at=started, attempts=analysis.attempts)


def _hold(run: StatisticsRun) -> None:
    """Keep the claim while there is work, so that no second worker begins the same."""
    until = timezone.now() + timedelta(seconds=settings.PENDING_LEASE_SECONDS)
    StatisticsRun.objects.filter(pk=run.pk, leased_until__lt=until - timedelta(seconds=30)).update(leased_until=until)


def _right_options(names: Sequence[str]) -> dict[str, dict[str, bool]]:
    """Which options of each question are right in the bank now; of types whose options are chosen one by one."""
    found: dict[str, dict[str, bool]] = {}
    for row in Question.objects.filter(translation_key__in=names).order_by("-pk"):
        if "option" in questions.get(row.kind).blocks:
            found[str(row.translation_key)] = {option.id: option.fraction > 0 for option in row.asked().options}
    return found


def _row(edition: Edition, name: str, item: Item, rights: Mapping[str, bool], at: datetime) -> QuestionStatistics:
    enough = item.answers >= item_analysis.FEWEST
    return QuestionStatistics(
        edition=edition,
        translation_key=name,
        question_key=item.key,
        answers=item.answers,
        facility=as_decimal(item.facility) if enough else None,
        discrimination=as_decimal(item.discrimination) if enough else None,
        options=item.choices(),
        seconds=item.median_seconds,
        flags=item_analysis.flags(item, rights),
        computed_at=at,
    )


@transaction.atomic
def ask_for(edition: Edition) -> StatisticsRun:
    """Have the statistics of an edition computed by a worker. Asked twice, it is done once."""
    run, created = StatisticsRun.objects.get_or_create(edition=edition)
    if not created:
        waiting = StatisticsRun.objects.filter(pk=run.pk, work_done_at__isnull=False)
        waiting.update(work_done_at=None, work_due_at=timezone.now(), work_tries=0)
    pending.wake(KIND, run.pk)
    return run


def find_new() -> int:
    """Ask for editions with first attempts that are not counted yet, at most once a day each; the sweeper calls it."""
    if not cache.add(LOOKED, 1, timeout=int(LOOK_EVERY.total_seconds())):
        return 0
    return len([ask_for(edition) for edition in _with_news()])


def _with_news() -> Iterator[Edition]:
    submitted = Attempt.objects.filter(state=AttemptState.SUBMITTED, number=1).order_by()
    counts = dict(submitted.values_list("enrolment__edition").annotate(count=Count("pk")))
    runs = {run.edition_id: run for run in StatisticsRun.objects.all()}
    due = timezone.now() - NOT_AGAIN_BEFORE
    for edition in Edition.objects.filter(pk__in=counts):
        run = runs.get(edition.pk)
        if run is None or (run.attempts != counts[edition.pk] and run.computed_at and run.computed_at < due):
            yield edition
