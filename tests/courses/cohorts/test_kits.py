import datetime
import io
import zipfile

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from courses.domain.cohorts import kits
from courses.domain.cohorts.kits import KitRefused, ask_for_kit, throw_away_old
from courses.domain.cohorts.kits_data import erase
from courses.domain.cohorts.numbers import numbers_of
from courses.domain.releasing import release
from courses.enums import MemberState
from courses.models import Cohort, CoursePage, PrintKit
from elearn.core import pending
from elearn.people.domain.personal_data import Identity
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.courses import make_course_page, make_lesson, make_module

pytestmark = pytest.mark.django_db

BODY = [
    ("text", "<h2>Who decides</h2><p>The officer <b>decides</b>.</p><ul><li>First</li></ul>"),
    ("key_point", {"text": "<p>Remember the name.</p>"}),
    ("reflection", {"question": "What would you do?", "hint": "Think of a case."}),
]


@pytest.fixture
def cohort() -> Cohort:
    page = make_course_page()
    module = make_module(page, "m1")
    make_lesson(module, "l1", title="Speaking first", body=BODY, facilitator_notes="<p>Let them speak.</p>")
    make_lesson(module, "l2", title="Listening")
    other = make_module(page, "m2")
    make_lesson(other, "l3", title="Writing it down")
    return CohortFactory(course=release(page=CoursePage.objects.get(pk=page.pk), by=None).course, title="Autumn group")


def module_keys(cohort: Cohort) -> list[str]:
    return [module.key for module in cohort.edition.structure.variants[0].modules]


def make(cohort: Cohort, *parts: str, **asked: object) -> PrintKit:
    values = {"language": "en", "modules": module_keys(cohort), **asked}
    kit = ask_for_kit(cohort=cohort, by=cohort.trainer, parts=parts, **values)
    pending.work(kits.KIND, kit.pk)
    return PrintKit.objects.get(pk=kit.pk)


def content(kit: PrintKit) -> bytes:
    with kit.file.open("rb") as file:
        return file.read()


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def documents(kit: PrintKit) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content(kit))) as bundle:
        return {name: text_of(bundle.read(name)) for name in bundle.namelist()}


def test_kit_of_several_papers_is_a_zip_in_their_order(cohort: Cohort) -> None:
    make_member(cohort)
    LiveSessionFactory(cohort=cohort, title="The first day", place="Room 4")
    kit = make(cohort, "handouts", "agenda", "guide", "attendance")
    found = documents(kit)
    assert list(found) == [
        "01-agenda.pdf",
        "02-attendance.pdf",
        "03-facilitator-guide.pdf",
        "04-handout-1.pdf",
        "05-handout-2.pdf",
    ]
    assert "The first day" in found["01-agenda.pdf"] and "Room 4" in found["01-agenda.pdf"]
    assert "Let them speak." in found["03-facilitator-guide.pdf"]
    handout = found["04-handout-1.pdf"]
    for words in ("Speaking first", "Who decides", "The officer decides", "Remember the name.", "What would you do?"):
        assert handout.count(words) == 1
    assert "Let them speak." not in handout
    assert "Page 1 of" in handout


def test_only_chosen_modules_are_printed(cohort: Cohort) -> None:
    kit = make(cohort, "handouts", modules=module_keys(cohort)[1:])
    assert str(kit.file.name).endswith(".pdf")
    text = text_of(content(kit))
    assert ("Writing it down" in text, "Speaking first" in text) == (True, False)


def test_times_of_the_agenda_are_those_of_the_cohort(cohort: Cohort) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(time_zone="Africa/Nairobi")
    start = datetime.datetime(2026, 12, 1, 21, 30, tzinfo=datetime.UTC)
    session = LiveSessionFactory(cohort=cohort, starts_at=start, ends_at=start + datetime.timedelta(hours=1))
    text = text_of(content(make(cohort, "agenda", session=session)))
    assert "Wednesday, 2 December 2026, 00:30 to 01:30" in text
    assert "Africa/Nairobi" in text


def test_attendance_sheet_of_five_hundred_has_everybody_and_three_empty_lines(cohort: Cohort) -> None:
    from tests.factories.people import UserFactory

    people = UserFactory.create_batch(40)
    for person in people:
        make_member(cohort, person)
    data = content(make(cohort, "attendance"))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    whole = " ".join(pages)
    assert all(whole.count(person.printed_name) >= 1 for person in people)
    assert all("Signature" in page and "Autumn group" in page for page in pages)
    assert len(pages) == 3


def test_numbers_once_given_stay_when_people_come_and_go(cohort: Cohort) -> None:
    members = [make_member(cohort) for _one in range(3)]
    make(cohort, "attendance")
    before = numbers_of(cohort)
    assert sorted(before) == [1, 2, 3]
    gone = members[0]
    gone.state, gone.left_at = MemberState.REMOVED, timezone.now()
    gone.save()
    late = make_member(cohort)
    make(cohort, "attendance")
    after = numbers_of(cohort)
    assert {number: after[number] for number in before} == before
    assert after[4] == str(late.public_id)


