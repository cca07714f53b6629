"""A shop is opened and started; its counters are paired and revoked; its staff come and go."""

from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope

from loyalty import clock, keys
from loyalty.journal.models import Change
from loyalty.models import Counter, Role, Shop, StaffMember, Trade
from loyalty.operations import (
    PAIRING_LIFE,
    LastOwner,
    NameTaken,
    NotOnTheStaff,
    PairingOver,
    bring_back,
    choose_staff,
    dismiss,
    free_slug,
    go_live,
    offer_pairing,
    open_shop,
    pair,
    revoke,
    take_on,
    take_on_again,
    waiting_counter,
)
from tests.factories import (
    LocationFactory,
    PersonFactory,
    ShopFactory,
    StaffMemberFactory,
    as_owner,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


# --- Opening ---------------------------------------------------------------------------------


def test_a_shop_opens_with_its_owner_a_place_and_somebody_at_the_till():
    person = PersonFactory(name="Ingrid")
    shop = open_shop(
        person=person, name="Kaffe & Kardemomme", country="NO", language="nb", trade=Trade.BAKERY
    )

    assert (shop.slug, shop.currency, shop.time_zone) == (
        "kaffe-kardemomme",
        "NOK",
        "Europe/Oslo",
    )
    assert shop.live_since is None
    assert shop.locations.get().name == "Kaffe & Kardemomme"
    role = Role.objects.get(shop=shop, person=person)
    assert role.level == Role.Level.OWNER
    with scope(shop=shop):
        assert StaffMember.objects.get().role == role


@pytest.mark.parametrize("country", Shop.Country)
def test_every_country_brings_a_currency_and_a_zone(country):
    shop = open_shop(person=PersonFactory(), name="Shop", country=country, language="en-gb")

    assert shop.currency in Shop.Currency
    assert shop.zone.key == shop.time_zone


def test_an_owner_without_a_name_stands_there_by_mail_address():
    shop = open_shop(
        person=PersonFactory(name="", email="ingrid@kaffe.example"),
        name="Kaffe",
        country="NO",
        language="nb",
    )
    with scope(shop=shop):
        assert StaffMember.objects.get().name == "ingrid"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Kaffe & Kardemomme", "kaffe-kardemomme"),
        ("Blåbær og Røre", "blabaer-og-rore"),
        ("Ærlig Ål", "aerlig-al"),
        ("☕️🥐", "shop"),
        ("<script>alert(1)</script>", "scriptalert1script"),
        ("x" * 80, "x" * 50),
        ("---", "shop"),
    ],
)
def test_an_address_is_readable(name, slug):
    assert free_slug(name) == slug


def test_a_taken_address_gets_a_number():
    for slug in ("kaffe", "kaffe-2"):
        ShopFactory(slug=slug)

    assert free_slug("Kaffe") == "kaffe-3"


def test_a_second_start_changes_nothing():
    shop = ShopFactory(live_since=None)
    with clock.at(NOON):
        go_live(as_owner(shop))
    with clock.at(NOON + timedelta(days=1)):
        go_live(as_owner(shop))

    assert shop.live_since == NOON


# --- Counters ----------------------------------------------------------------------------------


@pytest.fixture
def offered(in_shop):
    return offer_pairing(
        location=LocationFactory(shop=in_shop), name="Door", actor=as_owner(in_shop)
    )


def test_pairing_works(offered):
    counter, device = pair(offered.once)

    assert counter == offered.counter
    counter.refresh_from_db()
    assert counter.device_hash == keys.hashed(device)
    assert counter.paired_at is not None


def test_the_link_is_not_stored(offered):
    assert offered.once not in str(Counter.objects.values())


def test_a_pairing_link_works_once(offered):
    pair(offered.once)

    with pytest.raises(PairingOver, match=r"^This pairing code has run out\. Ask for a new one\.$"):
        pair(offered.once)


def test_of_two_phones_the_first_one_wins(offered, monkeypatch):
    """Both have found the counter waiting; the conditional update lets one of them have it."""
    waiting = waiting_counter(offered.once)
    _counter, device = pair(offered.once)
    monkeypatch.setattr("loyalty.operations.waiting_counter", lambda once: waiting)

    with pytest.raises(PairingOver):
        pair(offered.once)
    waiting.refresh_from_db()
    assert waiting.device_hash == keys.hashed(device)


