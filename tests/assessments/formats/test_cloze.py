import re
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.formats import cloze
from assessments.formats.cloze import BadGap
from assessments.formats.items import Answer, Item, Text, TextFormat
from tests.assessments.formats.moodle_items import gaps

HTML, PLAIN = TextFormat.HTML, TextFormat.PLAIN


def answer(words: str, fraction: str, feedback: str = "", format: TextFormat = PLAIN, tolerance: str = "0") -> Answer:
    return Answer(Text(words, format), Decimal(fraction), Text(feedback), Decimal(tolerance))


def only_gap(source: str) -> Item:
    content, read = cloze.extract(source)
    assert content == "{#1}"
    assert [gap.text for gap in read] == [Text(source)]
    return read[0]


@pytest.mark.parametrize(
    ("kind", "qtype", "kept"),
    [
        ("NUMERICAL", "numerical", {}),
        ("NM", "numerical", {}),
        ("SHORTANSWER", "shortanswer", {"usecase": False}),
        ("SA", "shortanswer", {"usecase": False}),
        ("MW", "shortanswer", {"usecase": False}),
        ("SHORTANSWER_C", "shortanswer", {"usecase": True}),
        ("SAC", "shortanswer", {"usecase": True}),
        ("MWC", "shortanswer", {"usecase": True}),
        *(
            (name, "multichoice", {"single": single, "shuffleanswers": shuffled, "layout": layout})
            for names, single, shuffled, layout in [
                (("MULTICHOICE", "MC"), True, False, "dropdown"),
                (("MULTICHOICE_S", "MCS"), True, True, "dropdown"),
                (("MULTICHOICE_V", "MCV"), True, False, "vertical"),
                (("MULTICHOICE_VS", "MCVS"), True, True, "vertical"),
                (("MULTICHOICE_H", "MCH"), True, False, "horizontal"),
                (("MULTICHOICE_HS", "MCHS"), True, True, "horizontal"),
                (("MULTIRESPONSE", "MR"), False, False, "vertical"),
                (("MULTIRESPONSE_S", "MRS"), False, True, "vertical"),
                (("MULTIRESPONSE_H", "MRH"), False, False, "horizontal"),
                (("MULTIRESPONSE_HS", "MRHS"), False, True, "horizontal"),
            ]
            for name in names
        ),
    ],
)
def test_every_name_of_a_type_is_known(kind: str, qtype: str, kept: dict[str, object]) -> None:
    gap = only_gap(f"{{3:{kind}:=1~2}}")
    assert (gap.qtype, gap.settings, gap.default_grade) == (qtype, kept, Decimal(3))


@pytest.mark.parametrize(
    ("source", "answers"),
    [
        ("{:SA:=Rome}", [answer("Rome", "100")]),
        ("{:SA:%100%Rome#Yes~%50%Roma#Nearly~*#No}", [
            answer("Rome", "100", "Yes"), answer("Roma", "50", "Nearly"), answer("*", "0", "No")
        ]),
        ("{:SA:=a~%33,333%b~%-5.5%c~%0%d~%7.%e}", [
            answer("a", "100"), answer("b", "33.333"), answer("c", "-5.5"), answer("d", "0"), answer("e", "7")
        ]),
        (r"{:SA:=a \} b\#c\~d#x \} y \# z}", [answer(r"a } b#c\~d", "100", "x } y # z")]),
        ("{:SA:=&lt;b&gt; &amp;amp; &quot;&eacute;&apos;&copy#&#39;&#x41;&#1;}", [
            answer("<b> &amp; \"é&apos;&copy", "100", "'A&#1;")
        ]),
        ("{:SA:=  spaced \n out  # fb }", [answer("spaced \n out", "100", " fb ")]),
        ("{:SA:=#x}", [answer("#x", "100")]),
        ("{:SA:=a##b#}", [answer("a", "100", "#b#")]),
        ("{:SA:=a~=%5%}", [answer("a", "100"), answer("%5%", "100")]),
        ("{:NM:=1.5:0.1}", [answer("1.5", "100", tolerance="0.1")]),
        ("{:NM:=1,5:0,1~%50%-2e3:.5#x~*}", [
            answer("1,5", "100", tolerance="0.1"), answer("-2e3", "50", "x", tolerance="0.5"), answer("*", "0")
        ]),
        ("{:MC:=a~<b>b</b>~ c }", [
            answer("a", "100", format=HTML), answer("<b>b</b>", "0", format=HTML), answer(" c ", "0", format=HTML)
        ]),
        ("{:MC:=a~ ~b}", [answer("a", "100", format=HTML), answer("b", "0", format=HTML)]),
        ("{:MR:=a~=b~c~=d}", [
            answer("a", "33.33333", format=HTML), answer("b", "33.33333", format=HTML),
            answer("c", "-33.33333", format=HTML), answer("d", "33.33333", format=HTML),
        ]),
        ("{:MR:%60%a~%60%b~c~%-10%d}", [
            answer("a", "50", format=HTML), answer("b", "50", format=HTML),
            answer("c", "0", format=HTML), answer("d", "-10", format=HTML),
        ]),
    ],
)  # fmt: skip
def test_answers_are_read_with_grade_feedback_and_tolerance(source: str, answers: list[Answer]) -> None:
    assert list(only_gap(source).answers) == answers


