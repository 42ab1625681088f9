"""A cohort's report as files: the parts of the page, on paper and in a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from certificates.domain.rendering import MILLIMETRE, print_html
from elearn.core.spreadsheets import Cell, as_xlsx
from elearn.core.typesetting import FONTS, SANS, SANS_BOLD, Block, fit
from elearn.portal.domain.cohort_report import CohortReport, Part, parts_of

WIDTH = 174  # millimetres between the margins
FIRST_COLUMN = {2: 110, 4: 96, 5: 78, 6: 66}
SIZES = ((9.0, 1), (9.0, 2), (8.0, 3))


@dataclass(frozen=True)
class PrintedCell:
    block: Block
    width: float
    is_number: bool


@dataclass(frozen=True)
class PrintedPart:
    title: Block
    head: Sequence[PrintedCell]
    rows: Sequence[Sequence[PrintedCell]]
    note: Block | None


def report_pdf(report: CohortReport) -> bytes:
    """The report on A4, in the reader's language. Lines are broken here: xhtml2pdf breaks Arabic ones in reverse."""
    html = render_to_string(
        "portal/pdf/report.html",
        {
            "title": fit(report.cohort.title, face=SANS_BOLD, width=WIDTH * MILLIMETRE, choices=((17, 1), (14, 3))),
            "above": fit(_("Report of a cohort"), face=SANS, width=WIDTH * MILLIMETRE, choices=((9.5, 1),)),
            "parts": [_printed(part) for part in parts_of(report)],
            "rtl": get_language_bidi(),
            "language": get_language(),
            "fonts": str(FONTS),
        },
    )
    return print_html(html, {"title": report.cohort.title, "author": "", "subject": "", "keywords": ""})


def _printed(part: Part) -> PrintedPart:
    columns = len(part.head or part.rows[0])
    first = FIRST_COLUMN[columns]
    widths = [first, *[(WIDTH - first) / (columns - 1)] * (columns - 1)]
    return PrintedPart(
        fit(part.title, face=SANS_BOLD, width=WIDTH * MILLIMETRE, choices=((11.5, 1), (11.5, 2))),
        [_cell(text, width, bold=True) for text, width in zip(part.head, widths, strict=False)],
        [[_cell(value, width) for value, width in zip(row, widths, strict=True)] for row in part.rows],
        fit(part.note, face=SANS, width=WIDTH * MILLIMETRE, choices=((8, 4),)) if part.note else None,
    )


def _cell(value: Cell, width: float, *, bold: bool = False) -> PrintedCell:
    block = fit(in_words(value), face=SANS_BOLD if bold else SANS, width=(width - 3) * MILLIMETRE, choices=SIZES)
    return PrintedCell(block, width, isinstance(value, int | Decimal))


def in_words(value: Cell) -> str:
    """A figure or a day as the reader's language writes it; a dash for what there is not."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return formats.date_format(value, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return value if isinstance(value, str) else formats.localize(value, use_l10n=True)


def report_xlsx(report: CohortReport) -> bytes:
    """One sheet for each part; what a part notes stands beneath its figures."""
    sheets: dict[str, list[Sequence[Cell]]] = {}
    for part in parts_of(report):
        head: Sequence[Cell] = part.head or (part.title, _("Figure"))
        sheets[part.title] = [head, *part.rows, *([(), (part.note,)] if part.note else [])]
    return as_xlsx(sheets, right_to_left=get_language_bidi())
