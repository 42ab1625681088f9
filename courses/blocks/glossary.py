from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ListBlock, StructBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.blocks.groups import REFERENCE


class TermChooserBlock(SnippetChooserBlock):
    """Chooses a term of a course's glossary."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("courses.GlossaryTerm", **kwargs)


class SampleTerm:
    """Stands where a block has a term, in the previews of the editor."""

    def __init__(self, term: Any, definition: Any) -> None:
        self.key = ""
        self.term = term
        self.definition = definition
        self.source = ""


class GlossaryBlock(StructBlock):
    """The words that a lesson uses, each with its definition; courses.domain.glossary marks them in the text above."""

    terms = ListBlock(TermChooserBlock(label=_("Term")), label=_("Terms"), min_num=1)

    class Meta:
        icon = "openquote"
        label = _("Words used here")
        group = REFERENCE
        description = _("Terms of the course’s glossary with their definitions. Best at the end of the lesson.")
        template = "blocks/glossary.html"
        preview_value = {
            "terms": [
                SampleTerm(_("Refoulement"), _("Sending a person back to a place where they are in danger.")),
                SampleTerm(_("Referral"), _("Bringing a person to the service that can help, and making sure of it.")),
            ]
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        page = (parent_context or {}).get("page")
        chosen = [term for term in value.get("terms") or [] if term]
        model = self.child_blocks["terms"].child_block.target_model
        context["terms"] = model.objects.said_in(chosen, page.locale_id) if page is not None else chosen
        return context
