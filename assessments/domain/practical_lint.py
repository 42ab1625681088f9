"""What a practical assessment and its rubric still lack, in words for an author."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.rubric_rows import CriterionData, read_stream, refuse_nonsense
from assessments.models import PracticalPage, Rubric
from courses.domain.lint.content import Kind, Part, Place
from courses.domain.lint.findings import Book, Finding, Problem, Severity
from courses.domain.lint.subject import Known, Subject
from courses.domain.lint.text_rules import TEXT

PRACTICAL_RULES = Book(gettext_lazy("Practical assessments"))

LOWEST_SENSIBLE_MARK = 40
SHORTEST_BRIEF = 20  # words


@dataclass(frozen=True)
class PracticalUnderCheck:
    """A practical with its rubric in its own language, where there is one, and in the language that leads."""

    page: PracticalPage
    rubric: Rubric | None
    leader: Rubric | None

    @property
    def criteria(self) -> tuple[CriterionData, ...]:
        row = self.rubric or self.leader
        return read_stream(row.criteria) if row else ()


def lint(pages: Sequence[PracticalPage]) -> list[Finding]:
    """What these practicals and their rubrics lack. Two queries, however many there are."""
    chosen = Rubric.objects.in_bulk({page.rubric_id for page in pages if page.rubric_id})
    rows: dict[object, list[Rubric]] = defaultdict(list)
    for row in Rubric.objects.filter(translation_key__in={r.translation_key for r in chosen.values()}).order_by("pk"):
        rows[row.translation_key].append(row)
    findings: list[Finding] = []
    for page in pages:
        rubric = chosen.get(page.rubric_id or 0)
        found = _under_check(page, rows[rubric.translation_key] if rubric else [])
        findings.extend(PRACTICAL_RULES.check(found, page.pk))
        parts = tuple(_parts(found))
        findings.extend(TEXT.check(Subject(page, parts, page.locale.language_code, Known()), page.pk))
    return findings


def _under_check(page: PracticalPage, rows: list[Rubric]) -> PracticalUnderCheck:
    own = next((row for row in rows if row.locale_id == page.locale_id), None)
    return PracticalUnderCheck(page, own, rows[0] if rows else None)


def _place(title: str = "") -> Place:
    return Place("rubric", _("criterion “%(title)s” of the rubric") % {"title": title} if title else _("rubric"))


def _parts(practical: PracticalUnderCheck) -> Iterator[Part]:
    """The wording of the rubric in the page's language; the page's own is read by courses."""
    if practical.rubric is None:
        return
    for criterion in read_stream(practical.rubric.criteria):
        place = _place(criterion.title)
        yield Part(Kind.TEXT, criterion.about, place, "about")
        for level in criterion.levels:
            yield Part(Kind.TEXT, level.descriptor, place, "descriptor")


@PRACTICAL_RULES.rule("practical-rubric", Severity.MUST, gettext_lazy("A practical assessment has a rubric."))
def no_rubric(practical: PracticalUnderCheck) -> Iterator[Problem]:
    if practical.leader is None:
        yield Problem(_("It has no rubric, so nobody could judge it. Choose one."))


@PRACTICAL_RULES.rule("practical-rubric-nonsense", Severity.MUST, gettext_lazy("One can judge by the rubric."))
def nonsense(practical: PracticalUnderCheck) -> Iterator[Problem]:
    if practical.leader is None:
        return
    try:
        refuse_nonsense(practical.leader.criteria)
    except ValidationError as error:
        yield Problem(" ".join(error.messages), _place())


@PRACTICAL_RULES.rule(
    "practical-rubric-untranslated",
    Severity.MUST,
    gettext_lazy("The rubric is there in the language of the practical."),
)
def untranslated(practical: PracticalUnderCheck) -> Iterator[Problem]:
    if practical.leader is not None and practical.rubric is None:
        yield Problem(_("Its rubric is not translated into this language. Learners would see it in another."))


@PRACTICAL_RULES.rule(
    "practical-pass-mark", Severity.SHOULD, gettext_lazy("The pass mark can be missed, and can be reached.")
)
def pass_mark(practical: PracticalUnderCheck) -> Iterator[Problem]:
    mark = practical.page.pass_mark
    must_reach = any(criterion.must_reach for criterion in practical.criteria)
    if mark == 0 and not must_reach:
        yield Problem(_("The pass mark is 0 % and no criterion must be passed, so nobody can fail. Set one of them."))
    elif 0 < mark < LOWEST_SENSIBLE_MARK:
        yield Problem(_("The pass mark of %(mark)d %% is low for a proof of practice.") % {"mark": mark})
    elif mark == 100:
        yield Problem(_("The pass mark is 100 %: whoever misses the highest level once has failed. Lower it."))


@PRACTICAL_RULES.rule(
    "practical-lowest-passes", Severity.SHOULD, gettext_lazy("The lowest levels together do not pass.")
)
def lowest_passes(practical: PracticalUnderCheck) -> Iterator[Problem]:
    criteria = [criterion for criterion in practical.criteria if criterion.levels]
    possible = sum((criterion.levels[-1].points for criterion in criteria), Decimal(0))
    lowest = sum((criterion.levels[0].points for criterion in criteria), Decimal(0))
    must_reach = any(criterion.must_reach for criterion in criteria)
    if possible and not must_reach and 0 < practical.page.pass_mark * possible <= lowest * 100:
        yield Problem(_("Whoever gets the lowest level everywhere passes. Lower the points of the lowest levels."))


@PRACTICAL_RULES.rule(
    "practical-observed-notes",
    Severity.MUST,
    gettext_lazy("Where nothing is handed in, the notes tell observers how to go about it."),
)
def no_notes_for_observers(practical: PracticalUnderCheck) -> Iterator[Problem]:
    if practical.page.is_observed and not strip_tags(practical.page.facilitator_notes).strip():
        words = _("Neither text nor files are asked for, so it is observed. Write notes for those who observe.")
        yield Problem(words)


@PRACTICAL_RULES.rule("practical-brief", Severity.SHOULD, gettext_lazy("The brief says what is to be done, and how."))
def brief(practical: PracticalUnderCheck) -> Iterator[Problem]:
    if len(strip_tags(practical.page.brief.replace("<", " <")).split()) < SHORTEST_BRIEF:
        yield Problem(_("The brief is very short. Say what is to be done, with what, how long it takes, what is good."))
