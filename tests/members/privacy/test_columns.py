"""Whoever adds a column says whether a member is told of it (D3)."""

import json
from collections import Counter
from datetime import date

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from loyalty.models import Person
from members.privacy import columns
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import give_treats
from tests.members.privacy.conftest import NOON
from tests.people import browser_of


def every_column():
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.name not in columns.EVERYWHERE
    }


@pytest.mark.once
def test_every_column_is_classified_once():
    told = Counter(columns.classified())

    assert every_column() - told.keys() == set(), "say in members/privacy/columns.py what it is"
    assert told.keys() - every_column() == set(), "these are gone"
    assert [column for column, n in told.items() if n > 1] == []


@pytest.mark.django_db
def test_what_is_told_is_in_the_file(quintilla, person):
    BirthdayTreat.objects.create(shop=quintilla.shop, title="A bun")
    give_treats(NOON)
    download = reverse("my_data:download", args=[quintilla.private])
    file = browser_of(person).get(download).json()

    facts = set(_leaves(file))
    for label, (way, told) in columns.TOLD.items():
        row = _row_of(apps.get_model(label), way, quintilla)
        assert row is not None or label in NOT_IN_HER_LIFE, f"Quintilla has no {label}"
        for column in told.split() if row else ():
            value = _as_written(row, column)
            assert value in (None, "") or value in facts or column in IN_OTHER_WORDS, column


NOT_IN_HER_LIFE = {"members.PaperCard", "notices.Notice", "tiers.TierMove"}
# Told in a sentence, together with something else, or as people write it.
IN_OTHER_WORDS = {
    *("person", "phone", "short_code", "birth_day", "birth_month"),
    *("template", "values", "kind", "reason", "amount_minor"),
}


def _leaves(told):
    if isinstance(told, dict):
        told = told.values()
    elif not isinstance(told, list):
        yield told
        return
    for part in told:
        yield from _leaves(part)


def _row_of(model, way, member):
    if not way:
        return model.objects.first()
    rows = model._base_manager.filter(**{way: member.pk})
    return rows.order_by("pk").first()


def _as_written(row, column):
    display = getattr(row, f"get_{column}_display", None)
    value = display() if display else getattr(row, column)
    if isinstance(value, Person):
        return value.email
    if value is None:
        return ""
    if isinstance(value, date):
        return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    if isinstance(value, bool | int):
        return value if column != "year" else str(value)
    return str(value)
