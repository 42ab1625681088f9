"""Queries that Django works out once per process, for what every page of a reader asks.

Putting a query together in the ORM costs several times what the database then does for it. A prepared one is written
as any other, is put together at its first use, and afterwards only takes other values.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

Row = TypeVar("Row")


@dataclass(frozen=True)
class _Plan:
    sql: str
    parameters: tuple[Any, ...]
    columns: int
    converters: tuple[tuple[int, Any, Any], ...]
    to_row: Callable[[str, Any], Any]


class Prepared(Generic[Row]):
    """A query with holes: `Prepared(lambda person: Enrolment.objects.filter(person=person), person=BigAutoField())`.

    `build` gets a hole for each name and returns a QuerySet of objects (`select_related` and `only` are heeded) or of
    `values_list` tuples; of nothing else, and without `prefetch_related`. It is called once, so whatever it computes
    from the day or the language would stay as it was: that must be a hole. A value may not be None, since SQL asks for
    nothing in other words.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **fields: Field) -> None:
        self._build = build
        self._fields = fields
        self._plans: dict[str, _Plan] = {}

    def __call__(self, *, using: str = "default", **values: Any) -> list[Row]:
        """The rows for these values, in one query."""
        connection = connections[using]
        plan = self._plans.get(using) or self._plans.setdefault(using, self._plan(using))
        prepared = {name: field.get_db_prep_value(values[name], connection) for name, field in self._fields.items()}
        parameters = [prepared[each.name] if isinstance(each, _Hole) else each for each in plan.parameters]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, parameters)
            found = cursor.fetchall()
        rows = []
        for one in found:
            row = list(one[: plan.columns])
            for place, converters, expression in plan.converters:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
            rows.append(plan.to_row(using, row))
        return rows

    def _plan(self, using: str) -> _Plan:
        holes = {name: _Hole(name, field) for name, field in self._fields.items()}
        queryset = self._build(**holes).using(using)
        compiler = queryset.query.get_compiler(using=using)
        sql, parameters = compiler.as_sql()
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = tuple(
            (place, functions, expression)
            for place, (functions, expression) in compiler.get_converters(columns).items()
        )
        to_row = _objects_of(compiler, using) if queryset._iterable_class is ModelIterable else _tuple
        return _Plan(sql, tuple(parameters), len(columns), converters, to_row)


class _Hole(Expression):
    """The place of a value that comes with each call; `field` turns the value into what the database takes."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return "%s", [self]


def _tuple(_using: str, row: list[Any]) -> tuple[Any, ...]:
    return tuple(row)


def _objects_of(compiler: Any, using: str) -> Callable[[str, Any], Any]:
    """What makes a row an object, with those that `select_related` names. As Django's own ModelIterable does it."""
    info = compiler.klass_info
    model, places = info["model"], info["select_fields"]
    first, end = places[0], places[-1] + 1
    names = [column.target.attname for column, *_ in compiler.select[first:end]]
    populators = get_related_populators(info, compiler.select, using)  # type: ignore[call-arg]  # stubs of a later one

    def make(database: str, row: Any) -> Any:
        made = model.from_db(database, names, row[first:end])
        for populator in populators:
            populator.populate(row, made)
        return made

    return make
