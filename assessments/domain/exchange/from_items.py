"""What becomes of each of Moodle's types (docs/question-formats.md has the table)."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments import questions
from assessments.domain.exchange.content import Content
from assessments.domain.exchange.gaps import gap_fill
from assessments.domain.exchange.pictures import Pictures
from assessments.domain.exchange.refusing import NotHeld, share, within
from assessments.domain.exchange.texts import Texts, line_of, plain_words
from assessments.formats.items import Answer, Item, Text
from assessments.questions import Option, Rules

FULL = Decimal(100)
# The penalty that Moodle gives where nobody chose one, and that of true and false.
USUAL_PENALTIES = {Decimal("0.3333333"), Decimal(1), Decimal(0)}
LONGEST_NAME, LONGEST_CATEGORY, LONGEST_TAG, LONGEST_TEMPLATE = 255, 400, 100, 10_000
LARGEST_WEIGHT = Decimal("99999.99")
_BETWEEN_CATEGORIES = re.compile(r"(?<!/)/(?!/)")


def new_id() -> str:
    return uuid.uuid4().hex


@dataclass
class Reader:
    """One question on its way in."""

    item: Item
    texts: Texts

    @property
    def settings(self) -> dict[str, Any]:
        return self.item.settings

    def note(self, sentence: str) -> None:
        self.texts.notes.append(sentence)

    def setting(self, name: str) -> Text:
        value = self.settings.get(name)
        return value if isinstance(value, Text) else Text()


def content_of(item: Item, pictures: Pictures) -> tuple[Content, list[str]]:
    """The question as a row holds it, and a sentence for all of it that is not kept. Raises NotHeld."""
    reader = Reader(item, Texts(pictures))
    convert = CONVERTERS.get(item.qtype)
    if convert is None:
        raise NotHeld(_("There are no questions of the type “%(type)s” here.") % {"type": item.qtype[:50]})
    begun = Content(
        kind="",
        prompt=reader.texts.html(item.text),
        feedback=reader.texts.html(item.general_feedback),
        weight=_weight(reader),
        name=_cut(reader, item.name, LONGEST_NAME, _("The name")),
        category=_category(item.category),
        tags=tuple(_tags(reader)),
        id_number=line_of(item.id_number),
        qtype=item.qtype,
        line=item.line,
    )
    content = convert(reader, begun)
    _tell_unkept(reader)
    _check(content)
    return replace(content, files=reader.texts.files), list(dict.fromkeys(reader.texts.notes))


def _check(content: Content) -> None:
    for option in content.options:
        within(option.match, 500, _("An answer"))
    try:
        questions.get(content.kind).validate(content.asked())
    except ValidationError as error:
        raise NotHeld(" ".join(error.messages)) from error


def _weight(reader: Reader) -> Decimal:
    given = reader.item.default_grade
    if not given.is_finite() or not 0 <= given <= LARGEST_WEIGHT:
        raise NotHeld(_("Its points are not between 0 and %(most)s.") % {"most": LARGEST_WEIGHT})
    weight = given.quantize(Decimal("0.01"))
    if weight != given:
        reader.note(_("Points have two decimals here; the rest is not kept."))
    return weight


def _cut(reader: Reader, text: str, longest: int, what: str) -> str:
    line = line_of(text)
    if len(line) > longest:
        reader.note(_("%(what)s is cut after %(count)d signs.") % {"what": what, "count": longest})
    return line[:longest]


def _category(path: str) -> str:
    """The path without Moodle's "top" and without spaces around its names. A doubled slash is one within a name."""
    names = [line_of(name) for name in _BETWEEN_CATEGORIES.split(path)]
    if names and names[0] == "top":
        names = names[1:]
    kept = "/".join(name for name in names if name)
    within(kept, LONGEST_CATEGORY, _("The name of its category"))
    return kept


def _tags(reader: Reader) -> Iterator[str]:
    for tag in dict.fromkeys(line_of(tag) for tag in reader.item.tags):
        if tag:
            yield _cut(reader, tag, LONGEST_TAG, _("A tag"))


