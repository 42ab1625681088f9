"""A question of every type, ready to be drawn, with an answer that earns all of it."""

from decimal import Decimal
from typing import Any

from assessments.models import Question, QuestionBank
from assessments.models.options import to_stream
from assessments.questions import Option, Posted
from tests.factories.assessments import QuestionFactory


def _gap(key: str, *answers: Option, **fields: Any) -> Option:
    return Option(id=key, type="gap", inside=answers, **fields)


def _choice(key: str, leads_to: str, share: int) -> Option:
    return Option(id=key, type="choice", text=f"<p>{key}</p>", leads_to=leads_to, share=Decimal(share))


OPTIONS: dict[str, list[Option]] = {
    "single_choice": [Option(id="right", text="Right", correct=True), Option(id="wrong", text="Wrong")],
    "multiple_choice": [
        Option(id="right-1", text="Right", correct=True),
        Option(id="right-2", text="Right, too", correct=True),
        Option(id="wrong", text="Wrong"),
    ],
    "true_false": [Option(id="true", correct=True), Option(id="false")],
    "matching": [
        Option(id="m1", type="pair", text="<p>Brazil</p>", match="Brasília"),
        Option(id="m2", type="pair", text="<p>Peru</p>", match="Lima"),
    ],
    "ordering": [Option(id=name, type="item", text=f"<p>Step {name}</p>") for name in "abc"],
    "short_text": [Option(id="s", type="accepted", text="Kigali")],
    "numeric": [Option(id="n", type="number", text="12"), Option(id="u", type="unit", text="km")],
    "gap_fill": [
        _gap("g1", Option(id="g1a", type="answer", text="1951"), control="text"),
        _gap(
            "g2",
            Option(id="g2a", type="answer", text="Geneva", correct=True),
            Option(id="g2b", type="answer", text="Rome"),
            control="choice",
        ),
    ],
    "scenario": [
        Option(
            id="s1",
            type="step",
            name="start",
            text="<p>A knock.</p>",
            inside=(_choice("open", "end", 100), _choice("wait", "end", 0)),
        ),
        Option(id="s2", type="step", name="end", text="<p>It is over.</p>"),
    ],
    "essay": [],
    "information": [],
}
PROMPTS = {"gap_fill": "<p>The Convention of [[1]] was signed in [[2]].</p>"}
# What a page posts for the right answer, by the part of the field's name.
RIGHT: dict[str, Posted] = {
    "single_choice": {"": ["right"]},
    "multiple_choice": {"": ["right-1", "right-2"]},
    "true_false": {"": ["true"]},
    "matching": {"m1": ["m1"], "m2": ["m2"]},
    "ordering": {"a": ["1"], "b": ["2"], "c": ["3"]},
    "short_text": {"": ["kigali"]},
    "numeric": {"": ["12 km"]},
    "gap_fill": {"g1": ["1951"], "g2": ["g2a"]},
    "scenario": {"s1": ["open"]},
    "essay": {"": ["What I would do first is listen."]},
}


def make_question(kind: str, bank: QuestionBank, **fields: Any) -> Question:
    """A question of this type; its key is the type's, with hyphens."""
    return QuestionFactory(
        bank=bank,
        kind=kind,
        **{
            "key": kind.replace("_", "-"),
            "prompt": PROMPTS.get(kind, f"<p>A question: {kind}?</p>"),
            "options": to_stream(OPTIONS[kind]),
            **fields,
        },
    )
