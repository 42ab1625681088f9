"""Which quizzes draw a question: pages as they are published, and editions that were released."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from wagtail.models import Page

from assessments.domain.quizzes import QUIZ, QuizRules
from assessments.models import Question, QuestionBank, QuestionCategory, QuizPage, TaggedQuestion
from courses.models import Edition
from courses.models.edition import Manifest


@dataclass(frozen=True)
class Use:
    """A quiz that may draw a question. `page` is its page, `edition` the number of the edition; one of them is set.

    `quiz` is the quiz's key, equal for its pages in all languages and its editions.
    """

    title: str
    course: str = ""
    page: int | None = None
    edition: int | None = None
    quiz: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Draw:
    """What one source of a quiz may give: these questions, or those of a bank, below a path and with a tag."""

    use: Use
    quiz: UUID
    bank: UUID | None = None
    path: str = ""
    tag: str = ""
    fixed: frozenset[UUID] = frozenset()

    def gives(self, question: Question, tags: set[str]) -> bool:
        """Whether it may draw the question; `tags` are its tags' slugs and names in small letters."""
        if self.fixed:
            return question.translation_key in self.fixed
        path = question.category.path if question.category else ""
        below = not self.path or path == self.path or path.startswith(self.path + QuestionCategory.SEPARATOR)
        return question.bank.uid == self.bank and below and (not self.tag or self.tag.lower() in tags)

    def as_filter(self) -> Q:
        """The same as a condition on rows."""
        if self.fixed:
            return Q(translation_key__in=self.fixed)
        condition = Q(bank__uid=self.bank)
        if self.path:
            below = Q(category__path__startswith=self.path + QuestionCategory.SEPARATOR)
            condition &= Q(category__path=self.path) | below
        if self.tag:
            tagged = TaggedQuestion.objects.filter(Q(tag__slug=self.tag) | Q(tag__name__iexact=self.tag))
            condition &= Q(pk__in=tagged.values("content_object"))
        return condition


def all_draws() -> list[Draw]:
    """What every published quiz, and every quiz of a released edition, may draw. Five queries at most."""
    categories = list(QuestionCategory.objects.select_related("bank"))
    return [*_of_pages(categories), *_of_editions({str(row.uid): row.path for row in categories})]


def uses_of(questions: Sequence[Question], draws: Iterable[Draw] | None = None) -> dict[int, list[Use]]:
    """By question (its number): the quizzes that may draw it. Fetch bank, category and tags beforehand."""
    found = list(all_draws() if draws is None else draws)
    return {question.pk: _uses(question, found) for question in questions}


def _uses(question: Question, draws: list[Draw]) -> list[Use]:
    tags = {word.lower() for tag in question.tags.all() for word in (tag.slug, tag.name)}
    by_quiz = {(draw.quiz, draw.use.edition): draw.use for draw in draws if draw.gives(question, tags)}
    return list(by_quiz.values())


def drawn() -> Q:
    """The condition on questions that some quiz may draw them."""
    condition = Q(pk__in=())
    for bare in {(draw.bank, draw.path, draw.tag, draw.fixed): draw for draw in all_draws()}.values():
        condition |= bare.as_filter()
    return condition


# --- Pages --------------------------------------------------------------------------------------------------------


def _of_pages(categories: list[QuestionCategory]) -> Iterator[Draw]:
    pages = list(QuizPage.objects.live().select_related("bank", "locale"))
    banks = {bank.pk: bank for bank in QuestionBank.objects.filter(pk__in=_chosen(pages, "bank"))}
    fixed = dict(Question.objects.filter(pk__in=_chosen(pages, "questions")).values_list("pk", "translation_key"))
    known = {(row.bank_id, row.path) for row in categories}
    for page in pages:
        use = Use(page.title, page.bank.course_code, page=page.pk, quiz=page.translation_key)
        if not page.selection:
            yield Draw(use, page.translation_key, bank=page.bank.uid)
        for child in page.selection.raw_data:
            value = child["value"]
            if child["type"] == "fixed":
                keys = frozenset(fixed[pk] for pk in _listed(value) if pk in fixed)
                if keys:
                    yield Draw(use, page.translation_key, fixed=keys)
                continue
            bank, path = banks.get(value.get("bank"), page.bank), (value.get("category") or "").strip()
            if not path or (bank.pk, path) in known:
                yield Draw(use, page.translation_key, bank.uid, path, (value.get("tag") or "").strip())


def _chosen(pages: list[QuizPage], name: str) -> set[int]:
    """The numbers of the banks, or of the questions, that selections name."""
    values = [child["value"] for page in pages for child in page.selection.raw_data]
    if name == "bank":
        return {value["bank"] for value in values if value.get("bank")}
    return {pk for value in values for pk in _listed(value)}


def _listed(value: dict[str, Any]) -> list[int]:
    """The questions of a fixed list; older rows hold the bare numbers."""
    entries = value.get("questions") or ()
    return [entry["value"] if isinstance(entry, dict) else entry for entry in entries]


# --- Editions -----------------------------------------------------------------------------------------------------


def _of_editions(paths: dict[str, str]) -> Iterator[Draw]:
    quizzes = list(_released())
    titles = dict(
        Page.objects.filter(translation_key__in={q[0] for q in quizzes}).values_list("translation_key", "title")
    )
    for key, course, number, rules in quizzes:
        use = Use(titles.get(key, ""), course, edition=number, quiz=key)
        for source in rules.all_sources:
            if source.questions:
                yield Draw(use, key, fixed=frozenset(map(UUID, source.questions)))
            elif source.bank and (not source.category or source.category in paths):
                yield Draw(use, key, UUID(source.bank), paths.get(source.category, ""), source.tag)


def _released() -> Iterator[tuple[UUID, str, int, QuizRules]]:
    for number, course, manifest in Edition.objects.values_list("number", "course__code", "manifest"):
        units = (unit for variant in Manifest.from_json(manifest).variants for unit in variant.units())
        for unit in units:
            if unit.kind == QUIZ:
                yield UUID(unit.key), course, number, QuizRules.from_json(unit.rules)


def categories_in_editions() -> set[str]:
    """The permanent names of the categories that quizzes of released editions draw from."""
    return {s.category for *_rest, rules in _released() for s in rules.all_sources if s.category}
