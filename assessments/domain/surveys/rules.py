"""A survey as a unit type: what an edition freezes, and which questions that leaves of the page."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.domain.surveys.questions import Option, Question, questions_of
from assessments.enums import SurveyKind
from assessments.models import SurveyPage
from assessments.models.survey import MONTHS_AFTER

# The key of the unit type: what editions call a survey.
SURVEY = "survey"


@dataclass(frozen=True)
class QuestionRule:
    """`options` are the ids of those offered; the words of all come from the live page."""

    id: str
    kind: str
    required: bool
    competency: str
    options: list[str]


@dataclass(frozen=True)
class SurveyRules:
    kind: str
    anonymous: bool
    questions: list[QuestionRule]
    months_after: int = 0

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        questions = [QuestionRule(**question) for question in data["questions"]]
        return cls(data["kind"], data["anonymous"], questions, data.get("months_after", 0))

    def as_json(self) -> dict[str, Any]:
        """Without the months where there are none, as editions have it that were released before there were any."""
        data = asdict(self)
        return data if self.months_after else {key: value for key, value in data.items() if key != "months_after"}

    @classmethod
    def of_page(cls, page: SurveyPage) -> Self:
        questions = [
            QuestionRule(q.id, q.kind.value, q.required, q.competency, [option.id for option in q.options])
            for q in questions_of(page)
        ]
        return cls(page.survey_kind, page.anonymous, questions, page.months_after)

    def asked_on(self, page: SurveyPage) -> list[Question]:
        """The questions of this edition in the words of the page; what the page has no words for is not asked."""
        worded = {question.id: question for question in questions_of(page)}
        return [
            Question(
                id=rule.id,
                kind=own.kind,
                text=own.text,
                required=rule.required,
                competency=rule.competency,
                options=_in_order(rule.options, own.options),
            )
            for rule in self.questions
            if (own := worded.get(rule.id)) is not None and own.kind == rule.kind
        ]


def _in_order(ids: list[str], options: tuple[Option, ...]) -> tuple[Option, ...]:
    by_id = {option.id: option for option in options}
    return tuple(by_id[id] for id in ids if id in by_id)


def rules(page: SurveyPage) -> dict[str, Any]:
    return SurveyRules.of_page(page).as_json()


def describe(rules: dict[str, Any]) -> dict[str, str]:
    """The rules that concern a learner, in words."""
    survey = SurveyRules.from_json(rules)
    when = {_("When"): str(dict(MONTHS_AFTER)[survey.months_after])} if survey.months_after else {}
    return {
        _("Survey"): str(SurveyKind(survey.kind).label),
        **when,
        _("Questions"): str(len(survey.questions)),
        _("Anonymous"): _("yes") if survey.anonymous else _("no"),
    }


def tell(title: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What changes in a survey from one edition to the next, in sentences for an author."""
    was, now = SurveyRules.from_json(before), SurveyRules.from_json(after)
    told = []
    if now.kind != was.kind:
        words = _("“%(title)s” is now a survey of the kind “%(kind)s”.")
        told.append(words % {"title": title, "kind": SurveyKind(now.kind).label})
    if now.anonymous != was.anonymous:
        words = _("“%s” is now anonymous.") if now.anonymous else _("“%s” is no longer anonymous.")
        told.append(words % title)
    if now.months_after != was.months_after:
        words = _("“%(title)s” is now asked: %(when)s.")
        told.append(words % {"title": title, "when": dict(MONTHS_AFTER)[now.months_after]})
    old, new = {q.id: q for q in was.questions}, {q.id: q for q in now.questions}
    if more := len(new.keys() - old.keys()):
        words = ngettext(
            "“%(title)s” asks %(count)d more question.", "“%(title)s” asks %(count)d more questions.", more
        )
        told.append(words % {"title": title, "count": more})
    if fewer := len(old.keys() - new.keys()):
        words = ngettext(
            "“%(title)s” leaves out %(count)d question.", "“%(title)s” leaves out %(count)d questions.", fewer
        )
        told.append(words % {"title": title, "count": fewer})
    if any(old[id] != new[id] for id in old.keys() & new.keys()) or [id for id in old if id in new] != [
        id for id in new if id in old
    ]:
        told.append(_("Questions of “%s” have another order, other answers, or may now be left out.") % title)
    return told
