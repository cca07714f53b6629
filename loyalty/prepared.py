"""A query that is asked all the time: written as a queryset, its SQL made once per process.

Making SQL of a queryset takes Python many times as long as asking the database. Where a queue
waits, that is done once, with a place for each value that is only known later:

    PAIRED = Prepared(lambda: Counter.objects.filter(device_hash=Given("device"))[:1])
    counter = PAIRED.first(device=...)
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django_scopes import get_scope, scope, scopes_disabled
from django_scopes.exceptions import ScopeError

M = TypeVar("M", bound=Model)
SHOP = "shop"  # the dimension of every scope
WRITTEN_MOMENT = re.compile(r"\d{4}-\d\d-\d\d( \d\d:|$)")  # as SQLite gets one


class Given(Expression):
    """A place for a value. `field`: what it is, where the database does not take it as it is."""

    def __init__(self, name: str, field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=field)
        self.name, self.column = name, field

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def ready(self, value: Any) -> Any:
        return self.column.get_db_prep_value(value, connection) if self.column else value


class Prepared(Generic[M]):
    """What `build` returns is compiled at the first question.

    It belongs to the shop whose scope is open when it is asked, as any queryset does, and raises
    ScopeError without one; `everywhere` looks into all shops, and is read like scopes_disabled.
    `build` sees no request and no clock: a moment in it would be that of the first question.
    """

    def __init__(self, build: Callable[[], QuerySet[M, Any]], *, everywhere: bool = False) -> None:
        self.build, self.everywhere = build, everywhere
        self._made: dict[str, _Made[M]] = {}

    def first(self, **given: Any) -> M | None:
        """The first row's object. The query itself says that it wants one only."""
        return next(iter(self.all(**given)), None)

    def all(self, **given: Any) -> list[M]:
        made = self._for_this_database()
        return [made.thing(row) for row in made.rows(given | self._scope())]

    def values(self, **given: Any) -> list[dict[str, Any]]:
        """Of a query that reads only annotations, by their names."""
        made = self._for_this_database()
        return [
            {name: row[place] for name, place in made.annotations.items()}
            for row in made.rows(given | self._scope())
        ]

    def text(self, **given: Any) -> tuple[str, list[Any]]:
        """SQL and its values, to stand in a statement by hand."""
        made = self._for_this_database()
        return made.sql, made.asked(given | self._scope())

    def _scope(self) -> dict[str, Any]:
        if self.everywhere:
            return {}
        shop = get_scope().get(SHOP)
        if shop is None:
            raise ScopeError("A prepared query is asked within the scope of a shop.")
        return {SHOP: shop.pk}

    def _for_this_database(self) -> "_Made[M]":
        made = self._made.get(connection.vendor)
        if made is None:
            with scopes_disabled() if self.everywhere else scope(shop=Given(SHOP)):
                made = self._made[connection.vendor] = _Made(self.build())
        return made


class _Made(Generic[M]):
    """The SQL, and how its rows become objects: what a queryset works out each time it is read."""

    def __init__(self, queryset: QuerySet[M, Any]) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.places = compiler.as_sql()
        if any(_is_moment(place) for place in self.places):
            raise ValueError("A prepared query cannot hold a moment: it is Given.")
        self.converters = compiler.get_converters(
            expression for expression, _sql, _alias in compiler.select
        )
        self.annotations: dict[str, int] = compiler.annotation_col_map or {}
        if compiler.klass_info:
            self._of_a_model(compiler)

    def _of_a_model(self, compiler: Any) -> None:
        info, select = compiler.klass_info, compiler.select
        own = info["select_fields"]
        self.model: type[M] = info["model"]
        self.own = slice(own[0], own[-1] + 1)
        self.names = [column.target.attname for column, _sql, _alias in select[self.own]]
        # The stubs are those of a younger Django, which is told how to fetch.
        self.related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

    def asked(self, given: dict[str, Any]) -> list[Any]:
        return [
            place.ready(given[place.name]) if isinstance(place, Given) else place
            for place in self.places
        ]

    def rows(self, given: dict[str, Any]) -> Iterator[list[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.asked(given))
            found = cursor.fetchall()
        for row in map(list, found):
            for place, (converters, expression) in self.converters.items():
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
            yield row

    def thing(self, row: list[Any]) -> M:
        thing = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.own])
        for related in self.related:
            related.populate(row, thing)
        for name, place in self.annotations.items():
            setattr(thing, name, row[place])
        return thing


def _is_moment(place: Any) -> bool:
    return isinstance(place, date) or (isinstance(place, str) and bool(WRITTEN_MOMENT.match(place)))
