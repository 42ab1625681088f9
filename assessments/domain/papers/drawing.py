"""Forms drawn for a kit: one draw for each quiz and variant, kept as it was printed."""

from collections import Counter

from django.db import IntegrityError, transaction
from django.db.models import Q

from assessments.domain.papers import codes
from assessments.domain.quizzes import QUIZ, QuizRules
from assessments.domain.selection import available, draw_snapshot, seen_in
from assessments.models import PaperForm
from courses.domain.cohorts.kit_pages import UnitOnPaper
from courses.models import Cohort, PrintKit, Unit
from courses.models.edition import UnitEntry

VARIANTS = "ABC"
TRIED = 5


@transaction.atomic
def draw_forms(*, kit: PrintKit, quiz: UnitOnPaper, variants: int) -> list[PaperForm]:
    """Draw the forms of a quiz for a kit, or answer those that were drawn before.

    Effects: a row for each variant, with questions that earlier variants have least often, in an order of its own where
    the quiz allows it. None where the bank has no question in the language of the kit.
    """
    # The kit is locked: two workers that make it after a lease ran out must not print different papers.
    kit = PrintKit.objects.select_for_update(of=("self",)).get(pk=kit.pk)
    cohort = Cohort.objects.select_related("edition").get(pk=kit.cohort_id)
    entry = cohort.edition.structure.unit(quiz.page.key)
    unit = Unit.objects.get(key=quiz.page.key)
    there = {form.variant: form for form in PaperForm.objects.filter(kit=kit, unit=unit)}
    if entry is None:
        return []
    rules = QuizRules.from_json(entry.rules)
    seen: Counter[str] = seen_in(form.snapshot for form in there.values())
    for variant in VARIANTS[:variants]:
        if variant in there:
            continue
        snapshot = draw_snapshot(
            rules=rules, language=kit.language, languages=cohort.edition.structure.languages, seen=seen
        )
        if not snapshot:
            return []
        seen += seen_in([snapshot])
        there[variant] = _create(
            cohort=cohort,
            kit=kit,
            unit=unit,
            variant=variant,
            language=kit.language,
            title=quiz.page.title,
            pass_mark=rules.pass_mark,
            rules=rules.to_json(),
            snapshot=snapshot,
            created_by=kit.made_by,
        )
    return [there[variant] for variant in VARIANTS if variant in there]


def _create(**values: object) -> PaperForm:
    for _again in range(TRIED - 1):
        try:
            with transaction.atomic():
                return PaperForm.objects.create(code=codes.new_code(), **values)
        except IntegrityError:  # The code was given before: one in 900 million.
            continue
    return PaperForm.objects.create(code=codes.new_code(), **values)


def quizzes_of(cohort: Cohort) -> list[UnitEntry]:
    """The quizzes of the cohort's edition, each once."""
    found: dict[str, UnitEntry] = {}
    for variant in cohort.edition.structure.variants:
        for unit in variant.units():
            if unit.kind == QUIZ:
                found.setdefault(unit.key, unit)
    return list(found.values())


def has_pictures(unit: UnitEntry, language: str) -> bool:
    """Whether a quiz may ask something that shows a picture."""
    rules = QuizRules.from_json(unit.rules)
    shows = Q(prompt__contains="<embed") | Q(prompt__contains="<img")
    return any(available(source, language).filter(shows).exists() for source in rules.all_sources)
