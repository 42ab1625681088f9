"""What is right, in the signs of a printed form: for the key that trainers keep."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from assessments.domain.papers.places import PaperQuestion
from assessments.questions.base import Option
from assessments.questions.gap_fill import share_of_inside
from assessments.questions.typed import share_of


def right_signs(question: PaperQuestion) -> str:
    """The answer that earns all of the question, as it would stand on paper."""
    return _RIGHT[question.template](question)


def _choice(question: PaperQuestion) -> str:
    right = {option.id for option in question.asked.options if option.fraction > 0}
    return ", ".join(choice.sign for choice in question.places[0].choices if choice.value in right)


def _matching(question: PaperQuestion) -> str:
    wanted = {option.id: option.match for option in question.asked.options}
    said = []
    for place in question.places:
        signs = [choice.sign for choice in place.choices if wanted.get(choice.value) == wanted[place.part]]
        said.append(f"{place.label} {'/'.join(signs)}")
    return "   ".join(said)


def _ordering(question: PaperQuestion) -> str:
    number = {option.id: place for place, option in enumerate(question.asked.options, start=1)}
    return "   ".join(f"{place.label} {number[place.part]}" for place in question.places)


def _typed(question: PaperQuestion) -> str:
    return _or(option for option in question.asked.of_type("accepted", "number") if share_of(option) == 1)


def _or(options: object) -> str:
    return " / ".join(option.text for option in options if option.text.strip() != "*")  # type: ignore[attr-defined]


def _gaps(question: PaperQuestion) -> str:
    said = []
    for place in question.places:
        gap = question.asked.option(place.part) or Option("")
        right = [option for option in gap.inside if share_of_inside(gap, option) == 1]
        signs = {choice.value: choice.sign for choice in place.choices}
        said.append(f"{place.label} {' / '.join(signs.get(option.id, option.text) for option in right)}")
    return "   ".join(said)


def _scenario(question: PaperQuestion) -> str:
    if not question.asked.rules.scored:
        return _("every path that comes to an end")
    said = []
    for place in question.places:
        step = question.asked.option(place.part) or Option("")
        best = max(choice.fraction for choice in step.inside)
        signs = [c.sign for c, option in zip(place.choices, step.inside, strict=True) if option.fraction == best]
        said.append(f"{place.label} {'/'.join(signs)}")
    return "   ".join(said)


_RIGHT: dict[str, Callable[[PaperQuestion], str]] = {
    "choice": _choice,
    "matching": _matching,
    "ordering": _ordering,
    "typed": _typed,
    "gap_fill": _gaps,
    "scenario": _scenario,
    "essay": lambda question: _("marked by a person"),
}
