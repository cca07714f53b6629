import pytest

from stampcards.rules import StampRules
from stampcards.worth import outstanding_minor
from tests.factories import MembershipFactory, ProgrammeFactory, RuleVersionFactory, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(shop):
    """Nine stamps, the first from us, for a coffee that costs 45 kr."""
    return ProgrammeFactory(shop=shop, rules__need=9, rules__reward_value_minor=4500)


def test_it_works(in_shop, card, counter):
    MembershipFactory(shop=in_shop, stamps=4, stamps__counter=counter)

    assert outstanding_minor(card) == 2000  # 4 of 9 towards 45 kr


def test_nobody_has_a_card_yet(in_shop, card):
    assert outstanding_minor(card) == 0


def test_a_welcome_stamp_counts_too(in_shop, card):
    MembershipFactory(shop=in_shop)

    assert outstanding_minor(card) == 500


def test_all_cards_are_rounded_up_together(in_shop, counter):
    card = ProgrammeFactory(shop=in_shop, rules__need=9, rules__reward_value_minor=1000)
    for _card in range(3):
        MembershipFactory(shop=in_shop)

    assert outstanding_minor(card) == 334  # 333.33, and not three times 112


def test_each_card_counts_under_its_own_rules(in_shop, card, counter):
    MembershipFactory(shop=in_shop, stamps=3, stamps__counter=counter)
    rules = {**card.versions.get().rules, "need": 6, "reward_value_minor": 6000}
    RuleVersionFactory(programme=card, rules=StampRules.read(rules))
    MembershipFactory(shop=in_shop, stamps=3, stamps__counter=counter)

    assert outstanding_minor(card) == 1500 + 3000


def test_what_stands_on_other_cards_of_the_shop_does_not_count(in_shop, card, counter):
    other = ProgrammeFactory(shop=in_shop, name="Lunch", rules__welcome=0)
    member = MembershipFactory(shop=in_shop)
    stamp(member, 2, counter=counter, programme=other)

    assert outstanding_minor(card) == 500


def test_a_full_card_is_a_reward_and_no_part_of_a_card(in_shop, card, counter):
    MembershipFactory(shop=in_shop, stamps=9, stamps__counter=counter)

    assert outstanding_minor(card) == 0


def test_next_door_keeps_its_own(in_shop, card, next_door_member):
    assert outstanding_minor(card) == 0
