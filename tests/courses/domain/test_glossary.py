"""The words of a course: where they are shown, where the text leads to them, and what cannot be deleted."""

import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from courses.domain.glossary import (
    glossary_of,
    mark_terms,
    words_used,
)
from courses.domain.packages.tree import catalogue_for
from courses.models import GlossaryTerm, LessonPage
from elearn.core.files import FileInUse
from tests.factories.courses import make_course_page, make_lesson, make_module
from tests.factories.glossary import make_term

pytestmark = pytest.mark.django_db


def definitions(*terms: GlossaryTerm) -> str:
    return render_to_string("blocks/glossary.html", {"terms": terms, "block_id": "b"})


def marked(html: str, *terms: GlossaryTerm) -> str:
    """The text alone, marked, without the definitions that stand below it."""
    return mark_terms([html, definitions(*terms)], terms)[0]


def link(key: str, text: str) -> str:
    return f'<a class="term" id="used-{key}" href="#word-{key}">{text}</a>'


def lesson_with(*terms: GlossaryTerm, language: str = "en") -> LessonPage:
    catalogue_for(language)
    module = make_module(make_course_page(language=language), "m1")
    return make_lesson(module, "l1", body=[{"type": "glossary", "value": {"terms": [term.pk for term in terms]}}])


# --- Marking -----------------------------------------------------------------------------------------------------


def test_first_mention_leads_to_the_definition_and_that_back() -> None:
    term = make_term("Refoulement")
    text, words = mark_terms(["<p>No refoulement. Never refoulement.</p>", definitions(term)], [term])
    assert text == f"<p>No {link('refoulement', 'refoulement')}. Never refoulement.</p>"
    assert words.count('<a class="back-to-text" href="#used-refoulement">Back to the text</a>') == 1
    assert 'id="word-refoulement"' in words


def test_definition_of_a_word_that_the_text_does_not_mention_leads_nowhere() -> None:
    term = make_term("Refoulement")
    parts = ["<p>Something else.</p>", definitions(term)]
    assert mark_terms(parts, [term]) == parts


def test_word_is_not_marked_where_its_definition_is_not_shown() -> None:
    assert mark_terms(["<p>No refoulement.</p>"], [make_term("Refoulement")]) == ["<p>No refoulement.</p>"]


def test_definition_may_stand_above_the_text_and_parts_are_one_text() -> None:
    term = make_term("Refoulement")
    words, first, second = mark_terms([definitions(term), "<p>refoulement</p>", "<p>refoulement</p>"], [term])
    assert (first, second) == (f"<p>{link('refoulement', 'refoulement')}</p>", "<p>refoulement</p>")
    assert "#used-refoulement" in words


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Refoulement</h2>",
        '<p><a href="/x">refoulement</a></p>',
        '<p title="refoulement">x</p>',
        "<form><label>refoulement</label></form>",
        "<details><summary>refoulement</summary></details>",
        '<p lang="fr">refoulement</p>',
        "<p><cite>refoulement</cite></p>",
        "<!-- refoulement -->",
        "<script>refoulement</script>",
        "<p>refoulements</p>",
        "<p>antirefoulement</p>",
    ],
)
def test_what_is_no_running_text_is_not_touched(html: str) -> None:
    assert marked(html, make_term("Refoulement")) == html


@pytest.mark.parametrize(
    "html",
    [
        "<p>A &amp; B &lt;i&gt; &#x27;x&#x27; &nbsp; é</p>",
        '<img src="a.png" alt="a > b"><br/><svg viewBox="0 0 1 1"><path d="M0"/></svg>',
        "<ul><li>one<li>two</ul></p>text & more <",
        "<p data-x='1' CLASS=\"A\">mixed</P>".replace("</P>", "</p>"),
    ],
)
def test_html_stays_as_it_is_where_nothing_is_marked(html: str) -> None:
    assert marked(html, make_term("Refoulement")) == html


