"""Bringing a file of questions into a bank in the CMS."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.utils import timezone
from wagtail.models import Locale

from assessments.domain.exchange import uploads
from assessments.enums import ImportState
from assessments.models import Question, QuestionBank, QuestionImport
from elearn.core import pending
from elearn.people.models import User
from tests.assessments.bank_cms.screens import BANKS, AsPerson, at, bulk, is_missing
from tests.factories.exchange import gift_of

# --- Importing ----------------------------------------------------------------------------------------------------


def upload(bank: QuestionBank, content: bytes, file_format: str = "gift") -> dict:
    file = SimpleUploadedFile("<b>questions</b>.txt", content)
    return {"bank": bank.pk, "file_format": file_format, "locale": Locale.get_default().pk, "file": file}


def test_file_is_shown_first_and_imported_then(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    client = as_person(author)
    content = gift_of(2) + b"\n\n::Bad:: Which? {~%120%A ~B}\n"
    begun = client.post(at("import"), upload(mine, content))
    row = QuestionImport.objects.get()
    assert (begun.headers["Location"], row.state) == (at("import_one", row.pk), ImportState.SEEN)
    seen = client.get(at("import_one", row.pk)).content.decode()
    assert "2 questions would be imported." in seen
    assert "120 % is not one of the weights that Moodle knows." in seen
    assert Question.objects.count() == 0
    client.post(at("import_one", row.pk))
    client.post(at("import_one", row.pk))
    row.refresh_from_db()
    assert (row.state, row.result["imported"], bool(row.file)) == (ImportState.DONE, 2, False)
    assert Question.objects.count() == 2
    assert "2 questions were imported." in client.get(at("import_one", row.pk)).content.decode()


def test_file_that_cannot_be_read_is_refused_with_its_reason(
    mine: QuestionBank, author: User, as_person: AsPerson
) -> None:
    client = as_person(author)
    client.post(at("import"), upload(mine, b"<quiz><question", "moodle_xml"))
    row = QuestionImport.objects.get()
    assert (row.state, bool(row.file)) == (ImportState.REFUSED, False)
    assert "Nothing was imported." in client.get(at("import_one", row.pk)).content.decode()


def test_nobody_imports_into_a_bank_of_another_course(
    own_author: User, author: User, stranger: User, reviewer: User, theirs: QuestionBank, as_person: AsPerson
) -> None:
    for person in (own_author, stranger, reviewer):
        as_person(person).post(at("import"), upload(theirs, gift_of(1)))
    assert QuestionImport.objects.count() == 0
    as_person(author).post(at("import"), upload(theirs, gift_of(1)))
    row = QuestionImport.objects.get()
    assert is_missing(as_person(own_author).get(at("import_one", row.pk)))
    assert is_missing(as_person(own_author).post(at("import_one", row.pk)))
    assert Question.objects.count() == 0


def test_large_file_waits_for_a_worker_who_may_come_twice(
    mine: QuestionBank, author: User, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SMALL", 0)
    client = as_person(author)
    client.post(at("import"), upload(mine, gift_of(3)))
    row = QuestionImport.objects.get()
    page = client.get(at("import_one", row.pk)).content.decode()
    assert (row.state, 'http-equiv="refresh"' in page) == (ImportState.LOOKING, True)
    assert pending.work(uploads.KIND, row.pk)
    client.post(at("import_one", row.pk))
    row.refresh_from_db()
    assert (row.state, Question.objects.count()) == (ImportState.IMPORTING, 0)
    assert pending.work(uploads.KIND, row.pk)
    uploads.work_on(row)  # Whoever had claimed it before comes late.
    row.refresh_from_db()
    assert (row.state, row.result["imported"], Question.objects.count()) == (ImportState.DONE, 3, 3)


def test_file_that_nobody_imports_goes_after_a_week(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    as_person(author).post(at("import"), upload(mine, gift_of(1)))
    row = QuestionImport.objects.get()
    storage, name = row.file.storage, row.file.name
    assert (uploads.give_up_old_imports(), storage.exists(name)) == (0, True)
    QuestionImport.objects.update(asked_at=timezone.now() - uploads.GIVEN_UP_AFTER)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert uploads.give_up_old_imports() == 1
    assert (QuestionImport.objects.count(), storage.exists(name)) == (0, False)


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
HOSTILE = f"""<?xml version="1.0"?><quiz>
<question type="category"><category><text>$course$/top/A {SCRIPT.replace("<", "&lt;")}</text></category></question>
<question type="multichoice"><name><text><![CDATA[{SCRIPT}]]></text></name>
<questiontext format="html"><text><![CDATA[Q {SCRIPT}]]></text></questiontext>
<generalfeedback format="html"><text><![CDATA[{SCRIPT}]]></text></generalfeedback>
<idnumber><![CDATA[{SCRIPT}]]></idnumber>
<answer fraction="100" format="html"><text><![CDATA[A {SCRIPT}]]></text>
<feedback format="html"><text><![CDATA[{SCRIPT}]]></text></feedback></answer>
<answer fraction="0" format="markdown"><text><![CDATA[B [x](javascript:alert(1)) {SCRIPT}]]></text></answer>
<tags><tag><text><![CDATA[{SCRIPT}]]></text></tag></tags></question>
<question type="shortanswer"><name><text>S</text></name>
<questiontext format="plain_text"><text><![CDATA[{SCRIPT}]]></text>
</questiontext><answer fraction="100"><text><![CDATA[{SCRIPT}]]></text></answer></question>
<question type="matching"><name><text>M</text></name><questiontext format="html"><text>M</text></questiontext>
<subquestion format="html"><text><![CDATA[L {SCRIPT}]]></text>
<answer><text><![CDATA[{SCRIPT}]]></text></answer></subquestion>
<subquestion format="html"><text>L2</text><answer><text>other</text></answer></subquestion></question>
<question type="essay"><name><text>E</text></name><questiontext format="html"><text>E</text></questiontext>
<graderinfo format="html"><text><![CDATA[{SCRIPT}]]></text></graderinfo>
<responsetemplate format="html"><text><![CDATA[T {SCRIPT}]]></text></responsetemplate></question></quiz>"""


def test_script_in_every_field_is_stored_and_shown_without_effect(
    mine: QuestionBank, author: User, as_person: AsPerson
) -> None:
    client = as_person(author)
    client.post(at("import"), upload(mine, HOSTILE.encode(), "moodle_xml"))
    row = QuestionImport.objects.get()
    client.post(at("import_one", row.pk))
    row.refresh_from_db()
    assert (row.state, row.result["imported"]) == (ImportState.DONE, 4)
    rich = []
    for question in Question.objects.all():
        asked = question.asked()
        rich += [asked.prompt, asked.feedback, question.marking_notes, *(o.feedback for o in asked.options)]
        rich += [o.text for o in asked.options if o.type != "accepted"]
    assert [text for text in rich if "<script" in text or "<img" in text or 'href="javascript' in text] == []
    pages = [at("list"), at("import"), at("import_one", row.pk), at("categories", mine.pk, of=BANKS)]
    for pk in Question.objects.values_list("pk", flat=True):
        pages += [at(name, pk) for name in ("edit", "usage", "inspect", "translate", "history")]
        pages.append(bulk("export", f"id={pk}"))
    shown = {page: client.get(page).content.decode() for page in pages}
    assert [page for page, text in shown.items() if "<script>alert" in text or "<img src=x" in text] == []
