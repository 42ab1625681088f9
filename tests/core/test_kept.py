"""Pieces of pages that are kept: what is one person's is in none of them."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from elearn.core.templatetags import kept

NOTE = (
    '{% load kept %}{% kept "blocks/reflection.html" value=value block_id=id writes=True has_note=has_note '
    "fresh note=note note_html=note csrf_token=csrf_token %}"
)
PROGRESS = '{% load kept %}{% kept "components/progress.html" percent=percent done=1 required=3 label=label %}'


def show(text: str, **values: object) -> str:
    return Template(text).render(Context(values))


def reflection(**values: object) -> str:
    asked = ("What?", "", "/save/")
    named = type("Ask", (tuple,), {"question": asked[0], "hint": asked[1], "save_url": asked[2]})(asked)
    return show(NOTE, value=named, id="b1", has_note=True, **values)


def test_same_values_are_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = kept.get_template
    monkeypatch.setattr(kept, "get_template", lambda name: asked.append(name) or real(name))
    pages = [show(PROGRESS, percent=percent, label="Rescue") for percent in (33, 33, 34)]
    assert asked == ["components/progress.html"] * 2
    assert pages[0] == pages[1]
    assert pages[0].replace("33", "34") == pages[2]


def test_every_language_has_its_own() -> None:
    english = show(PROGRESS, percent=33, label="Rescue")
    with translation.override("fr"):
        french = show(PROGRESS, percent=33, label="Rescue")
    assert show(PROGRESS, percent=33, label="Rescue") == english
    assert len([key for key in kept._pieces._kept if key[0] == "components/progress.html"]) == 2
    assert "Rescue" in french


def test_what_is_fresh_is_put_in_each_time_and_kept_nowhere() -> None:
    first = reflection(note="Lea’s secret", csrf_token="token-one")
    second = reflection(note="<b>Sam</b> \\1 & co", csrf_token="token-two")
    assert "Lea’s secret</textarea>" in first and 'value="token-one"' in first
    assert "&lt;b&gt;Sam&lt;/b&gt; \\1 &amp; co</textarea>" in second and 'value="token-two"' in second
    assert "secret" not in second
    remembered = repr(kept._pieces._kept)
    assert "save" in remembered
    assert all(word not in remembered for word in ("secret", "token-one", "Sam", "token-two"))


def test_mark_in_what_is_fresh_stays_text() -> None:
    """A note that looks like the place of the token gets no token."""
    page = reflection(note="\0csrf_token\0", csrf_token="token-one")
    assert page.count("token-one") == 1


def test_values_are_escaped_as_always() -> None:
    assert "&lt;script&gt;" in show(PROGRESS, percent=1, label="<script>")


def test_safe_text_opens_no_door_for_plain_text_that_reads_the_same() -> None:
    pages = [show(PROGRESS, percent=1, label=label) for label in (mark_safe("<b>1</b>"), "<b>1</b>")]
    assert ["<b>1</b>" in page for page in pages] == [True, False]


def test_lazy_value_is_refused() -> None:
    """It would keep the request that it waits for."""
    with pytest.raises(TypeError, match="label is lazy"):
        show(PROGRESS, percent=1, label=SimpleLazyObject(lambda: "Rescue"))


@pytest.mark.parametrize("wrong", ["components/progress.html", '"a.html" percent', '"a.html" fresh note'])
def test_wrong_use_is_named(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load kept %}{% kept " + wrong + " %}")
