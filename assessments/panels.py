"""What an author fills in of a question: of each type what it has."""

from typing import Any

from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel

from assessments.questions import QuestionType

RULES: dict[str, Any] = {
    "shuffle": _("Each attempt shows them in another order, where the quiz mixes too."),
    "all_or_nothing": _("Only a wholly right answer earns anything."),
    "case_sensitive": _("“rome” is not “Rome”."),
    "accents_matter": _("“Bogota” is not “Bogotá”."),
    "unit_penalty": _("Of what the number earned. 0: a missing unit costs nothing."),
    "scored": _("Otherwise whoever comes to an end has the points."),
    "min_words": _("0: none. It is shown; a shorter text is kept all the same."),
    "max_words": _("0: none. It is shown; a longer text is kept all the same."),
}


def question_panels(kind: QuestionType | None) -> list[Any]:
    """The panels of a type; without one, those of all types together."""
    options = [FieldPanel("options", help_text=_options_help(kind))] if kind is None or kind.blocks else []
    rules = RULES if kind is None else kind.rules
    marking = [FieldPanel("template"), FieldPanel("marking_notes")] if kind is None or kind.by_a_person else []
    weight = [] if kind is not None and kind.only_shown else [FieldPanel("weight")]
    return [
        *([HelpPanel(content=_about(kind))] if kind is not None else []),
        FieldPanel("bank", heading=_("Question bank")),
        FieldPanel("prompt"),
        *options,
        *marking,
        FieldPanel("feedback", help_text=_("For everybody, whatever they answered. May stay empty.")),
        MultiFieldPanel(
            [*weight, *(FieldPanel(name, help_text=RULES[name]) for name in rules)],
            heading=_("Points and rules, equal in every language"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("name", help_text=_("To find it again; learners do not see it. May stay empty.")),
                FieldPanel("category", help_text=_("For example: Asylum/Interviews. Made where it is new.")),
                FieldPanel("tags"),
                FieldPanel("key", help_text=_("Names the question in course packages. Empty: made from the question.")),
            ],
            heading=_("Where it is found"),
        ),
    ]


# Made when it is shown, in the reader's language.
in_words = lazy(format_html, SafeString)


def _about(kind: QuestionType) -> Any:
    return in_words("<p><strong>{}</strong>. {}</p>", kind.label, kind.about)


def _options_help(kind: QuestionType | None) -> Any:
    if kind is not None and kind.key == "true_false":
        return _("Two options: first the one for true, then the one for false. Their texts may stay empty.")
    return _("The feedback of an answer is shown after the attempt to whoever gave it: say why it is right or wrong.")
