"""What every question type is, in plain data: no rows, no requests."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from html import unescape
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

# An answer as it is stored: whatever JSON the type makes of it. None is no answer.
Answer = Any
# What a page posts for one question: the values of each of its fields, by the field's part of the name ("" for the
# only one).
Posted = Mapping[str, Sequence[str]]

# Blocks whose text is compared with an answer, and never shown as rich text. What is inside a gap is of its kind.
PLAIN_TEXTS = {"accepted", "number", "unit", "answer"}
NOTHING = Decimal(0)
EVERYTHING = Decimal(1)


@dataclass(frozen=True)
class Option:
    """One line of what the author wrote: an option, a pair, an item, an accepted answer, a gap, a step ...

    `type` is the block it was written in (assessments.models.options), and says which fields mean something. `id` is
    permanent and equal in every language. `text` and `feedback` are rich text, except the plain `text` of what is
    compared with an answer. `share` is the part of the point in per cent; None leaves it to the rule of the type.
    `inside` are the answers of a gap, or the choices of a step.
    """

    id: str
    text: str = ""
    correct: bool = False
    feedback: str = ""
    share: Decimal | None = None
    type: str = "option"
    match: str = ""
    tolerance: Decimal = NOTHING
    multiplier: Decimal = EVERYTHING
    weight: Decimal = EVERYTHING
    control: str = ""
    name: str = ""
    leads_to: str = ""
    inside: tuple["Option", ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Only what differs from the defaults; numbers as text, so that none is rounded."""
        data: dict[str, Any] = {"id": self.id}
        for entry in fields(self)[1:]:
            value = getattr(self, entry.name)
            if value == entry.default:
                continue
            if entry.name == "inside":
                value = [option.to_json() for option in value]
            data[entry.name] = str(value) if isinstance(value, Decimal) else value
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        values = dict(data)
        for name in ("share", "tolerance", "multiplier", "weight"):
            if name in values:
                values[name] = Decimal(values[name])
        if "inside" in values:
            values["inside"] = tuple(cls.from_json(entry) for entry in values["inside"])
        return cls(**values)

    def with_texts(self, change: Callable[[str], str]) -> "Option":
        """The same with its rich texts changed; what is compared with answers stays as it is."""
        rich = (
            {"feedback": self.feedback} if self.type in PLAIN_TEXTS else {"text": self.text, "feedback": self.feedback}
        )
        inside = tuple(option.with_texts(change) for option in self.inside)
        return replace(self, inside=inside, **{name: change(html) for name, html in rich.items()})

    @property
    def fraction(self) -> Decimal:
        """What it earns by itself: its share, or all when it is right."""
        return self.share / 100 if self.share is not None else Decimal(self.correct)


@dataclass(frozen=True)
class Rules:
    """What the author decided about one question, equal in every language. Each type uses some of them."""

    shuffle: bool = True
    all_or_nothing: bool = False
    case_sensitive: bool = False
    accents_matter: bool = False
    unit_penalty: int = 0
    scored: bool = True
    min_words: int = 0
    max_words: int = 0

    def to_json(self) -> dict[str, Any]:
        return {e.name: getattr(self, e.name) for e in fields(self) if getattr(self, e.name) != e.default}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


@dataclass(frozen=True)
class Asked:
    """A question in one language, as it is asked: the author's options, and the order in which they are shown."""

    options: tuple[Option, ...] = ()
    order: tuple[str, ...] = ()
    rules: Rules = field(default_factory=Rules)
    prompt: str = ""
    feedback: str = ""
    template: str = ""

    def of_type(self, *types: str) -> list[Option]:
        return [option for option in self.options if option.type in types]

    @property
    def shown(self) -> list[Option]:
        """The options in the order in which they are shown; by ids, since a translation may lack one."""
        by_id = {option.id: option for option in self.options}
        first = [by_id.pop(option_id) for option_id in self.order if option_id in by_id]
        return [*first, *by_id.values()]

    def option(self, option_id: str) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)


