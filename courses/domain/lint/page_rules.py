"""Rules about courses, modules, units of every type, and lessons."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain import unit_types
from courses.domain.lint.content import Kind, block_names
from courses.domain.lint.findings import Book, Problem, Severity
from courses.domain.lint.prose import reading_minutes
from courses.domain.lint.subject import Subject, addresses_in

COURSE = Book(gettext_lazy("Courses"))
MODULE = Book(gettext_lazy("Modules"))
UNIT = Book(gettext_lazy("Every unit"))
LESSON = Book(gettext_lazy("Lessons"))

LONGEST_LESSON = 2500  # words
# A lesson may take longer than its text, for thinking and doing, but not so many times longer.
MOST_TIMES_LONGER = 6
SHORTEST_JUDGED = 10  # minutes stated
TOLERANCE = 1.25
# Blocks in which something is done, with the minutes that it may take.
MINUTES_OF_DOING = 3
BLOCKS_OF_DOING = re.compile(r"reflection|case|check|reveal|video|audio|steps|question")
BLOCKS_WITH_A_SOURCE = re.compile(r"source|quot|law|article")
BLOCKS_THAT_ASK = re.compile(r"check")
CLAIM = re.compile(
    r"\d\s?%|٪|\bper ?cent\b|\bpour cent\b|\bpor ?cient[oa]\b|\bpor cento\b|\bпроцент"
    r"|\b(?:article|artículo|artigo|art\.|статья|статьи|статье)\s?\d|المادة\s+\S",
    re.IGNORECASE,
)


# --- Courses -----------------------------------------------------------------------------------------------------


@COURSE.rule("course-summary", Severity.MUST, gettext_lazy("A course has a summary, a purpose and an audience."))
def course_summary(subject: Subject) -> Iterator[Problem]:
    for name in ("summary", "purpose", "audience"):
        if not getattr(subject.page, name).strip():
            label = subject.page._meta.get_field(name).verbose_name
            yield Problem(
                _("The field “%(label)s” is empty. The catalogue and the course page show it.") % {"label": label}
            )


@COURSE.rule("course-objectives", Severity.SHOULD, gettext_lazy("A course has learning objectives."))
def course_objectives(subject: Subject) -> Iterator[Problem]:
    if not subject.page.objectives:
        yield Problem(_("It has no learning objective. Say what a learner can do at the end; three to six are enough."))


@COURSE.rule("course-empty", Severity.MUST, gettext_lazy("A course has a module."))
def course_empty(subject: Subject) -> Iterator[Problem]:
    if not subject.modules:
        yield Problem(_("The course has no module. Add one below it."))


@COURSE.rule("course-check", Severity.SHOULD, gettext_lazy("A course asks something before it gives a certificate."))
def course_check(subject: Subject) -> Iterator[Problem]:
    units = [unit for module in subject.modules for unit in module.units]
    if units and not any(_is_check(unit) for unit in units):
        yield Problem(_("Nothing in the course checks what was learned. Add a quiz or another check."))


# --- Modules -----------------------------------------------------------------------------------------------------


@MODULE.rule("module-purpose", Severity.MUST, gettext_lazy("A module has a purpose."))
def module_purpose(subject: Subject) -> Iterator[Problem]:
    if not subject.page.purpose.strip():
        yield Problem(_("The purpose is empty. Say in a sentence what the module is for."))


@MODULE.rule("module-objectives", Severity.SHOULD, gettext_lazy("A module has learning objectives."))
def module_objectives(subject: Subject) -> Iterator[Problem]:
    if not subject.page.objectives:
        yield Problem(_("It has no learning objective. Say what a learner can do after this module."))


@MODULE.rule("module-empty", Severity.SHOULD, gettext_lazy("A module has a lesson; one without units is left out."))
def module_empty(subject: Subject) -> Iterator[Problem]:
    if not subject.units:
        yield Problem(_("The module has no unit, so a release leaves it out. Add a lesson below it."))
    elif all(_is_check(unit) for unit in subject.units):
        yield Problem(_("The module asks, but has no lesson to learn from. Add one."))


@MODULE.rule(
    "module-check", Severity.SHOULD, gettext_lazy("A module has a check: a quiz, or questions in its lessons.")
)
def module_check(subject: Subject) -> Iterator[Problem]:
    if subject.units and not any(_is_check(unit) or _asks(unit) for unit in subject.units):
        yield Problem(_("Nothing in the module checks what was learned. Add a quiz, or a quick check to a lesson."))


# --- Every unit --------------------------------------------------------------------------------------------------


@UNIT.rule("unit-purpose", Severity.MUST, gettext_lazy("A unit says what the learner can do afterwards."))
def unit_purpose(subject: Subject) -> Iterator[Problem]:
    if not subject.page.purpose.strip():
        yield Problem(_("It has no purpose. Say what the learner can do afterwards."))


@UNIT.rule("unit-minutes", Severity.MUST, gettext_lazy("A unit states its minutes."))
def unit_minutes(subject: Subject) -> Iterator[Problem]:
    if not subject.page.minutes:
        yield Problem(_("It states no minutes. The hours on the certificate are the sum of them."))


@UNIT.rule("unit-notes", Severity.SHOULD, gettext_lazy("A unit has notes for facilitators."))
def unit_notes(subject: Subject) -> Iterator[Problem]:
    if not subject.page.facilitator_notes:
        yield Problem(_("It has no notes for facilitators. Say how to use it with a group, and what people ask."))


# --- Lessons -----------------------------------------------------------------------------------------------------


@LESSON.rule("lesson-empty", Severity.MUST, gettext_lazy("A lesson has a body."))
def lesson_empty(subject: Subject) -> Iterator[Problem]:
    if not any(part.kind is not Kind.MISSING for part in subject.parts if part.place.field == "body"):
        yield Problem(_("The lesson is empty. Add at least one block of text to its body."))


@LESSON.rule("lesson-key-point", Severity.SHOULD, gettext_lazy("A lesson has a key point."))
def lesson_key_point(subject: Subject) -> Iterator[Problem]:
    if subject.blocks and "key_point" not in subject.blocks:
        yield Problem(_("It has no key point. Add the one sentence that a learner should remember."))


@LESSON.rule("lesson-sources", Severity.SHOULD, gettext_lazy("A lesson that states figures or law names its sources."))
def lesson_sources(subject: Subject) -> Iterator[Problem]:
    body = [part for part in subject.parts if part.place.field == "body"]
    if any(BLOCKS_WITH_A_SOURCE.search(part.block) or addresses_in(part) for part in body):
        return
    claims = ((part, text) for part in body for text in part.prose.paragraphs if CLAIM.search(text))
    for part, _text in claims:
        words = _("It states figures or law but names no source. Add a block of sources, or a link.")
        yield Problem(words, part.place)
        return


@LESSON.rule("lesson-long", Severity.SHOULD, gettext_lazy("A lesson is no longer than 2,500 words."))
def lesson_long(subject: Subject) -> Iterator[Problem]:
    if subject.words > LONGEST_LESSON:
        words = _("It has %(count)d words. Make two lessons of it: people read in breaks, on a phone.")
        yield Problem(words % {"count": subject.words})


@LESSON.rule("lesson-minutes", Severity.SHOULD, gettext_lazy("The minutes stated fit the time that reading takes."))
def lesson_minutes(subject: Subject) -> Iterator[Problem]:
    stated = subject.page.minutes
    reading = reading_minutes(subject.words, subject.language)
    doing = sum(bool(BLOCKS_OF_DOING.search(name)) for name in subject.blocks) * MINUTES_OF_DOING
    if not stated or not subject.blocks:
        return
    if reading > stated * TOLERANCE:
        words = _("Reading it takes about %(reading)d minutes, and it states %(stated)d. Correct the minutes.")
        yield Problem(words % {"reading": round(reading), "stated": stated})
    elif stated >= SHORTEST_JUDGED and (reading + doing) * MOST_TIMES_LONGER < stated:
        words = _("It states %(stated)d minutes, but there is only about %(reading)d to read. Correct the minutes.")
        yield Problem(words % {"reading": max(1, round(reading)), "stated": stated})


def _is_check(unit: object) -> bool:
    unit_type = unit_types.of_page(unit)
    return unit_type is not None and unit_type.is_check


def _asks(unit: object) -> bool:
    return any(BLOCKS_THAT_ASK.search(name) for name in block_names(unit))  # type: ignore[arg-type]
