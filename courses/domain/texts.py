"""The wording of a page, ready to print and the same for every reader: no learner, no token, no facilitator's note."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from courses.blocks.text import CleanRichText
from courses.domain.glossary import mark_terms, words_used
from courses.models import CoursePage, GlossaryTerm, LessonPage, ModulePage
from elearn.core.shelf import Shelf, this_minute

TextKey = tuple[int, int | None, int]


@dataclass(frozen=True)
class Reflection:
    """A question that a learner may keep a private note on: the one block that is not the same for everybody."""

    block_id: str
    question: str
    hint: str
    save_url: str
    share_url: str


@dataclass(frozen=True)
class LessonText:
    purpose: str
    complete_url: str
    questions_url: str
    body: tuple[SafeString | Reflection, ...]

    @property
    def asks(self) -> bool:
        return any(isinstance(part, Reflection) for part in self.body)


@dataclass(frozen=True)
class ModuleText:
    purpose: SafeString
    objectives: tuple[str, ...]
    introduction: SafeString


@dataclass(frozen=True)
class CourseText:
    key: UUID
    language: str
    title: str
    url_path: str
    summary: str
    theme: str
    level: str
    review_state: str
    review_note: str
    purpose: SafeString
    audience: SafeString
    objectives: tuple[str, ...]
    about: SafeString
    has_glossary: bool


_lessons: Shelf[TextKey, LessonText] = Shelf(room=500)
_modules: Shelf[TextKey, ModuleText] = Shelf(room=500)
_courses: Shelf[TextKey, CourseText] = Shelf(room=2_000)


def lesson_text(pk: int, wording: int | None) -> LessonText:
    """The wording of a live lesson. `wording` is the stamp of its course; None is never kept."""
    if wording is None:
        return text_of_lesson(LessonPage.objects.get(pk=pk))
    return _lessons.take_one((pk, wording, this_minute()), lambda: text_of_lesson(LessonPage.objects.get(pk=pk)))


def module_text(pk: int, wording: int | None) -> ModuleText:
    if wording is None:
        return text_of_module(ModulePage.objects.get(pk=pk))
    return _modules.take_one((pk, wording, this_minute()), lambda: text_of_module(ModulePage.objects.get(pk=pk)))


def course_texts(stamps: dict[int, int | None]) -> dict[int, CourseText]:
    """The wording of course pages, from `{page: stamp of its course}`. Two queries for all that are not kept."""

    def read(keys: list[TextKey]) -> dict[TextKey, CourseText]:
        pages = CoursePage.objects.select_related("locale").in_bulk([pk for pk, _, _ in keys])
        explained = _courses_with_glossary(page.key for page in pages.values())
        return {
            key: text_of_course(pages[key[0]], has_glossary=pages[key[0]].key in explained)
            for key in keys
            if key[0] in pages
        }

    minute = this_minute()
    kept = _courses.take([(pk, wording, minute) for pk, wording in stamps.items() if wording is not None], read)
    unkept: list[TextKey] = [(pk, None, minute) for pk, wording in stamps.items() if wording is None]
    texts = {**kept, **read(unkept)} if unkept else kept
    return {pk: text for (pk, _, _), text in texts.items()}


def text_of_lesson(page: LessonPage) -> LessonText:
    """The wording of a lesson as it stands in this page object: a live one or a draft."""
    body: list[SafeString | Reflection] = []
    for child in page.body:
        if child.block_type == "reflection":
            save_url = reverse("courses:reflect", args=[page.translation_key, child.id or "draft"])
            share_url = reverse("cohorts:share_note", args=[page.translation_key, child.id or "draft"])
            asked = Reflection(child.id or "", child.value["question"], child.value["hint"], save_url, share_url)
            body.append(asked)
        else:
            html = child.block.render(child.value, context={"block_id": child.id, "page": page})
            last = body.pop() if body and isinstance(body[-1], str) else SafeString("")
            body.append(mark_safe(f"{last}{html}\n"))
    # Addresses are the same for everybody, too, and working them out takes longer than printing them.
    complete_url = reverse("courses:complete", args=[page.translation_key])
    questions_url = reverse("cohorts:questions", args=[page.translation_key])
    return LessonText(page.purpose, complete_url, questions_url, tuple(_with_terms(body, words_used(page))))


def _with_terms(body: list[SafeString | Reflection], terms: list[GlossaryTerm]) -> list[SafeString | Reflection]:
    """The body, in which the first mention of each term leads to its definition."""
    if not terms:
        return body
    marked = iter(mark_terms([part for part in body if isinstance(part, str)], terms))
    return [mark_safe(next(marked)) if isinstance(part, str) else part for part in body]


def text_of_module(page: ModulePage) -> ModuleText:
    return ModuleText(_paragraphs(page.purpose), _objectives(page), _rich(page.introduction))


def _courses_with_glossary(codes: Iterable[str]) -> set[str]:
    terms = GlossaryTerm.objects.filter(course_code__in=list(codes), archived_at=None)
    return set(terms.values_list("course_code", flat=True).distinct())


def text_of_course(page: CoursePage, *, has_glossary: bool) -> CourseText:
    return CourseText(
        key=page.translation_key,
        language=page.locale.language_code,
        title=page.title,
        url_path=page.url_path,
        summary=page.summary,
        theme=page.theme,
        level=page.level,
        review_state=page.review_state,
        review_note=page.review_note,
        purpose=_paragraphs(page.purpose),
        audience=_paragraphs(page.audience),
        objectives=_objectives(page),
        about=_rich(page.about),
        has_glossary=has_glossary,
    )


def _objectives(page: Page) -> tuple[str, ...]:
    return tuple(str(objective.value) for objective in page.objectives)


def _paragraphs(text: str) -> SafeString:
    return mark_safe(linebreaks(text, autoescape=True))


def _rich(html: str) -> SafeString:
    return mark_safe(str(CleanRichText(html).__html__())) if html else SafeString("")
