"""What the pages of a practical assessment show to its learner, prepared before a template sees it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from assessments.domain import practicals
from assessments.domain.hand_in_files import ENDINGS, kinds_in_words
from assessments.domain.practical_rules import PracticalRules, what_is_handed_in
from assessments.domain.rubrics import as_it_stands, in_language, score
from assessments.domain.second_marks import Verdict, finals_of, verdict
from assessments.enums import HandInState, ScriptState
from assessments.models import HandIn, HandInFile, PracticalPage, RubricVersion
from courses.blocks.text import CleanRichText
from courses.models import Enrolment
from elearn.core.html import clean_learner_text


@dataclass(frozen=True)
class LevelLine:
    """`is_reached`: it was given here. `must_be_reached`: whoever stays below it has not passed."""

    title: str
    descriptor: str
    points: Decimal
    is_reached: bool = False
    must_be_reached: bool = False


@dataclass(frozen=True)
class CriterionLine:
    title: str
    about: str
    levels: tuple[LevelLine, ...]
    must_reach: str
    comment: str = ""
    missed: bool = False

    @property
    def reached(self) -> LevelLine | None:
        return next((level for level in self.levels if level.is_reached), None)

    @property
    def most(self) -> Decimal:
        return max((level.points for level in self.levels), default=Decimal(0))


@dataclass(frozen=True)
class RubricView:
    """A rubric in one language, with the levels that somebody reached in it where that is known."""

    title: str
    criteria: tuple[CriterionLine, ...]

    @property
    def possible(self) -> Decimal:
        return sum((criterion.most for criterion in self.criteria), Decimal(0))

    @property
    def must_pass(self) -> bool:
        return any(criterion.must_reach for criterion in self.criteria)


def view_of(
    version: RubricVersion,
    language: str,
    levels: Mapping[str, str] | None = None,
    comments: Mapping[str, str] | None = None,
) -> RubricView:
    """A frozen rubric as a table; `levels` and `comments` are those of an assessment."""
    content = in_language(version, language)
    missed = score(version, levels).missed if levels else ()
    criteria = []
    for criterion in content["criteria"]:
        reached = (levels or {}).get(criterion["id"], "")
        lines = tuple(
            LevelLine(
                level["title"],
                level["descriptor"],
                Decimal(level["points"]),
                is_reached=level["id"] == reached,
                must_be_reached=level["id"] == criterion["must_reach"],
            )
            for level in criterion["levels"]
        )
        criteria.append(
            CriterionLine(
                title=criterion["title"],
                about=criterion["about"],
                levels=lines,
                must_reach=next((line.title for line in lines if line.must_be_reached), ""),
                comment=(comments or {}).get(criterion["id"], ""),
                missed=criterion["id"] in missed,
            )
        )
    return RubricView(content["title"], tuple(criteria))


# --- The unit's own page -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandInLine:
    """A hand-in in the list of them; `passed` is None as long as it was not assessed."""

    number: int
    handed_in_at: datetime
    passed: bool | None
    percent: Decimal | None
    url: str


@dataclass(frozen=True)
class PracticalReading:
    """`attempts_left` is None when there is no limit; `rubric` None when the page has none yet."""

    brief: CleanRichText
    rules: PracticalRules
    asked: str
    kinds: str
    rubric: RubricView | None
    hand_ins: list[HandInLine]
    draft_url: str
    waits_url: str
    attempts_left: int | None
    can_begin: bool
    opens_at: datetime | None
    passed: bool


def read_practical(page: PracticalPage, enrolment: Enrolment | None) -> PracticalReading:
    """A practical for one learner: the rules of their edition, their own hand-ins, and the rubric. Where they have
    begun, it is the rubric that was frozen for them."""
    entry = enrolment.edition.structure.unit(page.translation_key) if enrolment else None
    rules = PracticalRules.from_json(entry.rules) if entry else PracticalRules.of_page(page)
    own = _own(page, enrolment) if enrolment else []
    last = own[0] if own else None
    current = last if last is not None and last.state != HandInState.ASSESSED else None
    passed = bool(enrolment and last and practicals.has_passed(enrolment, last.unit))
    left = max(rules.attempts - len(own), 0) if rules.attempts else None
    opens_at = practicals.opens_again_at(rules, last) if current is None else None
    may_begin = entry is not None and enrolment is not None and enrolment.may_read and not rules.is_observed
    url = reverse("assessments:hand_in", args=[current.public_id]) if current else ""
    return PracticalReading(
        brief=CleanRichText(page.brief),
        rules=rules,
        asked=what_is_handed_in(rules),
        kinds=kinds_in_words() if rules.asks_files else "",
        rubric=_rubric(page, current),
        hand_ins=[_line(row) for row in own if row.handed_in_at is not None],
        draft_url=url if current and current.state == HandInState.DRAFT else "",
        waits_url=url if current and current.state == HandInState.HANDED_IN else "",
        attempts_left=left,
        can_begin=may_begin and current is None and not passed and left != 0 and opens_at is None,
        opens_at=None if passed else opens_at,
        passed=passed,
    )


def _own(page: PracticalPage, enrolment: Enrolment) -> list[HandIn]:
    """The last one first."""
    rows = HandIn.objects.filter(enrolment=enrolment, unit__key=page.translation_key)
    return list(
        rows.select_related("unit", "rubric", "script").prefetch_related("script__assessments").order_by("-number")
    )


def _rubric(page: PracticalPage, current: HandIn | None) -> RubricView | None:
    if current is not None:
        return view_of(current.rubric, page.locale.language_code)
    return view_of(as_it_stands(page.rubric), page.locale.language_code) if page.rubric_id else None


def _line(row: HandIn) -> HandInLine:
    counting = counting_verdict(row)
    assert row.handed_in_at is not None  # noqa: S101  The caller asked for those.
    return HandInLine(
        number=row.number,
        handed_in_at=row.handed_in_at,
        passed=counting.passed if counting else None,
        percent=counting.fraction * 100 if counting else None,
        url=reverse("assessments:hand_in", args=[row.public_id]),
    )


# --- The assessment that counts ----------------------------------------------------------------------------------


def counting_verdict(hand_in: HandIn) -> Verdict | None:
    """What counts, once it is settled; None before, whatever was judged until then."""
    script = getattr(hand_in, "script", None)
    if hand_in.state != HandInState.ASSESSED or script is None or script.state != ScriptState.SETTLED:
        return None
    return verdict(finals_of(script))


# --- One hand-in -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FileLine:
    public_id: str
    name: str
    size: int
    url: str


@dataclass(frozen=True)
class Outcome:
    """What came of it, as its learner may read it. `assessor` is empty where markers stay unnamed."""

    passed: bool
    points: Decimal
    percent: Decimal
    enough: bool
    rubric: RubricView
    reasons: tuple[SafeString, ...]
    assessor: str
    settled_at: datetime | None


@dataclass(frozen=True)
class HandInView:
    """One hand-in on its own pages. `outcome` is None before it is settled."""

    hand_in: HandIn
    title: str
    course_title: str
    unit_url: str
    rules: PracticalRules
    asked: str
    kinds: str
    endings: str
    rubric: RubricView
    files: tuple[FileLine, ...]
    missing: str
    outcome: Outcome | None
    can_begin_again: bool
    opens_at: datetime | None
    attempts_left: int | None

    @property
    def text_html(self) -> str:
        return mark_safe(clean_learner_text(self.hand_in.text)) if self.hand_in.text else ""

    @property
    def takes_files(self) -> bool:
        return len(self.files) < self.rules.asks_files

    @property
    def is_observed(self) -> bool:
        return self.rules.is_observed

    @property
    def most_text(self) -> int:
        return practicals.MOST_TEXT


def read_hand_in(hand_in: HandIn, page: PracticalPage, course_title: str, language: str) -> HandInView:
    """One hand-in for its learner."""
    rules = practicals.rules_of(hand_in)
    outcome = _outcome(hand_in, rules, language)
    again = _again(hand_in, outcome)
    return HandInView(
        hand_in=hand_in,
        title=page.title,
        course_title=course_title,
        unit_url=page.url,
        rules=rules,
        asked=what_is_handed_in(rules),
        kinds=kinds_in_words(),
        endings=ENDINGS,
        rubric=outcome.rubric if outcome else view_of(hand_in.rubric, language),
        files=tuple(file_lines(hand_in.files.all())),
        missing=practicals.what_is_missing(hand_in) if hand_in.state == HandInState.DRAFT else "",
        outcome=outcome,
        can_begin_again=again.can_begin if again else False,
        opens_at=again.opens_at if again else None,
        attempts_left=again.attempts_left if again else None,
    )


@dataclass(frozen=True)
class Again:
    can_begin: bool
    opens_at: datetime | None
    attempts_left: int | None


def _again(hand_in: HandIn, outcome: Outcome | None) -> Again | None:
    """Whether another may be begun after this one, by the rules of the edition that the learner takes now."""
    enrolment = hand_in.enrolment
    entry = enrolment.edition.structure.unit(hand_in.unit.key)
    if outcome is None or outcome.passed or entry is None or practicals.has_passed(enrolment, hand_in.unit):
        return None
    rules = PracticalRules.from_json(entry.rules)
    last = practicals.last_of(enrolment, hand_in.unit)
    left = max(rules.attempts - last.number, 0) if rules.attempts and last else None
    opens_at = practicals.opens_again_at(rules, last)
    is_last = last is not None and last.pk == hand_in.pk
    can_begin = is_last and left != 0 and opens_at is None and enrolment.may_read and not rules.is_observed
    return Again(can_begin, opens_at, left)


def file_lines(files: Iterable[HandInFile]) -> list[FileLine]:
    return [
        FileLine(
            str(file.public_id),
            file.name,
            file.size,
            reverse("assessments:hand_in_file", args=[file.public_id]),
        )
        for file in files
    ]


def _outcome(hand_in: HandIn, rules: PracticalRules, language: str) -> Outcome | None:
    counting = counting_verdict(hand_in)
    if counting is None:
        return None
    shown = counting.shown
    possible = score(hand_in.rubric, shown.levels).possible
    points = (counting.fraction * possible).quantize(Decimal("0.01"))
    script = hand_in.script
    return Outcome(
        passed=bool(counting.passed),
        points=points.normalize() + 0,
        percent=counting.fraction * 100,
        enough=counting.fraction * 100 >= rules.pass_mark,
        rubric=view_of(hand_in.rubric, language, shown.levels, shown.comments),
        reasons=tuple(mark_safe(clean_learner_text(text)) for text in counting.all_reasons),
        assessor="" if script.is_anonymous else shown.assessor.printed_name,
        settled_at=script.settled_at,
    )
