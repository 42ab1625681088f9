"""Questions of other programs, as rows of a bank."""

from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from wagtail.models import Locale, ReferenceIndex

from assessments.domain.exchange.content import Content
from assessments.domain.exchange.exporting import prepare_export, write_export
from assessments.domain.exchange.importing import Prepared, import_questions, prepare, preview
from assessments.formats.items import EmbeddedFile, Item
from assessments.models import Question, QuestionBank
from elearn.core.models import Picture
from tests.factories.assessments import QuestionBankFactory, QuestionFactory
from tests.factories.exchange import (
    FILE,
    answer,
    bring,
    essence,
    gap,
    gift_of,
    html,
    item,
    kept,
    of_items,
    pair,
    told,
    unit,
    with_picture,
)

# --- Pictures -----------------------------------------------------------------------------------------------------


def test_pictures_become_rows_once_and_references_in_the_text(db: None) -> None:
    report = bring(with_picture(), with_picture("Two", "Another &quot;map&quot;"))
    picture = Picture.objects.get()
    assert (picture.title, picture.alt_text, picture.is_decorative) == ("map one", "A map", False)
    assert picture.file.open().read() == FILE.content
    assert (report.imported, report.files) == (2, 2)
    assert [question.prompt for question in Question.objects.order_by("position")] == [
        f'<p>See <embed alt="A map" embedtype="image" format="fullwidth" id="{picture.pk}"/></p>',
        f'<p>See <embed alt="Another &quot;map&quot;" embedtype="image" format="fullwidth" id="{picture.pk}"/></p>',
    ]
    assert ReferenceIndex.get_references_to(picture).count() == 2


def test_picture_without_words_is_decorative_and_told(db: None) -> None:
    assert told(with_picture(alt="")) == ["“map one.png” has no text alternative: it counts as decorative."]
    bring(with_picture(alt=""))
    assert Picture.objects.get().is_decorative


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (
            EmbeddedFile("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
            "a.svg holds a script or something from outside. It is not kept.",
        ),
        (EmbeddedFile("a.png", b"<html>"), "a.png is not a readable png picture. It is not kept."),
        (EmbeddedFile("a.exe", b"MZ"), "a.exe: a picture must be PNG, JPEG, WebP or SVG. It is not kept."),
    ],
)
def test_file_that_is_no_safe_picture_is_told_and_its_question_kept(db: None, file: EmbeddedFile, reason: str) -> None:
    of = with_picture(alt="A map", file=file)
    assert told(of) == [reason]
    assert (bring(of).files, Picture.objects.count()) == (0, 0)
    assert Question.objects.get().prompt == "<p>See A map</p>"


@pytest.mark.parametrize(
    ("source", "prompt", "reason"),
    [
        (
            '<p><img src="https://example.org/spy.png" alt="Spy"></p>',
            "<p>Spy</p>",
            "A picture that is not in the file is not kept; its text alternative stands there.",
        ),
        (
            '<p><img src="@@PLUGINFILE@@/gone.png" alt="Gone"></p>',
            "<p>Gone</p>",
            "The picture “gone.png” is not in the file.",
        ),
        (
            '<p><a href="@@PLUGINFILE@@/a.pdf">Plan</a></p>',
            "<p><a>Plan</a></p>",
            "Links to files in the text are not kept.",
        ),
        ("<p>One</p><iframe src='//x'></iframe>", "<p>One</p>", "Recordings and other embedded things are not kept."),
        (
            '<embed embedtype="image" id="1" alt="x">Two',
            "Two",
            "Recordings and other embedded things are not kept.",
        ),
    ],
)
def test_what_text_shows_from_elsewhere_is_told(source: str, prompt: str, reason: str) -> None:
    of = Item("essay", "Name", html(source))
    assert (kept(of).prompt, told(of)) == (prompt, [reason])


def test_file_that_nothing_shows_is_told() -> None:
    assert told(Item("essay", "Name", html("<p>One</p>", FILE))) == [
        "The file “map one.png” is not kept: no picture shows it."
    ]


