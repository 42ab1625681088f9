import datetime
import io
import zipfile

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from assessments.domain.papers import codes
from assessments.domain.papers.places import in_signs, questions_of_form
from assessments.domain.papers.tables import read_table
from assessments.domain.papers.uploads import look_at
from assessments.models import Attempt, PaperEntry, PaperForm
from courses.domain.cohorts.numbers import numbers_of
from courses.models import Cohort
from tests.assessments.papers.test_entering import enter
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.papers import make_form, make_kit, make_paper_cohort
from tests.factories.people import UserFactory
from tests.factories.questions import RIGHT

pytestmark = pytest.mark.django_db

TYPES = ("single_choice", "matching", "gap_fill", "short_text")


@pytest.fixture
def form() -> PaperForm:
    cohort = make_paper_cohort(*TYPES)
    form = make_form(cohort)
    form.cohort = cohort
    return form


def screen(name: str, cohort: Cohort, *more: object) -> str:
    return reverse(f"assessments:{name}", args=[cohort.public_id, *more])


def fields(given: dict) -> dict[str, list[str]]:
    return {
        f"answer-{kind.replace('_', '-')}" + (f".{part}" if part else ""): values
        for kind, posted in given.items()
        for part, values in posted.items()
    }


def right_fields() -> dict[str, list[str]]:
    return fields({kind: RIGHT[kind] for kind in TYPES})


def row_of(form: PaperForm, who: str) -> list[str]:
    cells = []
    for question in questions_of_form(form):
        signs = in_signs(question, RIGHT[question.question.kind.key])
        cells.append(signs.replace("; (2) ", " | ").replace("(1) ", "").replace(";", ""))
    return [codes.printed(form.code), who, "", *cells]


def as_file(rows: list[list[str]], name: str = "papers.csv") -> SimpleUploadedFile:
    if name.endswith(".csv"):
        text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)
        return SimpleUploadedFile(name, text.encode())
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def test_code_leads_to_its_form_and_a_wrong_one_is_told(form: PaperForm, client: Client) -> None:
    client.force_login(form.cohort.trainer)
    address = screen("papers", form.cohort)
    found = client.get(address, {"code": codes.printed(form.code).lower()})
    assert found.headers["Location"] == screen("paper", form.cohort, form.public_id)
    slip = form.code[:-1] + ("2" if form.code[-1] != "2" else "3")
    response = client.get(address, {"code": slip})
    assert response.status_code == 422
    assert "One letter or digit of this form code is wrong" in response.text


def test_form_of_another_cohort_is_not_found(form: PaperForm, client: Client) -> None:
    other = CohortFactory(course=form.cohort.course, trainer=form.cohort.trainer)
    client.force_login(form.cohort.trainer)
    assert client.get(screen("paper", other, form.public_id)).status_code == 404
    assert "No form of this cohort" in client.get(screen("papers", other), {"code": form.code}).text


def test_answers_are_read_back_and_then_entered(form: PaperForm, client: Client) -> None:
    member = make_member(form.cohort)
    client.force_login(form.cohort.trainer)
    address = screen("paper", form.cohort, form.public_id)
    posted = {"learner": str(member.public_id), "sat_on": timezone.localdate().isoformat(), **right_fields()}
    looked = client.post(address, {**posted, "then": "look"})
    assert looked.status_code == 200
    assert "Compare with the paper, then enter" in looked.text
    assert Attempt.objects.count() == 0
    entered = client.post(address, {**posted, "then": "enter"}, follow=True)
    assert f"Entered and marked: {member.person}" in entered.text
    assert "100.0 %" in entered.text
    again = client.post(address, {**posted, "then": "enter"})
    assert (again.status_code, PaperEntry.objects.count()) == (422, 1)


def test_what_was_typed_stays_when_something_is_missing(form: PaperForm, client: Client) -> None:
    client.force_login(form.cohort.trainer)
    address = screen("paper", form.cohort, form.public_id)
    response = client.post(address, {"then": "enter", "learner": "", "sat_on": "", **right_fields()})
    assert response.status_code == 422
    assert 'value="kigali"' in response.text
    assert 'value="right" checked' in response.text


@pytest.mark.parametrize("name", ["papers", "papers_template"])
def test_only_who_runs_the_cohort_sees_papers(form: PaperForm, client: Client, stranger, name: str) -> None:
    learner = make_member(form.cohort).person
    elsewhere = make_member(CohortFactory(course=form.cohort.course)).person
    for person in (stranger, learner, elsewhere, CohortFactory(course=form.cohort.course).trainer):
        client.force_login(person)
        assert client.get(screen(name, form.cohort)).status_code == 404
        assert client.get(screen("paper", form.cohort, form.public_id)).status_code == 404
        assert client.post(screen("paper", form.cohort, form.public_id), {"then": "enter"}).status_code == 404
    client.logout()
    assert client.get(screen(name, form.cohort)).status_code == 302


