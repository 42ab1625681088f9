"""The questions of a survey as plain data, whether they come from a page, an edition or a sheet that was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import CHOSEN, RATED, Asks
from assessments.models import SurveyPage

SCALE = (1, 2, 3, 4, 5)
TEXT_LENGTH = 4_000  # characters


@dataclass(frozen=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True)
class Question:
    """One question in one language. `competency` is the permanent key by which before and after are compared."""

    id: str
    kind: Asks
    text: str
    required: bool = True
    competency: str = ""
    options: tuple[Option, ...] = ()

    @property
    def is_rated(self) -> bool:
        return self.kind in RATED

    @property
    def is_chosen(self) -> bool:
        return self.kind in CHOSEN


def questions_of(page: SurveyPage) -> list[Question]:
    """What a page asks, in its language and order."""
    return [
        Question(
            # A block has no id before it is saved for the first time, which only a preview can show.
            id=child.id or str(number),
            kind=Asks(child.block_type),
            text=str(child.value.get("text") or ""),
            required=not child.value.get("optional"),
            competency=str(child.value.get("competency") or ""),
            options=tuple(_options(child.value.get("options"))),
        )
        for number, child in enumerate(page.questions)
    ]


def _options(items: Any) -> Iterable[Option]:
    for number, item in enumerate(items.bound_blocks if items else ()):
        yield Option(item.id or str(number), str(item.value or ""))


def ends_of_scale(kind: Asks) -> tuple[str, str]:
    """What 1 and 5 mean. The same in every survey: otherwise before and after could not be compared."""
    if kind == Asks.COMPETENCY:
        return _("I cannot do this yet"), _("I can do this well and show others how")
    return _("I do not agree at all"), _("I agree completely")


def steps_of_scale(kind: Asks) -> tuple[Option, ...]:
    """The five answers of a scale as they are shown, with what both ends mean."""
    low, high = ends_of_scale(kind)
    said = {SCALE[0]: low, SCALE[-1]: high}
    return tuple(Option(str(n), f"{n} – {said[n]}" if n in said else str(n)) for n in SCALE)


def fits(question: Question, answer: Any) -> bool:
    """Whether an answer can belong to a question, as SurveyAnswers holds it."""
    offered = {option.id for option in question.options}
    if question.is_rated:
        return answer in SCALE
    if question.kind == Asks.ONE_CHOICE:
        return isinstance(answer, str) and answer in offered
    if question.kind == Asks.SEVERAL_CHOICES:
        return isinstance(answer, list) and len(set(answer)) == len(answer) and set(answer) <= offered
    return isinstance(answer, str) and len(answer) <= TEXT_LENGTH


def in_words(question: Question, answer: Any) -> list[str]:
    """An answer as the person would read it."""
    if answer in (None, "", []):
        return []
    if not question.is_chosen:
        return [str(answer)]
    texts = {option.id: option.text for option in question.options}
    return [texts.get(str(chosen), str(chosen)) for chosen in (answer if isinstance(answer, list) else [answer])]


# --- Sheets ------------------------------------------------------------------------------------------------------


def as_asked(by_language: Mapping[str, list[Question]]) -> list[dict[str, Any]]:
    """Questions in all their languages as a sheet holds them, in the order of the first language that has each."""
    asked: dict[str, dict[str, Any]] = {}
    for language, questions in sorted(by_language.items()):
        for question in questions:
            entry = asked.setdefault(
                question.id,
                {
                    "id": question.id,
                    "kind": question.kind.value,
                    "required": question.required,
                    "competency": question.competency,
                    "texts": {},
                },
            )
            options = {option.id: option.text for option in question.options}
            entry["texts"][language] = {"text": question.text, "options": options}
    return list(asked.values())


def from_asked(asked: list[dict[str, Any]], language: str) -> list[Question]:
    """The questions of a sheet in a language, each in another where it was not asked in that one."""
    found = []
    for entry in asked:
        texts = entry["texts"].get(language) or next(iter(entry["texts"].values()))
        found.append(
            Question(
                id=entry["id"],
                kind=Asks(entry["kind"]),
                text=texts["text"],
                required=entry["required"],
                competency=entry["competency"],
                options=tuple(Option(id, text) for id, text in texts["options"].items()),
            )
        )
    return found