def test_what_is_marked_stays_escaped() -> None:
    term = make_term("R&D <team>", key="rd")
    assert marked("<p>Ask R&amp;D &lt;team&gt; &lt;b&gt;</p>", term) == (
        f"<p>Ask {link('rd', 'R&amp;D &lt;team&gt;')} &lt;b&gt;</p>"
    )
    hostile = make_term("<script>", key="hostile", definition="<script>alert(1)</script>")
    assert "<script>" not in definitions(hostile)


@pytest.mark.parametrize(
    ("term", "forms", "text", "found"),
    [
        ("Asylum seeker", "asylum seekers", "Many asylum\nseekers came", "asylum\nseekers"),
        ("Droit d’asile", "", "le droit d'asile", "droit d&#x27;asile"),
        ("Беженец", "беженца\nбеженцев", "Права беженцев и их защита", "беженцев"),
        ("لاجئ", "لاجئون", "حقوق اللاجئ في القانون", "اللاجئ"),
        ("الإعادة القسرية", "", "منع الإعادة القسرية", "الإعادة القسرية"),
        ("EU", "", "The EU decides", "EU"),
    ],
)
def test_forms_of_a_word_are_found(term: str, forms: str, text: str, found: str) -> None:
    row = make_term(term, key="word", other_forms=forms)
    before, after = text.replace("'", "&#x27;").split(found)
    assert marked(f"<p>{text}</p>", row) == f"<p>{before}{link('word', found)}{after}</p>"


def test_longer_word_wins() -> None:
    asylum, seeker = make_term("Asylum"), make_term("Asylum seeker")
    assert marked("<p>An asylum seeker has asylum.</p>", asylum, seeker) == (
        f"<p>An {link('asylum-seeker', 'asylum seeker')} has {link('asylum', 'asylum')}.</p>"
    )


# --- Words of a lesson and of a course ---------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_words_of_a_lesson_take_one_query(count: int) -> None:
    terms = [make_term(f"Word {number}") for number in range(count)]
    page = LessonPage.objects.get(pk=lesson_with(*terms).pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert words_used(page) == terms
        html = page.body[0].render({"page": page, "block_id": "b"})
    assert len(queries) == 1
    assert html.count("<dfn>") == count


def test_words_are_shown_in_the_language_of_the_page_and_otherwise_said_to_be_foreign() -> None:
    english, other = make_term("Refoulement"), make_term("Hotspot")
    make_term("Возвращение", key="refoulement", language="ru")
    page = LessonPage.objects.get(pk=lesson_with(english, other, language="ru").pk)
    html = page.body[0].render({"page": page, "block_id": "b"})
    assert "<dfn>Возвращение</dfn>" in html
    assert 'data-term="hotspot" lang="en" dir="auto"' in html
    assert 'data-term="refoulement" lang' not in html


def test_glossary_of_a_course_holds_each_word_once_by_the_alphabet() -> None:
    make_term("Zone")
    make_term("Étranger", key="foreigner", language="fr")
    make_term("Foreigner")
    make_term("asylum")
    make_term("Elsewhere", course="another")
    assert [term.term for term in glossary_of("rescue-at-sea", "fr")] == ["asylum", "Étranger", "Zone"]
    assert [term.foreign for term in glossary_of("rescue-at-sea", "fr")] == ["en", "", "en"]
    assert [term.term for term in glossary_of("rescue-at-sea", "en")] == ["asylum", "Foreigner", "Zone"]


def test_word_that_a_lesson_uses_is_not_deleted() -> None:
    used, unused = make_term("Used"), make_term("Unused")
    lesson_with(used)
    with pytest.raises(FileInUse) as refusal, transaction.atomic():
        used.delete()
    assert str(refusal.value) == "“Used” is used in: L1. Nothing was deleted. Take it out there first."
    unused.delete()
    assert list(GlossaryTerm.objects.all()) == [used]
