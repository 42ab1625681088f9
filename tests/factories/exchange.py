"""Questions as exchange files bring them."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image
from wagtail.models import Locale

from assessments.domain.exchange.content import Content
from assessments.domain.exchange.from_items import content_of
from assessments.domain.exchange.importing import Prepared, Report, import_questions
from assessments.domain.exchange.pictures import Pictures
from assessments.formats.items import Answer, EmbeddedFile, Item, Pair, Text, TextFormat, Unit
from assessments.models import QuestionBank
from tests.factories.assessments import QuestionBankFactory


def html(content: str, *files: EmbeddedFile) -> Text:
    return Text(content, TextFormat.HTML, files)


def plain(content: str) -> Text:
    return Text(content, TextFormat.PLAIN)


def answer(text: str, fraction: str = "0", feedback: str = "", tolerance: str = "0") -> Answer:
    return Answer(html(text), Decimal(fraction), html(feedback), Decimal(tolerance))


def item(qtype: str, *answers: Answer, text: str = "<p>What?</p>", name: str = "A question", **fields: Any) -> Item:
    return Item(qtype=qtype, name=name, text=html(text), answers=answers, **fields)


def pair(text: str, match: str) -> Pair:
    return Pair(html(text), match)


def unit(name: str, multiplier: str) -> Unit:
    return Unit(name, Decimal(multiplier))


def png(colour: str = "navy") -> bytes:
    data = BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "PNG")
    return data.getvalue()


def gift_of(count: int, *, word: str = "waves") -> bytes:
    """A GIFT file with that many single-choice questions."""
    lines = [f"::Question {n}:: How many {word} are {n}? {{ ={n} ~{n + 1} ~none }}\n" for n in range(count)]
    return "\n".join(lines).encode()


def gap(qtype: str, *answers: object, **fields: object) -> Item:
    return Item(qtype=qtype, name="", text=Text(), answers=answers, **fields)  # type: ignore[arg-type]


FILE = EmbeddedFile("map one.png", png())


def kept(of: Item) -> Content:
    return content_of(of, Pictures())[0]


def told(of: Item) -> list[str]:
    return content_of(of, Pictures())[1]


def essence(content: Content) -> list[tuple]:
    return [(o.text or o.match, o.correct, o.share) for o in content.options]


def with_picture(name: str = "One", alt: str = "A map", file: EmbeddedFile = FILE) -> Item:
    source = f'<p>See <img src="@@PLUGINFILE@@{file.path}{file.name.replace(" ", "%20")}" alt="{alt}" width="9"></p>'
    return Item("essay", name, html(source, file))


def of_items(*items: Item) -> Prepared:
    """What `prepare` makes of a file with these questions."""
    prepared = Prepared([], Pictures(), [], [])
    for one in items:
        content, _notes = content_of(one, prepared.pictures)
        prepared.contents.append(content)
    return prepared


def bring(*items: Item, bank: QuestionBank | None = None) -> Report:
    bank = bank or QuestionBankFactory()
    return import_questions(prepared=of_items(*items), bank=bank, locale=Locale.get_default(), by=None)
