import hashlib
from urllib.parse import unquote

import pytest

from certificates.models import Certificate, CertificateEvent
from certificates.views.own import file_name


def test_verification_page_is_public_and_says_that_it_is_true(as_person, rendered):
    response = as_person(None).get(f"/verify/{rendered.serial}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    for fact in ("Lea Learner", "Rescue at sea", "We issued this certificate, and it is valid today.", "M1<br>M2"):
        assert fact in page
    assert rendered.pdf_sha256 in page
    assert "learner@example.org" not in page


def test_verification_page_of_a_revoked_certificate_does_not_say_valid(as_person, rendered):
    CertificateEvent.objects.create(certificate=rendered, kind="revoked", reason="Fraud was found.")
    page = as_person(None).get(f"/verify/{rendered.serial}/").content.decode()
    assert "Do not rely on it." in page
    assert "it is valid today" not in page
    assert "Fraud was found." not in page


@pytest.mark.parametrize("path", ["/verify/2222-2222-2222/", "/verify/nonsense/", "/verify/7KQM-2XVD-9RT0/"])
def test_unknown_serial_is_a_404_page_that_helps(as_person, rendered, path):
    response = as_person(None).get(path, headers={"accept-language": "en"})
    assert response.status_code == 404
    assert "No certificate has this serial" in response.content.decode()
    assert 'name="serial"' in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_form_leads_to_the_certificate_however_the_serial_is_typed(as_person, rendered):
    typed = rendered.serial.lower().replace("-", " ")
    response = as_person(None).get("/verify/", {"serial": typed})
    assert (response.status_code, response["Location"]) == (302, f"/verify/{rendered.serial}/")


def test_form_keeps_the_language_that_was_asked_for(as_person, rendered):
    response = as_person(None).get("/verify/", {"serial": rendered.serial, "lang": "fr"})
    assert response["Location"] == f"/verify/{rendered.serial}/?lang=fr"


def test_form_says_what_is_wrong_with_a_serial(as_person, db):
    response = as_person(None).get("/verify/", {"serial": "7KQM-2XVD-9RT0"})
    assert response.status_code == 200
    assert "A serial never holds 0." in response.content.decode()


def test_form_is_empty_at_first(as_person, db):
    page = as_person(None).get("/verify/").content.decode()
    assert "Check a certificate" in page
    assert "errorlist" not in page


def test_address_typed_in_small_letters_leads_to_the_printed_one(as_person, rendered):
    response = as_person(None).get(f"/verify/{rendered.serial.lower()}/")
    assert (response.status_code, response["Location"]) == (302, f"/verify/{rendered.serial}/")


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [("", "fr", "fr"), ("?lang=es", "fr", "es"), ("?lang=xx", "fr", "fr"), ("?lang=ar", "en", "ar")],
)
def test_verification_page_is_in_the_language_asked_for(as_person, rendered, query, accepted, language):
    response = as_person(None).get(f"/verify/{rendered.serial}/{query}", headers={"accept-language": accepted})
    assert response["Content-Language"] == language
    assert f'<html lang="{language}"' in response.content.decode()


def test_download_gives_the_holder_the_stored_file(as_person, rendered, learner):
    response = as_person(learner).get(f"/en/certificates/{rendered.serial}/download/")
    assert response.status_code == 200
    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == rendered.pdf_sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="Certificate Rescue at sea Lea Learner.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", ["", "download/"])
def test_nobody_else_sees_a_certificate(as_person, rendered, stranger, manager, trainer, page):
    for person in (stranger, manager, trainer):
        assert as_person(person).get(f"/en/certificates/{rendered.serial}/{page}").status_code == 404
    response = as_person(None).get(f"/en/certificates/{rendered.serial}/{page}")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_download_before_the_pdf_is_made_says_so_and_comes_back(as_person, certificate, learner):
    response = as_person(learner).get(f"/en/certificates/{certificate.serial}/download/")
    page = response.content.decode()
    assert response.status_code == 202
    assert '<meta http-equiv="refresh" content="5">' in page
    assert "Your certificate is being made" in page
    assert response["Cache-Control"] == "private, no-store"


def test_download_of_a_pdf_that_cannot_be_made_stops_coming_back(as_person, certificate, learner):
    Certificate.objects.filter(pk=certificate.pk).update(work_tries=3)
    page = as_person(learner).get(f"/en/certificates/{certificate.serial}/download/").content.decode()
    assert "http-equiv" not in page
    assert "Your certificate itself is safe" in page


def test_holders_page_shows_facts_download_and_address_to_pass_on(as_person, rendered, learner):
    page = as_person(learner).get(f"/en/certificates/{rendered.serial}/").content.decode()
    for part in (
        "Certificate of completion",
        "Lea Learner",
        f'href="/en/certificates/{rendered.serial}/download/"',
        f"http://localhost:8000/verify/{rendered.serial}/",
    ):
        assert part in page


def test_file_name_is_right_in_any_script(as_person, certificate_for):
    certificate = certificate_for("محمد بن عبد الله")
    assert file_name(certificate) == "Certificate Rescue at sea محمد بن عبد الله.pdf"


def test_file_name_in_arabic_is_sent_as_utf_8(as_person, rendered, learner):
    rendered.subject.printed_name = "مُحَمَّد بن عبد الرَّحمن"
    rendered.subject.save()
    response = as_person(learner).get(f"/en/certificates/{rendered.serial}/download/")
    prefix = "attachment; filename*=utf-8''"
    assert response["Content-Disposition"].startswith(prefix)
    sent = unquote(response["Content-Disposition"].removeprefix(prefix))
    assert sent == "Certificate Rescue at sea مُحَمَّد بن عبد الرَّحمن.pdf"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('Ana "X" Ruiz/../etc', "Certificate Rescue at sea Ana X Ruiz .. etc.pdf"),
        ("Ana\r\nSet-Cookie: x", "Certificate Rescue at sea Ana Set-Cookie x.pdf"),
        ("م" * 150, "Certificate Rescue at sea " + "م" * 77 + ".pdf"),
    ],
)
def test_file_name_is_allowed_on_any_system(certificate_for, name, expected):
    assert file_name(certificate_for(name)) == expected