@pytest.mark.parametrize(
    ("text", "content", "sources"),
    [
        ("a {1:SA:=b} c {:NM:=2} d", "a {#1} c {#2} d", ["{1:SA:=b}", "{:NM:=2}"]),
        ("{#1} {1:SA:=b}", "{#1} {#1}", ["{1:SA:=b}"]),
        ("{1:sa:=b} {1:XX:=b} {a:SA:=b} {1:SA:=b}", "{1:sa:=b} {1:XX:=b} {a:SA:=b} {#1}", ["{1:SA:=b}"]),
        ("{1:SA:=b} and {1:SA:=open", "{#1} and {1:SA:=open", ["{1:SA:=b}"]),
        ("{1:SA:} and {1:SA:=b}", "{#1}", ["{1:SA:} and {1:SA:=b}"]),
        ("{1:SA:=a~} and {1:SA:=b}", "{#1}", ["{1:SA:=a~} and {1:SA:=b}"]),
        ("{1:SA:=a~}", "{#1}", ["{1:SA:=a~}"]),
        ("{{1:SA:=b}}", "{{#1}}", ["{1:SA:=b}"]),
        ("${1:SA:=b\\}c}$", "${#1}$", ["{1:SA:=b\\}c}"]),
    ],
)
def test_gaps_begin_and_end_where_moodle_has_them(text: str, content: str, sources: list[str]) -> None:
    try:
        found, read = cloze.extract(text)
    except BadGap as error:
        assert sources == ["{1:SA:} and {1:SA:=b}"]
        assert str(error) == "Gap 1 has no answer that is completely right."
        return
    assert (found, [gap.text.content for gap in read]) == (content, sources)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("No gap at all", "There is no gap in the text, such as {1:SHORTANSWER:=Rome}."),
        ("{1:MULTICHOICE}", "There is no gap in the text, such as {1:SHORTANSWER:=Rome}."),
        ("{1:MC:=Apple#Correct}", "Gap 1 has too few answers."),
        ("{1:SA:=a} {1:SA: }", "Gap 2 has too few answers."),
        ("{1:MC:Pear~%50%Apple}", "Gap 1 has no answer that is completely right."),
        ("{1:MR:Pear~%-50%Apple}", "Gap 1 has no answer that is completely right."),
        ("{1:SA:=a~%200%b}", "Gap 1 has an answer worth more than 100 per cent."),
        ("{3:NM:=zero}", "Gap 1 needs a number or *, and “zero” is neither."),
        ("{3:NM:=5 m}", "Gap 1 needs a number or *, and “5 m” is neither."),
        ("{123456:SA:=a}", "Gap 1 has too large a weight."),
        ("{:SA:=a}" * 1001, "There are more than 1000 gaps in the text."),
        ("{:SA:" + "=a~" * 1000 + "=b}", "Gap 1 has more than 1000 answers."),
        ("x" * 1_000_001, "The text is longer than 1000000 characters."),
    ],
)
def test_what_moodle_refuses_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadGap) as caught:
        cloze.extract(text)
    assert str(caught.value) == reason