class QuestionType(ABC):
    """What one type of question does."""

    key: ClassVar[str]
    label: ClassVar[str | Promise]
    # What it is, in a sentence for an author who chooses a type.
    about: ClassVar[str | Promise]
    # The templates that ask it and that show what became of it: templates/assessments/questions/<name>.html.
    template: ClassVar[str]
    # The blocks that an author may write in it (assessments.models.options), and the rules that concern it.
    blocks: ClassVar[tuple[str, ...]] = ("option",)
    rules: ClassVar[tuple[str, ...]] = ()
    # A person marks it, so that the result waits for one.
    by_a_person: ClassVar[bool] = False
    # Nothing is asked: it is shown, and neither answered nor marked.
    only_shown: ClassVar[bool] = False
    # What is accepted is written anew in each language; else it is kept equal in all.
    answers_by_language: ClassVar[bool] = False
    # An answer cannot be changed any more, only added to.
    unfolds: ClassVar[bool] = False

    @abstractmethod
    def validate(self, asked: Asked) -> None:
        """Raise ValidationError unless a learner could answer this question and be marked."""

    @abstractmethod
    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        """The answer in its stored form. Raises ValueError when it cannot be an answer to this question.

        `standing` is the answer that stands so far.
        """

    @abstractmethod
    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        """The answer as a page posts it: the reverse of `read_answer`. Fields left out are empty."""

    @abstractmethod
    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        """The part of the point that the answer earns, from 0 to 1, by the rule that the type's docstring states."""

    @abstractmethod
    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        """What the template that asks the question prints."""

    @abstractmethod
    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        """What the template prints that shows the answer afterwards."""

    @abstractmethod
    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        """The answer as a person would read it, in plain text; an entry for each part."""

    def is_complete(self, answer: Answer, asked: Asked) -> bool:
        """Whether nothing of the question is left open."""
        return bool(answer)

    def shuffle(self, options: Sequence[Option], mix: Any) -> list[Option]:
        """The options in the order in which an attempt shows them; `mix` puts a list in any order, in place."""
        shown = list(options)
        mix(shown)
        return shown

    def without_words(self, answer: Answer, asked: Asked) -> Answer:
        """What may stay of an answer when the person is erased: choices among what everybody was offered."""
        return None

    def chosen(self, answer: Answer) -> list[str]:
        """The ids of the options that the answer chooses, for statistics of options; none where words are written."""
        return []

    def align(self, own: Sequence[Option], leader: Sequence[Option]) -> list[Option]:
        """The options of a translation with what is right taken from the language that leads, in its order.

        Raises ValueError when the two do not have the same options.
        """
        if self.answers_by_language:
            return list(own)
        by_id = {option.id: option for option in own}
        if by_id.keys() != {option.id for option in leader}:
            raise ValueError("The options are not the same in both languages.")
        return [_aligned(by_id[option.id], option) for option in leader]


def _aligned(own: Option, leader: Option) -> Option:
    inside = {option.id: option for option in own.inside}
    if inside.keys() != {option.id for option in leader.inside}:
        raise ValueError("The options are not the same in both languages.")
    return replace(
        own,
        correct=leader.correct,
        share=leader.share,
        tolerance=leader.tolerance,
        multiplier=leader.multiplier,
        weight=leader.weight,
        control=leader.control,
        name=leader.name,
        leads_to=leader.leads_to,
        inside=tuple(_aligned(inside[option.id], option) for option in leader.inside),
    )


def require(condition: bool, message: str | Promise) -> None:
    if not condition:
        raise ValidationError({"options": message})


def require_different(options: Sequence[Option]) -> None:
    """Raise ValidationError when two options could not be told apart by their ids."""
    require(len({option.id for option in options}) == len(options), _("Two options have the same key."))


def is_blank(html: str) -> bool:
    """Whether rich text says nothing and shows no picture."""
    return not strip_tags(html).strip() and "<embed" not in html and "<img" not in html


def plain_text(html: str) -> str:
    """Rich text as a person reads it, in one line."""
    return " ".join(unescape(strip_tags(html)).split())


def clamp(fraction: Decimal) -> Decimal:
    return min(max(fraction, NOTHING), EVERYTHING).quantize(Decimal("0.00001"))


def only_value(posted: Posted, part: str = "") -> str:
    """The one value of a field. Raises ValueError when there are several."""
    values = posted.get(part) or [""]
    if len(values) > 1:
        raise ValueError("This field takes one answer.")
    return values[0]
