"""What an item loses on its way through a file: the item beside what comes back, in words for an author."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.formats.items import Answer, Item, Text
from assessments.formats.lines import trim


def texts(item: Item) -> Iterator[Text]:
    """Every text of an item, those among its settings too."""
    yield item.text
    yield item.general_feedback
    for answer in item.answers:
        yield answer.text
        yield answer.feedback
    for pair in item.pairs:
        yield pair.text
    for value in item.settings.values():
        if isinstance(value, Text):
            yield value


def same_question(item: Item, back: Item) -> bool:
    """Whether the two ask the same and mark the same, however their texts are set."""
    return _core(item) == _core(back)


def named(item: Item, back: Item, *, with_formats: bool = True) -> list[str]:
    """Name what `back` lacks of `item`. `with_formats`: a text in another format counts as a loss."""
    pairs = [
        (_("its name"), trim(item.name), trim(back.name)),
        (_("its category"), item.category, back.category),
        (_("its id"), item.id_number, back.id_number),
        (
            _("its points"),
            item.default_grade if item.qtype != "description" else back.default_grade,
            back.default_grade,
        ),
        (_("its penalty for wrong attempts"), back.penalty if item.penalty is None else item.penalty, back.penalty),
        (_("its units"), item.units, back.units),
        (_("its general feedback"), trim(item.general_feedback.content), back.general_feedback.content),
        (_("the feedback to its answers"), _feedback(item), _feedback(back)),
        (_("part of the marks for its answers"), _fractions(item), _fractions(back)),
    ]
    lost = [name for name, ours, theirs in pairs if ours != theirs]
    if with_formats and any(a.content and b.content and a.format != b.format for a, b in _shown(item, back)):
        lost.append(_("the format of its texts"))
    lost.extend(_("its tag “%(tag)s”") % {"tag": tag} for tag in item.tags if tag not in back.tags)
    for name, value in sorted(item.settings.items()):
        if not _is_blank(value) and value != back.settings.get(name):
            lost.append(_("its setting “%(name)s”") % {"name": name})
    return lost


def _core(item: Item) -> tuple[object, ...]:
    answers = [(trim(answer.text.content), answer.tolerance) for answer in _in_order(item)]
    if item.qtype == "truefalse":
        answers = [(text.lower(), tolerance) for text, tolerance in answers]
    pairs = [(trim(pair.text.content), trim(pair.answer)) for pair in item.pairs]
    return item.qtype, bool(item.settings.get("single", True)), trim(item.text.content), answers, pairs


def _in_order(item: Item) -> list[Answer]:
    # Only of true and false the order means nothing.
    by_text = item.qtype == "truefalse"
    return sorted(item.answers, key=lambda answer: answer.text.content.lower()) if by_text else list(item.answers)


def _feedback(item: Item) -> list[str]:
    return [trim(answer.feedback.content) for answer in _in_order(item)]


def _fractions(item: Item) -> list[object]:
    if item.qtype == "ordering":
        return []
    # A thousandth of a per cent is how near Moodle looks.
    return [round(answer.fraction, 3) for answer in _in_order(item)]


def _shown(item: Item, back: Item) -> Iterator[tuple[Text, Text]]:
    """Each text beside what it comes back as."""
    yield item.text, back.text
    yield item.general_feedback, back.general_feedback
    for pair, other_pair in zip(item.pairs, back.pairs, strict=False):
        yield pair.text, other_pair.text
    for answer, other in zip(_in_order(item), _in_order(back), strict=False):
        yield answer.feedback, other.feedback
        # Of the other types an answer is not shown, but compared with what a learner types.
        if item.qtype in ("multichoice", "ordering"):
            yield answer.text, other.text


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, Text) and not trim(value.content))
