"""The cohort's page and its files over HTTP: who sees whom, what the files hold, and what it costs."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import Cohort, CohortMember, ModuleDate, Unit, UnitCompletion
from elearn.core.models import AuditEvent
from elearn.people.domain import trail
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import Institution, User
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.courses import make_released_course
from tests.factories.people import InstitutionFactory, MembershipFactory, UserFactory
from tests.factories.taken_quizzes import make_taken_course, take

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]
HOSTILE = ['=HYPERLINK("http://evil.example","x")', "<script>alert(1)</script>", "يوسف حداد", "+1 Plus", "Tab\tName"]


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(course=make_released_course(modules=2, lessons=2))


def address(cohort: Cohort, rest: str = "") -> str:
    return f"/en/teach/cohorts/{cohort.public_id}/{rest}"


def done(member: CohortMember, how_many: int) -> None:
    for unit in Unit.objects.filter(course=member.cohort.course).order_by("pk")[:how_many]:
        UnitCompletion.objects.create(enrolment=member.enrolment, unit=unit, language="en")


def names_on(page: str) -> list[str]:
    return re.findall(r'learners/[\w-]+/"><bdi>(.*?)</bdi>', page)


def rows_of(data: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


# --- Who sees whom -----------------------------------------------------------------------------------------------


@pytest.fixture
def divided(cohort: Cohort, institution: Institution) -> tuple[Cohort, User, CohortMember, CohortMember]:
    """A cohort with one learner of the institution and one of another, and the institution's focal point."""
    focal = UserFactory()
    grant_role(person=focal, role=Role.FOCAL_POINT, granted_by=None, scope=Scope.INSTITUTION, institution=institution)
    own = make_member(cohort, UserFactory(printed_name="Own Olga", email="olga@own.example"), institution=institution)
    elsewhere = InstitutionFactory(name="Elsewhere Office")
    other = make_member(
        cohort, UserFactory(printed_name="Other Otto", email="otto@other.example"), institution=elsewhere
    )
    done(own, 1)
    done(other, 2)
    return cohort, focal, own, other


def test_focal_point_sees_the_institutions_people_and_nothing_of_others(
    divided: tuple[Cohort, User, CohortMember, CohortMember], as_person: AsPerson
) -> None:
    cohort, focal, own, other = divided
    client = as_person(focal)
    module = cohort.edition.structure.variants[0].modules[0].key
    pages = ["", "?q=otto", "?select=found", "board.csv", f"modules/{module}/", f"learners/{own.public_id}/"]
    for rest in pages:
        response = client.get(address(cohort, rest))
        assert response.status_code == 200, rest
        text = response.content.decode()
        for secret in ("Otto", "otto@", "Elsewhere", str(other.public_id), "olga@", "compose"):
            if not (secret == "Otto" and "q=" in rest):
                assert secret not in text.replace('value="otto"', ""), (rest, secret)
        assert ("Own Olga" in text) is (rest != "?q=otto")
    told = str(rows_of(client.get(address(cohort, "board.xlsx")).content))
    assert ("Own Olga" in told, "Otto" in told, "olga@" in told) == (True, False, False)
    for rest in (f"learners/{other.public_id}/", "report/", "report.pdf", "report.xlsx"):
        assert client.get(address(cohort, rest)).status_code == 404, rest


def test_trainer_sees_everybody_and_a_stranger_nothing(
    divided: tuple[Cohort, User, CohortMember, CohortMember], as_person: AsPerson, stranger: User
) -> None:
    cohort, _focal, own, _other = divided
    text = as_person(cohort.trainer).get(address(cohort)).content.decode()
    assert names_on(text) == ["Other Otto", "Own Olga"]
    module = cohort.edition.structure.variants[0].modules[0].key
    for rest in ("", "board.csv", "board.xlsx", f"modules/{module}/", f"learners/{own.public_id}/", "report/"):
        for who in (stranger, own.person):
            assert as_person(who).get(address(cohort, rest)).status_code == 404, rest
        assert as_person(None).get(address(cohort, rest)).status_code == 302, rest


