"""Moodle's embedded answers ("cloze") as texts with gaps."""

import re
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.domain.exchange.refusing import NotHeld, share, within
from assessments.domain.exchange.texts import Texts, line_of
from assessments.formats.items import Answer, Item
from assessments.questions import Option, Rules

FULL = Decimal(100)
CONTROLS = {"shortanswer": "text", "numerical": "number", "multichoice": "choice"}
_PLACE = re.compile(r"\{#([1-9][0-9]{0,2})\}")
_OWN_MARK = re.compile(r"\[\[[0-9]{1,3}\]\]")


def gap_fill(item: Item, prompt: str, texts: Texts, new_id: Callable[[], str]) -> tuple[str, tuple[Option, ...], Rules]:
    """The text with [[1]], [[2]] … for its gaps, the gaps, and the rules. Raises NotHeld for what gaps cannot hold."""
    if _OWN_MARK.search(prompt):
        raise NotHeld(_("The text holds signs such as [[1]], which stand for gaps here."))
    known = range(1, len(item.gaps) + 1)
    prompt = _PLACE.sub(lambda found: f"[[{found[1]}]]" if int(found[1]) in known else found[0], prompt)
    options = tuple(_gap(gap, place, texts, new_id) for place, gap in enumerate(item.gaps, start=1))
    if any(gap.settings.get("layout", "dropdown") != "dropdown" for gap in item.gaps):
        texts.notes.append(_("Answers of a gap that stood side by side or below each other are a list to open here."))
    if any(gap.settings.get("shuffleanswers") for gap in item.gaps):
        texts.notes.append(_("The answers in the lists of its gaps keep their order."))
    return prompt, options, Rules(case_sensitive=_capitals_matter(item), accents_matter=True)


def _capitals_matter(item: Item) -> bool:
    said = {bool(gap.settings.get("usecase")) for gap in item.gaps if gap.qtype == "shortanswer"}
    if len(said) > 1:
        raise NotHeld(_("Capitals matter in some of its gaps and not in others. Here they matter in all or in none."))
    return said == {True}


def _gap(gap: Item, place: int, texts: Texts, new_id: Callable[[], str]) -> Option:
    control = CONTROLS.get(gap.qtype)
    if control is None or (control == "choice" and not gap.settings.get("single", True)):
        words = _("Gap %(place)d takes several answers at once, or is of a kind that gaps do not have here.")
        raise NotHeld(words % {"place": place})
    return Option(
        id=new_id(),
        type="gap",
        control=control,
        weight=gap.default_grade,
        inside=tuple(_answer(answer, control, place, texts, new_id) for answer in gap.answers),
    )


def _answer(answer: Answer, control: str, place: int, texts: Texts, new_id: Callable[[], str]) -> Option:
    fraction = share(answer.fraction)
    if control == "choice":
        before = texts.files
        words = line_of(texts.words(answer.text))
        if texts.files > before:
            raise NotHeld(_("Gap %(place)d has a picture among its answers.") % {"place": place})
        if "<" in texts.html(answer.text):
            texts.notes.append(_("Bold and other forms in the answers of a gap are not kept."))
    else:
        words = line_of(answer.text.content)
    is_right = fraction == FULL
    plain = is_right or (control == "choice" and not fraction)
    return Option(
        id=new_id(),
        type="answer",
        text=within(words, 500, _("An answer of gap %(place)d") % {"place": place}),
        correct=is_right and control == "choice",
        tolerance=abs(answer.tolerance),
        share=None if plain else fraction,
        feedback=texts.html(answer.feedback),
    )
