"""What the columns of a list are: by their header in any of the six languages, or else by what stands in them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from elearn.people.domain.names import folded

EMAIL, NAME, FIRST, LAST, LANGUAGE = "email", "name", "first", "last", "language"

_WORDS = {
    EMAIL: (
        "email|e-mail|mail|email address|e-mail address|address|adresse e-mail|adresse électronique|courriel|adresse|"
        "adresse mail|adresse email|correo|correo electrónico|dirección de correo|dirección de correo electrónico|"
        "endereço de e-mail|endereço eletrônico|correio eletrônico|البريد الإلكتروني|بريد إلكتروني|البريد|الإيميل|"
        "эл. почта|электронная почта|почта|адрес электронной почты|адрес эл. почты|e-mail адрес|имейл"
    ),
    NAME: (
        "name|full name|participant|learner|person|printed name|nom complet|nom et prénom|prénom et nom|participante|"
        "nombre completo|nombre y apellidos|apellidos y nombre|nome completo|nome e sobrenome|الاسم|الاسم الكامل|"
        "اسم|المشارك|фио|ф.и.о.|полное имя|имя и фамилия|фамилия и имя|фамилия, имя, отчество|участник"
    ),
    FIRST: "first name|given name|given names|forename|prénom|prénoms|nombre|nombres|nome|الاسم الأول|имя",
    LAST: (
        "last name|surname|family name|nom|nom de famille|apellido|apellidos|sobrenome|apelido|اللقب|اسم العائلة|"
        "الاسم الأخير|фамилия"
    ),
    LANGUAGE: "language|lang|langue|idioma|lengua|língua|اللغة|لغة|язык|preferred language|langue préférée",
}
_LANGUAGES = {
    "en": "en|eng|english|anglais|inglés|ingles|inglês|الإنجليزية|إنجليزي|انجليزي|английский|англ",
    "fr": "fr|fra|fre|french|français|francés|francês|الفرنسية|فرنسي|французский|фр",
    "es": "es|spa|spanish|español|espagnol|castellano|espanhol|الإسبانية|إسباني|испанский|исп",
    "pt-br": "pt|pt-br|por|portuguese|português|portugais|portugués|البرتغالية|برتغالي|португальский|порт",
    "ar": "ar|ara|arabic|العربية|عربي|عربية|arabe|árabe|арабский|араб",
    "ru": "ru|rus|russian|русский|russe|ruso|russo|الروسية|روسي|рус",
}
# "Nia New <nia@example.org>", as mail programs copy it.
_WITH_NAME = re.compile(r"^\s*\"?(?P<name>[^<>\"]*?)\"?\s*<\s*(?P<address>[^<>\s]+)\s*>\s*$")
_ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+$")


def _plain(text: str) -> str:
    """A word as headers and lists may write it: without case, accents, brackets and stars."""
    text = re.sub(r"\(.*?\)|\[.*?\]", " ", unicodedata.normalize("NFC", text))
    return " ".join(re.sub(r"[*:_\u200b-\u200f\ufeff]", " ", folded(text)).split()).strip(" .-")


_HEADERS = {_plain(word): column for column, words in _WORDS.items() for word in words.split("|")}
_TONGUES = {_plain(word): code for code, words in _LANGUAGES.items() for word in words.split("|")}
_NAMES_OF_LANGUAGES = dict(settings.LANGUAGES)


def language_of(text: str) -> str | None:
    """The code of a language by its name or code in any of the six; empty for nothing, None for one not known."""
    word = _plain(text)
    if not word:
        return ""
    found = _TONGUES.get(word) or _TONGUES.get(re.split(r"[-_ ]", word)[0])
    return found if found in _NAMES_OF_LANGUAGES else None


@dataclass(frozen=True)
class Columns:
    """Which column is what. `ignored` are headers that mean nothing here; a list may come without any header."""

    places: dict[str, int]
    has_header: bool
    ignored: tuple[str, ...] = ()

    def read(self, row: Sequence[str]) -> tuple[str, str, str]:
        """Address, name and language of a row, as they stand there."""
        cell = {column: row[place] if place < len(row) else "" for column, place in self.places.items()}
        address = cell.get(EMAIL, "")
        name = cell.get(NAME) or " ".join(filter(None, (cell.get(FIRST), cell.get(LAST))))
        split = _WITH_NAME.match(address)
        if split:
            address, name = split["address"], name or split["name"]
        return address.removeprefix("mailto:").strip(), name, cell.get(LANGUAGE, "")


def understand(sample: Sequence[Sequence[str]]) -> Columns:
    """Find out from the first rows what the columns are."""
    first = sample[0]
    if not any(_is_address(cell) for cell in first):
        known = _by_header(first, sample[1:])
        if EMAIL in known or len(known) > 1:
            if EMAIL not in known:
                known |= {k: v for k, v in _by_content(sample[1:]).items() if k == EMAIL and v not in known.values()}
            ignored = tuple(cell for place, cell in enumerate(first) if cell and place not in known.values())
            return Columns(known, has_header=True, ignored=ignored)
        if len(sample) > 1 and any(_is_address(cell) for cell in sample[1]):
            return Columns(_by_content(sample[1:]), has_header=True, ignored=())
    return Columns(_by_content(sample), has_header=False)


def _by_header(header: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[str, int]:
    """The columns that the header names. Of several for addresses, a street and an e-mail say, the one with an @."""
    known: dict[str, int] = {}
    most = -1
    for place, cell in enumerate(header):
        column = _HEADERS.get(_plain(cell))
        if column == EMAIL:
            found = sum(_is_address(row[place]) for row in sample if place < len(row))
            if found > most:
                known[EMAIL], most = place, found
        elif column:
            known.setdefault(column, place)
    return known


def _by_content(sample: Sequence[Sequence[str]]) -> dict[str, int]:
    """Addresses have an @, languages are few, and what is left and has letters first is the name."""
    width = max((len(row) for row in sample), default=0)
    columns = [[row[place] for row in sample if place < len(row) and row[place]] for place in range(width)]
    found: dict[str, int] = {}
    score = [sum(map(_is_address, cells)) for cells in columns]
    if any(score):
        found[EMAIL] = score.index(max(score))
    for place, cells in enumerate(columns):
        if place == found.get(EMAIL) or not cells:
            continue
        if LANGUAGE not in found and all(language_of(cell) for cell in cells):
            found[LANGUAGE] = place
        elif NAME not in found and sum(any(map(str.isalpha, cell)) for cell in cells) * 2 > len(cells):
            found[NAME] = place
    return found


def _is_address(cell: str) -> bool:
    split = _WITH_NAME.match(cell)
    return bool(_ADDRESS.match(split["address"] if split else cell.strip()))
