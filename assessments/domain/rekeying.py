"""Marking an answer by a question as it stands in the bank now, not as it was when it was asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from assessments import questions
from assessments.domain.asking import AttemptQuestion, asked_of
from assessments.domain.quizzes import QUIZ, QuizRules
from assessments.domain.selection import content_of
from assessments.models import Question, QuestionBank, Response
from assessments.questions import Option
from assessments.questions.base import EVERYTHING, NOTHING, PLAIN_TEXTS
from courses.models import Edition, Unit
from courses.models.edition import Manifest

# What an author writes in the right order: there the order itself is the key.
IN_ORDER = "item"


@dataclass(frozen=True)
class Key:
    """What answers are marked by: `contents` by language as in Attempt.snapshot; or everybody gets the point."""

    kind: str
    leader: str
    rules: Mapping[str, Any]
    contents: Mapping[str, Mapping[str, Any]]
    everybody: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "leader": self.leader, "rules": dict(self.rules), "contents": dict(self.contents)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], *, everybody: bool) -> Self:
        return cls(data["kind"], data["leader"], data["rules"], data["contents"], everybody)


def key_of(rows: Iterable[Question], *, everybody: bool = False) -> Key:
    """The key as the rows of one question, one in each language, have it now. The one made first leads."""
    rows = sorted(rows, key=lambda row: row.pk)
    leader = rows[0]
    options = leader.asked().options
    return Key(
        kind=leader.kind,
        leader=leader.locale.language_code,
        rules=leader.rules.to_json(),
        contents={row.locale.language_code: content_of(row, options) for row in rows},
        everybody=everybody,
    )


def fraction_by(key: Key, question: AttemptQuestion, answer: Response | None) -> Decimal | None:
    """What an answer earns by the key; None where the two cannot be compared, so that it keeps what it earned.

    The answer is read in its own language. Options that were shown keep their ids: each counts as the bank has it now,
    and one that is no longer there as it did then. What was added since and was never shown changes nothing, unless it
    is compared with what was typed. A question of another type than then, or with other items to put in order, cannot
    be compared; nor can an answer that is no longer kept.
    """
    if key.everybody:
        return EVERYTHING
    if question.kind.key != key.kind or question.kind.by_a_person:
        return None
    if answer is None or answer.answer is None:
        return NOTHING
    content = question.content(answer.language)
    then = [Option.from_json(option) for option in content.get("options", ())]
    own = key.contents.get(answer.language) or key.contents[key.leader]
    now = [Option.from_json(option) for option in own.get("options", ())]
    options = _together(then, now)
    if options is None:
        return None
    asked = asked_of({**content, "options": ()}, key.rules)
    return questions.get(key.kind).mark(answer.answer, replace(asked, options=tuple(options)))


def _together(then: list[Option], now: list[Option]) -> list[Option] | None:
    """The options that were shown, with what is right as it is now; None where that makes no sense."""
    by_id = {option.id: option for option in now}
    if any(option.type == IN_ORDER for option in then):
        return now if by_id.keys() == {option.id for option in then} else None
    compared = [option for option in now if option.type in PLAIN_TEXTS]
    covered = {option.id for option in compared}
    shown = [_one(option, by_id.get(option.id)) for option in then if option.id not in covered]
    return [*compared, *shown]


def _one(then: Option, now: Option | None) -> Option:
    if now is None:
        return then
    return replace(now, inside=tuple(_together(list(then.inside), list(now.inside)) or ()))


def units_that_ask(question: Question) -> list[int]:
    """The primary keys of the quizzes that may have asked it, in any released edition: whoever draws from a bank of its
    course, or names it. Three queries, and one that reads every edition's manifest."""
    banks = QuestionBank.objects.filter(course_code=question.bank.course_code)
    uids = {str(uid) for uid in banks.values_list("uid", flat=True)}
    named = str(question.translation_key)
    keys: set[UUID] = set()
    for manifest in Edition.objects.values_list("manifest", flat=True).iterator():
        for variant in Manifest.from_json(manifest).variants:
            for unit in variant.units():
                if unit.kind == QUIZ and _may_ask(QuizRules.from_json(unit.rules), uids, named):
                    keys.add(unit.uuid)
    return list(Unit.objects.filter(key__in=keys).values_list("pk", flat=True))


def _may_ask(rules: QuizRules, uids: set[str], named: str) -> bool:
    return any(source.bank in uids or named in source.questions for source in rules.all_sources)