def _tell_unkept(reader: Reader) -> None:
    """Say what of the question has no place here."""
    combined = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    if any(plain_words(reader.setting(name).content) for name in combined):
        reader.note(_("The feedback for right, partly right and wrong answers as a whole is not kept."))
    if reader.settings.get("hints"):
        reader.note(_("Hints for another try are not kept."))
    penalty = reader.item.penalty
    if penalty is not None and penalty.quantize(Decimal("0.0000001")) not in USUAL_PENALTIES:
        reader.note(_("The penalty for another try is not kept: a question has one try in an attempt."))
    if reader.settings.get("answernumbering", "abc") not in ("abc", "none"):
        reader.note(_("The numbering of its options is not kept."))
    if plain_words(reader.setting("instructions").content):
        reader.note(_("The instructions on units are not kept. Write them into the question."))


# --- Choice -------------------------------------------------------------------------------------------------------


def _fraction(answer: Answer) -> Decimal:
    return share(answer.fraction)


def _multichoice(reader: Reader, content: Content) -> Content:
    single = reader.settings.get("single", True)
    fractions = [_fraction(answer) for answer in reader.item.answers]
    plain = _is_plain_single(fractions) if single else _is_plain_several(fractions)
    options = tuple(
        Option(
            id=new_id(),
            text=reader.texts.html(answer.text),
            # Where shares are stated they decide; this says which ones are right.
            correct=fraction == FULL if single else fraction > 0,
            share=None if plain else fraction,
            feedback=reader.texts.html(answer.feedback),
        )
        for answer, fraction in zip(reader.item.answers, fractions, strict=True)
    )
    if single and FULL not in fractions:
        reader.note(_("None of its options earns the whole point."))
    if not single and not plain and abs(sum(f for f in fractions if f > 0) - FULL) > 1:
        reader.note(_("The shares of its right options do not add up to 100 per cent."))
    rules = Rules(shuffle=bool(reader.settings.get("shuffleanswers", True)))
    return replace(content, kind="single_choice" if single else "multiple_choice", options=options, rules=rules)


def _is_plain_single(fractions: list[Decimal]) -> bool:
    """Whether "this one is right" says all."""
    return sorted(fractions, reverse=True) == [FULL, *[Decimal(0)] * (len(fractions) - 1)]


def _is_plain_several(fractions: list[Decimal]) -> bool:
    """Whether the rule of multiple choice gives the same: right ones share the point, a wrong one costs one share."""
    right = [fraction for fraction in fractions if fraction > 0]
    wrong = [fraction for fraction in fractions if fraction <= 0]
    if not right or not wrong:
        return False
    each = FULL / len(right)
    near = Decimal("0.01")
    return all(abs(f - each) < near for f in right) and all(abs(f + each) < near for f in wrong)


def _truefalse(reader: Reader, content: Content) -> Content:
    by_word = {answer.text.content.strip().lower(): answer for answer in reader.item.answers}
    if set(by_word) != {"true", "false"}:
        raise NotHeld(_("The question must have the answers true and false."))
    options = tuple(
        Option(id=word, correct=by_word[word].fraction == FULL, feedback=reader.texts.html(by_word[word].feedback))
        for word in ("true", "false")
    )
    return replace(content, kind="true_false", options=options)


# --- Typed --------------------------------------------------------------------------------------------------------


def _share_of_accepted(answer: Answer) -> Decimal | None:
    fraction = _fraction(answer)
    return None if fraction == FULL else fraction


def _shortanswer(reader: Reader, content: Content) -> Content:
    options = tuple(
        Option(
            id=new_id(),
            type="accepted",
            text=within(line_of(answer.text.content), 500, _("An accepted answer")),
            share=_share_of_accepted(answer),
            feedback=reader.texts.html(answer.feedback),
        )
        for answer in reader.item.answers
    )
    rules = Rules(case_sensitive=bool(reader.settings.get("usecase")), accents_matter=True)
    return replace(content, kind="short_text", options=options, rules=rules)


