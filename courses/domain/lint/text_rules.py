"""Rules about text, links and pictures, wherever they stand."""

import re
from collections.abc import Iterator

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.link_client import normal_address
from courses.domain.lint.content import Kind, Part
from courses.domain.lint.findings import Book, Problem, Severity
from courses.domain.lint.prose import count_words, sentences
from courses.domain.lint.subject import Subject, addresses_in

TEXT = Book(gettext_lazy("Text, links and pictures"))

LONGEST_PARAGRAPH = 150  # words
LONGEST_UNBROKEN = 400  # words of one text without a heading
LONGEST_SENTENCE = {"en": 40, "fr": 45, "es": 50, "pt-br": 50, "ar": 50, "ru": 40}
MOST_CAPITALS = 5  # words in a row

LOREM = re.compile(r"\blorem ipsum\b|\bdolor sit amet\b", re.IGNORECASE)
MARKERS = re.compile(r"\b(?:FIXME|TBD|TBC|XXXX+)\b|\bTODO:")
TODO = re.compile(r"\bTODO\b")
# "Todo" is a word of Spanish and Portuguese, and XXX the number thirty of a chapter.
DOUBTFUL = re.compile(r"\bXXX\b|\?\?\?|\[\s*(?:…|\.\.\.)\s*\]")
SPEAKS_OF_ALL = ("es", "pt-br", "pt")
EMPTY_LINK_WORDS = {
    *("click here", "here", "this", "link", "this link", "read more", "more", "see here"),
    *("cliquez ici", "ici", "lien", "ce lien", "lire la suite", "en savoir plus", "plus"),
    *("haga clic aquí", "pulse aquí", "aquí", "enlace", "este enlace", "leer más", "más"),
    *("clique aqui", "aqui", "este link", "leia mais", "saiba mais", "mais"),
    *("нажмите здесь", "здесь", "тут", "ссылка", "подробнее"),
    *("اضغط هنا", "انقر هنا", "هنا", "رابط", "المزيد"),
}


def _start_of(text: str) -> str:
    return Truncator(text).words(8, truncate=" …")


def _texts(subject: Subject) -> Iterator[tuple[Part, str]]:
    for part in subject.parts:
        for text in part.prose.paragraphs:
            yield part, text
        for _level, text in part.prose.headings:
            yield part, text


@TEXT.rule("placeholder", Severity.MUST, gettext_lazy("No text is a placeholder: lorem ipsum, TODO, TBD, FIXME."))
def placeholder(subject: Subject) -> Iterator[Problem]:
    for part, text in _texts(subject):
        markers = [LOREM, MARKERS] if subject.language in SPEAKS_OF_ALL else [LOREM, MARKERS, TODO]
        found = next((match for marker in markers if (match := marker.search(text))), None)
        if found:
            words = _("“%(words)s” looks like a placeholder. Write the text, or take it out.")
            yield Problem(words % {"words": found.group()}, part.place)


@TEXT.rule("perhaps-placeholder", Severity.SHOULD, gettext_lazy("No text looks unfinished: XXX, ???, […]."))
def perhaps_placeholder(subject: Subject) -> Iterator[Problem]:
    for part, text in _texts(subject):
        found = DOUBTFUL.search(text)
        if found:
            words = _("“%(words)s” may be left over from writing. Check “%(text)s”.")
            yield Problem(words % {"words": found.group(), "text": _start_of(text)}, part.place)


@TEXT.rule("page-gone", Severity.MUST, gettext_lazy("No link, and no chosen page, leads to a page that is gone."))
def page_gone(subject: Subject) -> Iterator[Problem]:
    known = subject.known.live_pages | subject.known.draft_pages
    for part in subject.parts:
        for link in part.prose.links:
            if link.page and link.page not in known:
                words = _("The link “%(words)s” leads to a page that no longer exists. Link to another, or remove it.")
                yield Problem(words % {"words": link.words}, part.place)
        if part.kind is Kind.PAGE and int(part.value) not in known:
            yield Problem(_("The page chosen here no longer exists. Choose another."), part.place)