def test_learner_finds_in_the_trail_who_looked_and_took_away(
    divided: tuple[Cohort, User, CohortMember, CohortMember], as_person: AsPerson
) -> None:
    cohort, focal, own, other = divided
    trainer = as_person(cohort.trainer)
    for rest in ("", "board.csv", f"learners/{own.public_id}/"):
        trainer.get(address(cohort, rest))
    as_person(focal).get(address(cohort, "board.xlsx"))
    told = [line.what for line in trail.in_words(trail.events_about(own.person))]
    assert told == [
        "Exported how far you and others of your institution are in a cohort",
        "Opened your progress in a cohort",
        "Exported how far the people of your cohort are",
        "Read how far the people of your cohort are",
    ]
    assert len(trail.in_words(trail.events_about(other.person))) == 2


def test_who_has_left_the_cohort_no_longer_stands_in_the_list(cohort: Cohort, as_person: AsPerson) -> None:
    member = make_member(cohort)
    CohortMember.objects.filter(pk=member.pk).update(state="removed", left_at=timezone.now())
    text = as_person(cohort.trainer).get(address(cohort)).content.decode()
    assert "Nobody takes part yet" in text
    assert AuditEvent.objects.filter(action="cohorts.board_read").count() == 1
    assert not trail.events_about(member.person).exists()


# --- Filter, order, pages ----------------------------------------------------------------------------------------


def test_filter_and_order_go_over_everybody(cohort: Cohort, as_person: AsPerson) -> None:
    first, second, third = (
        make_member(cohort, UserFactory(printed_name=name)) for name in ("Zoe Zero", "Álvaro Able", "Mia Middle")
    )
    done(first, 3)
    done(third, 1)
    client = as_person(cohort.trainer)
    for query, names in {
        "": ["Álvaro Able", "Mia Middle", "Zoe Zero"],
        "?sort=progress": ["Álvaro Able", "Mia Middle", "Zoe Zero"],
        "?sort=-progress": ["Zoe Zero", "Mia Middle", "Álvaro Able"],
        "?sort=-active": ["Mia Middle", "Zoe Zero", "Álvaro Able"],
        "?q=alvaro": ["Álvaro Able"],
        f"?q={second.person.email}": ["Álvaro Able"],
        "?state=progress": ["Mia Middle", "Zoe Zero"],
        "?state=not_begun": ["Álvaro Able"],
        "?state=nonsense&sort=nonsense&page=99": ["Álvaro Able", "Mia Middle", "Zoe Zero"],
        "?word=any": [],
    }.items():
        assert names_on(client.get(address(cohort, query)).content.decode()) == names, query


def test_institution_is_a_filter(cohort: Cohort, institution: Institution, as_person: AsPerson) -> None:
    make_member(cohort, UserFactory(printed_name="Ann"), institution=institution)
    make_member(cohort, UserFactory(printed_name="Ben"))
    text = as_person(cohort.trainer).get(address(cohort, f"?institution={institution.public_id}")).content.decode()
    assert names_on(text) == ["Ann"]
    text = as_person(cohort.trainer).get(address(cohort, f"?institution={uuid4()}")).content.decode()
    assert names_on(text) == ["Ann", "Ben"]


@pytest.mark.parametrize("learners", [3, 60])
def test_board_takes_as_many_queries_with_sixty_learners_as_with_three(
    as_person: AsPerson, django_assert_num_queries, institution: Institution, learners: int
) -> None:
    course, _quiz = make_taken_course(questions=1)
    cohort = CohortFactory(course=course)
    module = cohort.edition.structure.variants[0].modules[0]
    ModuleDate.objects.create(cohort=cohort, module=module.uuid, due_on=timezone.localdate())
    now = timezone.now()
    LiveSessionFactory(cohort=cohort, starts_at=now - timedelta(days=1), created_by=cohort.trainer)
    for number in range(learners):
        member = make_member(cohort, institution=institution)
        if number < 3:
            take(course, enrolment=member.enrolment, chosen=("right" if number else "wrong-1",))
    client = as_person(cohort.trainer)
    client.get(address(cohort))
    for rest, queries in (("", 21), ("board.csv", 21), ("?sort=-result&word=any", 21)):
        with django_assert_num_queries(queries):
            assert client.get(address(cohort, rest)).status_code == 200


# --- Files -------------------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(cohort: Cohort) -> Cohort:
    for number, name in enumerate(HOSTILE):
        done(make_member(cohort, UserFactory(printed_name=name)), number % 3)
    module = cohort.edition.structure.variants[0].modules[0]
    ModuleDate.objects.create(cohort=cohort, module=module.uuid, due_on=timezone.localdate() + timedelta(days=1))
    return cohort


