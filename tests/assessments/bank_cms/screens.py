"""Addresses of the screens of banks, and what is posted there."""

import uuid
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from assessments.models import QuestionBank
from elearn.people.models import User

AsPerson = Callable[[User | None], Client]
QUESTIONS, BANKS = "wagtailsnippets_assessments_question", "wagtailsnippets_assessments_questionbank"


def at(name: str, *args: int, of: str = QUESTIONS) -> str:
    return reverse(f"{of}:{name}", args=args)


def is_missing(response: Any) -> bool:
    """What is not found is looked for below a language, and not found there either."""
    return response.status_code == 404 or response.headers.get("Location", "").startswith("/en/cms/")


def bulk(action: str, query: str) -> str:
    return f"/cms/bulk/assessments/question/{action}/?{query}"


def posted(kind: str, bank: QuestionBank, options: list[tuple[str, dict]], **fields: object) -> dict:
    data = {
        "kind": kind,
        "bank": bank.pk,
        "prompt": rich_text("<p>What?</p>"),
        "options": streamfield(options),
        "feedback": rich_text(""),
        "weight": "2",
        "category": "Sea/Night",
        "tags": "wind, rain",
        "name": "",
        "key": "",
        **fields,
    }
    flat: dict = nested_form_data(data)
    return flat | {f"options-{place}-id": str(uuid.uuid4()) for place in range(len(options))}
