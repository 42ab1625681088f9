"""A person's own data as one download: whole, theirs alone, and gone after a few days."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import MarkChange
from certificates.models import Certificate
from elearn.core import pending
from elearn.people.domain import exports, personal_data, retention
from elearn.people.models import DataExport, User
from tests.factories import privacy
from tests.factories.mail import deliver_mail

AsPerson = Callable[[User | None], Client]
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def no_files_of_other_tests() -> None:
    privacy.remove_files()


@pytest.fixture
def known(manager: User) -> User:
    return privacy.make_known_person(manager)


@pytest.fixture
def bundle(known: User) -> zipfile.ZipFile:
    with DataExport.objects.get().file.open("rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


@pytest.fixture
def data(bundle: zipfile.ZipFile) -> dict:
    return json.loads(bundle.read("data.json"))


def test_download_holds_everything_that_is_kept(known: User, data: dict) -> None:
    assert (data["format"], data["format_version"]) == ("elearn personal data", 1)
    tables = data["data"]
    assert list(tables) == [
        *("people", "logins", "cms", "messages", "courses", "schedule", "members", "sessions", "discussions", "kits"),
        *("assessments", "practicals", "surveys", "marking", "papers", "certificates", "programme", "elsewhere"),
    ]
    assert {key for of_package in tables.values() for key, rows in of_package.items() if not rows} == {
        *("extensions", "attendance", "calendar", "groups", "erasures", "cms_pages_followed", "cms_work"),
        *("threads", "posts", "useful_marks", "post_reports", "follows"),
    }
    text = json.dumps(data, ensure_ascii=False)
    missing = [trace for trace in privacy.TRACES if trace not in text]
    assert missing == []
    (account,) = tables["people"]["account"]
    assert account["email"] == privacy.ADDRESS
    assert account["statistics_consent_at"].endswith("Z")
    assert tables["assessments"]["answers"][1]["answered"] == ["Option right"]
    assert tables["elsewhere"]["acts"] == [{"record": "core.AuditEvent.actor", "times": AUDITED_ACTS}]


AUDITED_ACTS = 2  # What the person looked at, and the asking for the download.


def test_download_names_nobody_else(known: User, manager: User, bundle: zipfile.ZipFile, data: dict) -> None:
    assert MarkChange.objects.filter(marked_by=manager).exists()
    for name in ("data.json", "index.html"):
        text = bundle.read(name).decode()
        assert manager.printed_name not in text
        assert manager.email not in text
    assert {mark["marked_by"] for mark in data["data"]["assessments"]["marks"]} == {
        "automatically",
        "Programme manager",
    }
    assert data["data"]["people"]["memberships"][0]["decided_by"] == "Programme manager"


def test_download_holds_no_secret(bundle: zipfile.ZipFile, known: User) -> None:
    assert b"a-secret-of-the-second-step" not in bundle.read("data.json")
    assert known.password.encode() not in bundle.read("data.json")


def test_download_can_be_read_and_holds_the_certificates(known: User, bundle: zipfile.ZipFile) -> None:
    page = bundle.read("index.html").decode()
    assert privacy.NAME in page
    assert "<h2>Your private notes</h2>" in page
    certificate = Certificate.objects.get()
    assert f"files/certificates/{certificate.serial}.pdf" in bundle.namelist()
    assert bundle.read(f"files/certificates/{certificate.serial}.pdf").startswith(b"%PDF-")


def test_keys_of_the_download_are_documented(known: User) -> None:
    text = (settings.BASE_DIR / "docs" / "privacy.md").read_text()
    tables = [table for of_package in personal_data.collect(known).values() for table in of_package]
    missing = [table.key for table in tables if f"`{table.key}`" not in text]
    assert missing == []


def log_in(client: Client, person: User) -> Client:
    person.emailaddress_set.get_or_create(email=person.email, verified=True, primary=True)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def test_person_asks_is_told_and_fetches_the_file(learner: User, client: Client) -> None:
    log_in(client, learner)
    asked = client.post(reverse("people:ask_for_export"))
    assert DataExport.objects.count() == 0, "It is asked again who this is."
    page = client.post(asked.headers["Location"], {"password": PASSWORD}, follow=True).content.decode()
    assert "Your file is being made" in page
    export = DataExport.objects.get()
    assert pending.work(exports.KIND, export.pk)
    (told,) = deliver_mail()
    assert (told.to, told.subject) == ([learner.email], "Your data is ready to download")
    url = reverse("people:download_export", args=[export.public_id])
    assert url in client.get(reverse("people:privacy")).content.decode()
    response = client.get(url)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert set(archive.namelist()) == {"data.json", "index.html"}


def test_file_is_for_its_owner_alone(learner: User, stranger: User, manager: User, as_person: AsPerson) -> None:
    export = exports.ask_for_export(person=learner)
    pending.work(exports.KIND, export.pk)
    url = reverse("people:download_export", args=[export.public_id])
    for person in (stranger, manager):
        client = log_in(Client(), person)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.get(url, follow=True).status_code == 404
    assert as_person(None).get(url).headers["Location"].startswith(reverse("account_login"))
    # Who found a session open does not have the password.
    assert as_person(learner).get(url).headers["Location"].startswith(reverse("account_reauthenticate"))


def test_asking_again_replaces_the_file(learner: User) -> None:
    first = exports.ask_for_export(person=learner)
    assert exports.ask_for_export(person=learner) == first
    pending.work(exports.KIND, first.pk)
    path = Path(DataExport.objects.get().file.path)
    assert path.exists()
    second = exports.ask_for_export(person=learner)
    assert second.public_id != first.public_id
    assert not path.exists()


def test_file_is_gone_when_its_time_is_over(learner: User, as_person: AsPerson) -> None:
    export = exports.ask_for_export(person=learner)
    pending.work(exports.KIND, export.pk)
    export.refresh_from_db()
    days = (export.expires_at - timezone.now()).total_seconds() / 86400
    assert round(days) == settings.RETENTION_DAYS["exports"]
    DataExport.objects.update(expires_at=timezone.now(), work_done_at=timezone.now() - timedelta(days=8))
    url = reverse("people:download_export", args=[export.public_id])
    assert log_in(Client(), learner).get(url).status_code == 302
    retention.apply_retention()
    assert DataExport.objects.count() == 0
    assert privacy.found_in_files() == []


def test_page_says_what_is_kept_and_for_how_long(learner: User, as_person: AsPerson) -> None:
    page = as_person(learner).get(reverse("people:privacy")).content.decode()
    for line in retention.table():
        assert str(line.what) in page
    assert "from the day it was written: 180 days</summary>" in page
    assert "An account that nobody uses, from the last login on: 5 years</summary>" in page
    assert as_person(None).get(reverse("people:privacy")).status_code == 302
