"""Questions of every type that Moodle XML can hold, for hypothesis: as its reader makes them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from assessments.formats import cloze
from assessments.formats.items import Answer, EmbeddedFile, Item, Pair, Text, TextFormat, Unit
from assessments.formats.moodle_values import GRADES, SPACE

SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]>",
    "<![CDATA[ x ]]>",
    "&amp;lt;",
    "&nbsp;",
    '"><svg/onload=alert(1)>',
    "{{ 7*7 }}",
    "a\n\n  b\tc",
    "\u202eabc\u0085\u2028d",
    "0",
    "Привет, مرحبا, 你好, नमस्ते, 😀",
    "javascript:alert(1)",
]

# All of Unicode that XML 1.0 can hold. A lone \r is the end of a line to XML.
_signs = st.characters(
    exclude_categories=("Cs",),
    exclude_characters="\r\ufffe\uffff" + "".join(chr(c) for c in range(32) if c not in (9, 10)),
)
words = st.one_of(st.text(_signs, max_size=30), st.sampled_from(SCRIPTS)).map(lambda text: text.strip(SPACE))
some_words = words.filter(bool)
texts_of_words = st.sampled_from(TextFormat)
files = st.lists(
    st.builds(
        EmbeddedFile,
        st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12).map(lambda name: f"{name}.png"),
        st.binary(max_size=20),
        st.sampled_from(["/", "/a/", "/a/b c/"]),
    ),
    max_size=2,
    unique_by=lambda file: (file.path, file.name),
).map(tuple)


def texts(content: st.SearchStrategy[str] = words) -> st.SearchStrategy[Text]:
    return st.builds(Text, content, texts_of_words, files)


def plain(content: st.SearchStrategy[str]) -> st.SearchStrategy[Text]:
    return st.builds(Text, content, st.just(TextFormat.PLAIN))


grades = st.sampled_from(GRADES)
amounts = st.decimals(min_value=0, max_value=99999, places=7)
numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=4).map(str)
tag_names = st.lists(some_words, max_size=3, unique_by=lambda tag: tag.lower()).map(tuple)
combined = {
    **{tag: texts() for tag in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")},
    "shownumcorrect": st.booleans(),
}


@st.composite
def hints(draw: st.DrawFn, *, with_parts: bool) -> dict[str, Any]:
    kept = draw(st.lists(texts(some_words.filter(lambda text: text != "0")), max_size=2).map(tuple))
    if not kept:
        return {}
    flags = st.lists(st.booleans(), min_size=len(kept), max_size=len(kept)).map(tuple)
    parts = {"hintshownumcorrect": draw(flags), "hintclearwrong": draw(flags)} if with_parts else {}
    return {"hints": kept, **parts}


def settings(given: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(given)


def _is_old_penalty(penalty: Decimal) -> bool:
    return penalty != Decimal("0.3333333") and abs(penalty - Decimal("0.3333333")) < Decimal("0.005")


headers: dict[str, st.SearchStrategy[Any]] = {
    "name": words,
    "text": texts(),
    "default_grade": amounts,
    "penalty": amounts.filter(lambda penalty: not _is_old_penalty(penalty)),
    "general_feedback": texts(),
    "id_number": st.text(_signs, max_size=20).filter(lambda text: text == "" or bool(text.strip(SPACE))),
    "tags": tag_names,
    "category": st.sampled_from(["", "top/Asylum", "top/Asylum/Interviews", "Pi//Rho/<b>", "$course$/x"]),
}


@st.composite
def multichoice(draw: st.DrawFn) -> Item:
    return Item(
        qtype="multichoice",
        answers=draw(
            st.lists(st.builds(Answer, texts(some_words), grades, texts()), min_size=2, max_size=4).map(tuple)
        ),
        settings=draw(
            settings(
                {
                    "single": st.booleans(),
                    "shuffleanswers": st.booleans(),
                    "answernumbering": st.sampled_from(["abc", "ABCD", "123", "iii", "IIII", "none"]),
                    "showstandardinstruction": st.booleans(),
                    **combined,
                }
            )
        )
        | draw(hints(with_parts=True)),
        **{key: draw(value) for key, value in headers.items()},
    )


@st.composite
def truefalse(draw: st.DrawFn) -> Item:
    right = draw(st.booleans())
    return Item(
        qtype="truefalse",
        answers=(
            Answer(Text("true", TextFormat.MOODLE), Decimal(100 * right), draw(texts())),
            Answer(Text("false", TextFormat.MOODLE), Decimal(100 * (not right)), draw(texts())),
        ),
        settings=draw(hints(with_parts=False)),
        **{key: draw(value) for key, value in headers.items()},
    )


@st.composite
def shortanswer(draw: st.DrawFn) -> Item:
    right = draw(st.builds(Answer, plain(words), st.just(Decimal(100)), texts()))
    more = draw(st.lists(st.builds(Answer, plain(some_words), grades, texts()), max_size=3))
    return Item(
        qtype="shortanswer",
        answers=(right, *more),
        settings={"usecase": draw(st.booleans())} | draw(hints(with_parts=False)),
        **{key: draw(value) for key, value in headers.items()},
    )


@st.composite
def numerical(draw: st.DrawFn) -> Item:
    tolerances = st.decimals(min_value=0, max_value=1000, places=4)
    answers = st.builds(Answer, plain(st.one_of(numbers, st.just("*"))), grades, texts(), tolerances)
    multipliers = st.decimals(min_value=Decimal("0.001"), max_value=1000, places=3)
    unit_names = some_words.filter(lambda name: name != "0")
    units = draw(st.lists(st.builds(Unit, unit_names, multipliers), max_size=2, unique_by=lambda unit: unit.name))
    return Item(
        qtype="numerical",
        answers=draw(st.lists(answers, min_size=1, max_size=3).map(tuple)),
        units=tuple(units),
        settings=draw(
            settings(
                {
                    "unitgradingtype": st.integers(0, 2),
                    "unitpenalty": st.decimals(min_value=0, max_value=1, places=7),
                    "showunits": st.integers(0, 3),
                    "unitsleft": st.booleans(),
                }
            )
        )
        | draw(hints(with_parts=False)),
        **{key: draw(value) for key, value in headers.items()},
    )


@st.composite
def match(draw: st.DrawFn) -> Item:
    return Item(
        qtype="match",
        pairs=draw(st.lists(st.builds(Pair, texts(), some_words), min_size=1, max_size=4).map(tuple)),
        settings=draw(settings({"shuffleanswers": st.booleans(), **combined})) | draw(hints(with_parts=True)),
        **{key: draw(value) for key, value in headers.items()},
    )


@st.composite
def essay(draw: st.DrawFn) -> Item:
    limits = st.one_of(st.none(), st.integers(1, 10_000))
    kept = draw(
        settings(
            {
                "responseformat": st.sampled_from(["editor", "editorfilepicker", "plain", "monospaced", "noinline"]),
                "responserequired": st.booleans(),
                "responsefieldlines": st.integers(2, 40),
                "minwordlimit": limits,
                "maxwordlimit": limits,
                "attachments": st.integers(-1, 3),
                "attachmentsrequired": st.integers(0, 3),
                "maxbytes": st.integers(0, 2**30),
                "filetypeslist": st.sampled_from(["", ".pdf,.docx", "image"]),
                "graderinfo": texts(),
                "responsetemplate": st.builds(Text, words, texts_of_words),
            }
        )
    )
    if not kept["attachments"]:
        kept["attachmentsrequired"] = 0
    return Item(qtype="essay", settings=kept, **{key: draw(value) for key, value in headers.items()})


@st.composite
def description(draw: st.DrawFn) -> Item:
    return replace(
        Item(qtype="description", **{key: draw(value) for key, value in headers.items()}), default_grade=Decimal(0)
    )


@st.composite
def ordering(draw: st.DrawFn) -> Item:
    return Item(
        qtype="ordering",
        answers=draw(st.lists(st.builds(Answer, texts(some_words)), min_size=2, max_size=5).map(tuple)),
        settings=draw(
            settings(
                {
                    "layouttype": st.sampled_from(["VERTICAL", "HORIZONTAL"]),
                    "selecttype": st.sampled_from(["ALL", "RANDOM", "CONTIGUOUS"]),
                    "selectcount": st.integers(2, 20),
                    "gradingtype": st.sampled_from(["ALL_OR_NOTHING", "ABSOLUTE_POSITION", "RELATIVE_TO_CORRECT"]),
                    "showgrading": st.booleans(),
                    "numberingstyle": st.sampled_from(["none", "123", "abc", "ABCD", "iii", "IIII"]),
                    **combined,
                }
            )
        )
        | draw(hints(with_parts=True)),
        **{key: draw(value) for key, value in headers.items()},
    )


# What Moodle's grammar has no way to say: "~", and a backslash at the end.
gap_words = some_words.filter(lambda text: "~" not in text and not text.endswith("\\"))
gap_feedback = st.builds(Text, st.one_of(words, st.text(st.sampled_from("\\#~}&{%= a"), max_size=6)))
percents = st.decimals(min_value=-100, max_value=100, places=2)


@st.composite
def gaps(draw: st.DrawFn) -> Item:
    """A gap as a program makes it: without the words it would have been read from."""
    qtype = draw(st.sampled_from(["multichoice", "shortanswer", "numerical"]))
    weight = Decimal(draw(st.integers(0, 99)))
    full = st.just(Decimal(100))
    if qtype == "numerical":
        tolerances = st.decimals(min_value=0, max_value=10, places=3)
        number = plain(st.integers(-1000, 1000).map(str))
        right = draw(st.builds(Answer, number, full, gap_feedback, tolerances))
        rest = draw(st.lists(st.builds(Answer, number, percents, gap_feedback, tolerances), max_size=2))
        return Item(qtype, "", Text(), answers=(right, *rest), default_grade=weight)
    if qtype == "shortanswer":
        right = draw(st.builds(Answer, plain(gap_words), full, gap_feedback))
        rest = draw(st.lists(st.builds(Answer, plain(gap_words), percents, gap_feedback), max_size=2))
        kept = {"usecase": draw(st.booleans())}
        return Item(qtype, "", Text(), answers=(right, *rest), default_grade=weight, settings=kept)
    html = st.builds(Text, gap_words)
    kept = {"single": draw(st.booleans()), "shuffleanswers": draw(st.booleans())}
    layouts = ["dropdown", "vertical", "horizontal"] if kept["single"] else ["vertical", "horizontal"]
    kept["layout"] = draw(st.sampled_from(layouts))
    right = draw(st.builds(Answer, html, full, gap_feedback))
    wrong = percents if kept["single"] else percents.map(lambda percent: -abs(percent))
    rest = draw(st.lists(st.builds(Answer, html, wrong, gap_feedback), min_size=1, max_size=2))
    return Item(qtype, "", Text(), answers=(right, *rest), default_grade=weight, settings=kept)


@st.composite
def multianswer(draw: st.DrawFn) -> Item:
    """A question with gaps, its gaps having the words that stand for them."""
    item = Item(qtype="multianswer", **{key: draw(value) for key, value in headers.items()})
    made = draw(st.lists(gaps(), min_size=1, max_size=3))
    around = draw(st.lists(some_words.filter(lambda text: "{" not in text), min_size=len(made), max_size=len(made)))
    content = "".join(f"{words}{{#{place}}}" for place, words in enumerate(around, start=1))
    _content, read = cloze.extract(cloze.embed(content, made), item.name)
    return replace(
        item,
        text=replace(item.text, content=content),
        gaps=read,
        default_grade=sum((gap.default_grade for gap in read), Decimal(0)),
        settings=draw(hints(with_parts=True)),
    )


EVERY_TYPE = {
    "multichoice": multichoice(),
    "truefalse": truefalse(),
    "shortanswer": shortanswer(),
    "numerical": numerical(),
    "match": match(),
    "essay": essay(),
    "description": description(),
    "ordering": ordering(),
    "multianswer": multianswer(),
}
