import io

from pypdf import PdfReader

from elearn.core.paper import Sheet, WritingLines, from_html, print_pages
from elearn.core.paper.text import Run, broken, characters_of


def printed(pieces: list, sheet: Sheet) -> list[str]:
    data = print_pages(pieces, sheet=sheet, title="Title", author="Author", head=("A cohort", "CODE"), foot="Foot")
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def lines(text: str, width: float) -> list[str]:
    return ["".join(c.sign for c in line) for line in broken(characters_of([Run(text)]), width, 10)]


def test_lines_are_broken_at_spaces_and_long_words_within() -> None:
    assert lines("one two three", 60) == ["one two", "three"]
    assert "".join(lines("w" * 40, 60)) == "w" * 40
    assert lines("one\ntwo", 100) == ["one", "two"]


def test_lines_written_from_right_to_left_come_in_their_order() -> None:
    first, second = lines("كلمة أولى ثم كلمة ثانية", 70)[:2]
    sheet = Sheet("ar")
    assert sheet.rtl
    assert (first, second) == tuple(lines("كلمة أولى ثم كلمة ثانية", 70)[:2])
    # What is read first stands in the first line.
    assert first.startswith(lines("كلمة", 200)[0][:1])


def test_every_page_has_its_head_and_its_number() -> None:
    sheet = Sheet("en")
    pages = printed([sheet.text("A paragraph of some words. " * 400)], sheet)
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert all(words in page for words in ("A cohort", "CODE", "Foot", f"Page {number} of {len(pages)}"))


def test_html_of_lessons_becomes_text_and_the_rest_is_said_or_left_out() -> None:
    sheet = Sheet("en")
    html = (
        "<h2>Head</h2><p>Some <b>bold</b> words &amp; more.</p><ul><li>One<ul><li>Inner</li></ul></li></ul>"
        "<script>alert(1)</script><form><textarea>typed</textarea><button>Send</button></form>"
        '<img src="/x" alt="A gate">'
        '<video src="/v"></video><table><tr><th>H</th><td>Cell</td></tr></table><p>unclosed <b>tag<p>End'
    )
    text = " ".join(" ".join(printed(from_html(html, sheet), sheet)).split())
    for words in ("Head", "Some bold words & more.", "One", "Inner", "A gate", "Recording", "Cell", "End"):
        assert words in text
    assert not any(words in text for words in ("alert", "typed", "Send"))


def test_table_longer_than_a_page_repeats_its_head() -> None:
    sheet = Sheet("en")
    rows = [["Name", "Signature"], *([f"Person {number}", ""] for number in range(60))]
    pages = printed([sheet.table(rows, [1, 1], row_height=30)], sheet)
    assert len(pages) == 3
    assert all("Signature" in page for page in pages)


def test_writing_lines_go_on_over_the_page() -> None:
    sheet = Sheet("en")
    assert len(printed([WritingLines(40)], sheet)) == 2


def test_very_long_words_and_cells_fit_on_pages() -> None:
    sheet = Sheet("en")
    long = "word " * 1500
    printed([sheet.table([["Head"], [long]], [1]), sheet.aside([sheet.text(long)]), sheet.text("x" * 5000)], sheet)
