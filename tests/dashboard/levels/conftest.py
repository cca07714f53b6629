"""The levels of Kaffe & Kardemomme on a Monday in March, and how to read their page."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from loyalty import clock
from rewards.tiers.models import Ladder, Tier
from tests.factories import MembershipFactory, stamp
from tests.support.pages import plain_text

TYPED = {
    "measure": "visits",
    "window": "rolling",
    "levels": "3",
    "name_0": "Regular",
    "begins_0": "0",
    "head_start_0": "0",
    "name_1": "Silver",
    "begins_1": "3",
    "head_start_1": "0",
    "name_2": "Gold",
    "begins_2": "6",
    "head_start_2": "1",
    "title_2_0": "A bag of coffee",
    "times_2_0": "2",
    "per_2_0": "year",
    "value_2_0": "60",
    "word_2_0": "Offer water",
}
HTMX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def monday():
    with clock.at(datetime(2027, 3, 1, 11, tzinfo=UTC)):
        yield


@pytest.fixture
def page(shop):
    return reverse("owner:levels", args=[shop.slug])


@pytest.fixture
def previewing(shop):
    return reverse("owner:levels_preview", args=[shop.slug])


@pytest.fixture
def post(ingrid, page):
    return lambda **typed: ingrid.post(page, {**TYPED, **typed})


@pytest.fixture
def ladder(in_shop, post):
    assert post().status_code == 302
    return Ladder.objects.get()


@pytest.fixture
def regular(in_shop, counter):
    """regular(n): a member who bought so many times."""

    def make(n, name=""):
        card = MembershipFactory(shop=in_shop, name=name)
        for _visit in range(n):
            stamp(card, counter=counter)
        return card

    return make


@pytest.fixture
def preview(ingrid, previewing):
    """What the page shows while somebody types."""
    return lambda **typed: plain_text(ingrid.post(previewing, {**TYPED, **typed}, headers=HTMX))


def names(html):
    """The names of the levels as the form shows them."""
    return [part.split(">")[0].split('value="')[1].split('"')[0] for part in named(html)]


def named(html):
    return html.split('name="name_')[1:]


def field(html, name):
    """The field itself."""
    return html.split(f'name="{name}"')[1].split(">")[0]


def beside(answer, name):
    """What stands beside a field."""
    return plain_text(answer).split(f'id="div_id_{name}"')[1].split('id="div_id_')[0]


def kept():
    """What stands in the hidden fields of levels that are kept."""
    return {f"tier_{n}": tier.pk for n, tier in enumerate(Tier.objects.standing())}
