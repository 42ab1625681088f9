"""The rows of question banks, found and written as course packages name them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from wagtail.models import Locale

from assessments.domain.quizzes import banks_in_editions
from assessments.models import Question, QuestionBank, QuestionCategory
from assessments.models.options import to_stream
from assessments.questions import Option, Rules
from courses.domain.packages.markdown import document_of
from courses.domain.packages.richtext import to_html
from courses.domain.packages.values import Markdown

NO_TEXT = Markdown("")


@dataclass(frozen=True)
class QuestionData:
    """A question in one language, as a package and the database both hold it. The rich texts of its options are
    Markdown here."""

    kind: str
    prompt: Markdown
    options: tuple[Option, ...]
    feedback: Markdown
    weight: Decimal = Decimal(1)
    rules: Rules = field(default_factory=Rules)
    category: str = ""
    tags: tuple[str, ...] = ()
    name: str = ""
    template: str = ""
    marking_notes: Markdown = NO_TEXT


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
        row.name = data.name
        row.weight = data.weight
        row.prompt = html_of(data.prompt)
        row.feedback = html_of(data.feedback)
        row.marking_notes = html_of(data.marking_notes)
        row.template = data.template
        row.options = to_stream(_kept_wording(data, row))
        for name, value in asdict(data.rules).items():
            setattr(row, name, value)
        row.category = self._category(row.bank, data.category)
        row.archived_at = None
        row.save()
        row.tags.set(data.tags)
        row.save_revision()

    @staticmethod
    def _category(bank: QuestionBank, path: str) -> QuestionCategory | None:
        return QuestionCategory.objects.get_or_create(bank=bank, path=path)[0] if path else None

    def _translation_key(self, bank: str, name: str) -> UUID:
        known = self._named(bank, name).values_list("translation_key", flat=True).first()
        return known or uuid5(NAMESPACE_URL, f"question:{self.course_key}/{bank}/{name}")

    def archive(self, bank: str, name: str, language: str) -> None:
        self._named(bank, name).filter(locale__language_code=language).update(archived_at=timezone.now())

    def put_in_order(self, bank: str, language: str, order: Sequence[str]) -> None:
        for position, name in enumerate(order):
            self._named(bank, name).filter(locale__language_code=language).update(position=position)


def html_of(text: str) -> str:
    return to_html(document_of(Markdown(text)), lambda href: None) if text else ""


def _kept_wording(data: QuestionData, row: Question) -> list[Option]:
    """The options in HTML. Where a file says neither id nor wording (true or false), those of the row stay."""
    options = [option.with_texts(html_of) for option in data.options]
    before = row.asked().options if row.pk and row.kind == data.kind else ()
    if data.kind == "true_false" and len(before) == len(options):
        options = [replace(new, id=old.id, text=old.text) for new, old in zip(options, before, strict=True)]
    return options
