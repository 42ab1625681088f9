from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.blocks import CharBlock, ListBlock, StructBlock, StructBlockValidationError, StructValue
from wagtail.blocks.list_block import ListBlockValidationError

from courses.blocks.groups import READING
from courses.blocks.previews import paragraphs
from courses.blocks.text import PHRASE_FEATURES, RunningTextBlock

FEWEST_COLUMNS, MOST_COLUMNS = 2, 5


def uneven_rows(columns: int, cells: Sequence[int]) -> list[int]:
    """The places of the rows that have not one cell for each column, by the number of cells that each row has."""
    return [place for place, count in enumerate(cells) if count != columns]


def row_fault(columns: int, cells: int) -> str:
    return ngettext(
        "This row has %(cells)d cell, but the table compares %(columns)d things. Give each of them one cell.",
        "This row has %(cells)d cells, but the table compares %(columns)d things. Give each of them one cell.",
        cells,
    ) % {"cells": cells, "columns": columns}


class ComparisonValue(StructValue):
    @property
    def lines(self) -> list[tuple[str, list[tuple[str, Any]]]]:
        """Each row as its heading and its cells, every cell with the heading of its column."""
        columns = list(self["columns"])
        return [(row["heading"], list(zip(columns, row["cells"], strict=False))) for row in self["rows"]]


class ComparisonRowBlock(StructBlock):
    heading = CharBlock(
        label=_("What this row is about"), max_length=120, help_text=_("For example: Who decides? Keep it short.")
    )
    cells = ListBlock(
        RunningTextBlock(label=_("Cell"), features=PHRASE_FEATURES),
        label=_("Cells"),
        min_num=FEWEST_COLUMNS,
        max_num=MOST_COLUMNS,
        default=["", ""],
        help_text=_("One for each thing that is compared, in the same order."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Row")
        label_format = "{heading}"


class ComparisonBlock(StructBlock):
    """A table with one column for each thing compared and one row for each question asked of all of them.

    Made of lists, not of Wagtail's table block: translators' tools read lists and do not read that one.
    """

    caption = CharBlock(
        label=_("Caption"),
        max_length=200,
        help_text=_("What the table compares, in one line. Those who cannot see the table hear it first."),
    )
    columns = ListBlock(
        CharBlock(label=_("Thing compared"), max_length=80),
        label=_("What is compared"),
        min_num=FEWEST_COLUMNS,
        max_num=MOST_COLUMNS,
        default=["", ""],
        help_text=_("Two to five. Each becomes the heading of a column; on a phone it stands over its cell."),
    )
    rows = ListBlock(ComparisonRowBlock(), label=_("Rows"), min_num=1, max_num=20)

    class Meta:
        icon = "table"
        label = _("Comparison table")
        group = READING
        description = _("Two to five things side by side, point by point. On a phone each row becomes a small list.")
        template = "blocks/comparison.html"
        value_class = ComparisonValue
        preview_value = {
            "caption": _("Two ways to enter a country"),
            "columns": [_("With a visa"), _("Without a visa")],
            "rows": [
                {
                    "heading": _("Who decides"),
                    "cells": [
                        paragraphs(_("The consulate, before the journey.")),
                        paragraphs(_("The border officer.")),
                    ],
                },
                {
                    "heading": _("When"),
                    "cells": [paragraphs(_("Weeks before.")), paragraphs(_("On arrival."))],
                },
            ],
        }

    def clean(self, value: ComparisonValue) -> ComparisonValue:
        cleaned: ComparisonValue = super().clean(value)
        counts = [len(row["cells"]) for row in cleaned["rows"]]
        columns = len(cleaned["columns"])
        faults = {
            place: StructBlockValidationError(block_errors={"cells": _said(row_fault(columns, counts[place]))})
            for place in uneven_rows(columns, counts)
        }
        if faults and not self.is_deferred_validation:
            raise StructBlockValidationError(block_errors={"rows": ListBlockValidationError(block_errors=faults)})
        return cleaned


def _said(message: str) -> ListBlockValidationError:
    return ListBlockValidationError(non_block_errors=[ValidationError(message)])
