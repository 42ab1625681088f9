"""manage.py import_questions, as an operator and a script use it."""

import base64
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Question, QuestionBank
from elearn.core.models import Picture
from tests.factories.assessments import QuestionBankFactory
from tests.factories.courses import make_course_page
from tests.factories.exchange import png

GIFT = b"""$CATEGORY: $course$/top/Sea

::Capital:: What is the capital of Peru? {=Lima ~Quito}

::Weight:: Which? {~%120%A ~B}

::Statement:: Water is wet. {T}
"""
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz><question type="essay"><name><text>Map</text></name>
<questiontext format="html"><text><![CDATA[<p><img src="@@PLUGINFILE@@/map.png" alt="A map"> What is it?</p>]]></text>
<file name="map.png" path="/" encoding="base64">{base64.b64encode(png()).decode()}</file></questiontext>
</question></quiz>""".encode()
BOMB = b"""<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<quiz><question type="essay"><name><text>&b;</text></name></question></quiz>"""


def run(path: Path, content: bytes, *arguments: str) -> str:
    path.write_bytes(content)
    out = StringIO()
    call_command("import_questions", str(path), *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "questions.txt"


@pytest.fixture
def bank(db: None) -> QuestionBank:
    return QuestionBankFactory(course_code="sea", key="waves", title="Big waves")


def test_result_as_json_has_counts_and_refusals(bank: QuestionBank, file: Path) -> None:
    told = json.loads(run(file, GIFT, "--format", "gift", "--bank", "waves", "--json"))
    assert (told["imported"], told["by_kind"], told["files"]) == (2, {"multichoice": 1, "truefalse": 1}, 0)
    assert [(entry["line"], entry["name"]) for entry in told["refused"]] == [(5, "Weight")]
    assert "120" in told["refused"][0]["reason"]
    assert [row.category.path for row in Question.objects.all()] == ["Sea", "Sea"]
    again = json.loads(run(file, GIFT, "--format", "gift", "--bank", "waves", "--json"))
    assert (again["imported"], again["already_there"]) == (0, 2)


def test_pictures_are_counted_and_kept(bank: QuestionBank, file: Path) -> None:
    told = json.loads(run(file, XML, "--format", "moodle_xml", "--bank", "sea/waves", "--json"))
    assert (told["imported"], told["by_kind"], told["files"], told["refused"]) == (1, {"essay": 1}, 1, [])
    assert Picture.objects.get().alt_text == "A map"


def test_dry_run_says_the_same_and_changes_nothing(bank: QuestionBank, file: Path) -> None:
    dry = run(file, XML, "--format", "moodle_xml", "--bank", "waves", "--json", "--dry-run")
    assert (Question.objects.count(), Picture.objects.count()) == (0, 0)
    assert json.loads(dry) == json.loads(run(file, XML, "--format", "moodle_xml", "--bank", "waves", "--json"))


def test_without_json_it_speaks_in_lines(bank: QuestionBank, file: Path) -> None:
    told = run(file, GIFT, "--format", "gift", "--bank", "Big waves")
    assert "refused  line 5 Weight:" in told
    assert "2 imported, 0 already there, 1 refused, 0 files kept." in told


def test_bank_is_made_where_its_course_is_named(db: None, file: Path) -> None:
    make_course_page("sea")
    with pytest.raises(CommandError, match="Add --course CODE"):
        run(file, GIFT, "--format", "gift", "--bank", "Storms")
    with pytest.raises(CommandError, match="no course with the code “see”"):
        run(file, GIFT, "--format", "gift", "--bank", "Storms", "--course", "see")
    run(file, GIFT, "--format", "gift", "--bank", "Storms", "--course", "sea", "--dry-run")
    assert QuestionBank.objects.count() == 0
    for _time in range(2):
        run(file, GIFT, "--format", "gift", "--bank", "Storms", "--course", "sea")
    bank = QuestionBank.objects.get()
    assert (bank.course_code, bank.key, bank.title, bank.questions.count()) == ("sea", "storms", "Storms", 2)


def test_name_of_several_banks_is_refused(bank: QuestionBank, file: Path) -> None:
    QuestionBankFactory(course_code="land", key="waves")
    with pytest.raises(CommandError, match="land/waves, sea/waves"):
        run(file, GIFT, "--format", "gift", "--bank", "waves")
    run(file, GIFT, "--format", "gift", "--bank", "sea/waves")
    assert bank.questions.count() == 2


def test_questions_come_in_the_language_that_is_named(bank: QuestionBank, file: Path) -> None:
    with pytest.raises(CommandError, match="no language “xx”"):
        run(file, GIFT, "--format", "gift", "--bank", "waves", "--language", "xx")
    run(file, GIFT, "--format", "gift", "--bank", "waves", "--language", "fr")
    assert {row.locale.language_code for row in Question.objects.all()} == {"fr"}


@pytest.mark.parametrize(
    ("content", "file_format"),
    [
        (BOMB, "moodle_xml"),
        (b"<quiz>" + b"<a>" * 100_000, "moodle_xml"),
        (b"<quiz><question", "moodle_xml"),
        (b"", "moodle_xml"),
        (b"\xff\xfe\x00\xd8", "gift"),
        (b"\x00" * 1000, "gift"),
        (b"", "aiken"),
    ],
    ids=["entities", "deep", "broken", "empty", "encoding", "zeros", "empty aiken"],
)
def test_file_that_cannot_be_read_fails_in_words_and_writes_nothing(
    bank: QuestionBank, file: Path, content: bytes, file_format: str
) -> None:
    file.write_bytes(content)
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("import_questions", str(file), "--format", file_format, "--bank", "waves", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["imported"], told["refused"][0]["reason"]) == (0, str(refusal.value))
    assert Question.objects.count() == 0


def test_file_that_is_not_there_fails_in_words(bank: QuestionBank, file: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_questions", str(file), "--format", "gift", "--bank", "waves")
