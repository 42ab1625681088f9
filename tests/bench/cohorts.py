"""Cohorts of a course of thirty units, with learners at every stage, as rows."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assessments.models import Attempt
from courses.models import (
    Attendance,
    Cohort,
    CohortMember,
    Course,
    Edition,
    Enrolment,
    LiveSession,
    ModuleDate,
    Unit,
    UnitCompletion,
)
from elearn.people.domain import notices
from elearn.people.models import Institution, User

SIZES = (5, 500)
MODULES, LESSONS = 6, 4  # with a quiz each: thirty units
QUIZ_EVERY = LESSONS + 1
ROWS = 1_000


def make_cohorts() -> dict[str, str]:
    """The addresses of the cohorts' pages, by the number of learners."""
    course = _course()
    return {str(size): f"/en/teach/cohorts/{_cohort(course, size).public_id}/" for size in SIZES}


def _course() -> Course:
    course = Course.objects.create(key=uuid.uuid4(), code="bench-cohort")
    modules: list[dict[str, Any]] = []
    for number in range(1, MODULES + 1):
        kinds = ["lesson"] * LESSONS + ["quiz"]
        units = [_unit(f"m{number}-u{place}", kind) for place, kind in enumerate(kinds, start=1)]
        modules.append({"key": str(uuid.uuid4()), "code": f"module-{number}", "units": units})
    manifest = {
        "award": "completion",
        "titles": {},
        "variants": [{"kind": "full", "languages": ["en"], "modules": modules}],
    }
    course.current_edition = Edition.objects.create(course=course, number=1, manifest=manifest)
    course.save()
    rows = (unit for module in modules for unit in module["units"])
    Unit.objects.bulk_create(Unit(course=course, key=u["key"], code=u["code"], kind=u["kind"]) for u in rows)
    return course


def _unit(code: str, kind: str) -> dict[str, Any]:
    quiz = {"bank": "", "bank_key": "", "draw": 10, "pass_mark": 70, "attempts": 5, "shuffle": True}
    rules = quiz if kind == "quiz" else {}
    facts = {"code": code, "kind": kind, "required": True, "minutes": 20, "rules": rules, "stands_for": []}
    return {"key": str(uuid.uuid4()), **facts}


def _cohort(course: Course, size: int) -> Cohort:
    today, now = timezone.localdate(), timezone.now()
    edition: Edition = course.current_edition  # type: ignore[assignment]
    cohort = Cohort.objects.create(
        course=course, edition=edition, title=f"Cohort of {size}", starts_on=today - timedelta(days=60)
    )
    for place, module in enumerate(edition.structure.variants[0].modules):
        opens_on = cohort.starts_on + timedelta(days=14 * place)
        ModuleDate.objects.create(
            cohort=cohort, module=module.uuid, opens_on=opens_on, due_on=opens_on + timedelta(days=20)
        )
    enrolments = _seat(cohort, size)
    _learn(enrolments, list(Unit.objects.filter(course=course).order_by("pk")))
    trainer = User.objects.get(email="trainer@demo.example")
    for number in range(1, 5):
        began = now - timedelta(days=7 * number)
        held = LiveSession.objects.create(
            cohort=cohort, title="Held", starts_at=began, ends_at=began + timedelta(hours=1), created_by=trainer
        )
        Attendance.objects.bulk_create(
            Attendance(session=held, enrolment=each, state="present", source="list", entered_by=trainer)
            for each in enrolments[number % 2 :]
        )
    return cohort


def _seat(cohort: Cohort, size: int) -> list[Enrolment]:
    password, version, now = make_password(None), notices.current_version(), timezone.now()
    institutions = [
        Institution.objects.get_or_create(name=f"Institution {number} of cohorts", country="XX")[0]
        for number in range(8)
    ]
    people = User.objects.bulk_create(
        User(
            email=f"cohort{size}-{number}@demo.example",
            printed_name=f"Learner {number} of {size}",
            password=password,
            notice_version=version,
            last_login=now - timedelta(hours=number),
        )
        for number in range(size)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            person=person,
            course=cohort.course,
            edition=cohort.edition,
            cohort=cohort,
            source="cohort",
            institution=institutions[number % len(institutions)],
        )
        for number, person in enumerate(people)
    )
    CohortMember.objects.bulk_create(
        CohortMember(
            cohort=cohort, person=each.person, enrolment=each, state="seated", source="list", seated_at=each.created_at
        )
        for each in enrolments
    )
    return enrolments


def _learn(enrolments: list[Enrolment], units: list[Unit]) -> None:
    """Half of all units are done; at each quiz that was come to there is a failed attempt and a passed one."""
    now = timezone.now()
    completions, attempts = [], []
    for number, enrolment in enumerate(enrolments):
        for place, unit in enumerate(units[: number % (len(units) + 1)]):
            at = now - timedelta(days=40 - place)
            completions.append(UnitCompletion(enrolment=enrolment, unit=unit, language="en", completed_at=at))
            if unit.kind == "quiz":
                for turn, earned in enumerate((4, 9), start=1):
                    facts = {"state": "submitted", "submitted_at": at, "earned": Decimal(earned), "possible": 10}
                    attempts.append(
                        Attempt(
                            enrolment=enrolment,
                            unit=unit,
                            number=turn,
                            pass_mark=70,
                            snapshot=[],
                            started_at=at,
                            **facts,
                        )
                    )
    UnitCompletion.objects.bulk_create(completions, batch_size=ROWS)
    Attempt.objects.bulk_create(attempts, batch_size=ROWS)
