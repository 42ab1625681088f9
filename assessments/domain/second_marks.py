"""What several judgements of one piece of work come to: when a second one is wanted, when two agree, and which counts.

Nothing here writes. Judgements are final assessments; the rows stay whatever comes after them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessments.domain import marking, rubrics
from assessments.domain.asking import question_of, questions_of
from assessments.domain.quizzes import QuizRules
from assessments.enums import AssessmentPart, AssessmentState
from assessments.models import Attempt, MarkChange, RubricAssessment, Script

# Two marks agree when they differ by no more than this part of what could be had, and both pass or both fail.
TOLERANCE = Decimal("0.10")
STEP = Decimal("0.00001")


@dataclass(frozen=True)
class Verdict:
    """What counts of a script: the mark, the assessment whose levels are shown, and those whose reasons are read."""

    fraction: Decimal
    shown: RubricAssessment
    given_by: tuple[RubricAssessment, ...]

    @property
    def passed(self) -> bool | None:
        return self.shown.passed

    @property
    def all_reasons(self) -> list[str]:
        """The reasons of everybody whose mark is in it, each once."""
        return list(dict.fromkeys(each.reasons for each in self.given_by if each.reasons))

    @property
    def reasons(self) -> str:
        return "\n\n".join(self.all_reasons)


def finals_of(script: Script) -> list[RubricAssessment]:
    """The judgements of a script that are final, the earliest first. One query, or none where they are prefetched."""
    finals = [each for each in script.assessments.all() if each.state == AssessmentState.FINAL]
    return sorted(finals, key=lambda each: (each.final_at, each.pk))


def verdict(finals: Iterable[RubricAssessment]) -> Verdict | None:
    """The fold over the judgements of a settled script: the last moderation, else the adjudication, else what one or
    two markers gave. Two who agree give the mean of their marks."""
    by_part = {AssessmentPart(each.part): each for each in finals}
    for part in (AssessmentPart.MODERATION, AssessmentPart.ADJUDICATION):
        if part in by_part:
            return Verdict(_fraction(by_part[part]), by_part[part], (by_part[part],))
    first, second = by_part.get(AssessmentPart.FIRST), by_part.get(AssessmentPart.SECOND)
    if first is None:
        return None
    if second is None:
        return Verdict(_fraction(first), first, (first,))
    mean = ((_fraction(first) + _fraction(second)) / 2).quantize(STEP)
    return Verdict(mean, first, (first, second))


def agree(script: Script, first: RubricAssessment, second: RubricAssessment) -> bool:
    """Whether two markers came to so nearly the same that the mean of their marks can stand."""
    near = abs(_fraction(first) - _fraction(second)) <= TOLERANCE
    return near and passes(script, first) == passes(script, second)


def passes(script: Script, judged: RubricAssessment) -> bool:
    """Whether the work passes by this judgement.

    A rubric says so itself. An essay is one answer among others: once everything else in the attempt has been judged it
    is the attempt that passes or not; until then the points of the essay alone are held against the pass mark.
    """
    if judged.passed is not None:
        return judged.passed
    attempt = _attempt(script)
    percent = percent_with(attempt, {script.question_key: _fraction(judged)})
    return (_fraction(judged) * 100 if percent is None else percent) >= attempt.pass_mark


def percent_with(attempt: Attempt, marks: Mapping[str, Decimal]) -> Decimal | None:
    """What an attempt comes to with these marks in place of its own, and with the first marks of essays that are not
    settled yet; None as long as anything has no mark at all."""
    known = {**_first_marks(attempt), **marking.fold(MarkChange.objects.filter(attempt=attempt)), **marks}
    asked = [question for question in questions_of(attempt) if not question.kind.only_shown]
    possible = sum((question.points for question in asked), Decimal(0))
    if not possible or any(question.key not in known for question in asked):
        return None
    return sum((known[question.key] * question.points for question in asked), Decimal(0)) * 100 / possible


def _first_marks(attempt: Attempt) -> dict[str, Decimal]:
    rows = RubricAssessment.objects.filter(
        script__attempt=attempt, part=AssessmentPart.FIRST, state=AssessmentState.FINAL
    )
    return {
        key: fraction for key, fraction in rows.values_list("script__question_key", "fraction") if fraction is not None
    }


def borderline_of(script: Script) -> int:
    """How near to the pass mark, in hundredths, a second mark is wanted; 0 for never."""
    if script.attempt_id is not None:
        return QuizRules.from_json(_attempt(script).rules).borderline
    return int(_hand_in_rules(script).get("borderline", 0))


def pass_mark_of(script: Script) -> int:
    """In per cent."""
    if script.attempt_id is not None:
        return _attempt(script).pass_mark
    return int(_hand_in_rules(script)["pass_mark"])


def is_borderline(script: Script, percent: Decimal) -> bool:
    return abs(percent - pass_mark_of(script)) <= borderline_of(script)


def possible_points(script: Script) -> Decimal:
    """What can be had for an essay."""
    question = question_of(_attempt(script), script.question_key)
    return question.points if question else Decimal(0)


def score(script: Script, levels: Mapping[str, str]) -> rubrics.Outcome | None:
    """What levels of the rubric come to; None where there is no rubric."""
    return rubrics.score(script.hand_in.rubric, levels) if script.hand_in is not None else None


def _fraction(judged: RubricAssessment) -> Decimal:
    return judged.fraction if judged.fraction is not None else Decimal(0)


def _attempt(script: Script) -> Attempt:
    if script.attempt is None:
        raise ValueError("Not an essay.")
    return script.attempt


def _hand_in_rules(script: Script) -> dict[str, int]:
    if script.hand_in is None:
        raise ValueError("Not a practical.")
    rules: dict[str, int] = script.hand_in.rules
    return rules
