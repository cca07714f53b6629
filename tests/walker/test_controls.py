"""The walker's controls: a door is taken off its hinges, and the walker must notice."""

import pytest
from django.shortcuts import get_object_or_404
from django_scopes import scope, scopes_disabled

from loyalty import access
from loyalty.models import Role
from loyalty.models.counters import CounterQuerySet
from loyalty.models.shops import RoleQuerySet
from members import access as card_access
from members.models import Membership
from rewards import views as reward_views
from stampcards.counter import finding
from tests.people import browser_of, till_of
from tests.walker.walk import everything_said

pytestmark = pytest.mark.django_db


def test_the_canaries_are_really_there(theirs):
    """The owner sees what the walker looks for; or its silence would mean nothing."""
    owner, till = browser_of(theirs.owner), till_of(theirs.counter)
    said = everything_said(owner.get(f"/o/{theirs.shop.slug}/people/"))
    said += everything_said(till.get(f"/c/card/{theirs.member.counter_code}/"))

    for seen in (theirs.staff.name, theirs.counter.name, theirs.location.name, theirs.member.name):
        assert seen in said


@pytest.fixture
def no_scopes(monkeypatch):
    """Entering a shop no longer hides the others."""
    monkeypatch.setattr(access, "scope", lambda shop: scope(shop=None))


@pytest.fixture
def any_shops_things(monkeypatch, no_scopes):
    """`of_shop` forgets to ask whose it is."""

    def careless(shop, things, *, membership=None, **wanted):
        return get_object_or_404(things, **wanted)

    monkeypatch.setattr(access, "of_shop", careless)
    monkeypatch.setattr(reward_views, "of_shop", careless)


@pytest.mark.parametrize(
    "name",
    [
        "owner:dismiss",
        "owner:member",
        "owner:correct_balance",
        "owner:retire_reward",
        "owner:take_on_again",
        "reward:now",
        "counter:undo",
    ],
)
def test_things_of_any_shop(walk, any_shops_things, name):
    assert walk(name)


@pytest.mark.parametrize("name", ["owner:people", "owner:week", "owner:pause"])
def test_a_role_of_anybody(walk, monkeypatch, name):
    def careless(request, slug, *, level=Role.Level.STAFF):
        roles = Role.objects.select_related("shop").filter(shop__slug=slug)
        role = roles.order_by("-level")[0]
        access.enter(request, role.shop)
        return role

    monkeypatch.setattr(access, "role_for", careless)

    assert walk(name)


def test_a_dismissed_colleague_who_keeps_the_role(walk, monkeypatch):
    monkeypatch.setattr(RoleQuerySet, "active", lambda roles: roles)

    assert walk("owner:people")


def test_a_lost_device_that_stays_paired(walk, monkeypatch):
    monkeypatch.setattr(CounterQuerySet, "usable", lambda counters: counters)

    assert walk("counter:card")


def test_a_card_of_any_shop_on_the_till(walk, monkeypatch):
    def careless(counter, code):
        with scopes_disabled():
            return get_object_or_404(Membership.objects.select_related("shop"), counter_code=code)

    monkeypatch.setattr(finding, "card_or_blank", careless)

    assert walk("counter:card")


def test_a_code_from_the_counter_that_opens_the_card(walk, monkeypatch):
    def careless(request, private):
        with scopes_disabled():
            card = get_object_or_404(
                Membership.objects.select_related("shop"), counter_code=private
            )
        access.enter(request, card.shop)
        return card

    monkeypatch.setattr(card_access, "card_of", careless)

    assert walk("card:card")
