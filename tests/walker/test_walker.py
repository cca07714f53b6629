"""No address shows or moves what belongs to another shop (L12).

Every pattern of the URLconf, with every method, as everybody who has no business in the shop.
"""

import pytest

from tests.walker.declared import DECLARED
from tests.walker.walk import AREAS, ROUTES


@pytest.mark.parametrize(("name", "route"), ROUTES)
def test_every_address_is_declared(name, route):
    assert name in DECLARED, f"tell tests/walker/declared.py how to ask {route} for another shop"


def test_nothing_is_declared_that_is_not_there():
    only_in_the_demo = {"demo_sign_in"}

    assert set(DECLARED) - only_in_the_demo <= {name for name, _route in ROUTES}


@pytest.mark.django_db
@pytest.mark.parametrize("area", AREAS)
def test_nothing_leaks_and_nothing_changes(area, walk):
    faults = walk(*AREAS[area])

    assert not faults, "\n".join(faults)


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("area", ["owner", "counter", "card", "join"])
def test_nothing_of_theirs_is_found_on_our_own_pages(area, at_home):
    faults = at_home(*AREAS[area])

    assert not faults, "\n".join(faults)