def test_agenda_without_sessions_says_that_there_is_nothing(cohort: Cohort) -> None:
    kit = make(cohort, "agenda")
    assert (bool(kit.file), kit.work_done_at is not None) == (False, True)
    assert kit.problem == "There is nothing to print: the chosen modules hold none of what was asked for."


def test_the_same_asked_for_twice_is_one_kit(cohort: Cohort) -> None:
    asked = {"cohort": cohort, "by": cohort.trainer, "language": "en", "parts": ["attendance"], "modules": []}
    assert ask_for_kit(**asked) == ask_for_kit(**asked)
    assert PrintKit.objects.count() == 1


def test_what_cannot_be_made_is_refused_in_words(cohort: Cohort) -> None:
    asked = {"cohort": cohort, "by": cohort.trainer, "language": "en", "parts": ["agenda"], "modules": []}
    for changed, words in (({"parts": []}, "at least one"), ({"language": "fr"}, "another one")):
        with pytest.raises(KitRefused, match=words):
            ask_for_kit(**{**asked, **changed})
    Cohort.objects.update(closed_at=timezone.now())
    with pytest.raises(KitRefused, match="closed"):
        ask_for_kit(**asked)


def test_file_goes_after_a_month_and_with_an_erasure(cohort: Cohort) -> None:
    member = make_member(cohort)
    kit, other = make(cohort, "attendance"), make(cohort, "handouts")
    storage, name = kit.file.storage, kit.file.name
    assert throw_away_old() == 0
    PrintKit.objects.filter(pk=kit.pk).update(expires_at=timezone.now())
    assert (throw_away_old(), storage.exists(name), PrintKit.objects.get(pk=kit.pk).file.name) == (1, False, "")
    erase(member.person, Identity.of(member.person))
    assert (throw_away_old(), storage.exists(other.file.name)) == (1, False)


# --- Screens ------------------------------------------------------------------------------------------------------


def screen(cohort: Cohort) -> str:
    return reverse("cohorts:kits", args=[cohort.public_id])


def test_trainer_asks_for_a_kit_and_downloads_it(cohort: Cohort, client: Client) -> None:
    make_member(cohort)
    client.force_login(cohort.trainer)
    posted = {"language": "en", "session": "", "parts": ["attendance"], "modules": module_keys(cohort)}
    assert "Being made" in client.post(screen(cohort), posted, follow=True).text
    kit = PrintKit.objects.get()
    pending.work(kits.KIND, kit.pk)
    address = reverse("cohorts:kit_file", args=[cohort.public_id, kit.public_id])
    assert address in client.get(screen(cohort)).text
    response = client.get(address)
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="kit-autumn-group-')


def test_form_without_papers_says_so_and_keeps_what_was_chosen(cohort: Cohort, client: Client) -> None:
    client.force_login(cohort.trainer)
    response = client.post(screen(cohort), {"language": "en", "modules": module_keys(cohort)[:1]})
    assert response.status_code == 422
    assert "Choose at least one." in response.text
    assert response.text.count("checked") == 1


def test_kit_opens_for_nobody_else(cohort: Cohort, client: Client, stranger) -> None:
    learner = make_member(cohort).person
    kit = make(cohort, "attendance")
    other = CohortFactory(course=cohort.course)
    for person in (stranger, learner, other.trainer):
        client.force_login(person)
        assert client.get(screen(cohort)).status_code == 404
        assert client.post(screen(cohort), {"parts": ["attendance"], "language": "en"}).status_code == 404
        address = reverse("cohorts:kit_file", args=[cohort.public_id, kit.public_id])
        assert client.get(address).status_code == 404
    client.force_login(other.trainer)
    assert client.get(reverse("cohorts:kit_file", args=[other.public_id, kit.public_id])).status_code == 404


def test_session_of_another_cohort_cannot_be_chosen(cohort: Cohort, client: Client) -> None:
    client.force_login(cohort.trainer)
    session = LiveSessionFactory(cohort=CohortFactory(course=cohort.course))
    response = client.post(screen(cohort), {"language": "en", "parts": ["agenda"], "session": str(session.public_id)})
    assert response.status_code == 422
    with pytest.raises(ObjectDoesNotExist):
        PrintKit.objects.get()


def test_list_asks_as_much_for_three_kits_as_for_one(cohort: Cohort, client: Client, django_assert_num_queries) -> None:
    client.force_login(cohort.trainer)
    make(cohort, "attendance")
    client.get(screen(cohort))
    for more in (0, 2):
        for _kit in range(more):
            make(cohort, "handouts")
        with django_assert_num_queries(9):
            client.get(screen(cohort))
