import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import (
    NOTHING,
    Answer,
    Asked,
    Option,
    Posted,
    QuestionType,
    clamp,
    require,
    require_different,
)
from assessments.questions.texts import is_number, split_number
from assessments.questions.typed import first_number, first_that_fits, share_of, tidy

# Where a gap stands in the text: [[1]] is the first one that the author describes.
GAP = re.compile(r"\[\[([0-9]{1,3})\]\]")
CHOICE, TEXT, NUMBER = "choice", "text", "number"


class GapFill(QuestionType):
    """A text with gaps: each is a word to type, a number, or a choice from a list.

    Each gap earns what the accepted answer that fits is worth; gaps count by their weight, and equally where none is
    stated. With `all_or_nothing` every gap must be wholly right. Words are compared as in short text.
    """

    key = "gap_fill"
    label = _("Fill the gaps")
    about = _("A text with gaps. Write [[1]], [[2]] … where they stand, and describe each gap below.")
    template = "gap_fill"
    blocks = ("gap",)
    rules = ("case_sensitive", "accents_matter", "all_or_nothing")
    answers_by_language = True

    def validate(self, asked: Asked) -> None:
        require(bool(asked.options), _("Describe at least one gap."))
        require_different(asked.options)
        named = sorted(int(number) for number in GAP.findall(asked.prompt))
        wanted = list(range(1, len(asked.options) + 1))
        require(
            named == wanted,
            _("Write each gap once in the question, as [[1]] to [[%(count)d]].") % {"count": len(asked.options)},
        )
        for gap in asked.options:
            _validate_gap(gap)

    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        answer = {}
        for part, values in posted.items():
            gap = asked.option(part)
            if gap is None or len(values) > 1:
                raise ValueError("The answer names a gap that the question does not have.")
            given = tidy(values[0]) if values else None
            if given is None:
                continue
            if gap.control == CHOICE and given not in {option.id for option in gap.inside}:
                raise ValueError("The answer names an option that the gap does not have.")
            answer[part] = given
        return dict(sorted(answer.items())) or None

    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        return {part: [value] for part, value in (answer or {}).items()}

    def is_complete(self, answer: Answer, asked: Asked) -> bool:
        return len(answer or {}) == len(asked.options)

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        earned = [(share_of_gap(gap, answer, asked), gap.weight) for gap in asked.options]
        if asked.rules.all_or_nothing and any(share != 1 for share, _weight in earned):
            return NOTHING
        possible = sum(weight for _share, weight in earned)
        return clamp(sum((share * weight for share, weight in earned), NOTHING) / possible) if possible else NOTHING

    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        return {
            "parts": list(_parts(asked, lambda gap, number: _gap_view(gap, number, (answer or {}).get(gap.id, ""))))
        }

    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        rows = []
        for number, gap in enumerate(asked.options, start=1):
            found = found_in_gap(gap, answer, asked)
            rows.append(
                {
                    "number": number,
                    "given": _in_gap(gap, answer),
                    "correct": found is not None and share_of_inside(gap, found) == 1,
                    "feedback": found.feedback if found else "",
                    "accepted": [o for o in gap.inside if share_of_inside(gap, o) == 1 and o.text.strip() != "*"],
                }
            )
        return {"rows": rows, "prompt": GAP.sub(lambda found: f"<b>({found.group(1)})</b>", asked.prompt)}

    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        gaps = enumerate(asked.options, start=1)
        return [f"{number}. {_in_gap(gap, answer)}" for number, gap in gaps if gap.id in (answer or {})]

    def without_words(self, answer: Answer, asked: Asked) -> Answer:
        choices = {gap.id for gap in asked.options if gap.control == CHOICE}
        return {part: value for part, value in (answer or {}).items() if part in choices} or None

    def chosen(self, answer: Answer) -> list[str]:
        return [f"{part}={value}" for part, value in (answer or {}).items()]


def _validate_gap(gap: Option) -> None:
    require(bool(gap.inside), _("A gap has no accepted answer."))
    require_different(gap.inside)
    require(all(option.text.strip() for option in gap.inside), _("An answer of a gap is empty."))
    require(gap.weight >= 0, _("The weight of a gap is less than 0."))
    require(
        any(share_of_inside(gap, option) == 1 for option in gap.inside),
        _("One answer of each gap must earn the whole of it."),
    )
    if gap.control == CHOICE:
        require(len(gap.inside) >= 2, _("A gap with a list needs at least two answers."))
    if gap.control == NUMBER:
        for option in gap.inside:
            require(option.text.strip() == "*" or is_number(option.text), _("An answer of a gap is no number."))


def share_of_inside(gap: Option, option: Option) -> Decimal:
    """What an answer of a gap earns. In a list only what is marked as right does, in the other gaps all by default."""
    return option.fraction if gap.control == CHOICE else share_of(option)


def found_in_gap(gap: Option, answer: Answer, asked: Asked) -> Option | None:
    """The accepted answer that fits what was put in the gap."""
    given = (answer or {}).get(gap.id)
    if not given:
        return None
    if gap.control == CHOICE:
        return next((option for option in gap.inside if option.id == given), None)
    if gap.control == NUMBER:
        try:
            number, rest = split_number(given)
        except ValueError:
            number, rest = NOTHING, given
        return None if rest else first_number(number, list(gap.inside))
    return first_that_fits(given, list(gap.inside), asked.rules)


def share_of_gap(gap: Option, answer: Answer, asked: Asked) -> Decimal:
    found = found_in_gap(gap, answer, asked)
    return clamp(share_of_inside(gap, found)) if found else NOTHING


def _in_gap(gap: Option, answer: Answer) -> str:
    given = str((answer or {}).get(gap.id, ""))
    if gap.control == CHOICE:
        return next((option.text for option in gap.inside if option.id == given), given)
    return given


def _gap_view(gap: Option, number: int, given: str) -> dict[str, Any]:
    longest = max((len(option.text) for option in gap.inside), default=0)
    return {
        "id": gap.id,
        "number": number,
        "control": gap.control,
        "value": given,
        # Wide enough for every accepted answer, in a few sizes, so that the width gives little away.
        "size": next((size for size in (8, 16, 32) if longest <= size), 48),
        "choices": [{"id": o.id, "text": o.text, "checked": o.id == given} for o in gap.inside],
    }


def _parts(asked: Asked, gap_view: Any) -> Iterator[dict[str, Any]]:
    """The text up to each gap, with the gap; the last has none."""
    place = 0
    for found in GAP.finditer(asked.prompt):
        number = int(found.group(1))
        if 1 <= number <= len(asked.options):
            html = asked.prompt[place : found.start()]
            yield {"html": html, "gap": gap_view(asked.options[number - 1], number)}
            place = found.end()
    yield {"html": asked.prompt[place:], "gap": None}
