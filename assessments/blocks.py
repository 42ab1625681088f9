"""The questions of a survey. The id of a block is the question's, that of an option the option's, in every language."""

from hashlib import sha256

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StructBlock, StructValue

from assessments.enums import Asks
from courses.domain.keys import make_key

KEY_PATTERN = r"^[a-z0-9][a-z0-9-]{0,59}\Z"


def competency_key(statement: str) -> str:
    """The key of a competency whose author gave none: equal for equal words, also in letters that are not Latin."""
    digest = sha256(" ".join(statement.casefold().split()).encode()).hexdigest()
    return make_key(statement, fallback=f"c-{digest[:12]}", taken=())


class SurveyQuestionBlock(StructBlock):
    """What every question has. Course packages write its id down as its permanent key."""

    text = CharBlock(label=_("Question"), max_length=300)
    optional = BooleanBlock(
        label=_("May be left without an answer"),
        required=False,
        help_text=_("Ask for an answer only where the result would be of no use without it."),
    )

    class Meta:
        icon = "help"
        label_format = "{text}"
        keyed = True  # For course packages: records of learners hang on the id.


class CompetencyBlock(SurveyQuestionBlock):
    text = CharBlock(
        label=_("Statement"),
        max_length=300,
        help_text=_("Begins with “I can …”, for example: I can plan a training session for adults."),
    )
    competency = CharBlock(
        label=_("Key of the competency"),
        required=False,
        max_length=60,
        validators=[RegexValidator(KEY_PATTERN, _("Lower-case letters, digits and hyphens."))],
        help_text=_(
            "Use the same key in the survey before and in the one after: by it the two are compared. "
            "Empty: made from the statement when you save."
        ),
    )

    class Meta:
        icon = "pick"
        label = Asks.COMPETENCY.label
        description = _("“I can …”, rated from 1 to 5. Compared before and after the course.")

    def clean(self, value: StructValue) -> StructValue:
        cleaned: StructValue = super().clean(value)
        if cleaned.get("text") and not cleaned.get("competency"):
            cleaned["competency"] = competency_key(cleaned["text"])
        return cleaned


class AgreementBlock(SurveyQuestionBlock):
    text = CharBlock(label=_("Statement"), max_length=300, help_text=_("One thought only, so that 1 and 5 are clear."))

    class Meta:
        icon = "resubmit"
        label = Asks.AGREEMENT.label
        description = _("A statement with which people agree or not, from 1 to 5.")


class OptionsBlock(ListBlock):
    """Short texts to choose from; the id of each item is the option's."""


class OneChoiceBlock(SurveyQuestionBlock):
    options = OptionsBlock(CharBlock(label=_("Answer"), max_length=200), label=_("Answers"), min_num=2, max_num=10)

    class Meta:
        icon = "radio-full"
        label = Asks.ONE_CHOICE.label
        description = _("A question with answers, of which one is chosen.")


class SeveralChoicesBlock(OneChoiceBlock):
    class Meta:
        icon = "list-ul"
        label = Asks.SEVERAL_CHOICES.label
        description = _("A question with answers, of which any number may be chosen.")


class FreeTextBlock(SurveyQuestionBlock):
    optional = BooleanBlock(label=_("May be left without an answer"), required=False, default=True)

    class Meta:
        icon = "edit"
        label = Asks.FREE_TEXT.label
        description = _("An open question, answered in a few sentences.")


def survey_blocks() -> list:  # (name, block) pairs, in the order of the author's menu
    return [
        (Asks.COMPETENCY.value, CompetencyBlock()),
        (Asks.AGREEMENT.value, AgreementBlock()),
        (Asks.ONE_CHOICE.value, OneChoiceBlock()),
        (Asks.SEVERAL_CHOICES.value, SeveralChoicesBlock()),
        (Asks.FREE_TEXT.value, FreeTextBlock()),
    ]
