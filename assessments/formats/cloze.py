"""Embedded answers (Moodle's "cloze"): a text in which {1:SHORTANSWER:=Rome~%50%Roma#Nearly} stands for a gap.

What counts as a gap, and where it ends, follows Moodle's grammar (question/type/multianswer/questiontype.php, 5.1).
There it is a regular expression that may try all ways to cut a text, which takes for ever on some; here it is one
walk from the end of the text to its beginning, with the same first choice.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html.entities import name2codepoint

from django.utils.translation import gettext as _

from assessments.formats.items import Answer, Item, Text, TextFormat
from assessments.formats.moodle_values import SPACE, number

GAPS_AT_MOST = 1000
ANSWERS_AT_MOST = 1000
CHARACTERS_AT_MOST = 1_000_000
_FULL = Decimal(100)
_PLACES = Decimal("0.00001")  # Of a per cent: Moodle keeps seven decimal places of a fraction.

# The written names of the types; Moodle has capital letters only.
_KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "NUMERICAL": ("numerical", {}),
    "SHORTANSWER": ("shortanswer", {"usecase": False}),
    "SHORTANSWER_C": ("shortanswer", {"usecase": True}),
    "MULTICHOICE": ("multichoice", {"single": True, "shuffleanswers": False, "layout": "dropdown"}),
    "MULTICHOICE_S": ("multichoice", {"single": True, "shuffleanswers": True, "layout": "dropdown"}),
    "MULTICHOICE_V": ("multichoice", {"single": True, "shuffleanswers": False, "layout": "vertical"}),
    "MULTICHOICE_VS": ("multichoice", {"single": True, "shuffleanswers": True, "layout": "vertical"}),
    "MULTICHOICE_H": ("multichoice", {"single": True, "shuffleanswers": False, "layout": "horizontal"}),
    "MULTICHOICE_HS": ("multichoice", {"single": True, "shuffleanswers": True, "layout": "horizontal"}),
    "MULTIRESPONSE": ("multichoice", {"single": False, "shuffleanswers": False, "layout": "vertical"}),
    "MULTIRESPONSE_S": ("multichoice", {"single": False, "shuffleanswers": True, "layout": "vertical"}),
    "MULTIRESPONSE_H": ("multichoice", {"single": False, "shuffleanswers": False, "layout": "horizontal"}),
    "MULTIRESPONSE_HS": ("multichoice", {"single": False, "shuffleanswers": True, "layout": "horizontal"}),
}
_SHORT = {
    "NM": "NUMERICAL",
    "SA": "SHORTANSWER",
    "MW": "SHORTANSWER",
    "SAC": "SHORTANSWER_C",
    "MWC": "SHORTANSWER_C",
    **{f"MC{tail}": f"MULTICHOICE{'_' if tail else ''}{tail}" for tail in ("", "S", "V", "VS", "H", "HS")},
    **{f"MR{tail}": f"MULTIRESPONSE{'_' if tail else ''}{tail}" for tail in ("", "S", "H", "HS")},
}

_START = re.compile(r"\{([0-9]*):(" + "|".join(sorted([*_KINDS, *_SHORT], key=len, reverse=True)) + r"):")
_SEPARATOR = re.compile(r"(?<!\\)[~}]")
_DELIMITER = re.compile(r"(?<!\\)[~#}]")
_FRACTION = r"(?P<fraction>=|%(?P<percent>-?[0-9]+(?:[.,][0-9]*)?)%)"
_FRACTION_AT = re.compile(_FRACTION)
_ALTERNATIVE = re.compile(
    r"~?" + _FRACTION + r"?(?P<answer>.+?(?<!\\)(?=[~#}]|$))(?:#(?P<feedback>.*?(?<!\\)(?=[~}]|$)))?", re.DOTALL
)
_BARE_NUMBER = r"-?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
_NUMERICAL = re.compile(rf"(?P<number>{_BARE_NUMBER})(?::(?P<tolerance>{_BARE_NUMBER}))?\n?")
_PLACE = re.compile(r"\{#([1-9]\d{0,5})\}", re.ASCII)
_HARD = re.compile(r"~|\\\Z")
_ENTITY = re.compile(r"&(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,9});")


class BadGap(ValueError):
    """The text cannot be a question with gaps; the message says why, in words for an author."""


class _Ends:
    """Where in a text an answer, with its feedback, can end so that what follows closes the gap."""

    def __init__(self, text: str) -> None:
        self.text = text
        ends: list[int] = []  # From the last to the first.
        for match in reversed([*_SEPARATOR.finditer(text)]):
            # After "~" another answer of at least one sign has to come, and an end for it.
            if match[0] == "}" or (ends and ends[0] > match.end()):
                ends.append(match.start())
        self.ends = ends[::-1]

    def _first(self, at: int) -> int | None:
        place = bisect_left(self.ends, at)
        return self.ends[place] if place < len(self.ends) else None

    def close(self, at: int) -> int | None:
        """Where the "}" stands that closes the gap whose first answer begins at `at`; None when nothing does."""
        while True:
            fraction = _FRACTION_AT.match(self.text, at)
            end = self._first((fraction.end() if fraction else at) + 1)
            if end is None and fraction:
                end = self._first(at + 1)
            if end is None or self.text[end] == "}":
                return end
            at = end + 1


def extract(text: str, name: str = "") -> tuple[str, tuple[Item, ...]]:
    """The text with {#1}, {#2} ... in place of its gaps, and the gaps. Raises BadGap where Moodle refuses one."""
    if len(text) > CHARACTERS_AT_MOST:
        raise BadGap(_("The text is longer than %(count)d characters.") % {"count": CHARACTERS_AT_MOST})
    ends = _Ends(text)
    pieces: list[str] = []
    gaps: list[Item] = []
    done = 0
    for start in _START.finditer(text):
        if start.start() < done:
            continue
        close = ends.close(start.end())
        if close is None:
            break  # What follows has no closing brace either.
        if len(gaps) == GAPS_AT_MOST:
            raise BadGap(_("There are more than %(count)d gaps in the text.") % {"count": GAPS_AT_MOST})
        source = text[start.start() : close + 1]
        gaps.append(_gap(start, source, text[start.end() : close], len(gaps) + 1, name))
        pieces += text[done : start.start()], f"{{#{len(gaps)}}}"
        done = close + 1
    if not gaps:
        raise BadGap(_("There is no gap in the text, such as {1:SHORTANSWER:=Rome}."))
    return "".join([*pieces, text[done:]]), tuple(gaps)


def _gap(start: re.Match[str], source: str, alternatives: str, place: int, name: str) -> Item:
    qtype, settings = _KINDS[_SHORT.get(start[2], start[2])]
    answers = list(_answers(alternatives, qtype, place))
    if settings.get("single") is False:
        answers = _shared(answers, specific=_has_specific_fraction(alternatives))
    _check(answers, qtype, settings, place)
    if len(start[1]) > 5:  # Moodle keeps twelve digits, seven of them decimal places.
        raise BadGap(_("Gap %(place)d has too large a weight.") % {"place": place})
    return Item(
        qtype=qtype,
        name=name,
        text=Text(source),
        answers=tuple(_stored(answer) for answer in answers if not _is_left_out(answer, qtype)),
        default_grade=Decimal(start[1] or 1),
        penalty=Decimal(0),
        settings=dict(settings),
    )


def _stored(answer: Answer) -> Answer:
    content = answer.text.content.strip(SPACE)
    if answer.text.format is TextFormat.PLAIN and content != answer.text.content:
        return Answer(Text(content, TextFormat.PLAIN), answer.fraction, answer.feedback, answer.tolerance)
    return answer


def _is_left_out(answer: Answer, qtype: str) -> bool:
    """Whether Moodle stores nothing of this answer."""
    if answer.text.content.strip(SPACE):
        return False
    return qtype == "multichoice" or (not answer.fraction and not answer.feedback.content.strip(SPACE))


def _matches(alternatives: str) -> Iterator[re.Match[str]]:
    at = 0
    while match := _ALTERNATIVE.search(alternatives, at):
        yield match
        at = match.end()


def _answers(alternatives: str, qtype: str, place: int) -> Iterator[Answer]:
    for count, match in enumerate(_matches(alternatives)):
        if count == ANSWERS_AT_MOST:
            raise BadGap(
                _("Gap %(place)d has more than %(count)d answers.") % {"place": place, "count": ANSWERS_AT_MOST}
            )
        fraction = _FULL if match["fraction"] == "=" else Decimal((match["percent"] or "0").replace(",", "."))
        if abs(fraction) >= 10**7:
            raise BadGap(_("Gap %(place)d has too large a grade.") % {"place": place})
        feedback = Text(_unquoted(match["feedback"] or ""))
        numerical = _NUMERICAL.fullmatch(match["answer"]) if qtype == "numerical" else None
        if numerical:
            tolerance = number(numerical["tolerance"] or "0")
            words = Text(numerical["number"], TextFormat.PLAIN)
            yield Answer(words, fraction.quantize(_PLACES), feedback, tolerance or Decimal(0))
        else:
            format_ = TextFormat.HTML if qtype == "multichoice" else TextFormat.PLAIN
            yield Answer(Text(_unquoted(match["answer"]), format_), fraction.quantize(_PLACES), feedback)


def _unquoted(words: str) -> str:
    return _ENTITY.sub(_sign, words).replace("\\}", "}").replace("\\#", "#")


def _sign(match: re.Match[str]) -> str:
    """The sign that an HTML entity stands for, as PHP has it: the names of HTML 4.01, and no control characters."""
    name = match[1]
    if not name.startswith("#"):
        return chr(name2codepoint[name]) if name in name2codepoint else match[0]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    is_sign = code in (9, 10, 13) or 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xD7FF or 0xE000 <= code <= 0x10FFFF
    return chr(code) if is_sign else match[0]


def _has_specific_fraction(alternatives: str) -> bool:
    return any(match["percent"] not in (None, "0") for match in _matches(alternatives))


def _shared(answers: Sequence[Answer], *, specific: bool) -> list[Answer]:
    """The answers of a gap with several right ones: those share the point; without grades a wrong one costs one."""
    total = sum(answer.fraction for answer in answers if answer.fraction > 0)
    if not total:
        return list(answers)

    def fraction(answer: Answer) -> Decimal:
        if answer.fraction > 0:
            return _FULL * answer.fraction / total
        return answer.fraction if specific else -_FULL * _FULL / total

    return [
        Answer(answer.text, fraction(answer).quantize(_PLACES), answer.feedback, answer.tolerance) for answer in answers
    ]


def _check(answers: Sequence[Answer], qtype: str, settings: dict[str, object], place: int) -> None:
    filled = [answer for answer in answers if answer.text.content.strip(SPACE)]
    if qtype == "numerical":
        for answer in filled:
            words = answer.text.content.strip(SPACE)
            if words != "*" and number(words) is None:
                raise BadGap(
                    _("Gap %(place)d needs a number or *, and “%(words)s” is neither.")
                    % {"place": place, "words": words}
                )
    if len(filled) < (2 if qtype == "multichoice" else 1):
        raise BadGap(_("Gap %(place)d has too few answers.") % {"place": place})
    several = settings.get("single") is False
    if not any(answer.fraction > 0 if several else answer.fraction == _FULL for answer in filled):
        raise BadGap(_("Gap %(place)d has no answer that is completely right.") % {"place": place})
    counted = filled if qtype == "multichoice" else answers
    if qtype != "numerical" and not several and max(answer.fraction for answer in counted) != _FULL:
        raise BadGap(_("Gap %(place)d has an answer worth more than 100 per cent.") % {"place": place})


def embed(text: str, gaps: Sequence[Item]) -> str:
    """The text with the gaps written out. Raises ValueError for a gap that has no place in it or cannot be written."""
    left = set(range(1, len(gaps) + 1))

    def source(match: re.Match[str]) -> str:
        place = int(match[1])
        if place not in left:
            return match[0]
        left.remove(place)
        return written(gaps[place - 1])

    filled = _PLACE.sub(source, text)
    if left:
        raise ValueError(f"no place in the text for gap {min(left)}")
    return filled


def written(gap: Item) -> str:
    """The gap in Moodle's words: those it was read from if they still say the same."""
    try:
        if extract(gap.text.content, gap.name) == ("{#1}", (gap,)):
            return gap.text.content
    except BadGap:
        pass
    kind = _kind(gap)
    if gap.default_grade != gap.default_grade.to_integral_value() or gap.default_grade < 0:
        raise ValueError(f"the weight of a gap is a whole number, not {gap.default_grade}")
    answers = "~".join(_written_answer(answer, gap) for answer in gap.answers)
    return f"{{{int(gap.default_grade)}:{kind}:{answers}}}"


def _kind(gap: Item) -> str:
    """The written name of the type. Raises ValueError when Moodle has no gap with these settings."""
    asked = {key: bool(gap.settings[key]) for key in ("single", "shuffleanswers", "usecase") if key in gap.settings}
    layout = {"layout": gap.settings["layout"]} if "layout" in gap.settings else {}
    for kind, (qtype, settings) in _KINDS.items():
        if qtype == gap.qtype and settings == settings | asked | layout:
            return kind
    raise ValueError(f"a gap of the type {gap.qtype} with these settings cannot be written")


def _written_answer(answer: Answer, gap: Item) -> str:
    # Nought is written too: without it, an answer that begins with "=" or "%" would be read as a right one. With
    # several right answers the full grade is a number as well: "=" would make every wrong answer cost something.
    is_full = answer.fraction == _FULL and gap.settings.get("single") is not False
    grade = "=" if is_full else f"%{answer.fraction.normalize() if answer.fraction else 0:f}%"
    words = _quoted_answer(answer.text)
    if gap.qtype == "numerical" and answer.tolerance and words != "*":
        words += f":{answer.tolerance:f}"
    return grade + words + (f"#{_quoted_feedback(answer.feedback.content)}" if answer.feedback.content else "")


def _quoted_answer(text: Text) -> str:
    """The words so that none of them ends the answer. Raises ValueError where Moodle's grammar has no way to say them.

    Entities with a number are out: their "#" begins the feedback. In HTML such an entity can be said in a roundabout
    way, which shows the same; plain words cannot have "~", nor a backslash at the end.
    """
    words = text.content.replace("&", "&amp;").replace("#", "\\#").replace("}", "\\}")
    is_hard = words.endswith("\\") or _DELIMITER.search(words)
    if not is_hard:
        return words
    if text.format is not TextFormat.HTML:
        raise ValueError(f"no way to write “{text.content}” in a gap")
    return _HARD.sub(lambda match: f"&amp;\\#{ord(match[0])};", words)


def _quoted_feedback(words: str) -> str:
    words = words.replace("&", "&amp;").replace("#", "\\#").replace("}", "\\}").replace("~", "&#126;")
    return f"{words[:-1]}&#92;" if words.endswith("\\") else words