@TEXT.rule("page-unpublished", Severity.SHOULD, gettext_lazy("No link leads to a page that is not published."))
def page_unpublished(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        for link in part.prose.links:
            if link.page in subject.known.draft_pages:
                words = _("The link “%(words)s” leads to a page that is not published: a learner finds nothing there.")
                yield Problem(words % {"words": link.words}, part.place)


@TEXT.rule("file-gone", Severity.MUST, gettext_lazy("No link, and no download, offers a file that is gone."))
def file_gone(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        for link in part.prose.links:
            if link.document and link.document not in subject.known.files:
                words = _("The link “%(words)s” leads to a file that no longer exists. Choose another, or remove it.")
                yield Problem(words % {"words": link.words}, part.place)
        if part.kind is Kind.FILE and int(part.value) not in subject.known.files:
            yield Problem(_("The file chosen here no longer exists. Choose another."), part.place)


@TEXT.rule(
    "link-empty", Severity.SHOULD, gettext_lazy("Every link leads somewhere, and not to a place in its own page.")
)
def link_empty(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        for link in part.prose.links:
            if link.page or link.document:
                continue
            if link.address in ("", "#"):
                yield Problem(_("The link “%(words)s” leads nowhere.") % {"words": link.words}, part.place)
            elif link.address.startswith("#"):
                words = _("The link “%(words)s” leads to a place in this page. Say in words where to look instead.")
                yield Problem(words % {"words": link.words}, part.place)


@TEXT.rule("link-broken", Severity.SHOULD, gettext_lazy("No link to another site has failed on two days."))
def link_broken(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        for address in addresses_in(part):
            check = subject.known.broken.get(normal_address(address))
            if check is not None:
                words = _("%(address)s does not work since %(day)s: %(why)s. Look for where it has moved to.")
                since = check.failing_since.date().isoformat() if check.failing_since else ""
                values = {"address": address, "day": since, "why": check.get_outcome_display()}
                yield Problem(words % values, part.place)


@TEXT.rule("link-words", Severity.SHOULD, gettext_lazy("The words of a link say where it leads: not “click here”."))
def link_words(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        for link in part.prose.links:
            words = link.words.strip(" .,:;!»«“”\"'").casefold()
            if not words:
                yield Problem(_("A link has no words. Say where it leads, or remove it."), part.place)
            elif words in EMPTY_LINK_WORDS or words.startswith(("http://", "https://", "www.")):
                problem = _("The words of the link “%(words)s” do not say where it leads. Name what is found there.")
                yield Problem(problem % {"words": link.words}, part.place)


@TEXT.rule("field-empty", Severity.MUST, gettext_lazy("No block lacks a field that it requires, such as a transcript."))
def field_empty(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        if part.kind is Kind.MISSING:
            words = _("The field “%(label)s” is empty. Fill it in, or remove the block.")
            yield Problem(words % {"label": part.value}, part.place)


@TEXT.rule("chosen-gone", Severity.MUST, gettext_lazy("Everything that is chosen, such as a recording, is there."))
def chosen_gone(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        if part.kind is Kind.ROW and part.value not in subject.known.rows:
            yield Problem(_("What was chosen here no longer exists. Choose another."), part.place)


@TEXT.rule("picture-gone", Severity.MUST, gettext_lazy("Every picture is there."))
def picture_gone(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        if part.kind is Kind.PICTURE and int(part.value) not in subject.known.pictures:
            yield Problem(_("The picture chosen here no longer exists. Choose another."), part.place)


@TEXT.rule(
    "picture-alt", Severity.MUST, gettext_lazy("Every picture has a text alternative, or is marked as decorative.")
)
def picture_alt(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        if part.kind is not Kind.PICTURE or subject.known.pictures.get(int(part.value), True):
            continue
        if not part.beside.get("decorative") and not str(part.beside.get("alt") or "").strip():
            words = _("A picture has no text alternative. Say what it shows, or mark it as decorative.")
            yield Problem(words, part.place)


@TEXT.rule("heading-levels", Severity.SHOULD, gettext_lazy("Headings go down one level at a time, and none is empty."))
def heading_levels(subject: Subject) -> Iterator[Problem]:
    levels: dict[str, int] = {}
    for part in subject.parts:
        above = levels.get(part.place.field, 1)
        for level, text in part.prose.headings:
            if not text:
                yield Problem(_("A heading is empty. Write it, or remove it."), part.place)
                continue
            if level > above + 1:
                words = _("The heading “%(text)s” skips a level. Make it a heading of level %(level)d.")
                yield Problem(words % {"text": text, "level": above + 1}, part.place)
            above = level
        levels[part.place.field] = above


@TEXT.rule("long-text", Severity.SHOULD, gettext_lazy("No text is longer than 400 words without a heading."))
def long_text(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        if part.kind is Kind.RICH_TEXT and part.prose.words > LONGEST_UNBROKEN and not part.prose.headings:
            words = _("%(count)d words without a heading. Put headings in, or a key point or a question between.")
            yield Problem(words % {"count": part.prose.words}, part.place)


@TEXT.rule("long-paragraph", Severity.SHOULD, gettext_lazy("No paragraph is longer than 150 words."))
def long_paragraph(subject: Subject) -> Iterator[Problem]:
    for part in subject.parts:
        for text in part.prose.paragraphs:
            count = count_words(text)
            if count > LONGEST_PARAGRAPH:
                words = _("The paragraph “%(text)s” has %(count)d words: on a phone, more than a screen. Divide it.")
                yield Problem(words % {"text": _start_of(text), "count": count}, part.place)


@TEXT.rule("long-sentence", Severity.SHOULD, gettext_lazy("No sentence is very long (40 to 50 words, by language)."))
def long_sentence(subject: Subject) -> Iterator[Problem]:
    most = LONGEST_SENTENCE.get(subject.language, 45)
    for part in subject.parts:
        for text in part.prose.paragraphs:
            for sentence in sentences(text):
                count = count_words(sentence)
                if count > most:
                    words = _("A sentence of %(count)d words: “%(text)s”. Two are easier to read and to translate.")
                    yield Problem(words % {"count": count, "text": _start_of(sentence)}, part.place)


@TEXT.rule("capitals", Severity.SHOULD, gettext_lazy("Nothing is written in capitals throughout."))
def capitals(subject: Subject) -> Iterator[Problem]:
    for part, text in _texts(subject):
        row: list[str] = []
        for word in text.split():
            letters = "".join(letter for letter in word if letter.isalpha())
            row = [*row, word] if len(letters) > 1 and letters.isupper() else []
            if len(row) == MOST_CAPITALS:
                words = _("“%(text)s …” is written in capitals, which is slow to read. Use bold, or a key point.")
                yield Problem(words % {"text": " ".join(row)}, part.place)
                break