def test_import_that_fails_leaves_neither_rows_nor_files(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored_files()
    prepared = of_items(with_picture(), item("essay", name="Two"))
    prepared.contents[1] = Content(kind="essay", prompt="<p>Two</p>", name="Two", weight=Decimal(-1))
    with pytest.raises(IntegrityError):
        import_questions(prepared=prepared, bank=QuestionBankFactory(), locale=Locale.get_default(), by=None)
    assert (Question.objects.count(), Picture.objects.count()) == (0, 0)
    assert stored_files() == before


def stored_files() -> list[str]:
    return sorted(default_storage.listdir("original_images")[1]) if default_storage.exists("original_images") else []


# --- Rows ---------------------------------------------------------------------------------------------------------


def test_import_makes_categories_tags_keys_positions_and_a_revision(db: None) -> None:
    bank = QuestionBankFactory()
    items = [
        item("essay", name="Storm", category="top/Sea/Night", tags=("wind",), id_number="STORM 1"),
        item("essay", name="Storm", category="top/Sea", tags=("wind", "rain")),
    ]
    bring(*items, bank=bank)
    rows = Question.objects.filter(bank=bank).order_by("position")
    assert [(r.key, r.position, r.category.path, sorted(r.tags.names())) for r in rows] == [
        ("storm-1", 0, "Sea/Night", ["wind"]),
        ("storm", 1, "Sea", ["rain", "wind"]),
    ]
    assert sorted(bank.categories.values_list("path", flat=True)) == ["Sea", "Sea/Night"]
    assert [r.latest_revision.as_object().prompt for r in rows] == ["<p>What?</p>", "<p>What?</p>"]
    for row in rows:
        row.full_clean()


def test_same_file_again_doubles_nothing_and_a_change_is_added(db: None) -> None:
    bank, twice = QuestionBankFactory(), item("essay", name="Twice")
    choice = item("multichoice", answer("A", "100"), answer("B"), settings={})
    file = [choice, with_picture(), twice, twice]
    assert bring(*file, bank=bank).imported == 4
    again = bring(*file, bank=bank)
    assert (again.imported, again.there, again.files) == (0, 4, 0)
    changed = item("multichoice", answer("A", "100"), answer("C"), settings={})
    third = bring(changed, *file[1:], bank=bank)
    assert (third.imported, third.there) == (1, 3)
    assert (Question.objects.count(), Picture.objects.count()) == (5, 1)


def test_preview_says_what_import_does_and_writes_nothing(db: None) -> None:
    bank = QuestionBankFactory()
    prepared = of_items(with_picture(), item("essay", name="Two"))
    foretold = preview(prepared=prepared, bank=bank, locale=Locale.get_default())
    assert (Question.objects.count(), Picture.objects.count()) == (0, 0)
    assert foretold == import_questions(prepared=prepared, bank=bank, locale=Locale.get_default(), by=None)


def test_file_with_a_question_that_cannot_be_held_keeps_the_others(db: None) -> None:
    prepared = prepare(b"::Good:: Which? {=A ~B}\n\n::Bad:: Which? {~%120%A ~B}\n", "gift")
    report = import_questions(prepared=prepared, bank=QuestionBankFactory(), locale=Locale.get_default(), by=None)
    assert (report.imported, report.by_kind) == (1, {"multichoice": 1})
    assert [(refused.line, refused.name) for refused in report.refused] == [(3, "Bad")]


def test_number_of_queries_does_not_grow_with_the_file(db: None, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    bring(item("essay"))  # What is looked up once in a process.
    banks = QuestionBankFactory.create_batch(2)
    for bank, count in zip(banks, (2, 40), strict=True):
        prepared = prepare(gift_of(count), "gift")
        with django_assert_num_queries(12):
            import_questions(prepared=prepared, bank=bank, locale=Locale.get_default(), by=None)


# --- And back -----------------------------------------------------------------------------------------------------


def exported(file_format: str) -> tuple[Prepared, list[tuple[str, str, bool]]]:
    """What all questions say after a way through a file, and what was lost."""
    export = prepare_export(Question.objects.all(), file_format)
    lost = [(lost.question.name, lost.reason, lost.whole) for lost in export.lost]
    return prepare(write_export(export, file_format), file_format), lost


EVERY_TYPE = (
    item("multichoice", answer("A", "100", "Good."), answer("B"), name="1", settings={"single": True}),
    item("multichoice", answer("A", "100"), answer("B", "50"), name="2", settings={"single": True}),
    item("multichoice", answer("A", "50"), answer("B", "50"), answer("C", "-50"), name="3", settings={"single": False}),
    item("multichoice", answer("A", "60"), answer("B", "40"), answer("C"), name="4", settings={"single": False}),
    item("truefalse", answer("true", "100", "Yes."), answer("false", "0", "No."), name="5"),
    item("shortanswer", answer("Lim*", "100"), answer("*", "0", "No."), name="6", settings={"usecase": True}),
    item(
        "numerical",
        answer("3.5", "100", tolerance="0.1"),
        name="7",
        units=(unit("m", "1"), unit("cm", "100")),
        settings={"unitgradingtype": 1, "unitpenalty": Decimal("0.2")},
    ),
    item("match", name="8", pairs=(pair("<b>One</b>", "1"), pair("Two", "2"), pair("", "3")), settings={}),
    item("ordering", answer("One"), answer("Two"), name="9", settings={"gradingtype": "ALL_OR_NOTHING"}),
    item("essay", name="10", settings={"graderinfo": html("<p>Look.</p>"), "minwordlimit": 9, "maxwordlimit": 99}),
    item("description", name="11", default_grade=Decimal(0)),
    item(
        "multianswer",
        name="12",
        text="<p>{#1} and {#2}</p>",
        default_grade=Decimal(3),
        gaps=(
            gap("shortanswer", answer("Lima", "100"), default_grade=Decimal(2)),
            gap("multichoice", answer("A", "100"), answer("B &lt; C"), settings={"single": True}),
        ),
    ),
    item("essay", name="13", category="top/Sea/Night", tags=("wind", "rain"), general_feedback=html("<p>All.</p>")),
    with_picture("14"),
)


def test_every_type_comes_back_the_same_from_moodle_xml(db: None) -> None:
    assert bring(*EVERY_TYPE).imported == len(EVERY_TYPE)
    back, lost = exported("moodle_xml")
    assert lost == []
    assert [refused.reason for refused in back.refused] == []
    bank = QuestionBank.objects.get()
    report = import_questions(prepared=back, bank=bank, locale=Locale.get_default(), by=None)
    assert (report.imported, report.there) == (0, len(EVERY_TYPE))


def test_what_gift_does_not_hold_is_told_before(db: None) -> None:
    bring(*EVERY_TYPE)
    back, lost = exported("gift")
    left_out = [(name, reason) for name, reason, whole in lost if whole]
    assert left_out == [
        ("12", "GIFT has no questions of this type."),
        ("14", "It has pictures or other files, which GIFT cannot hold."),
    ]
    assert len(back.contents) == len(EVERY_TYPE) - 2
    assert ("7", "its units", False) in lost


def test_aiken_takes_single_choice_alone(db: None) -> None:
    bring(*EVERY_TYPE[:4])
    back, lost = exported("aiken")
    assert [(name, whole) for name, _reason, whole in lost if whole] == [("3", True), ("4", True)]
    assert [essence(content) for content in back.contents] == [
        [("A", True, None), ("B", False, None)],
        [("A", True, None), ("B", False, None)],
    ]


def test_question_that_moodle_does_not_have_stays_behind(db: None) -> None:
    row = QuestionFactory(kind="scenario", name="Case", options=[])
    export = prepare_export(Question.objects.all(), "moodle_xml")
    assert [(lost.question, lost.reason) for lost in export.lost] == [(row, "Moodle has no questions of this type.")]
    assert (export.items, sum(lost.whole for lost in export.lost)) == ((), 1)


def test_own_rules_that_moodle_does_not_have_are_told(db: None) -> None:
    QuestionFactory(multiple=True, name="Choice", all_or_nothing=True)
    assert exported("moodle_xml")[1] == [("Choice", "That it earns all or nothing is lost.", False)]
