"""The privacy notice: versions that never change, accepted at sign-up, and once again when there is a new one."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, Enrolment, LessonPage
from elearn.people.domain import notices
from elearn.people.models import NoticeAcceptance, PrivacyNotice, User
from tests.factories.people import UserFactory

AsPerson = Callable[[User | None], Client]
TEXTS = {"en": "## New\n\nAsk {operator} at {contact}. <script>alert(1)</script>", "fr": "## Nouveau"}
WHAT_IS_NEW = "Mail is kept for a shorter time."


def publish_second(**fields: object) -> PrivacyNotice:
    notice = notices.publish(by=None, texts=TEXTS, changes={"en": WHAT_IS_NEW}, **fields)
    notices.forget()
    return notice


def accepted(person: User) -> list[int]:
    return list(NoticeAcceptance.objects.filter(person=person).values_list("notice__version", flat=True))


def test_notice_that_comes_with_the_product_is_there_for_everybody(client: Client, db: None, settings) -> None:
    settings.OPERATOR_NAME, settings.OPERATOR_CONTACT = "Ministry <of> Tests", "data@example.org"
    response = client.get("/privacy/")
    content = response.content.decode()
    assert response.status_code == 200
    assert "Ministry &lt;of&gt; Tests runs this site" in content
    assert "data@example.org" in content
    assert "{operator}" not in content
    assert PrivacyNotice.objects.get().version == 1


def test_notice_is_linked_from_every_page_and_from_sign_up(client: Client, db: None) -> None:
    assert 'href="/privacy/"' in client.get("/en/").content.decode()
    assert 'href="/privacy/1/"' in client.get(reverse("account_signup")).content.decode()


def test_earlier_versions_stay_readable_and_say_what_changed(client: Client, db: None) -> None:
    publish_second()
    assert WHAT_IS_NEW in client.get("/privacy/").content.decode()
    first = client.get("/privacy/1/").content.decode()
    assert "This is an earlier version" in first
    assert "Who is responsible" in first
    assert client.get("/privacy/3/").headers["Location"] == "/privacy/"


def test_version_to_come_is_neither_shown_nor_asked_about(client: Client, db: None, learner: User) -> None:
    publish_second(effective_from=timezone.now() + timedelta(days=5))
    assert client.get("/privacy/2/").headers["Location"] == "/privacy/"
    assert not notices.is_due(learner)


def test_text_of_a_notice_is_cleaned(db: None) -> None:
    html = publish_second().texts["en"]["html"]
    assert "<script" not in html
    assert "<h2>New</h2>" in html


def test_published_notice_is_never_changed(db: None) -> None:
    notice = PrivacyNotice.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivacyNotice.objects.filter(pk=notice.pk).update(texts={})
    notice.refresh_from_db()
    assert "en" in notice.texts


@pytest.mark.parametrize(
    ("texts", "changes", "refusal"),
    [
        ({"fr": "Bonjour"}, {"en": "x"}, "the site's own language"),
        ({"en": "  "}, {"en": "x"}, "the site's own language"),
        ({"en": "Hello"}, {}, "Say what is new"),
    ],
)
def test_notice_that_says_too_little_is_refused(db: None, texts: dict, changes: dict, refusal: str) -> None:
    with pytest.raises(notices.NoticeRefused, match=refusal):
        notices.publish(by=None, texts=texts, changes=changes)
    assert PrivacyNotice.objects.count() == 1


def test_version_does_not_come_into_effect_before_the_one_it_follows(db: None) -> None:
    publish_second(effective_from=timezone.now() + timedelta(days=5))
    with pytest.raises(notices.NoticeRefused, match="Version 2 comes into effect later"):
        publish_second()


def test_sign_up_accepts_the_version_on_the_screen(db: None, client: Client) -> None:
    form = {
        "printed_name": "Nia New",
        "email": "nia@example.org",
        "password1": "a long enough phrase",
        "notice_version": "1",
    }
    response = client.post(reverse("account_signup"), form)
    assert "privacy_notice" in response.context["form"].errors
    assert User.objects.count() == 0
    publish_second()  # While the form was being filled in.
    client.post(reverse("account_signup"), form | {"privacy_notice": "on"})
    person = User.objects.get()
    assert (accepted(person), person.notice_version) == ([1], 1)
    assert notices.is_due(person)


@pytest.fixture
def lesson(learner: User, course: Course) -> LessonPage:
    Enrolment.objects.create(person=learner, course=course, edition=course.current_edition)
    return LessonPage.objects.get(key="m1-l1")


def test_new_version_is_asked_about_once_and_leads_back(learner: User, lesson: LessonPage, as_person: AsPerson) -> None:
    client = as_person(learner)
    wanted = f"{lesson.url}?from=mail"
    assert client.get(wanted).status_code == 200
    publish_second()
    asked = client.get(wanted)
    assert asked.status_code == 302
    page = client.get(asked.headers["Location"])
    assert WHAT_IS_NEW in page.content.decode()
    assert "I do not agree" in page.content.decode()
    assert client.get(wanted).status_code == 302
    done = client.post(reverse("privacy:accept"), {"version": 2, "next": wanted})
    assert (done.status_code, done.headers["Location"]) == (302, wanted)
    assert client.get(wanted).status_code == 200
    assert accepted(learner) == [2]
    again = client.post(reverse("privacy:accept"), {"version": 2, "next": wanted})
    assert (again.status_code, accepted(learner)) == (302, [2])


def test_acceptance_leads_to_no_other_site(learner: User, as_person: AsPerson) -> None:
    publish_second()
    done = as_person(learner).post(reverse("privacy:accept"), {"version": 2, "next": "https://evil.example/"})
    assert done.headers["Location"] == "/en/desk/"


def test_version_that_is_not_in_effect_cannot_be_accepted(learner: User, as_person: AsPerson) -> None:
    publish_second()
    for version in (1, 3, "x"):
        response = as_person(learner).post(reverse("privacy:accept"), {"version": version})
        assert response.status_code == 200
    assert accepted(learner) == []


def test_what_is_being_saved_is_never_interrupted(learner: User, lesson: LessonPage, as_person: AsPerson) -> None:
    client = as_person(learner)
    publish_second()
    complete = client.post(reverse("courses:complete", args=[lesson.translation_key]), {})
    assert not complete.headers["Location"].startswith("/privacy/")
    assert learner.enrolments.get().completions.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"X-Requested-With": "XMLHttpRequest"},
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Dest": "iframe"},
    ],
)
def test_scripts_and_frames_are_not_interrupted(learner: User, as_person: AsPerson, headers: dict) -> None:
    publish_second()
    client = as_person(learner)
    assert client.get("/en/desk/", headers=headers).status_code == 200
    assert client.get("/en/desk/", headers={"Sec-Fetch-Dest": "document"}).status_code == 302


@pytest.mark.parametrize("path", ["/accounts/privacy/", "/accounts/logout/", "/privacy/", "/verify/", "/healthz"])
def test_way_out_and_public_pages_stay_open(learner: User, as_person: AsPerson, path: str) -> None:
    publish_second()
    assert as_person(learner).get(path).status_code == 200


def test_nobody_without_an_account_is_asked(client: Client, db: None) -> None:
    publish_second()
    assert client.get("/en/").status_code == 200


def test_asking_costs_no_query(learner: User, as_person: AsPerson, django_assert_num_queries) -> None:
    as_person(learner)
    notices.current_version()
    with django_assert_num_queries(0):
        assert not notices.is_due(learner)


def test_somebody_made_by_other_means_is_asked_at_the_first_visit(db: None, as_person: AsPerson) -> None:
    person = UserFactory(notice_version=0)
    page = as_person(person).get("/en/desk/", follow=True)
    assert "Before you go on" in page.content.decode()


def test_strangers_do_not_publish(learner: User, stranger: User, author: User, as_person: AsPerson) -> None:
    for person in (learner, stranger, author):
        client = as_person(person)
        form = {"text_en": "Mine", "changes_en": "All", "publish": "1"}
        assert client.get(reverse("privacy:publish")).status_code == 403
        assert client.post(reverse("privacy:publish"), form).status_code == 403
    assert as_person(None).get(reverse("privacy:publish")).status_code == 302
    assert PrivacyNotice.objects.count() == 1


def test_manager_looks_at_a_version_and_publishes_it(manager: User, as_person: AsPerson) -> None:
    client = as_person(manager)
    url = reverse("privacy:publish")
    assert "Who is responsible" in client.get(url).content.decode()
    form = {f"{what}_{code}": "" for what in ("text", "changes") for code in ("en", "fr", "es", "pt-br", "ar", "ru")}
    form |= {"text_en": TEXTS["en"], "changes_en": WHAT_IS_NEW, "text_ar": "## جديد", "effective_from": ""}
    seen = client.post(url, form | {"look": "1"}).content.decode()
    assert "<h2>New</h2>" in seen
    assert PrivacyNotice.objects.count() == 1
    assert client.post(url, form | {"publish": "1", "changes_en": ""}).status_code == 422
    assert client.post(url, form | {"publish": "1"}).headers["Location"] == "/privacy/"
    notice = PrivacyNotice.objects.get(version=2)
    assert (set(notice.texts), notice.published_by) == ({"en", "ar"}, manager)
    assert notice.texts["ar"]["changes"] == WHAT_IS_NEW


def test_notice_in_another_language_is_shown_in_it(client: Client, db: None) -> None:
    publish_second()
    french = client.get("/privacy/", headers={"Accept-Language": "fr"}).content.decode()
    assert "<h2>Nouveau</h2>" in french
    russian = client.get("/privacy/", headers={"Accept-Language": "ru"}).content.decode()
    assert '<div lang="en" dir="auto">' in russian


def test_command_publishes_from_files(db: None, tmp_path) -> None:
    file = tmp_path / "en.md"
    file.write_text("## From a file")
    out = StringIO()
    call_command("publish_notice", str(file), "--new", WHAT_IS_NEW, stdout=out)
    assert out.getvalue().startswith("Version 2, in effect from ")
    assert PrivacyNotice.objects.first().texts["en"]["html"] == "<h2>From a file</h2>\n"
