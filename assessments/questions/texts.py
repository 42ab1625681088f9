"""Comparing what was typed with what is accepted: numbers in any script, words with or without case and accents."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

# What people put between thousands: spaces of any width, and the apostrophe of some countries.
BETWEEN_THOUSANDS = re.compile("[\\s'’٬_]")
# ×10^n, as calculators and Moodle write it, for the e of programs.
TIMES_TEN = re.compile(r"\s*[x×*·]\s*10\s*(?:\^|\*\*)\s*", re.IGNORECASE)
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]{1,4})?", re.IGNORECASE)
LONGEST_NUMBER = 100
QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "ـ": ""})


def split_number(typed: str) -> tuple[Decimal, str]:
    """The number at the beginning, and what follows it (a unit).

    Digits of any script count. Of comma and point the last one divides the decimals when both occur; one that occurs
    several times divides thousands; one that occurs once divides the decimals.
    Raises ValueError when there is no number at the beginning.
    """
    plain = TIMES_TEN.sub("e", "".join(_western(character) for character in typed[:LONGEST_NUMBER].strip()))
    end = _end_of_number(plain)
    digits, rest = BETWEEN_THOUSANDS.sub("", plain[:end]), plain[end:]
    found = NUMBER.match(_with_point(digits))
    if found is None or found.end() != len(_with_point(digits)):
        raise ValueError("There is no number at the beginning.")
    try:
        return Decimal(found.group()), rest.strip()
    except InvalidOperation as error:
        raise ValueError("There is no number at the beginning.") from error


def is_number(text: str) -> bool:
    """Whether the text is a number and nothing else."""
    try:
        return split_number(text)[1] == ""
    except ValueError:
        return False


def _western(character: str) -> str:
    if character == "٫":  # the Arabic decimal separator
        return "."
    if character in "−‒–":
        return "-"
    digit = unicodedata.decimal(character, None)
    return str(digit) if digit is not None else character


def _end_of_number(text: str) -> int:
    """Where the number ends: at the first character that is neither a digit nor stands between digits."""
    end = 0
    for index, character in enumerate(text):
        after = text[index + 1 : index + 2]
        is_exponent = character in "eE" and index == end and end > 0 and (after.isdigit() or after in {"-", "+"})
        if character.isdigit():
            end = index + 1
        elif not (character in ".,+-" or BETWEEN_THOUSANDS.match(character) or is_exponent):
            break
    # A point or comma at the end belongs to the number: "3." is 3.
    while end < len(text) and text[end] in ".,":
        end += 1
    return end


def _with_point(digits: str) -> str:
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = max(".,", key=digits.rfind)
        digits = digits.replace("," if decimal == "." else ".", "")
        return digits.replace(",", ".")
    if points > 1 or commas > 1:
        return digits.replace(".", "").replace(",", "")
    return digits.replace(",", ".")


def folded(typed: str, *, case_sensitive: bool, accents_matter: bool) -> str:
    """The words as they are compared: without spaces around, runs of space as one, quotation marks alike."""
    text = " ".join(unicodedata.normalize("NFKC", typed).translate(QUOTES).split())
    if not case_sensitive:
        text = text.casefold()
    if not accents_matter:
        parts = unicodedata.normalize("NFD", text)
        text = "".join(character for character in parts if unicodedata.category(character) != "Mn")
    return unicodedata.normalize("NFC", text)


def fits(typed: str, accepted: str, *, case_sensitive: bool, accents_matter: bool) -> bool:
    """Whether what was typed is what is accepted, in which * stands for any words and \\* for the star itself."""
    said = folded(typed, case_sensitive=case_sensitive, accents_matter=accents_matter)
    parts = [
        folded(part, case_sensitive=case_sensitive, accents_matter=accents_matter) for part in _between_stars(accepted)
    ]
    if len(parts) == 1:
        return said == parts[0]
    first, *middle, last = parts
    if not (said.startswith(first) and said.endswith(last) and len(said) >= len(first) + len(last)):
        return False
    place, end = len(first), len(said) - len(last)
    for part in middle:
        found = said.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True


def _between_stars(accepted: str) -> list[str]:
    return [part.replace("\0", "*") for part in accepted.replace("\\*", "\0").split("*")]
