"""Plain sheets for a printer: A4, black on white, in every language of the site and in its direction.

Lines are broken and put in order here and drawn by reportlab: xhtml2pdf puts the lines of a right-to-left paragraph in
reverse order and does not mirror tables (its issues 683 to 685).
"""

from elearn.core.paper.html import from_html
from elearn.core.paper.marks import Boxes, Bubbles, WritingLines
from elearn.core.paper.pages import MILLIMETRE, Sheet, print_pages
from elearn.core.paper.text import Run, Style, Text

__all__ = [
    "MILLIMETRE",
    "Boxes",
    "Bubbles",
    "Run",
    "Sheet",
    "Style",
    "Text",
    "WritingLines",
    "from_html",
    "print_pages",
]
