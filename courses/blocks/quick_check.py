from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StructBlock, StructBlockValidationError, StructValue
from wagtail.blocks.list_block import ListBlockValidationError

from courses.blocks.groups import DOING

NONE_RIGHT = _("Mark at least one answer as right.")
ALL_RIGHT = _("Every answer is marked as right. Leave at least one that is not, or there is nothing to choose.")


def marking_fault(marks: Iterable[bool]) -> str:
    """What is wrong with the marks of the answers, in words; empty when some are right and some are not."""
    found = set(marks)
    return "" if found == {True, False} else str(ALL_RIGHT if True in found else NONE_RIGHT)


class QuickCheckValue(StructValue):
    @property
    def has_several_right(self) -> bool:
        return sum(1 for option in self["options"] if option["correct"]) > 1


class QuickCheckOptionBlock(StructBlock):
    text = CharBlock(label=_("Answer"), max_length=300)
    correct = BooleanBlock(label=_("This answer is right"), required=False)
    feedback = CharBlock(
        label=_("Feedback"),
        max_length=500,
        help_text=_("Why this is right, or why it is not and what is. It opens under the answer."),
    )

    class Meta:
        icon = "radio-empty"
        label = _("Answer")
        label_format = "{text}"


class QuickCheckBlock(StructBlock):
    """A question with feedback, for practice. What a reader opens is stored nowhere and counts for nothing."""

    question = CharBlock(label=_("Question"), max_length=300)
    options = ListBlock(
        QuickCheckOptionBlock(),
        label=_("Answers"),
        min_num=2,
        max_num=6,
        help_text=_("Two to six. One or several may be right."),
    )

    class Meta:
        icon = "circle-check"
        label = _("Quick check")
        group = DOING
        description = _(
            "A question for practice: each answer opens its feedback. It is not graded and nothing is kept."
        )
        template = "blocks/quick_check.html"
        label_format = "{question}"
        value_class = QuickCheckValue
        default = {"options": [{"text": "", "correct": False, "feedback": ""}] * 2}
        preview_value = {
            "question": _("A passport has no stamp of entry. What do you do first?"),
            "options": [
                {
                    "text": _("Ask the traveller how they came."),
                    "correct": True,
                    "feedback": _("There may be a plain reason, such as a journey through an open border."),
                },
                {
                    "text": _("Refuse entry."),
                    "correct": False,
                    "feedback": _("A missing stamp alone proves nothing. Ask first."),
                },
            ],
        }

    def clean(self, value: QuickCheckValue) -> QuickCheckValue:
        cleaned: QuickCheckValue = super().clean(value)
        fault = marking_fault(bool(option["correct"]) for option in cleaned["options"])
        if fault and not self.is_deferred_validation:
            options = ListBlockValidationError(non_block_errors=[ValidationError(fault)])
            raise StructBlockValidationError(block_errors={"options": options})
        return cleaned
