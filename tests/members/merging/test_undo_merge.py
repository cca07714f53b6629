"""For a day, what made two cards one is taken back: both are as they were, and nothing is lost."""

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import LedgerEntry, Lot, Operation
from members.ledger.operations import expire_lapsed
from members.ledger.refusals import AlreadySpent
from members.models import Membership, RetiredCode
from members.operations import rename, replace_codes
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from stampcards import owning
from stampcards.rules import StampRules
from tests.books import MONDAY
from tests.factories import (
    MembershipFactory,
    PersonFactory,
    ProgrammeFactory,
    stamp,
)
from tests.members.merging.conftest import DAY, HOUR
from tests.members.merging.whole import balance, everything

pytestmark = pytest.mark.django_db


def test_it_works(cards, become, take_back):
    before = everything(*cards)
    merged = become(*cards)

    assert take_back(merged) == {"undone": str(merged.key)}
    assert everything(*cards) == before


def test_the_originals_stay_as_they_were(cards, become, take_back):
    merged = become(*cards)
    before = list(LedgerEntry.objects.order_by("pk").values())
    take_back(merged)

    assert list(LedgerEntry.objects.order_by("pk").values())[: len(before)] == before


def test_a_card_they_filled_together_is_open_again(in_shop, become, take_back):
    cards = [MembershipFactory(shop=in_shop, stamps=6) for _card in "ab"]
    before = everything(*cards)
    merged = become(*cards)
    assert Claim.objects.get().state == "ready"
    take_back(merged)

    assert everything(*cards) == before
    assert Claim.objects.get().state == "cancelled"


def test_rewards_go_back_to_the_card_that_earned_them(in_shop, become, take_back):
    gone, kept = (MembershipFactory(shop=in_shop, stamps=9) for _card in "ab")
    before = everything(gone, kept)
    take_back(become(gone, kept))

    assert everything(gone, kept) == before
    assert [claim.membership for claim in Claim.objects.order_by("pk")] == [gone, kept]


def test_what_was_handed_out_before_the_merge_goes_back_too(in_shop, become, take_back, till_actor):
    gone, kept = MembershipFactory(shop=in_shop, stamps=9), MembershipFactory(shop=in_shop)
    claim = Claim.objects.get()
    hand_over(membership=gone, claim=claim, key=keys.new(), actor=till_actor)
    before = everything(gone, kept)
    take_back(become(gone, kept))

    assert everything(gone, kept) == before


def test_name_person_and_phone_are_what_they_were(in_shop, become, take_back):
    gone = MembershipFactory(shop=in_shop, person=PersonFactory(name="Maja"))
    kept = MembershipFactory(shop=in_shop)
    Membership.objects.filter(pk=gone.pk).update(phone="+4791234567")
    before = everything(gone, kept)
    merged = become(gone, kept)
    kept.refresh_from_db()
    assert (kept.name, kept.person, kept.phone) == ("Maja", gone.person, "+4791234567")
    take_back(merged)

    assert everything(gone, kept) == before


def test_a_name_given_since_stays(in_shop, become, take_back):
    gone, kept = MembershipFactory(shop=in_shop, name="Old"), MembershipFactory(shop=in_shop)
    merged = become(gone, kept)
    kept.refresh_from_db()
    rename(kept, "Maja")
    take_back(merged)
    kept.refresh_from_db()

    assert kept.name == "Maja"


def test_an_answer_keeps_no_name(in_shop, become):
    gone = MembershipFactory(shop=in_shop, name="Maja")
    merged = become(gone, MembershipFactory(shop=in_shop))

    assert "Maja" not in str(merged.answer)


@pytest.mark.parametrize("on_a_phone", ["gone", "kept", "neither"])
def test_a_card_of_the_counter_is_on_a_phone_if_either_is(in_shop, become, take_back, on_a_phone):
    cards = {name: MembershipFactory(shop=in_shop) for name in ("gone", "kept")}
    for name, card in cards.items():
        Membership.objects.filter(pk=card.pk).update(unclaimed=name != on_a_phone)
    before = everything(*cards.values())
    merged = become(cards["gone"], cards["kept"])
    cards["kept"].refresh_from_db()

    assert cards["kept"].unclaimed == (on_a_phone == "neither")
    take_back(merged)
    assert everything(*cards.values()) == before


def test_the_old_codes_work_again(cards, become, take_back, till_actor):
    gone, kept = cards
    take_back(become(gone, kept))
    gone.refresh_from_db()

    assert gone.merged_into is None
    assert not RetiredCode.objects.filter(counter_code=gone.counter_code).exists()
    replace_codes(membership=gone, key=keys.new(), actor=till_actor)  # and can be retired


def test_codes_the_kept_card_got_since_stay(cards, become, take_back, till_actor):
    gone, kept = cards
    merged = become(gone, kept)
    kept.refresh_from_db()
    new = replace_codes(membership=kept, key=keys.new(), actor=till_actor)
    take_back(merged)
    kept.refresh_from_db()

    assert kept.counter_code == new["counter_code"]


