"""The rows of question banks, found and written as course packages name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from wagtail.models import Locale

from assessments.domain.quizzes import banks_in_editions
from assessments.models import Question, QuestionBank
from assessments.questions import Option
from courses.domain.packages.markdown import document_of
from courses.domain.packages.richtext import to_html
from courses.domain.packages.values import Markdown


@dataclass(frozen=True)
class QuestionData:
    """A question in one language, as a package and the database both hold it."""

    kind: str
    prompt: Markdown
    options: tuple[Option, ...]
    feedback: Markdown
    weight: int = 1


class BankRows:
    """The rows of one course's banks."""

    def __init__(self, course_key: str) -> None:
        self.course_key = course_key

    def has_bank(self, key: str) -> bool:
        return QuestionBank.objects.filter(course_code=self.course_key, key=key).exists()

    def save_bank(self, key: str, title: str) -> None:
        QuestionBank.objects.update_or_create(
            course_code=self.course_key,
            key=key,
            defaults={"title": title},
            # The same on every site, so that an edition's manifest means the same bank everywhere.
            create_defaults={"title": title, "uid": uuid5(NAMESPACE_URL, f"bank:{self.course_key}/{key}")},
        )

    def is_in_an_edition(self, key: str) -> bool:
        bank = QuestionBank.objects.get(course_code=self.course_key, key=key)
        return bank.uid in banks_in_editions()

    def find(self, bank: str, name: str, language: str) -> Question | None:
        return self._named(bank, name).filter(locale__language_code=language).first()

    def _named(self, bank: str, name: str) -> Any:
        return Question.objects.filter(bank__course_code=self.course_key, bank__key=bank, key=name)

    def save(self, bank: str, name: str, language: str, data: QuestionData) -> None:
        row = self.find(bank, name, language)
        if row is None:
            locale, _created = Locale.objects.get_or_create(language_code=language)
            row = Question(
                bank=QuestionBank.objects.get(course_code=self.course_key, key=bank),
                key=name,
                locale=locale,
                translation_key=self._translation_key(bank, name),
            )
        row.kind = data.kind
        row.weight = data.weight
        row.prompt = to_html(document_of(data.prompt), lambda href: None)
        row.feedback = to_html(document_of(data.feedback), lambda href: None)
        row.options = _stream(data, row)
        row.archived_at = None
        row.save()
        row.save_revision()

    def _translation_key(self, bank: str, name: str) -> UUID:
        known = self._named(bank, name).values_list("translation_key", flat=True).first()
        return known or uuid5(NAMESPACE_URL, f"question:{self.course_key}/{bank}/{name}")

    def archive(self, bank: str, name: str, language: str) -> None:
        self._named(bank, name).filter(locale__language_code=language).update(archived_at=timezone.now())

    def put_in_order(self, bank: str, language: str, order: Sequence[str]) -> None:
        for position, name in enumerate(order):
            self._named(bank, name).filter(locale__language_code=language).update(position=position)


def _stream(data: QuestionData, row: Question) -> list[dict[str, Any]]:
    """The options as a stream. Where a file says neither id nor wording (true or false), those of the row stay."""
    before = row.option_rows() if row.pk and row.kind == data.kind else []
    keeps = data.kind == "true_false" and len(before) == len(data.options)
    return [
        {
            "type": "option",
            "id": before[index].id if keeps else option.id,
            "value": {
                "text": before[index].text if keeps else option.text,
                "correct": option.correct,
                "feedback": option.feedback,
            },
        }
        for index, option in enumerate(data.options)
    ]
