"""The addresses of the marking desk."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from assessments.models import Script
from elearn.people.models import User

AsPerson = Callable[[User | None], Client]

QUEUE = "assessments:marking"
SETTLED = "assessments:marking_settled"
OF_A_SCRIPT = ("assessments:marking_script", "assessments:marking_decide")
NAME = "Lea Learner"


def address(name: str, script: Script, *more: object) -> str:
    return reverse(name, args=[script.public_id, *more])


def script_url(script: Script) -> str:
    return address("assessments:marking_script", script)


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()
