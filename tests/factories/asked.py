"""Questions as plain data, for tests of their types."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from assessments import questions
from assessments.questions import Asked, Option, Rules


def asked(*options: Option, **rules: Any) -> Asked:
    prompt = rules.pop("prompt", "<p>Prompt?</p>")
    return Asked(options=options, rules=Rules(**rules), prompt=prompt)


def choices(**correct: bool) -> Asked:
    return asked(*(Option(id=name, text=f"Option {name}", correct=right) for name, right in correct.items()))


def earned(kind: str, answer: Any, question: Asked) -> Decimal:
    return questions.get(kind).mark(answer, question)


def is_valid(kind: str, question: Asked) -> bool:
    try:
        questions.get(kind).validate(question)
    except ValidationError:
        return False
    return True


CAPITALS = asked(
    Option(id="1", type="pair", text="Brazil", match="Brasília"),
    Option(id="2", type="pair", text="Peru", match="Lima"),
    Option(id="3", type="pair", text="", match="São Paulo"),
    Option(id="4", type="pair", text="The city on the Rímac", match="Lima"),
)

STEPS = asked(*(Option(id=name, type="item", text=f"Step {name}") for name in "abcd"))


DISTANCE = asked(
    Option(id="n", type="number", text="3.5", tolerance=Decimal("0.1")),
    Option(id="near", type="number", text="3.5", tolerance=Decimal(1), share=Decimal(50)),
    Option(id="u1", type="unit", text="km"),
    Option(id="u2", type="unit", text="m", multiplier=Decimal(1000)),
    unit_penalty=20,
)

GAPS = asked(
    Option(
        id="g1",
        type="gap",
        control="text",
        inside=(
            Option(id="a", type="answer", text="1951"),
            Option(id="b", type="answer", text="51", share=Decimal(50)),
        ),
    ),
    Option(
        id="g2",
        type="gap",
        control="choice",
        weight=Decimal(3),
        inside=(
            Option(id="c", type="answer", text="Geneva", correct=True),
            Option(id="d", type="answer", text="Vienna"),
        ),
    ),
    prompt="<p>The Convention of [[1]] was signed in [[2]].</p>",
)


def step(name: str, *choices: tuple[str, str, int | None]) -> Option:
    inside = tuple(
        Option(
            id=f"{name}-{key}", type="choice", text=key, leads_to=to, share=None if share is None else Decimal(share)
        )
        for key, to, share in choices
    )
    return Option(id=name, type="step", name=name, text=f"<p>{name}</p>", inside=inside)


CASE = asked(
    step("start", ("wait", "office", 40), ("refuse", "end", -20)),
    step("office", ("ask", "end", 60), ("send", "end", None)),
    step("end"),
)
