"""Rubrics, practical assessments, and what was handed in for them."""

from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Locale

from assessments.domain import practicals, scripts
from assessments.domain.rubrics import freeze
from assessments.enums import HandInState
from assessments.models import HandIn, PracticalPage, RemovedFile, Rubric, Script
from courses.models import Cohort, Course, Edition, Enrolment, ModulePage, Unit
from elearn.core import pending


def level(id: str, points: int, *, title: str = "", descriptor: str = "") -> dict:
    value = {
        "title": title or id.capitalize(),
        "descriptor": descriptor or f"One sees {id}.",
        "points": Decimal(points),
    }
    return {"type": "item", "id": id, "value": value}


def criterion(id: str, *levels: dict, must_reach: str = "", title: str = "", about: str = "") -> dict:
    value = {"title": title or id.capitalize(), "about": about, "levels": list(levels), "must_reach": must_reach}
    return {"type": "criterion", "id": id, "value": value}


def two_criteria() -> list[dict]:
    """`aim` of 0, 2 or 4 points, where "Clear" must be reached; `voice` of 0 or 6."""
    return [
        criterion("aim", level("none", 0), level("clear", 2), level("sharp", 4), must_reach="Clear"),
        criterion("voice", level("low", 0), level("heard", 6)),
    ]


class RubricFactory(DjangoModelFactory):
    """Two criteria, ten points; see `two_criteria`."""

    class Meta:
        model = Rubric

    course_code = "rescue-at-sea"
    key = factory.Sequence(lambda n: f"rubric-{n}")
    title = "Delivering a session"
    locale = factory.LazyFunction(Locale.get_default)
    criteria = factory.LazyFunction(two_criteria)


BRIEF = (
    "<p>Plan a session of twenty minutes for eight colleagues and write it down: what it is for, its steps, their "
    "times, what you need.</p>"
)


def make_practical(module: ModulePage, key: str = "practical", **fields: object) -> PracticalPage:
    """A published practical with a rubric of its own: a text is asked for."""
    code = module.get_parent().specific.key
    page = PracticalPage(
        title=fields.pop("title", key.capitalize()),
        slug=key,
        key=key,
        locale=module.locale,
        purpose="A practical.",
        rubric=fields.pop("rubric", None) or RubricFactory(course_code=code, locale=module.locale),
        **{"brief": BRIEF, "facilitator_notes": "<p>Sit at the back.</p>", **fields},
    )
    module.add_child(instance=page)
    page.save_revision().publish()
    return page


def unit_of(page: PracticalPage) -> Unit:
    return Unit.objects.get(key=page.translation_key)


def make_cohort(course: Course, **fields: object) -> Cohort:
    edition: Edition = course.current_edition
    return Cohort.objects.create(
        course=course, edition=edition, **{"title": "Spring group", "starts_on": date(2026, 3, 1), **fields}
    )


def handed_in(enrolment: Enrolment, unit: Unit, **fields: object) -> HandIn:
    """A hand-in as a row, past every rule: for what comes after it."""
    return HandIn.objects.create(
        enrolment=enrolment,
        unit=unit,
        **{
            "number": 1,
            "state": HandInState.HANDED_IN,
            "handed_in_at": timezone.now(),
            "rules": {},
            "rubric": freeze(RubricFactory()),
            "text": "What was done.",
            "language": "en",
            **fields,
        },
    )


def script_of(enrolment: Enrolment, unit: Unit | None = None) -> Script:
    """A practical that waits for a mark."""
    unit = unit or enrolment.course.units.order_by("pk")[0]
    return scripts.enter_hand_in(hand_in=handed_in(enrolment, unit), second_marks=0, is_anonymous=False)


def remove_files() -> None:
    """Do what is left to a worker of files that were removed."""
    for pk in RemovedFile.objects.filter(work_done_at=None).values_list("pk", flat=True):
        assert pending.work(practicals.REMOVAL, pk)
