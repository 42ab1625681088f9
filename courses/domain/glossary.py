"""The words of a course: which a lesson uses, where its text says them first, and the list of them all."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courses.domain.authors import course_codes_of
from courses.models import GlossaryTerm, LessonPage
from elearn.people.models import User

BLOCK = "glossary"


def words_used(page: LessonPage) -> list[GlossaryTerm]:
    """The terms that a lesson explains, in its language and in the author's order. One query, however many.

    A second one only when a term was chosen in another language than the page's.
    """
    blocks = page.body.blocks_by_name(BLOCK)
    chosen = [term for block in blocks for term in block.value["terms"] if term]
    return GlossaryTerm.objects.said_in(chosen, page.locale_id)


# --- Whose terms somebody may see and change in the CMS ----------------------------------------------------------


def may_work_on_term(person: User, course_code: str) -> bool:
    codes = course_codes_of(person)
    return codes is None or course_code in codes


def terms_of(person: User) -> QuerySet[GlossaryTerm]:
    """The same as a filter: the terms of the courses that were granted to them."""
    codes = course_codes_of(person)
    rows = GlossaryTerm.objects.filter(archived_at=None)
    return rows if codes is None else rows.filter(course_code__in=codes)


# --- The list of all words ---------------------------------------------------------------------------------------


def glossary_of(course_code: str, language: str) -> list[GlossaryTerm]:
    """All terms of a course by the alphabet, each once: in this language, or else in the first one of the site."""
    rows = GlossaryTerm.objects.of_course(course_code).select_related("locale")
    best: dict[UUID, GlossaryTerm] = {}
    for row in sorted(rows, key=lambda row: _preference(row, language)):
        best.setdefault(row.translation_key, row)
    for row in best.values():
        row.foreign = "" if row.locale.language_code == language else row.html_language
    return sorted(best.values(), key=lambda row: (_plain(row.term), row.pk))


def _preference(term: GlossaryTerm, language: str) -> tuple[bool, bool, int]:
    code = term.locale.language_code
    return code != language, code != settings.LANGUAGE_CODE, term.pk


def _plain(text: str) -> str:
    """For sorting: without case and accents, so that “état” stands beside “etat”."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).casefold()


# --- Marking the words in the text -------------------------------------------------------------------------------

# A word ends where no letter, digit or mark upon a letter follows. Python calls Arabic vowel signs no part of a word.
INSIDE = r"[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]"
# In Arabic “and”, “so”, “by”, “to”, “like” and “the” are written in one with the word that follows.
ARABIC = re.compile(r"[\u0621-\u064a]{4}")
ARABIC_PARTICLES = "[وف]?(?:ال|بال|كال|لل|ب|ل)?"
# Where no word is marked: what is a link or a control already, what names something, what is not the lesson's own text.
UNTOUCHED = frozenset(
    [
        "a",
        "audio",
        "button",
        "cite",
        "code",
        "dfn",
        "dt",
        "figcaption",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "label",
        "legend",
        "math",
        "nav",
        "option",
        "pre",
        "script",
        "select",
        "style",
        "summary",
        "svg",
        "textarea",
        "title",
        "video",
    ]
)
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


def mark_terms(parts: Sequence[str], terms: Sequence[GlossaryTerm]) -> list[str]:
    """The parts of a lesson, as HTML, in which the first mention of each term leads to its definition, and that back.

    Only text is touched: never an attribute, a heading, a link, a control, or words in another language. A term that
    the text does not mention is left alone; nothing of the HTML is lost. The definitions stand in one of the parts (the
    block `glossary`); a term whose definition does not is left alone too, since its link would lead nowhere.
    """
    here = [term for term in terms if any(f'id="word-{term.key}"' in part for part in parts)]
    if not here:
        return list(parts)
    marker = _Marker(here)
    return marker.mark(parts)


@dataclass(frozen=True)
class _Definition:
    """The end of a definition, where the way back to the text begins."""

    key: str


class _Marker(HTMLParser):
    def __init__(self, terms: Sequence[GlossaryTerm]) -> None:
        super().__init__(convert_charrefs=False)
        self._finds, self._terms = _pattern(terms)
        self._marked: set[str] = set()
        self._text: list[str] = []  # neighbouring text, as it is written
        self._out: list[str | _Definition] = []
        self._open: list[tuple[str, bool, str]] = []  # name, untouched, key of the term that is defined here

    def mark(self, parts: Sequence[str]) -> list[str]:
        found = []
        for part in parts:
            self._out = []
            self.feed(part)
            self.close()
            self._flush()
            found.append(self._out)
        # Only now is it known which words the text mentions: definitions may stand above them.
        return [
            "".join(piece if isinstance(piece, str) else self._back_link(piece.key) for piece in out) for out in found
        ]

    def _back_link(self, key: str) -> str:
        if key not in self._marked:
            return ""
        return f' <a class="back-to-text" href="#used-{key}">{escape(_("Back to the text"))}</a>'

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._flush()
        self._out.append(self.get_starttag_text() or "")
        if tag not in VOID:
            given = dict(attrs)
            above = self._open[-1] if self._open else ("", False, "")
            untouched = above[1] or tag in UNTOUCHED or "lang" in given or "data-term" in given
            self._open.append((tag, untouched, given.get("data-term") or above[2]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._flush()
        self._out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        if any(name == tag for name, _untouched, _key in self._open):
            key = ""
            while self._open:
                name, _untouched, key = self._open.pop()
                if name == tag:
                    break
            if tag == "dd" and key:
                self._out.append(_Definition(key))
        self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_entityref(self, name: str) -> None:
        self._text.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._text.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._flush()
        self._out.append(f"<!--{data}-->")

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        is_free = not (self._open and self._open[-1][1])
        self._out.append(self._with_links(text) if text.strip() and is_free else text)

    def _with_links(self, written: str) -> str:
        text = unescape(written)
        parts, at = [], 0
        for match in self._finds.finditer(text):
            key = self._terms[match.lastindex or 0].key
            if key in self._marked:
                continue
            self._marked.add(key)
            link = f'<a class="term" id="used-{key}" href="#word-{key}">{escape(match.group())}</a>'
            parts += [escape(text[at : match.start()]), link]
            at = match.end()
        return "".join([*parts, escape(text[at:])]) if parts else written


def _pattern(terms: Sequence[GlossaryTerm]) -> tuple[re.Pattern[str], dict[int, GlossaryTerm]]:
    """What finds every form of every term, the longest first, and which group stands for which term."""
    forms = sorted(((form, term) for term in terms for form in term.forms), key=lambda pair: -len(pair[0]))
    groups = "|".join(f"({_form_pattern(form)})" for form, _term in forms)
    owners = {number: term for number, (_form, term) in enumerate(forms, start=1)}
    return re.compile(rf"(?<!{INSIDE})(?:{groups})(?!{INSIDE})", re.IGNORECASE), owners


def _form_pattern(form: str) -> str:
    words = r"\s+".join(_word_patterns(form))
    return f"{ARABIC_PARTICLES}{words}" if ARABIC.match(form) else words


def _word_patterns(form: str) -> Iterator[str]:
    for word in form.split():
        yield re.sub("['’]", "['’]", re.escape(word))
