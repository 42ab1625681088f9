"""Questions as a Moodle XML file that Moodle imports. The same questions make the same bytes."""

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import quoteattr

from assessments.formats import cloze
from assessments.formats.items import Answer, EmbeddedFile, Item, Text, TextFormat
from assessments.formats.moodle_xml_parts import COMBINED_FEEDBACK

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile(r"\r\n?")
_MARKUP = re.compile(r"[<>&\"']")

_NO_TEXT = Text("", TextFormat.HTML)

Lines = Iterator[str]


def clean(words: str) -> str:
    """The words without what XML cannot hold (control characters, halves of surrogate pairs), lines ended by \\n."""
    return _LINE_END.sub("\n", _NOT_IN_XML.sub("", words))


def write(items: Sequence[Item]) -> bytes:
    """The file. Raises ValueError for a type that Moodle does not have, and for gaps that cannot be written.

    What XML cannot hold is left out; `moodle_xml.losses` says beforehand what that is.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    category = ""
    for item in items:
        if item.category != category:
            category = item.category
            lines += _category(category)
        lines += _question(item)
    return "\n".join([*lines, "</quiz>", ""]).encode()


def _category(path: str) -> Lines:
    yield '  <question type="category">'
    yield "    <category>"
    yield _text_tag(f"$course$/{path}" if path else "$course$", 6)
    yield "    </category>"
    yield "  </question>"


def _question(item: Item) -> Lines:
    write_rest = _TYPES.get(item.qtype)
    if write_rest is None:
        raise ValueError(f"no questions of the type {item.qtype} in Moodle XML")
    yield f'  <question type="{ {"match": "matching", "multianswer": "cloze"}.get(item.qtype, item.qtype) }">'
    yield "    <name>"
    yield _text_tag(item.name, 6)
    yield "    </name>"
    text = item.text
    if item.qtype == "multianswer":
        text = Text(cloze.embed(text.content, item.gaps), text.format, text.files)
    yield from _text("questiontext", text)
    yield from _text("generalfeedback", item.general_feedback)
    if item.qtype != "multianswer":
        yield _value("defaultgrade", item.default_grade)
    if item.penalty is not None:
        yield _value("penalty", item.penalty)
    yield "    <hidden>0</hidden>"
    yield f"    <idnumber>{_escaped(item.id_number)}</idnumber>"
    yield from write_rest(item)
    yield from _hints(item)
    yield from _tags(item.tags)
    yield "  </question>"


def _escaped(words: str) -> str:
    """The words as XML, in CDATA if they have markup: Moodle loses white space between two entities."""
    words = clean(words)
    return f"<![CDATA[{words.replace(']]>', ']]]]><![CDATA[>')}]]>" if _MARKUP.search(words) else words


def _text_tag(words: str, indent: int) -> str:
    return f"{' ' * indent}<text>{_escaped(words)}</text>"


def _value(tag: str, value: object) -> str:
    if isinstance(value, bool):
        words = str(int(value))
    elif isinstance(value, Decimal):
        words = _number(value)
    else:
        words = _escaped("" if value is None else str(value))
    return f"    <{tag}>{words}</{tag}>"


def _number(value: Decimal) -> str:
    return f"{value.normalize() if value else 0:f}"


def _yes(tag: str, *, is_true: object) -> str:
    return f"    <{tag}>{'true' if is_true else 'false'}</{tag}>"


def _text(tag: str, text: Text, indent: int = 4) -> Lines:
    yield f'{" " * indent}<{tag} format="{text.format.value}">'
    yield from _inside(text, indent + 2)
    yield f"{' ' * indent}</{tag}>"


def _inside(text: Text, indent: int) -> Lines:
    yield _text_tag(text.content, indent)
    yield from (_file(file, indent) for file in text.files)


def _file(file: EmbeddedFile, indent: int) -> str:
    name, path = (quoteattr(clean(words)) for words in (file.name, file.path))
    content = base64.b64encode(file.content).decode("ascii")
    return f'{" " * indent}<file name={name} path={path} encoding="base64">{content}</file>'


def _answer(answer: Answer, *, extra: str = "", has_feedback: bool = True) -> Lines:
    fraction = _number(answer.fraction)
    yield f'    <answer fraction="{fraction}" format="{answer.text.format.value}">'
    yield from _inside(answer.text, 6)
    if has_feedback:
        yield from _text("feedback", answer.feedback, 6)
    if extra:
        yield f"  {extra}"
    yield "    </answer>"


def _combined_feedback(item: Item) -> Lines:
    for tag in COMBINED_FEEDBACK:
        yield from _text(tag, item.settings.get(tag, _NO_TEXT))


def _hints(item: Item) -> Lines:
    texts = item.settings.get("hints", ())
    parts = {"shownumcorrect": "hintshownumcorrect", "clearwrong": "hintclearwrong"}
    for place, text in enumerate(texts):
        yield f'    <hint format="{text.format.value}">'
        yield from _inside(text, 6)
        for tag, setting in parts.items():
            if any(item.settings.get(setting, ())[place : place + 1]):
                yield f"      <{tag}/>"
        yield "    </hint>"


def _tags(tags: Sequence[str]) -> Lines:
    if tags:
        yield "    <tags>"
        yield from (f"      <tag><text>{_escaped(tag)}</text></tag>" for tag in tags)
        yield "    </tags>"


def _multichoice(item: Item) -> Lines:
    settings = item.settings
    yield _yes("single", is_true=settings.get("single", True))
    yield _yes("shuffleanswers", is_true=settings.get("shuffleanswers", False))
    yield _value("answernumbering", settings.get("answernumbering", "abc"))
    yield _value("showstandardinstruction", bool(settings.get("showstandardinstruction", True)))
    yield from _combined_feedback(item)
    if settings.get("shownumcorrect"):
        yield "    <shownumcorrect/>"
    for answer in item.answers:
        yield from _answer(answer)


def _truefalse(item: Item) -> Lines:
    for answer in item.answers:
        yield from _answer(answer)


def _shortanswer(item: Item) -> Lines:
    yield _value("usecase", bool(item.settings.get("usecase", False)))
    for answer in item.answers:
        yield from _answer(answer)


def _numerical(item: Item) -> Lines:
    settings = item.settings
    for answer in item.answers:
        yield from _answer(answer, extra=_value("tolerance", answer.tolerance))
    if item.units:
        yield "    <units>"
        for unit in item.units:
            yield "      <unit>"
            yield f"    {_value('multiplier', unit.multiplier)}"
            yield f"    {_value('unit_name', unit.name)}"
            yield "      </unit>"
        yield "    </units>"
    for tag in ("unitgradingtype", "unitpenalty", "showunits", "unitsleft"):
        if tag in settings:
            yield _value(tag, settings[tag])
    if "instructions" in settings:
        yield from _text("instructions", settings["instructions"])


def _match(item: Item) -> Lines:
    yield _yes("shuffleanswers", is_true=item.settings.get("shuffleanswers", True))
    yield from _combined_feedback(item)
    if item.settings.get("shownumcorrect"):
        yield "    <shownumcorrect/>"
    for pair in item.pairs:
        yield f'    <subquestion format="{pair.text.format.value}">'
        yield from _inside(pair.text, 6)
        yield "      <answer>"
        yield _text_tag(pair.answer, 8)
        yield "      </answer>"
        yield "    </subquestion>"


def _essay(item: Item) -> Lines:
    for tag in (
        *("responseformat", "responserequired", "responsefieldlines", "minwordlimit", "maxwordlimit"),
        *("attachments", "attachmentsrequired", "maxbytes", "filetypeslist"),
    ):
        if tag in item.settings:
            yield _value(tag, item.settings[tag])
    for tag in ("graderinfo", "responsetemplate"):
        yield from _text(tag, item.settings.get(tag, _NO_TEXT))


def _ordering(item: Item) -> Lines:
    settings = item.settings
    yield _value("layouttype", settings.get("layouttype", "VERTICAL"))
    yield _value("selecttype", settings.get("selecttype", "ALL"))
    yield _value("selectcount", settings.get("selectcount", len(item.answers)))
    yield _value("gradingtype", settings.get("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST"))
    yield _value("showgrading", "SHOW" if settings.get("showgrading", True) else "HIDE")
    yield _value("numberingstyle", settings.get("numberingstyle", "none"))
    yield from _combined_feedback(item)
    yield _value("shownumcorrect", bool(settings.get("shownumcorrect", True)))
    for answer in item.answers:
        # Moodle numbers the items in the order in which they stand; the grade says nothing here.
        yield from _answer(answer, has_feedback=False)


def _nothing_else(item: Item) -> Lines:
    yield from ()


_TYPES: dict[str, Callable[[Item], Lines]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "match": _match,
    "essay": _essay,
    "description": _nothing_else,
    "multianswer": _nothing_else,
    "ordering": _ordering,
}
