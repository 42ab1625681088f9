"""What an author writes under a question, block by block, and the same as plain data."""

from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    DecimalBlock,
    ListBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
    StructValue,
)

from assessments.questions import Option
from courses.blocks.text import RunningTextBlock

# What an option's own text may have; the question itself may have lists besides.
PHRASE_FEATURES = ["bold", "italic", "image"]
PROMPT_FEATURES = ["bold", "italic", "ol", "ul", "image"]
STEP_NAME = RegexValidator(r"^[a-z0-9][a-z0-9-]{0,39}\Z", _("Lower-case letters, digits and hyphens."))


def phrase(label: Any, **options: Any) -> RunningTextBlock:
    return RunningTextBlock(label=label, features=PHRASE_FEATURES, **options)


def feedback() -> RunningTextBlock:
    return phrase(_("Feedback"), required=False)


def share(help_text: Any) -> DecimalBlock:
    return DecimalBlock(
        label=_("Share, per cent"), required=False, min_value=-100, max_value=100, decimal_places=5, help_text=help_text
    )


SHARE_OF_ACCEPTED = _("What it earns of the point. Empty: all of it.")


class OptionBlock(StructBlock):
    """One possible answer. Its id in the stream is the option's permanent id, equal in every language."""

    text = phrase(_("Text"), required=False)
    correct = BooleanBlock(label=_("Right answer"), required=False)
    share = share(_("Leave empty, unless it should earn a part of the point, or cost one."))
    feedback = feedback()

    class Meta:
        icon = "radio-empty"
        label = _("Option")
        label_format = "{text}"


class PairBlock(StructBlock):
    text = phrase(_("Text"), required=False, help_text=_("Leave empty to offer the answer as a wrong one."))
    match = CharBlock(label=_("Answer that belongs to it"), max_length=500)

    class Meta:
        icon = "link"
        label = _("Pair")
        label_format = "{text} – {match}"


class ItemBlock(StructBlock):
    text = phrase(_("Text"))

    class Meta:
        icon = "list-ol"
        label = _("Item")
        label_format = "{text}"


class AcceptedBlock(StructBlock):
    text = CharBlock(label=_("Accepted answer"), max_length=500, help_text=_("* stands for any words."))
    share = share(SHARE_OF_ACCEPTED)
    feedback = feedback()

    class Meta:
        icon = "edit"
        label = _("Accepted answer")
        label_format = "{text}"


class NumberBlock(StructBlock):
    text = CharBlock(label=_("Accepted number"), max_length=60, help_text=_("For example 3.5. * takes any number."))
    tolerance = DecimalBlock(
        label=_("Tolerance"), default=Decimal(0), min_value=0, help_text=_("How far an answer may be off.")
    )
    share = share(SHARE_OF_ACCEPTED)
    feedback = feedback()

    class Meta:
        icon = "edit"
        label = _("Accepted number")
        label_format = "{text} ± {tolerance}"


class UnitBlock(StructBlock):
    text = CharBlock(label=_("Unit"), max_length=40, help_text=_("As learners write it, for example km."))
    multiplier = DecimalBlock(
        label=_("Factor"),
        default=Decimal(1),
        help_text=_("How many of this unit make one of the first: 1 for the first unit, 1000 for m after km."),
    )

    class Meta:
        icon = "tag"
        label = _("Unit")
        label_format = "{text}"


class GapAnswerBlock(StructBlock):
    text = CharBlock(label=_("Answer"), max_length=500)
    correct = BooleanBlock(label=_("Right answer (in a list)"), required=False)
    tolerance = DecimalBlock(label=_("Tolerance (of a number)"), default=Decimal(0), min_value=0)
    share = share(SHARE_OF_ACCEPTED)
    feedback = feedback()

    class Meta:
        label_format = "{text}"


class GapBlock(StructBlock):
    control = ChoiceBlock(
        label=_("Kind of gap"),
        choices=[
            ("text", _("A word to type")),
            ("number", _("A number to type")),
            ("choice", _("A list to choose from")),
        ],
        default="text",
    )
    weight = DecimalBlock(label=_("Weight"), default=Decimal(1), min_value=0, help_text=_("Against the other gaps."))
    inside = ListBlock(GapAnswerBlock(), label=_("Answers"))

    class Meta:
        icon = "horizontalrule"
        label = _("Gap")


class PathChoiceBlock(StructBlock):
    text = phrase(_("Choice"))
    leads_to = CharBlock(label=_("Leads to the step"), max_length=40, validators=[STEP_NAME])
    share = share(_("What this choice adds to the point, or takes from it. Empty: nothing."))
    feedback = feedback()

    class Meta:
        label_format = "{text} → {leads_to}"


class StepBlock(StructBlock):
    name = CharBlock(
        label=_("Name"),
        max_length=40,
        validators=[STEP_NAME],
        help_text=_("For choices to lead to; learners do not see it."),
    )
    text = RunningTextBlock(label=_("What happens"), features=PROMPT_FEATURES)
    inside = ListBlock(PathChoiceBlock(), label=_("Choices"), default=[], help_text=_("None: the case ends here."))

    class Meta:
        icon = "decision"
        label = _("Step")
        label_format = "{name}: {text}"


class OptionsBlock(StreamBlock):
    """All blocks; the type of the question says which of them it takes."""

    option = OptionBlock()
    pair = PairBlock()
    item = ItemBlock()
    accepted = AcceptedBlock()
    number = NumberBlock()
    unit = UnitBlock()
    gap = GapBlock()
    step = StepBlock()

    class Meta:
        required = False


# What the lines within a block are called as plain data.
INSIDE = {"gap": "answer", "step": "choice"}


def read_options(stream: StreamValue) -> list[Option]:
    """The options as plain data, in the author's order."""
    return [_option(child.block_type, child.id or "", child.value) for child in stream]


def _option(block_type: str, block_id: str, value: StructValue) -> Option:
    plain: dict[str, Any] = {}
    for name, entry in value.items():
        if name == "inside":
            inside = INSIDE[block_type]
            plain[name] = tuple(_option(inside, child.id or "", child.value) for child in entry.bound_blocks)
        elif entry is not None:
            plain[name] = getattr(entry, "source", entry)
    return Option(id=block_id, type=block_type, **plain)


def to_stream(options: list[Option] | tuple[Option, ...]) -> list[dict[str, Any]]:
    """The options as the stream stores them."""
    return [
        {"type": option.type, "id": option.id, "value": _value(OptionsBlock.base_blocks[option.type], option)}
        for option in options
    ]


def _value(block: StructBlock, option: Option) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, child in block.child_blocks.items():
        entry = getattr(option, name)
        if name == "inside":
            entry = [{"type": "item", "id": o.id, "value": _value(child.child_block, o)} for o in entry]
        value[name] = str(entry) if isinstance(entry, Decimal) else entry
    return value


# What each block holds, for whoever writes it elsewhere (course packages).
BLOCKS: dict[str, StructBlock] = dict(OptionsBlock.base_blocks)