# The grammar once more, as a pattern that tries all ways to cut a text: right, and slow on long ones.
_ALTERNATIVE = r"(?:=|%-?\d+(?:[.,]\d*)?%)?.+?(?<!\\)(?=[~#}]|$)(?:#.*?(?<!\\)(?=[~}]|$))?"
_GAP = re.compile(rf"\{{\d*:(?:SA|NM):(?:{_ALTERNATIVE}(?:~{_ALTERNATIVE})*)\}}", re.DOTALL)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("ab=%5~#}\\{ "), max_size=14), st.text(st.sampled_from("a~#}\\{"), max_size=8))
def test_a_gap_is_the_same_as_by_trying_all_ways(inside: str, after: str) -> None:
    text = f"x{{1:SA:{inside}}}{after}"
    found = _GAP.search(text)
    ends = cloze._Ends(text)
    start = cloze._START.search(text)
    assert start is not None
    close = ends.close(start.end())
    assert (text[start.start() : close + 1] if close is not None else None) == (found[0] if found else None)


@pytest.mark.parametrize("text", ["{1:SA:" + "a~" * 100_000, "{1:SA:=a" + "#" * 200_000, "{1:SA:" * 100_000])
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    start = time.monotonic()
    with pytest.raises(BadGap):
        cloze.extract(text)
    assert time.monotonic() - start < 5


def test_embedding_refuses_a_gap_without_a_place() -> None:
    gap = Item("shortanswer", "", Text(), answers=(answer("a", "100"),))
    assert cloze.embed("x {#1} {#2}", [gap]) == "x {1:SHORTANSWER:=a} {#2}"
    with pytest.raises(ValueError, match="no place in the text for gap 2"):
        cloze.embed("x {#1}", [gap, gap])


def test_embedding_quotes_what_would_end_an_answer() -> None:
    gap = Item(
        "multichoice",
        "",
        Text(),
        answers=(answer("=ab}c#d&lt;\\}", "100", "}~#\\", HTML), answer("%5%x", "-12.5", format=HTML)),
        default_grade=Decimal(2),
        settings={"single": True, "shuffleanswers": True, "layout": "vertical"},
    )
    source = cloze.embed("{#1}", [gap])
    assert source == r"{2:MULTICHOICE_VS:==ab\}c\#d&amp;lt;\\}#\}&#126;\#&#92;~%-12.5%%5%x}"
    assert only_gap(source).answers == gap.answers


def test_embedding_a_tilde_says_it_in_html_and_refuses_it_in_plain_words() -> None:
    html = [answer("a~b\\", "100", format=HTML), answer("c", "0", format=HTML)]
    choice = Item("multichoice", "", Text(), answers=tuple(html), settings={"single": True})
    assert [one.text.content for one in only_gap(cloze.embed("{#1}", [choice])).answers] == ["a&#126;b&#92;", "c"]
    for words in ("a~b", "a\\"):
        plain = Item("shortanswer", "", Text(), answers=(answer(words, "100"),))
        with pytest.raises(ValueError, match="no way to write"):
            cloze.embed("{#1}", [plain])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(gaps(), min_size=1, max_size=3))
def test_gaps_come_back_as_they_were_embedded(made: list[Item]) -> None:
    places = " ".join(f"{{#{place}}}" for place in range(1, len(made) + 1))
    content, read = cloze.extract(cloze.embed(places, made))
    assert content == places
    assert [replace(gap, text=Text(), penalty=None) for gap in read] == made


@pytest.mark.parametrize(
    "gap",
    [
        Item("essay", "", Text()),
        Item("multichoice", "", Text(), settings={"single": False, "layout": "dropdown"}),
        Item("shortanswer", "", Text(), answers=(answer("a", "100"),), default_grade=Decimal("1.5")),
    ],
)
def test_a_gap_that_moodle_does_not_have_is_not_written(gap: Item) -> None:
    with pytest.raises(ValueError, match="gap"):
        cloze.embed("{#1}", [gap])
