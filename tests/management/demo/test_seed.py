"""The demo's shops, booked through the operations: a year stands in the books, and it adds up."""

import pytest
from django.db import connection
from django_scopes import scope, scopes_disabled

from loyalty import clock
from loyalty.management.demo import seed, shops
from loyalty.models import Shop
from members.ledger import audit
from members.ledger.models import Operation, Visit
from members.models import Membership
from rewards.models import Claim

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small():
    """Three shops with six members each: quick, and with everything in them."""
    seed.seed(clock.now(), members=6)


def test_it_works(small):
    assert [shop.name for shop in Shop.objects.order_by("pk")] == [
        "Kaffe & Kardemomme",
        "Salon Søndergaard",
        "Shine Car Wash",
    ]
    assert not list(audit.disagreements())
    assert not seed.is_empty()
    assert not seed.was_interrupted()


def test_each_shop_lives_where_it_is(small):
    told = Shop.objects.order_by("pk").values_list("currency", "language", "time_zone")

    assert list(told) == [
        ("NOK", "nb", "Europe/Oslo"),
        ("DKK", "da", "Europe/Copenhagen"),
        ("GBP", "en-gb", "Europe/London"),
    ]


def test_three_people_stand_at_each_counter_and_the_cafe_has_two_counters(small):
    for demo in shops.SHOPS:
        shop = Shop.objects.get(slug=demo.slug)
        with scope(shop=shop):
            assert shop.staff.count() == 3
            assert shop.counters.count() == (2 if demo is shops.CAFE else 1)


def test_the_card_that_is_shown_is_nearly_full_and_has_a_reward_that_waits(small):
    for demo in shops.SHOPS:
        shop = Shop.objects.get(slug=demo.slug)
        with scope(shop=shop):
            card = Membership.objects.get(name=demo.names[0])
            assert card.accounts.earliest("programme").balance == demo.shown
            assert [claim.state for claim in card.claims.order_by("pk")] == ["handed_over", "ready"]
            assert card.person is not None, "it was saved with an e-mail"


def test_nothing_was_refused(small):
    with scopes_disabled():
        assert not Operation.objects.filter(answer__refused__isnull=False).exists()


def test_a_demo_cut_short_is_noticed(small):
    Shop.objects.filter(slug=shops.CAFE.slug).update(live_since=None)

    assert seed.was_interrupted()


@pytest.mark.sqlite_only
def test_afterwards_sqlite_waits_for_the_disk_again(small):
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.sqlite_only
def test_it_waits_for_the_disk_again_when_seeding_fails(monkeypatch):
    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(seed, "open_and_run", fail)
    with pytest.raises(ZeroDivisionError):
        seed.seed(clock.now())

    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.once
def test_the_whole_demo_is_believable_and_adds_up():
    seed.seed(clock.now())

    assert not list(audit.disagreements())
    with scopes_disabled():
        for shop in Shop.objects.all():
            assert 38 <= Membership.objects.filter(shop=shop).count() <= 42  # with two friends
            assert 150 <= Visit.objects.filter(shop=shop).count() <= 900
            states = set(Claim.objects.filter(shop=shop).values_list("state", flat=True))
            assert states >= {"handed_over", "ready"}
        assert Operation.objects.filter(kind="undo").exists()
        assert not Operation.objects.filter(answer__refused__isnull=False).exists()