def test_a_pairing_link_lasts_ten_minutes(in_shop):
    with clock.at(NOON):
        offered = offer_pairing(
            location=LocationFactory(shop=in_shop), name="Door", actor=as_owner(in_shop)
        )
    with clock.at(NOON + PAIRING_LIFE), pytest.raises(PairingOver):
        pair(offered.once)
    with clock.at(NOON + PAIRING_LIFE - timedelta(seconds=1)):
        pair(offered.once)


@pytest.mark.parametrize("once", ["", "wrong", "x" * 500])
def test_a_made_up_link_pairs_nothing(offered, once):
    with pytest.raises(PairingOver):
        pair(once)


def test_a_revoked_offer_pairs_nothing(offered):
    revoke(offered.counter, actor=as_owner(offered.counter.shop))

    with pytest.raises(PairingOver):
        pair(offered.once)


def test_a_revoked_counter_is_not_usable_until_it_is_brought_back(counter, in_shop):
    revoke(counter, actor=as_owner(counter.shop))
    assert counter not in Counter.objects.usable()

    bring_back(counter, actor=as_owner(counter.shop))
    assert counter in Counter.objects.usable()


# --- Staff -------------------------------------------------------------------------------------


def test_somebody_goes_on_the_till(counter, in_shop):
    kari = StaffMemberFactory(shop=in_shop, name="Kari")
    choose_staff(counter, kari)

    counter.refresh_from_db()
    assert counter.staff == kari


def test_the_dismissed_do_not(counter, in_shop, ola):
    dismiss(ola, actor=as_owner(ola.shop))

    with pytest.raises(NotOnTheStaff, match=r"^Choose somebody who works here\.$"):
        choose_staff(counter, ola)


def test_a_second_tap_is_no_second_line(in_shop, ola):
    for deed in (dismiss, dismiss, take_on_again, take_on_again):
        deed(StaffMember.objects.get(pk=ola.pk), actor=as_owner(in_shop))

    lines = Change.objects.order_by("pk").values_list("what", flat=True)
    assert [*lines] == ["staff_removed", "staff_back"]


def test_nor_do_the_staff_next_door(counter, next_door):
    with pytest.raises(NotOnTheStaff):
        choose_staff(counter, StaffMemberFactory(shop=next_door))


def test_two_of_one_name_cannot_be_told_apart(in_shop, ola):
    with pytest.raises(NameTaken):
        take_on(name="Ola", actor=as_owner(in_shop))
    assert StaffMember.objects.count() == 1


def test_a_name_is_free_again_when_its_bearer_is_gone(in_shop, ola):
    dismiss(ola, actor=as_owner(ola.shop))
    take_on(name="Ola", actor=as_owner(in_shop))

    with pytest.raises(NameTaken):
        take_on_again(ola, actor=as_owner(ola.shop))


def test_two_shops_may_each_have_an_ola(in_shop, ola, next_door):
    with scope(shop=next_door):
        assert take_on(name="Ola", actor=as_owner(next_door)).shop == next_door


def test_a_dismissal_ends_the_role_and_can_be_taken_back(staff_person, in_shop):
    sara = StaffMember.objects.get(role__person=staff_person)
    dismiss(sara, actor=as_owner(sara.shop))
    assert not Role.objects.active().filter(person=staff_person).exists()

    take_on_again(sara, actor=as_owner(sara.shop))
    assert Role.objects.active().filter(person=staff_person).exists()


def test_the_only_owner_stays(ingrid_person, in_shop):
    ingrid = StaffMember.objects.get(role__person=ingrid_person)

    with pytest.raises(LastOwner, match="only owner"):
        dismiss(ingrid, actor=as_owner(ingrid.shop))
    ingrid.refresh_from_db()
    assert ingrid.active


def test_one_of_two_owners_may_go(ingrid_person, manager_person, in_shop):
    Role.objects.filter(person=manager_person).update(level=Role.Level.OWNER)
    dismiss(StaffMember.objects.get(role__person=ingrid_person), actor=as_owner(in_shop))

    with pytest.raises(LastOwner):
        dismiss(StaffMember.objects.get(role__person=manager_person), actor=as_owner(in_shop))