def test_stamps_given_since_stay_with_the_card_that_was_kept(cards, become, take_back, counter):
    gone, kept = cards
    merged = become(gone, kept)
    stamp(kept, 2, counter=counter)
    take_back(merged)

    assert (balance(gone), balance(kept)) == (4, 5)


def test_such_a_stamp_may_fill_the_card_that_comes_back(in_shop, become, take_back, counter):
    """Eight and three: full, two left. One more, and undone it is the ninth of the eight."""
    gone, kept = (MembershipFactory(shop=in_shop, stamps=n) for n in (4, 8))
    merged = become(gone, kept)
    stamp(kept, counter=counter)
    take_back(merged)

    assert (balance(gone), balance(kept)) == (4, 0)
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["cancelled", "ready"]


def test_a_card_filled_since_has_used_what_moved(in_shop, become, take_back, counter):
    gone, kept = (MembershipFactory(shop=in_shop, stamps=n) for n in (4, 5))
    merged = become(gone, kept)
    last = keys.new()
    stamp(kept, counter=counter, key=last)

    with pytest.raises(AlreadySpent, match=r"^This has been used since"):
        take_back(merged)
    take_back(Operation.objects.get(key=last))
    take_back(merged)
    assert (balance(gone), balance(kept)) == (4, 5)


def test_a_card_filled_by_the_merge_and_again_since_stays(in_shop, become, take_back, counter):
    gone, kept = (MembershipFactory(shop=in_shop, stamps=n) for n in (4, 8))
    merged = become(gone, kept)
    for _time in range(8):
        stamp(kept, counter=counter)

    with pytest.raises(AlreadySpent):
        take_back(merged)
    assert Claim.objects.filter(state="ready").count() == 2


def test_a_reward_of_the_merge_that_left_the_shop_makes_it_stand(
    in_shop, become, take_back, till_actor
):
    cards = [MembershipFactory(shop=in_shop, stamps=6) for _card in "ab"]
    merged = become(*cards)
    hand_over(membership=cards[1], claim=Claim.objects.get(), key=keys.new(), actor=till_actor)

    with pytest.raises(AlreadyUsed):
        take_back(merged)
    assert Membership.objects.current().count() == 1


def test_a_reward_that_moved_and_left_the_shop_makes_it_stand(
    in_shop, become, take_back, till_actor
):
    gone, kept = MembershipFactory(shop=in_shop, stamps=9), MembershipFactory(shop=in_shop)
    merged = become(gone, kept)
    out = keys.new()
    hand_over(membership=kept, claim=Claim.objects.get(), key=out, actor=till_actor)

    with pytest.raises(AlreadySpent):
        take_back(merged)
    take_back(Operation.objects.get(key=out))
    take_back(merged)
    assert Claim.objects.get().membership == gone


def test_what_ran_out_since_has_run_out_on_its_own_card(in_shop, card, become, take_back):
    """A year is over at midnight: the welcome of one card, and with it the way it came back."""
    with clock.at(MONDAY - 365 * DAY):
        gone, kept = MembershipFactory(shop=in_shop, stamps=3), MembershipFactory(shop=in_shop)
    with clock.at(MONDAY):
        merged = become(gone, kept)
    with clock.at(MONDAY + 20 * HOUR):
        expire_lapsed(clock.now())
        assert balance(kept) == 0
        take_back(merged)
        expire_lapsed(clock.now())

    assert (balance(gone), balance(kept)) == (0, 0)
    assert not Lot.objects.left().exists()


def test_new_rules_meanwhile_do_not_change_a_card_in_progress(in_shop, card, become, take_back):
    gone, kept = (MembershipFactory(shop=in_shop, stamps=n) for n in (4, 3))
    before = everything(gone, kept)
    merged = become(gone, kept)
    rules = StampRules.read(card.versions.get().rules)
    owning.change_card(
        programme=card,
        name=card.name,
        rules=StampRules.read({**rules.stored(), "need": 5}),
        actor=Actor(in_shop, Channel.OWNER),
    )
    take_back(merged)

    assert everything(gone, kept) == before


def test_every_programme_comes_back(in_shop, become, take_back, counter):
    lunch = ProgrammeFactory(shop=in_shop, name="Lunch card", rules__welcome=0)
    gone, kept = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)
    stamp(gone, 3, programme=lunch, counter=counter)
    before = everything(gone, kept)
    take_back(become(gone, kept))

    assert everything(gone, kept) == before


def test_empty_cards_are_parted_too(in_shop, become, take_back):
    ProgrammeFactory(shop=in_shop, rules__welcome=0)
    cards = [MembershipFactory(shop=in_shop) for _card in "ab"]
    before = everything(*cards)
    take_back(become(*cards))

    assert everything(*cards) == before
