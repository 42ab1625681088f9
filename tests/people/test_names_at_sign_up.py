import pytest
from django.test import Client
from django.urls import reverse

from elearn.people.models import User


@pytest.mark.parametrize(
    ("field", "value"), [("printed_name", "Anna\u202eBauer"), ("printed_name", "12345"), ("latin_name", "Анна")]
)
def test_sign_up_takes_the_names_that_the_profile_takes(db: None, client: Client, field: str, value: str) -> None:
    form = {"printed_name": "Anna Bauer", "email": "anna@example.org", "password1": "a long enough phrase"}
    response = client.post(reverse("account_signup"), form | {"privacy_notice": "on", field: value})
    assert list(response.context["form"].errors) == [field]
    assert not User.objects.exists()