@pytest.mark.parametrize("name", ["papers.csv", "papers.xlsx"])
def test_file_is_looked_at_and_then_entered(form: PaperForm, client: Client, name: str) -> None:
    first, second = make_member(form.cohort), make_member(form.cohort)
    make_kit(form.cohort, "attendance")
    number = next(n for n, key in numbers_of(form.cohort).items() if key == str(second.public_id))
    wrong_learner, wrong_code = row_of(form, "nobody@example.org"), row_of(form, first.person.email)
    wrong_code[0] = form.code[:-1] + ("2" if form.code[-1] != "2" else "3")
    rows = [["code"], row_of(form, first.person.email.upper()), row_of(form, str(number)), wrong_learner, wrong_code]
    client.force_login(form.cohort.trainer)
    day = timezone.localdate().isoformat()
    preview = client.post(screen("upload_papers", form.cohort), {"sat_on": day, "file": as_file(rows, name)})
    assert preview.status_code == 200
    assert [bool(row.problems) for row in preview.context["rows"]] == [False, False, True, True]
    assert Attempt.objects.count() == 0
    confirm = {"sat_on": day, "table": preview.context["form"].initial["table"]}
    done = client.post(screen("enter_papers", form.cohort), confirm)
    assert "2 papers were entered and marked" in done.text
    assert {entry.enrolment for entry in PaperEntry.objects.all()} == {first.enrolment, second.enrolment}
    again = client.post(screen("enter_papers", form.cohort), confirm)
    assert ("0 papers were entered" in again.text, PaperEntry.objects.count()) == (True, 2)


def test_answers_full_of_commas_do_not_pass_for_columns_and_no_row_with_answers_is_passed_over() -> None:
    head, answers = "Form code;Learner;Name;1;2;3", "1A, 2B, 3C, 4D, 5E"
    lines = [head, f"AB;one@example.org;;{answers};{answers};{answers}", ";;;;;", f";two@example.org;;{answers};;"]
    table = read_table("\n".join(lines).encode(), "papers.csv")
    assert table[1] == ["AB", "one@example.org", "", answers, answers, answers]
    rows = look_at(CohortFactory(), table, by=UserFactory())
    assert [(row.number, bool(row.problems)) for row in rows] == [(2, True), (4, True)]


def test_preview_of_another_person_or_changed_is_refused(form: PaperForm, client: Client) -> None:
    make_member(form.cohort)
    client.force_login(form.cohort.trainer)
    for table in (signing.dumps([["a"]], salt="assessments.papers"), "nonsense"):
        posted = {"sat_on": timezone.localdate().isoformat(), "table": table}
        response = client.post(screen("enter_papers", form.cohort), posted, follow=True)
        assert "This preview is too old or was changed" in response.text
    assert Attempt.objects.count() == 0


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("papers.xlsx", bomb(), "too large when it is unpacked"),
        ("papers.xlsx", b"PK\x03\x04 nothing", "no readable XLSX"),
        ("papers.csv", b"\xff\x00\xfe\x00" * 10, "no readable CSV"),
        ("papers.csv", b"a;b\n" * 300, "more than 200 rows"),
        ("papers.csv", b";" * 400 + b"a", "more columns"),
        ("papers.exe", b"MZ", "Choose a CSV or XLSX file"),
        ("papers.csv", b"head only", "No row of the file has a form code"),
        ("papers.csv", b"a" * 1_100_000, "larger than 1 MB"),
    ],
)
def test_hostile_file_is_refused_in_words(form: PaperForm, client: Client, name: str, data: bytes, words: str) -> None:
    client.force_login(form.cohort.trainer)
    posted = {"sat_on": timezone.localdate().isoformat(), "file": SimpleUploadedFile(name, data)}
    response = client.post(screen("upload_papers", form.cohort), posted)
    assert response.status_code == 422
    assert words in response.text


def test_formulas_are_refused_and_never_run(form: PaperForm, client: Client) -> None:
    client.force_login(form.cohort.trainer)
    file = as_file([["code"], [form.code, "a@example.org", '=HYPERLINK("https://example.org")']], "papers.xlsx")
    response = client.post(screen("upload_papers", form.cohort), {"sat_on": "2026-01-01", "file": file})
    assert (response.status_code, "has formulas" in response.text) == (422, True)


def test_table_to_fill_in_has_everybody_and_a_column_for_each_question(form: PaperForm, client: Client) -> None:
    member = make_member(form.cohort)
    member.person.printed_name = "=1+1"
    member.person.save()
    client.force_login(form.cohort.trainer)
    response = client.get(screen("papers_template", form.cohort))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    head, row = response.content.decode("utf-8-sig").splitlines()
    assert head.endswith(",1,2,3,4")
    assert row == f",{member.person.email},'=1+1"


def test_screens_ask_as_much_of_the_database_for_one_as_for_many(
    form: PaperForm, client: Client, django_assert_num_queries
) -> None:
    client.force_login(form.cohort.trainer)
    enter(form, make_member(form.cohort), {"single_choice": {"": ["right"]}})
    make_member(form.cohort)
    client.get(screen("papers", form.cohort))
    with django_assert_num_queries(PAPERS):
        client.get(screen("papers", form.cohort))
    with django_assert_num_queries(PAPER):
        client.get(screen("paper", form.cohort, form.public_id))
    for _learner in range(3):
        make_member(form.cohort)
        enter(form, make_member(form.cohort), {"single_choice": {"": ["right"]}})
    make_kit(form.cohort, "quiz_papers", options={"quiz_papers": {"variants": "3"}})
    with django_assert_num_queries(PAPERS):
        client.get(screen("papers", form.cohort))
    with django_assert_num_queries(PAPER):
        client.get(screen("paper", form.cohort, form.public_id))


PAPERS, PAPER = 7, 12


def test_day_of_the_last_paper_is_offered_for_the_next(form: PaperForm, client: Client) -> None:
    client.force_login(form.cohort.trainer)
    day = timezone.localdate() - datetime.timedelta(days=1)
    response = client.get(screen("paper", form.cohort, form.public_id), {"sat_on": day.isoformat()})
    assert f'value="{day.isoformat()}"' in response.text
