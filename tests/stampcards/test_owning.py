"""What an owner does to a card; and what that leaves alone."""

from dataclasses import replace
from datetime import date

import pytest
from django_scopes import scope

from loyalty.actors import Actor, Channel
from members.models import RuleVersion
from rewards.models import Claim
from stampcards import owning
from stampcards.owning import CardOutOfRange, CardTooSmall, EndsBeforeItStarts
from stampcards.rules import StampRules
from tests.factories import MembershipFactory, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(card, in_shop):
    return StampRules.read(card.versions.get().rules)


@pytest.fixture
def owner(in_shop, ingrid_person):
    return Actor(in_shop, Channel.OWNER, person=ingrid_person)


@pytest.fixture
def change(card, rules, owner):
    def change(**changes):
        changed = replace(rules, **changes)
        return owning.change_card(programme=card, name=card.name, rules=changed, actor=owner)

    return change


def test_it_works(in_shop, rules, owner, ingrid_person):
    card = owning.start_card(name="Lunch card", rules=replace(rules, need=6), actor=owner)
    version = card.versions.get()

    assert StampRules.read(version.rules).need == 6
    assert (version.number, version.written_by) == (1, ingrid_person)


def test_a_change_is_a_new_version(change, card):
    change(need=11)

    assert [version.rules["need"] for version in card.versions.all()] == [9, 11]


def test_the_same_rules_again_write_nothing(change):
    assert change() == 0
    assert RuleVersion.objects.count() == 1


def test_a_new_name_alone_is_no_new_version(card, rules, owner):
    owning.change_card(programme=card, name="Kaffekort", rules=rules, actor=owner)
    card.refresh_from_db()

    assert card.name == "Kaffekort"
    assert card.versions.count() == 1


@pytest.mark.parametrize("need", [5, 7, 11])
def test_cards_in_progress_keep_their_promise(in_shop, change, counter, need):
    cards = {n: MembershipFactory(shop=in_shop, stamps=n) for n in (1, 5, 8)}

    assert change(need=need, reward="A bun") == 3

    for stamps, member in cards.items():
        assert member.accounts.get().balance == stamps
        for _stamp in range(9 - stamps):
            answer = stamp(member, counter=counter)
        assert (answer["filled"], answer["reward"]) == (1, "Any hot drink")
        assert answer["need"] == need  # of the card that starts now
    assert set(Claim.objects.values_list("title", flat=True)) == {"Any hot drink"}


def test_the_next_card_starts_on_the_newest_rules(in_shop, change, counter):
    member = MembershipFactory(shop=in_shop, stamps=8)
    change(need=3, reward="A bun")
    stamp(member, 1, counter=counter)
    stamp(member, 3, counter=counter)

    titles = Claim.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["Any hot drink", "A bun"]


def test_stamps_left_over_count_on_the_newest_rules(in_shop, change, counter):
    """The ninth stamp fills the old card, and the four after it a new one of four."""
    member = MembershipFactory(shop=in_shop, stamps=8)
    change(need=4)

    assert stamp(member, 5, counter=counter)["filled"] == 2


def test_a_card_without_a_stamp_is_not_in_progress(in_shop, change, counter):
    member = MembershipFactory(shop=in_shop, stamps=9)  # filled, and nothing on the new one

    assert change(need=4) == 0
    assert member.accounts.get().rule_version.rules["need"] == 4


def test_another_welcome_leaves_cards_in_progress_alone(in_shop, change, member):
    change(welcome=3)

    assert member.accounts.get().balance == 1
    assert MembershipFactory(shop=in_shop).accounts.get().balance == 3


def test_two_changes_count_only_what_keeps_older_rules(in_shop, change):
    MembershipFactory(shop=in_shop, stamps=2)
    change(need=5)
    MembershipFactory(shop=in_shop, stamps=2)

    assert change(need=6) == 2


@pytest.mark.parametrize("need", [-1, 0, 1, 31])
def test_a_card_has_from_two_to_thirty_stamps(change, need):
    with pytest.raises(CardOutOfRange, match=r"^A card has from 2 to 30 stamps\.$"):
        change(need=need)
    assert RuleVersion.objects.count() == 1


@pytest.mark.parametrize("need", [2, 30])
def test_the_smallest_and_the_largest_card(change, card, need):
    change(need=need)

    assert card.versions.last().rules["need"] == need


@pytest.mark.parametrize("welcome", [9, 10])
def test_the_welcome_does_not_fill_the_card(change, welcome):
    with pytest.raises(CardTooSmall):
        change(welcome=welcome)


def test_it_ends_after_it_starts(change):
    with pytest.raises(EndsBeforeItStarts):
        change(starts_on=date(2027, 4, 1), ends_on=date(2027, 3, 31))


def test_the_card_next_door_is_left_alone(in_shop, change, next_door_member, next_door_card):
    change(need=4)

    with scope(shop=next_door_card.shop):
        assert next_door_card.versions.count() == 1
        assert next_door_member.accounts.get().rule_version == next_door_card.versions.get()