def _numerical(reader: Reader, content: Content) -> Content:
    numbers = [
        Option(
            id=new_id(),
            type="number",
            text=within(line_of(answer.text.content), 60, _("A number")),
            tolerance=abs(answer.tolerance),
            share=_share_of_accepted(answer),
            feedback=reader.texts.html(answer.feedback),
        )
        for answer in reader.item.answers
    ]
    units = [
        Option(
            id=new_id(),
            type="unit",
            text=within(line_of(unit.name), 40, _("The name of a unit")),
            multiplier=unit.multiplier,
        )
        for unit in reader.item.units
    ]
    if all(option.share is not None for option in numbers):
        reader.note(_("None of its numbers earns the whole point."))
    return replace(
        content,
        kind="numeric",
        options=(*numbers, *units),
        rules=Rules(unit_penalty=_unit_penalty(reader, has_units=bool(units))),
    )


def _unit_penalty(reader: Reader, *, has_units: bool) -> int:
    grading = reader.settings.get("unitgradingtype", 0)
    if not has_units or not grading:
        return 0
    per_cent = FULL * Decimal(str(reader.settings.get("unitpenalty", "0.1")))
    kept = min(max(int(per_cent.to_integral_value()), 0), 100)
    if grading != 1:
        reader.note(_("A wrong unit costs a part of what the number earned, not of the whole question."))
    if kept != per_cent:
        reader.note(_("What a wrong unit costs is kept in whole per cent."))
    return kept


# --- The others ---------------------------------------------------------------------------------------------------


def _match(reader: Reader, content: Content) -> Content:
    options = tuple(
        Option(id=new_id(), type="pair", text=reader.texts.html(pair.text), match=line_of(pair.answer))
        for pair in reader.item.pairs
    )
    rules = Rules(shuffle=bool(reader.settings.get("shuffleanswers", True)))
    return replace(content, kind="matching", options=options, rules=rules)


def _ordering(reader: Reader, content: Content) -> Content:
    options = tuple(
        Option(id=new_id(), type="item", text=reader.texts.html(answer.text)) for answer in reader.item.answers
    )
    grading = reader.settings.get("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST")
    if grading not in ("RELATIVE_NEXT_EXCLUDE_LAST", "ALL_OR_NOTHING"):
        reader.note(_("It is marked by who follows whom; Moodle’s other way of marking it is not kept."))
    if reader.settings.get("selecttype", "ALL") != "ALL" and reader.settings.get("selectcount", 0) < len(options):
        reader.note(_("All its items are shown, not a selection of them."))
    if reader.settings.get("layouttype", "VERTICAL") != "VERTICAL":
        reader.note(_("Its items stand below each other, not in a row."))
    return replace(content, kind="ordering", options=options, rules=Rules(all_or_nothing=grading == "ALL_OR_NOTHING"))


def _essay(reader: Reader, content: Content) -> Content:
    if reader.settings.get("attachments"):
        reader.note(_("Files cannot be attached to an essay here. Use a practical assessment for that."))
    template = plain_words(reader.texts.html(reader.setting("responsetemplate")))
    if len(template) > LONGEST_TEMPLATE:
        reader.note(_("The text to begin with is cut after %(count)d signs.") % {"count": LONGEST_TEMPLATE})
    return replace(
        content,
        kind="essay",
        template=template[:LONGEST_TEMPLATE],
        marking_notes=reader.texts.html(reader.setting("graderinfo")),
        rules=Rules(
            min_words=_count(reader.settings.get("minwordlimit")), max_words=_count(reader.settings.get("maxwordlimit"))
        ),
    )


def _count(value: Any) -> int:
    return min(max(int(value or 0), 0), 100_000)


def _description(reader: Reader, content: Content) -> Content:
    return replace(content, kind="information", weight=Decimal(0))


def _multianswer(reader: Reader, content: Content) -> Content:
    prompt, options, rules = gap_fill(reader.item, content.prompt, reader.texts, new_id)
    return replace(content, kind="gap_fill", prompt=prompt, options=options, rules=rules)


CONVERTERS: dict[str, Callable[[Reader, Content], Content]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "match": _match,
    "ordering": _ordering,
    "essay": _essay,
    "description": _description,
    "multianswer": _multianswer,
}
