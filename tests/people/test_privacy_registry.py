"""No table that leads to a person is forgotten: every field is somebody's to hand out and to erase."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from elearn.people.domain import personal_data, retention
from elearn.people.domain.contributions.account import ACCOUNT_FIELDS
from elearn.people.models import User

# Of the person's own row: what is neither handed out nor says who it is.
NOT_HANDED_OUT = {"id", "password", "erased_at"}


def own_relations(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    """The fields of a model, not those of its parents, that point at another one."""
    fields: list[Field] = list(model._meta.local_fields)
    for field in fields:
        if field.is_relation and field.related_model is not None:
            yield f"{model._meta.label}.{field.name}", field.related_model


def test_every_field_that_leads_to_a_person_is_registered() -> None:
    contributions = personal_data.contributions()
    holds = frozenset().union(*(contribution.holds for contribution in contributions))
    acts = frozenset().union(*(contribution.acts for contribution in contributions))
    relations = [relation for model in apps.get_models(include_auto_created=True) for relation in own_relations(model)]
    theirs: set[type[Model]] = {User}
    found: set[str] = set()
    while True:
        leading = {label for label, target in relations if target in theirs}
        new = leading - found
        if not new:
            break
        found |= new
        theirs |= {apps.get_model(label.rpartition(".")[0]) for label in new & holds}
    forgotten = found - holds - acts
    assert forgotten == set(), (
        "Say in the personal_data.py of their package who hands these out and erases them (`holds`), or that they are "
        "about somebody or something else (`acts`)"
    )
    known = {label for label, _target in relations}
    assert (holds | acts) - known == set(), "These fields do not exist"
    assert holds & acts == set()


def test_every_field_of_the_person_is_handed_out() -> None:
    fields = {field.name for field in User._meta.local_fields}
    assert fields - set(ACCOUNT_FIELDS) == NOT_HANDED_OUT


def test_every_period_of_the_settings_is_a_line_of_the_table() -> None:
    assert {line.key for line in retention.table() if line.due} == set(settings.RETENTION_DAYS)
    assert [line.key for line in retention.table() if not line.due and not line.how_long] == []
