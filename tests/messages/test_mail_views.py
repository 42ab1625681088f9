"""Choosing what mail one gets, and ending it from within a mail."""

import pytest
from django.test import Client
from django.urls import reverse

from elearn.messages.domain import sending, stopping
from elearn.messages.domain.preferences import choices_of
from elearn.messages.enums import Category, HowOften
from elearn.messages.models import MailPreference
from elearn.people.models import User
from tests.factories.mail import deliver_mail
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def stop_address(person: User, *categories: str) -> str:
    return reverse("mail:stop", args=[stopping.token_of(person, categories)])


def test_choices_are_kept_and_shown(client: Client, learner: User) -> None:
    client.force_login(learner)
    address = reverse("mail:preferences")
    wanted = {**{category.value: "weekly" for category in Category}, "forum": "never"}
    assert client.post(address, wanted).status_code == 302
    assert {category.value: how.value for category, how in choices_of(learner).items()} == wanted
    page = client.get(address).content.decode()
    assert page.count('<option value="weekly" selected>') == 5
    assert page.count('<option value="never" selected>') == 1


def test_choice_that_does_not_exist_is_refused_and_nothing_kept(client: Client, learner: User) -> None:
    client.force_login(learner)
    response = client.post(reverse("mail:preferences"), {category.value: "hourly" for category in Category})
    assert (response.status_code, MailPreference.objects.count()) == (422, 0)


def test_choices_are_behind_the_login(client: Client) -> None:
    assert client.get(reverse("mail:preferences")).headers["Location"].startswith("/accounts/login/")


def test_mail_program_ends_mail_by_its_own_button(learner: User, mailoutbox: list) -> None:
    sending.write(person=learner, reason="a", subject="S", body="B", category=Category.TRAINER)
    deliver_mail()
    [mail] = mailoutbox
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in mail.body
    path = address.removeprefix("http://localhost:8000").partition("/mail/")[2]
    browser = Client(enforce_csrf_checks=True)
    for _retry in range(2):
        response = browser.post(f"/mail/{path}", {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    assert choices_of(learner)[Category.TRAINER] == HowOften.NEVER
    assert MailPreference.objects.get().category == Category.TRAINER


def test_looking_at_the_link_ends_nothing(client: Client, learner: User) -> None:
    response = client.get(stop_address(learner, "trainer", "forum"))
    page = response.content.decode()
    assert response.status_code == 200
    assert str(Category.TRAINER.label) in page and str(Category.FORUM.label) in page
    assert "What must be sent still comes" in page
    assert learner.email not in page and learner.printed_name not in page
    assert client.head(stop_address(learner, "trainer")).status_code == 200
    assert MailPreference.objects.count() == 0


def test_page_speaks_the_readers_language(client: Client, learner: User) -> None:
    User.objects.filter(pk=learner.pk).update(language="ar")
    response = client.get(stop_address(learner, "trainer"), headers={"accept-language": "en"})
    assert response.headers["Content-Language"] == "ar"
    assert 'lang="ar"' in response.content.decode() and 'dir="rtl"' in response.content.decode()


@pytest.mark.parametrize("change", ["cut", "swap", "other", "nonsense"])
def test_forged_token_leads_nowhere(client: Client, learner: User, change: str) -> None:
    token, other = stopping.token_of(learner, ["trainer"]), stopping.token_of(UserFactory(), ["trainer"])
    forged = {
        "cut": token[:-1],
        "swap": other.partition("~")[0] + "~" + token.partition("~")[2],
        "other": stopping.token_of(learner, ["no-such"]),
        "nonsense": "nonsense",
    }[change]
    address = reverse("mail:stop", args=[forged])
    assert client.get(address, follow=True).status_code == 404
    assert client.post(address, follow=True).status_code == 404
    assert MailPreference.objects.count() == 0


def test_mail_that_must_be_sent_has_no_way_out(learner: User, mailoutbox: list) -> None:
    sending.write(person=learner, reason="a", subject="S", body="Body\n")
    deliver_mail()
    [mail] = mailoutbox
    assert (mail.body, [name for name in mail.extra_headers if name.startswith("List-")]) == ("Body\n", [])
