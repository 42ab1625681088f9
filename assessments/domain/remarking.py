"""Marking again after a wrong key: who changes, and the act. A pass once given stays until a person voids it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, TextField, prefetch_related_objects
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import questions
from assessments.domain.asking import AttemptQuestion
from assessments.domain.attempts import language_of, settle, standing_answers
from assessments.domain.marking import Result, keep_result, result_of
from assessments.domain.rekeying import Key, fraction_by, key_of, units_that_ask
from assessments.domain.remark_mail import RemarkMail
from assessments.enums import AttemptState, MarkReason
from assessments.models import Attempt, MarkChange, Question, Remark, Response
from courses.models import Course, Enrolment
from elearn.core import audit, pending
from elearn.people.domain import trail
from elearn.people.models import User

KIND = "assessments.remark"
# So many attempts are marked again in the act itself and in one transaction; more go to a worker, so many at a time.
AT_ONCE = 200
CHUNKS_PER_RUN = 5
# So many lines are put on the screen; all are counted.
SHOWN = 100


class RemarkRefused(Exception):
    """The act cannot be done; the message says why, in words."""


@dataclass(frozen=True)
class Line:
    """One attempt whose mark the key would change: what the answer earned, and what it would earn."""

    attempt: Attempt
    question: AttemptQuestion
    before: Decimal
    by_key: Decimal
    result: Result
    stays: bool

    @property
    def falls(self) -> bool:
        return self.by_key < self.before

    @property
    def result_by_key(self) -> Result:
        gained = (self.by_key - self.before) * self.question.points
        return replace(self.result, points=self.result.points + gained)

    @property
    def after(self) -> Result:
        """What the attempt comes to when all is done."""
        return self.result if self.stays else self.result_by_key

    @property
    def now_passes(self) -> bool:
        return self.after.passed and not self.result.passed

    @property
    def would_not_pass(self) -> bool:
        """It passed, and by the new key would not have."""
        return self.result.passed and not self.result_by_key.passed


@dataclass
class Preview:
    """What marking again would do. `lines` are the first of those that change; the counts are of all."""

    key: Key
    asked: int = 0
    running: int = 0
    changed: int = 0
    rise: int = 0
    fall: int = 0
    now_pass: int = 0
    would_not_pass: int = 0
    unlike: int = 0
    lines: list[Line] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        return self.rise + self.fall - len(self.lines)


@dataclass(frozen=True)
class Remarked:
    """What became of the act: no `remark` where there was nothing to change; `outstanding` while a worker is at it."""

    remark: Remark | None
    changed: int = 0

    @property
    def outstanding(self) -> bool:
        return self.remark is not None and self.remark.work_done_at is None


# --- Who changes -------------------------------------------------------------------------------------------------


def rows_of(question: Question) -> QuerySet[Question]:
    """The question in every language, the one that leads first."""
    rows = Question.objects.filter(translation_key=question.translation_key)
    return rows.select_related("locale", "bank").order_by("pk")


def attempts_that_asked(question: Question) -> QuerySet[Attempt]:
    """Every attempt, of any edition, whose snapshot holds the question; found by the database, without reading them."""
    units = Attempt.objects.filter(unit__in=units_that_ask(question))
    return (
        units.alias(held=Cast("snapshot", TextField()))
        .filter(held__contains=str(question.translation_key))
        .order_by("pk")
    )


def courses_that_asked(question: Question) -> list[Course]:
    """The courses in which there is an attempt with the question."""
    return _courses_of(attempts_that_asked(question))


def _courses_of(asked: QuerySet[Attempt]) -> list[Course]:
    return list(Course.objects.filter(pk__in=asked.order_by().values("unit__course")).order_by("code"))


def preview(*, question: Question, everybody: bool = False, marks_may_fall: bool = False) -> Preview:
    """What marking a question again would do, by its key as it stands now or with the point for everybody.

    Writes nothing. Attempts that are still running are counted and left alone: they are marked by their own copy.
    Three queries for every 200 attempts.
    """
    key = key_of(rows_of(question), everybody=everybody)
    asked = attempts_that_asked(question)
    found = Preview(key=key, running=asked.filter(state=AttemptState.IN_PROGRESS).count())
    found.courses = _courses_of(asked)
    unlike: Counter[str] = Counter()
    submitted = asked.filter(state=AttemptState.SUBMITTED)
    for line in _lines(submitted, str(question.translation_key), key, marks_may_fall, unlike):
        found.rise += not line.falls
        found.fall += line.falls
        found.changed += not line.stays
        found.now_pass += line.now_passes
        found.would_not_pass += line.would_not_pass
        if len(found.lines) < SHOWN:
            found.lines.append(line)
    found.asked, found.unlike = unlike["asked"], unlike["unlike"]
    return found


def _lines(
    rows: QuerySet[Attempt], translation_key: str, key: Key, marks_may_fall: bool, counted: Counter[str]
) -> Iterator[Line]:
    """The attempts whose mark the key would change, read a chunk at a time."""
    for attempts in chunks(rows):
        yield from lines_of(attempts, translation_key, key, marks_may_fall, counted)


def chunks(rows: QuerySet[Attempt]) -> Iterator[list[Attempt]]:
    """Attempts with their people and units, 200 at a time, so that memory does not grow with their number."""
    last = 0
    related = rows.select_related("enrolment__person", "enrolment__edition", "unit__course")
    related = related.defer("enrolment__edition__manifest")  # Of each only the number is shown.
    while chunk := list(related.filter(pk__gt=last)[:AT_ONCE]):
        last = chunk[-1].pk
        yield chunk


def lines_of(
    attempts: Sequence[Attempt], translation_key: str, key: Key, marks_may_fall: bool, counted: Counter[str]
) -> list[Line]:
    """Those of these attempts whose mark the key would change. Two queries.

    What still waits for a person's mark is that person's; a mark that a person gave never falls by a key.
    """
    asked = {attempt.pk: found for attempt in attempts if (found := _question_in(attempt, translation_key))}
    answers = _answers(asked)
    prefetch_related_objects([attempt for attempt in attempts if attempt.pk in asked], "mark_changes")
    lines = []
    for attempt in attempts:
        question = asked.get(attempt.pk)
        if question is None:
            continue
        counted["asked"] += 1
        mark = _mark_of(attempt, question.key)
        by_key = fraction_by(key, question, answers.get(attempt.pk)) if mark is not None else None
        if mark is None or by_key is None or _answer_is_gone(key, mark, answers.get(attempt.pk)):
            counted["unlike"] += 1
            continue
        if by_key != mark.fraction:
            by_a_person = mark.reason == MarkReason.MANUAL
            stays = by_key < mark.fraction and (by_a_person or not marks_may_fall)
            lines.append(Line(attempt, question, mark.fraction, by_key, result_of(attempt), stays))
    return lines


def _question_in(attempt: Attempt, translation_key: str) -> AttemptQuestion | None:
    entry = next((each for each in attempt.snapshot if each["translation_key"] == translation_key), None)
    question = AttemptQuestion(entry) if entry else None
    return None if question is None or question.kind.only_shown else question


def _answers(asked: dict[int, AttemptQuestion]) -> dict[int, Response]:
    """The answer that stands in each attempt."""
    keys = {question.key for question in asked.values()}
    by_attempt: dict[int, list[Response]] = defaultdict(list)
    for response in Response.objects.filter(attempt__in=asked, question_key__in=keys):
        by_attempt[response.attempt_id].append(response)
    standing = {pk: standing_answers(responses).get(asked[pk].key) for pk, responses in by_attempt.items()}
    return {pk: response for pk, response in standing.items() if response is not None}


def _mark_of(attempt: Attempt, question_key: str) -> MarkChange | None:
    """The mark that counts: the last one written."""
    given = [change for change in attempt.mark_changes.all() if change.question_key == question_key]
    return max(given, key=lambda change: change.pk, default=None)


def _answer_is_gone(key: Key, mark: MarkChange, answer: Response | None) -> bool:
    """It earned something, and is no longer there: deleted when its time was over, or with the account."""
    return not key.everybody and mark.fraction > 0 and (answer is None or answer.answer is None)


# --- The act -----------------------------------------------------------------------------------------------------


@transaction.atomic
def remark(
    *, question: Question, by: User, reason: str, everybody: bool = False, marks_may_fall: bool = False
) -> Remarked:
    """Mark a question again in every submitted attempt, by its key as it stands now or with the point for everybody.

    Effects: a Remark with the key and the reason; a MarkChange where the mark differs; units completed for those who
    now pass; a mail to each learner whose mark changed; audit events, one of the act and one about each of them. Up to
    200 attempts that is one transaction; of more a worker does the rest, 200 at a time, each lot whole or not at all.
    Done a second time it finds nothing to change, writes nothing and says so.
    Refusals: RemarkRefused without a reason, when the question has no key (a person marks it, or nothing is asked), and
    while an earlier act on it is still under way.

    The question is locked first, and before any person: two acts at once would otherwise both write the same marks.
    """
    rows = list(rows_of(question).select_for_update(of=("self",)))
    _refuse(rows[0], reason, everybody)
    key = key_of(rows, everybody=everybody)
    translation_key = str(question.translation_key)
    submitted = attempts_that_asked(question).filter(state=AttemptState.SUBMITTED)
    pks = list(submitted.values_list("pk", flat=True))
    lines = _lines(submitted, translation_key, key, marks_may_fall, Counter())
    if not any(not line.stays for line in lines):
        return Remarked(None)
    done = Remark.objects.create(
        translation_key=question.translation_key,
        question_key=rows[0].key,
        contents=key.to_json(),
        everybody=everybody,
        marks_may_fall=marks_may_fall,
        reason=reason.strip(),
        done_by=by,
        work_done_at=timezone.now() if len(pks) <= AT_ONCE else None,
    )
    audit.record(action=KIND, actor=by, subject=None, remark=done.pk, question=done.question_key, reason=done.reason)
    if done.work_done_at is None:
        pending.wake(KIND, done.pk)
        return Remarked(done)
    return Remarked(done, _mark_again(done, pks))


def _refuse(question: Question, reason: str, everybody: bool) -> None:
    kind = questions.get(question.kind)
    if not reason.strip():
        raise RemarkRefused(_("Give a reason. Nothing was changed."))
    if kind.only_shown or (kind.by_a_person and not everybody):
        raise RemarkRefused(_("This question has no key that answers could be marked by. Nothing was changed."))
    if Remark.objects.filter(translation_key=question.translation_key, work_done_at=None).exists():
        raise RemarkRefused(
            _("This question is being marked again at this moment. Wait until that is done, then look once more.")
        )


def carry_on(remark: Remark) -> None:
    """Mark the attempts that are left, some lots at a time; the work of an outstanding Remark (core.pending).

    A lot and the place reached are written in one transaction, so a worker that dies repeats nothing.
    """
    for _lot in range(CHUNKS_PER_RUN):
        if not _next_lot(remark.pk):
            return
    # Asked for once more: the row stays outstanding, and the next run has a lease of its own.
    Remark.objects.filter(pk=remark.pk).update(work_due_at=timezone.now())


@transaction.atomic
def _next_lot(pk: int) -> bool:
    remark = Remark.objects.select_for_update().get(pk=pk)
    question = Question.objects.filter(translation_key=remark.translation_key).select_related("bank").order_by("pk")[0]
    rows = attempts_that_asked(question).filter(state=AttemptState.SUBMITTED, pk__gt=remark.reached)
    # Whatever is submitted after the act began was marked by its own copy, and is for the next one.
    pks = list(rows.filter(submitted_at__lte=remark.done_at).values_list("pk", flat=True)[:AT_ONCE])
    if not pks:
        return False
    _mark_again(remark, pks)
    Remark.objects.filter(pk=pk).update(reached=pks[-1])
    return True


def _mark_again(remark: Remark, pks: Sequence[int]) -> int:
    """Write what changes in these attempts, and what follows from it; answers how many changed."""
    attempts = _lock(pks)
    key = Key.from_json(remark.contents, everybody=remark.everybody)
    lines = lines_of(attempts, str(remark.translation_key), key, remark.marks_may_fall, Counter())
    changing = [line for line in lines if not line.stays]
    MarkChange.objects.bulk_create(
        MarkChange(
            attempt=line.attempt,
            question_key=line.question.key,
            fraction=line.by_key,
            reason=MarkReason.REMARK,
            remark=remark,
            marked_by_id=remark.done_by_id,
        )
        for line in changing
    )
    mail = RemarkMail(remark)
    for line in changing:
        attempt = line.attempt
        # Read anew: the marks known so far are those of before.
        anew = _anew(attempt)
        keep_result(anew)
        if line.now_passes:
            settle(attempt=anew, language=language_of(attempt), revision=None)
        mail.tell(attempt, before=line.result, after=line.after)
        person = attempt.enrolment.person
        details = {"remark": remark.pk, "attempt": str(attempt.public_id), "reason": remark.reason}
        trail.record("assessments.marked_again", actor=remark.done_by, subject=person, **details)
    return len(changing)


def _lock(pks: Sequence[int]) -> list[Attempt]:
    """The attempts, locked after their people and enrolments, each in one order: nobody waits in a ring."""
    chosen = Attempt.objects.filter(pk__in=pks)
    people = User.objects.filter(pk__in=chosen.values("enrolment__person"))
    list(people.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    enrolments = Enrolment.objects.filter(pk__in=chosen.values("enrolment"))
    list(enrolments.select_for_update().order_by("pk").values_list("pk"))
    list(chosen.select_for_update().order_by("pk").values_list("pk"))
    return list(chosen.select_related("enrolment__person", "unit__course").order_by("pk"))


def _anew(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("enrolment", "unit").get(pk=attempt.pk)
