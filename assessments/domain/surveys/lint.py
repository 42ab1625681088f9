"""What a survey still lacks, in words for an author."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.surveys.questions import questions_of
from assessments.enums import COMPARED_KINDS, SurveyKind
from assessments.models import SurveyPage
from courses.domain.lint.content import Place
from courses.domain.lint.findings import Book, Finding, Problem, Severity
from courses.models.pages import COURSE_DEPTH

SURVEY_RULES = Book(gettext_lazy("Surveys"))


@dataclass(frozen=True)
class SurveyUnderCheck:
    """A survey, and of the same course in the same language the surveys of the kind that it is compared with."""

    page: SurveyPage
    opposite: tuple[SurveyPage, ...]

    @property
    def competencies(self) -> Counter[str]:
        return competencies_of(self.page)


def lint(pages: Sequence[SurveyPage]) -> list[Finding]:
    """What these surveys lack. One query, however many: the other surveys of their courses, where only one is given."""
    courses = {_course_path(page) for page in pages}
    below = reduce(or_, (Q(path__startswith=path) for path in sorted(courses)))
    others = SurveyPage.objects.filter(below).exclude(pk__in=[page.pk for page in pages])
    everything = [*pages, *others]
    findings: list[Finding] = []
    for page in pages:
        opposite = tuple(
            other
            for other in everything
            if page.survey_kind in COMPARED_KINDS
            and other.survey_kind in COMPARED_KINDS
            and other.survey_kind != page.survey_kind
            and _course_path(other) == _course_path(page)
        )
        findings.extend(SURVEY_RULES.check(SurveyUnderCheck(page, opposite), page.pk))
    return findings


def _course_path(page: SurveyPage) -> str:
    return str(page.path[: COURSE_DEPTH * page.steplen])


def competencies_of(page: SurveyPage) -> Counter[str]:
    return Counter(question.competency for question in questions_of(page) if question.competency)


@SURVEY_RULES.rule("survey-empty", Severity.MUST, gettext_lazy("A survey asks something."))
def empty(survey: SurveyUnderCheck) -> Iterator[Problem]:
    if not survey.page.questions:
        yield Problem(_("It has no question. Add one."))


@SURVEY_RULES.rule("survey-competency-twice", Severity.MUST, gettext_lazy("A survey asks about a competency once."))
def competency_twice(survey: SurveyUnderCheck) -> Iterator[Problem]:
    for key, count in survey.competencies.items():
        if count > 1:
            words = _("The key of the competency “%(key)s” is there %(count)d times. Give each statement its own.")
            yield Problem(words % {"key": key, "count": count})


@SURVEY_RULES.rule(
    "survey-before-alone",
    Severity.SHOULD,
    gettext_lazy("A survey before the course has one after it to be compared with."),
)
def before_alone(survey: SurveyUnderCheck) -> Iterator[Problem]:
    if survey.page.survey_kind == SurveyKind.BEFORE and not survey.opposite:
        yield Problem(
            _("The course has no survey of the kind “After the course”, so nothing can be compared. Add one.")
        )


@SURVEY_RULES.rule(
    "survey-follow-up-required", Severity.SHOULD, gettext_lazy("Nobody waits months for a follow-up to be complete.")
)
def follow_up_required(survey: SurveyUnderCheck) -> Iterator[Problem]:
    if survey.page.survey_kind == SurveyKind.FOLLOW_UP and survey.page.required and not survey.page.months_after:
        yield Problem(_("It is required, so nobody completes the course before it. Untick “required”."))


@SURVEY_RULES.rule(
    "survey-follow-up-when",
    Severity.SHOULD,
    gettext_lazy("A follow-up says how many months after the course it is."),
)
def follow_up_when(survey: SurveyUnderCheck) -> Iterator[Problem]:
    if survey.page.survey_kind == SurveyKind.FOLLOW_UP and not survey.page.months_after:
        yield Problem(_("Nobody gets a mail about it. Choose three or six months after the course."))


@SURVEY_RULES.rule(
    "survey-months-required",
    Severity.MUST,
    gettext_lazy("A survey months after the course is not needed to complete it."),
)
def months_required(survey: SurveyUnderCheck) -> Iterator[Problem]:
    if survey.page.months_after and survey.page.required:
        yield Problem(
            _(
                "It opens months after the course is completed, and is required to complete it: nobody ever does. "
                "Untick “required”."
            )
        )


@SURVEY_RULES.rule(
    "survey-competency-alone",
    Severity.SHOULD,
    gettext_lazy("Before and after the course the same competencies are asked about."),
)
def competency_alone(survey: SurveyUnderCheck) -> Iterator[Problem]:
    if not survey.opposite:
        return
    there = {key for page in survey.opposite for key in competencies_of(page)}
    for number, child in enumerate(survey.page.questions, start=1):
        key = child.value.get("competency") or ""
        if key and key not in there:
            place = Place("questions", str(child.block.label), number, child.id or "")
            words = _("The competency “%(key)s” is asked about only before or only after the course. Ask both times.")
            yield Problem(words % {"key": key}, place)
