"""What the addresses in the tables of roles may name (tests/journeys/role_pages.py)."""

from typing import Any
from uuid import uuid4

from django.utils import timezone


def facts_of(world: Any) -> dict[str, object]:
    """By their names there: people, what is theirs, and what is sent to forms."""
    today = timezone.localdate()
    known: dict[str, object] = {"north": world.north, "south": world.south, "today": today}
    facts = f"title=G&starts_on={today}&language=en&time_zone=UTC"
    known |= {"facts_of_cohort": facts, "one": world.cast["trainer of a cohort"].public_id}
    for name, side in (("north", world.north), ("south", world.south)):
        key = side.question["key"]
        known[f"to_{name}"] = f"email={side.person.email}&starts_on={today}"
        letter = {"north": "a", "south": "b"}[name]
        known[f"bank_of_{letter}"] = f"title=New&course_code=course-{letter}&key=new"
        known[f"at_{name}"] = f"key={side.institution.public_id}"
        what = f"what=course:{side.course.pk}&email={side.person.email}"
        known[f"more_for_{name}"] = f"{what}&extra_time=10&reason=R"
        group = f"edition={side.edition}&trainers={side.focal_grant.person.email}&{facts}"
        known[f"group_of_{letter}"] = f"key={uuid4()}&{group}"
        known[f"answer_{name}"] = f"answer-{key}=right&key-{key}={uuid4()}&based-{key}=0"
    return known
