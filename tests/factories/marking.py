"""Work that waits for marks: essays of attempts and practicals, with whoever judges them."""

from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from assessments.domain import judging, scripts
from assessments.domain.judging import Written
from assessments.enums import AttemptState
from assessments.models import Attempt, RubricAssessment, Script
from assessments.models import Response as Answer
from courses.models import Enrolment, Unit
from elearn.people.domain.roles import forget_grants, grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.people import UserFactory
from tests.factories.practicals import handed_in

# In the order of the levels: passes with 60 %, and what falls below.
SHARP = {"aim": "sharp", "voice": "heard"}  # 10 of 10
CLEAR = {"aim": "clear", "voice": "heard"}  # 8 of 10
QUIET = {"aim": "sharp", "voice": "low"}  # 4 of 10
AIMLESS = {"aim": "none", "voice": "heard"}  # 6 of 10, and "Clear" is not reached


def make_assessor(role: Role = Role.ASSESSOR, **fields: object) -> User:
    """Somebody who may mark everything, or what `scope_key` and the like say."""
    where = {name: fields.pop(name) for name in ("scope", "scope_key", "action") if name in fields}
    person = UserFactory(**fields)
    grant_role(person=person, role=role, granted_by=None, **where)
    forget_grants(person)
    return person


def essay_question(key: str, points: str) -> dict:
    return {
        "key": key,
        "translation_key": str(uuid4()),
        "kind": "essay",
        "points": points,
        "rules": {},
        "order": [],
        "contents": {"en": {"prompt": f"<p>Why {key}?</p>", "feedback": "", "template": "", "options": []}},
    }


def make_essays(
    enrolment: Enrolment,
    *texts: str,
    unit: Unit | None = None,
    points: str = "10",
    pass_mark: int = 60,
    second: str = "",
    **rules: object,
) -> list[Script]:
    """A submitted attempt of nothing but essays, `why-1`, `why-2` …, each in the queue."""
    unit = unit or enrolment.course.units.order_by("pk")[0]
    full = {"bank": "", "bank_key": "", "draw": 0, "pass_mark": pass_mark, "attempts": 0, "shuffle": False, **rules}
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        unit=unit,
        number=Attempt.objects.filter(enrolment=enrolment, unit=unit).count() + 1,
        pass_mark=pass_mark,
        rules=full,
        snapshot=[essay_question(f"why-{number}", points) for number, _text in enumerate(texts, start=1)],
        state=AttemptState.SUBMITTED,
        submitted_at=timezone.now(),
    )
    for number, text in enumerate(texts, start=1):
        Answer.objects.create(
            attempt=attempt,
            question_key=f"why-{number}",
            answer=text,
            client_key=uuid4(),
            sequence=number,
            language="en",
        )
    entered = [scripts.enter_essay(attempt=attempt, question_key=question["key"]) for question in attempt.snapshot]
    if second:
        Script.objects.filter(attempt=attempt).update(second_mark=second)
    return [Script.objects.get(pk=script.pk) for script in entered]


def make_practical_script(
    enrolment: Enrolment, *, pass_mark: int = 60, borderline: int = 0, second: str = "", **fields: object
) -> Script:
    """A practical that was handed in, in the queue."""
    anonymous = bool(fields.pop("is_anonymous", False))
    unit = fields.pop("unit", None) or enrolment.course.units.order_by("pk")[0]
    rules = {"pass_mark": pass_mark, "borderline": borderline}
    hand_in = handed_in(enrolment, unit, rules=rules, **fields)
    script = scripts.enter_hand_in(hand_in=hand_in, second_marks=0, is_anonymous=anonymous)
    Script.objects.filter(pk=script.pk).update(second_mark=second)
    return Script.objects.get(pk=script.pk)


def judge(
    script: Script,
    person: User,
    *,
    levels: dict | None = None,
    points: int | str | None = None,
    reasons: str = "Because.",
    **more: object,
) -> RubricAssessment:
    """Take, fill in and finish, as a marker does."""
    draft = judging.take(script=Script.objects.get(pk=script.pk), person=person)
    written = Written(
        levels=levels or {}, points=Decimal(points) if points is not None else None, reasons=reasons, **more
    )
    judging.save_draft(assessment=draft, written=written, version=draft.version)
    return judging.finalise(assessment=draft)
