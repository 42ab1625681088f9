import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from courses.domain.packages.markdown import EVERYTHING, read_markdown, tidy_markdown, write_markdown
from courses.domain.packages.problems import Place, Problems
from courses.domain.packages.richtext import (
    LIST_DEPTH,
    Heading,
    Item,
    ListBlock,
    Paragraph,
    Run,
    from_html,
    tidy_document,
    to_html,
)

HERE = Place("x.md", 1)

# Every sign that means something in Markdown, HTML or a package, some that do not, and odd spaces.
signs = st.text(alphabet="ab(1. *_[]<>&#-+:!\\`~\n\u00a0é=)\"'x;/|", min_size=1, max_size=8)
hrefs = st.sampled_from(["", "", "", "https://x.org/a_b?c=1&copy=2", "unit:foo", "https://e.org/a(b)", "mailto:a@b.c"])
inlines = st.lists(st.builds(Run, signs, hrefs, st.booleans(), st.booleans()), min_size=1, max_size=4).map(tuple)


def nested(children: st.SearchStrategy[Item]) -> st.SearchStrategy[Item]:
    lists = st.builds(ListBlock, st.booleans(), st.lists(children, min_size=1, max_size=2).map(tuple))
    return st.builds(Item, inlines, st.tuples(lists))


items = st.recursive(st.builds(Item, inlines), nested, max_leaves=3)
blocks = st.one_of(
    st.builds(Paragraph, inlines),
    st.builds(Heading, st.sampled_from([2, 3]), inlines),
    st.builds(ListBlock, st.booleans(), st.lists(items, min_size=1, max_size=3).map(tuple)),
)


def depth(block: object) -> int:
    if not isinstance(block, ListBlock):
        return 0
    return 1 + max((depth(inner) for item in block.items for inner in item.lists), default=0)


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks, max_size=3))
def test_any_document_survives_markdown_and_html(content: list) -> None:
    document = tidy_document(content, EVERYTHING)
    assume(all(depth(block) <= LIST_DEPTH for block in document))
    problems = Problems()

    written = write_markdown(document)
    assert read_markdown(written, EVERYTHING, HERE, problems) == document
    assert problems.found == []
    stored = to_html(document, lambda href: 7)
    assert from_html(stored, EVERYTHING, lambda pk: "unit:foo") == (document, [])


def test_read_markdown_makes_what_the_editor_makes() -> None:
    text = "Some **bold** and *it*.\\\nNext\nline\n\n### Three\n\n1. one\n2. two\n   - inner\n\n[u](unit:a) [w](https://x.org)"
    problems = Problems()

    html = to_html(read_markdown(text, EVERYTHING, HERE, problems), {"unit:a": 5}.get)

    assert problems.found == []
    assert html == (
        "<p>Some <b>bold</b> and <i>it</i>.<br>Next line</p><h3>Three</h3>"
        "<ol><li>one</li><li>two<ul><li>inner</li></ul></li></ol>"
        '<p><a linktype="page" id="5">u</a> <a href="https://x.org">w</a></p>'
    )


def test_write_markdown_of_what_the_editor_stores() -> None:
    stored = (
        '<p data-block-key="k1">One <b>two </b><i>three</i>&nbsp;&amp; <a linktype="page" id="3">four</a><br/>five</p>'
        '<h2 data-block-key="k2"><b>Head</b></h2><ul><li data-block-key="k3">a</li><li data-block-key="k4">b</li></ul>'
        '<p data-block-key="k5"></p><p data-block-key="k6">1. no list, 2*3*4, &lt;script&gt;</p>'
    )
    document, lost = from_html(stored, EVERYTHING, {3: "unit:four"}.get)

    assert lost == []
    assert write_markdown(document) == (
        "One **two** *three*\u00a0& [four](unit:four)\\\nfive\n\n## **Head**\n\n- a\n- b\n\n"
        "1\\. no list, 2\\*3\\*4, \\<script>"
    )


def test_from_html_names_links_that_a_package_cannot_hold() -> None:
    stored = '<p><a href="javascript:alert(1)">a</a> <a linktype="page" id="9">b</a> <a href="tel:112">c</a></p>'
    document, lost = from_html(stored, EVERYTHING, lambda pk: None)

    assert write_markdown(document) == "a b c"
    assert lost == ["javascript:alert(1)", "page 9", "tel:112"]


def test_from_html_script_and_style_leave_nothing() -> None:
    document, _lost = from_html("<p>a</p><script>b</script><style>c</style>", EVERYTHING, lambda pk: None)

    assert write_markdown(document) == "a"


@pytest.mark.parametrize(
    ("text", "line", "beginning"),
    [
        ("x\n\n# Big", 3, "Only headings with"),
        ("a\n\n> quoted", 3, "Quotations"),
        ("`code`", 1, "Code in backticks"),
        ("a\n\n    code", 3, "A line begins with four spaces"),
        ("```\ncode\n```", 1, "Code is not allowed"),
        ("a\n\n***", 3, "A rule is not allowed"),
        ("a\nb ![x](y.png)", 2, "Pictures stand in a block"),
        ("a\n\n<script>alert(1)</script>", 3, "HTML is not allowed"),
        ("a\nb <b onclick=x>c</b>", 2, "HTML is not allowed"),
        ("[x](javascript:alert(1))", 1, "The link to “javascript:alert(1)” is not allowed"),
        ("[x](data:text/html,x)", 1, "The link to “data:text/html,x” is not allowed"),
        ("[x](JavaScript&colon;alert(1))", 1, "The link to “JavaScript:alert(1)” is not allowed"),
        ("[x](/cms/)", 1, "The link to “/cms/” is not allowed"),
        ("[x](https://a.b 'title')", 1, "A link has no title"),
        ("[x]\n\n[x]: https://a.b", 3, "Write the address of a link in round brackets"),
        ("3. three", 1, "A numbered list begins with 1"),
        ("- a\n\n  b", 3, "An item of a list holds one paragraph"),
        ("- a\n  - b\n    - c\n      - d", 4, "Lists may be at most 3 levels deep"),
    ],
)
def test_read_markdown_what_is_refused(text: str, line: int, beginning: str) -> None:
    problems = Problems()

    read_markdown(text, EVERYTHING, HERE, problems)

    assert len({problem.message for problem in problems.found}) == 1
    assert problems.found[0].place == Place("x.md", line)
    assert problems.found[0].message.startswith(beginning)


def test_read_markdown_features_that_the_editor_lacks_are_refused() -> None:
    problems = Problems()

    read_markdown("## A\n\n[x](https://a.b) *c*", ["bold"], HERE, problems)

    assert [str(problem) for problem in problems.found] == [
        "x.md:1: A heading is not allowed here. Write a paragraph; bold may stand at its beginning.",
        "x.md:3: A link is not allowed here.",
        "x.md:3: Italics are not allowed here.",
    ]


def test_tidy_markdown_gives_equal_texts_one_spelling() -> None:
    spellings = ["* a\n* b\n\nc __d__ e", "- a\n\n- b\n\nc **d**\ne\n", "+ a\n+ b\n\n\nc  **d** e  "]

    assert {tidy_markdown(text, EVERYTHING, HERE, Problems()) for text in spellings} == {"- a\n- b\n\nc **d** e"}