def test_csv_neutralises_formulas_and_equals_the_screen(hostile: Cohort, as_person: AsPerson) -> None:
    client = as_person(hostile.trainer)
    response = client.get(address(hostile, "board.csv"))
    assert response["Content-Disposition"].startswith('attachment; filename="cohort-')
    assert f"{timezone.localdate():%Y-%m-%d}.csv" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    names = {row[0] for row in rows[1:]}
    assert names == {"'" + HOSTILE[0], HOSTILE[1], HOSTILE[2], "'" + HOSTILE[3], HOSTILE[4]}
    page = client.get(address(hostile)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    progress = re.findall(r'class="sub">(\d+)/(\d+) · (\d+) %<', page)
    head = rows[0]
    done_at = head.index("Required units done")
    assert [tuple(row[done_at : done_at + 3]) for row in rows[1:]] == progress


def test_xlsx_has_numbers_days_and_texts_and_the_rows_of_the_filter(hostile: Cohort, as_person: AsPerson) -> None:
    client = as_person(hostile.trainer)
    rows = rows_of(client.get(address(hostile, "board.xlsx")).content)
    assert {row[0] for row in rows[1:]} == set(HOSTILE)
    line = dict(zip(rows[0], next(row for row in rows if row[0] == "يوسف حداد"), strict=True))
    assert (line["Required units done"], line["Required units"], line["Progress, per cent"]) == (2, 4, 50)
    assert isinstance(line["Last active (UTC)"], datetime)
    assert line["Module 1: due on"] == datetime.combine(timezone.localdate() + timedelta(days=1), datetime.min.time())
    book = load_workbook(io.BytesIO(client.get(address(hostile, "board.xlsx")).content))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "inlineStr", "n", "d"}
    csv_rows = list(
        csv.reader(io.StringIO(client.get(address(hostile, "board.csv?state=progress")).content.decode("utf-8-sig")))
    )
    filtered = rows_of(client.get(address(hostile, "board.xlsx?state=progress")).content)
    screen = names_on(client.get(address(hostile, "?state=progress")).content.decode())
    assert [row[0] for row in filtered[1:]] == [row[0] for row in csv_rows[1:]]
    assert len(filtered) - 1 == len(screen) == 3


# --- The report --------------------------------------------------------------------------------------------------


def test_report_says_the_same_on_the_page_on_paper_and_in_a_spreadsheet(
    cohort: Cohort, institution: Institution, as_person: AsPerson
) -> None:
    import pypdf

    MembershipFactory(person=cohort.trainer, institution=institution)
    for number in range(3):
        done(make_member(cohort, institution=institution if number else None, country="KE"), number)
    client = as_person(cohort.trainer)
    page = client.get(address(cohort, "report/"))
    assert page.status_code == 200
    sheets = load_workbook(io.BytesIO(client.get(address(cohort, "report.xlsx")).content))
    people = dict(row for row in sheets["People"].iter_rows(min_row=2, values_only=True))
    assert (people["Take part"], people["Have begun"], people["Completed"]) == (3, 2, 0)
    where = list(sheets["By institution"].iter_rows(min_row=2, values_only=True))
    assert where == [(institution.name, 2, 0, 0), ("Not known", 1, 0, 0)]
    pdf = pypdf.PdfReader(io.BytesIO(client.get(address(cohort, "report.pdf")).content))
    printed = " ".join(" ".join(each.extract_text() for each in pdf.pages).split())
    for label, figure in people.items():
        shown = "–" if figure is None else f"{figure:.1f}" if "per cent" in str(label) else str(figure)
        assert f"{label} {shown}" in printed
        assert re.search(rf"<dt>{label}</dt><dd><bdi>{shown}</bdi>", page.content.decode()), label


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_report_is_printed_in_every_language(cohort: Cohort, as_person: AsPerson, language: str) -> None:
    make_member(cohort, UserFactory(printed_name="يوسف"), institution=InstitutionFactory(name="وزارة الداخلية"))
    response = as_person(cohort.trainer).get(address(cohort, "report.pdf").replace("/en/", f"/{language}/"))
    assert (response.status_code, response.content[:5]) == (200, b"%PDF-")
