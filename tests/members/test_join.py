"""A card is made."""

from functools import partial

import pytest

from loyalty import clock, codes, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership, RetiredCode
from members.operations import join
from members.refusals import ShopPaused
from tests.factories import MembershipFactory, PersonFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def join_here(in_shop, card):
    return partial(join, source="poster", language="nb", actor=Actor(in_shop, Channel.CARD))


def test_it_works(join_here, in_shop):
    answer = join_here(key=keys.new(), source_detail="window")
    member = Membership.objects.get(pk=answer["membership"])

    assert (member.shop, member.source, member.source_detail) == (in_shop, "poster", "window")
    assert (member.person, member.name, member.named) == (None, "", False)
    assert member.accounts.get().balance == 1


def test_the_welcome_stamp_is_from_us(join_here):
    join_here(key=keys.new())
    entry = LedgerEntry.objects.get()

    assert (entry.kind, entry.amount, entry.reason, entry.qualifying) == ("earn", 1, "welcome", 0)
    assert entry.visit is None


def test_no_welcome_no_stamp(in_shop):
    ProgrammeFactory(shop=in_shop, rules__welcome=0)
    member = MembershipFactory(shop=in_shop)

    assert member.accounts.get().balance == 0
    assert not LedgerEntry.objects.exists()


def test_same_key_twice_makes_one_card(join_here):
    key = keys.new()

    assert join_here(key=key) == join_here(key=key)
    assert Membership.objects.count() == 1


def test_same_person_twice_has_one_card(join_here):
    person = PersonFactory(name="Maja")

    first = join_here(person=person, key=keys.new())
    assert join_here(person=person, key=keys.new()) == first
    assert Membership.objects.get().name == "Maja"
    assert Membership.objects.get().accounts.get().balance == 1


def test_a_person_has_a_card_in_each_shop(join_here, next_door_card, in_shop):
    person = PersonFactory()
    join_here(person=person, key=keys.new())
    MembershipFactory(shop=next_door_card.shop, person=person)

    assert person.memberships(manager="objects").count() == 1  # of which each shop sees its own


def test_every_programme_is_opened(join_here, in_shop):
    ProgrammeFactory(shop=in_shop, name="Lunch card", rules__welcome=2)
    member = Membership.objects.get(pk=join_here(key=keys.new())["membership"])

    assert [account.balance for account in member.accounts.order_by("programme")] == [1, 2]


def test_codes_are_of_the_right_shape_and_not_the_link(join_here):
    member = Membership.objects.get(pk=join_here(key=keys.new())["membership"])

    assert codes.is_plausible(member.short_code)
    assert len(member.counter_code) == 10
    assert set(member.counter_code) <= set(codes.LETTERS)
    assert len(member.private) == 32  # 192 bits
    assert member.private not in str(Operation.objects.values_list("answer"))


def test_a_short_code_that_is_or_was_a_cards_is_not_given_again(join_here, in_shop, monkeypatch):
    taken, was, free = "000000", "111116", "222221"
    MembershipFactory(shop=in_shop)
    Membership.objects.update(short_code=taken)
    RetiredCode.objects.create(
        shop=in_shop, membership=Membership.objects.get(), counter_code="OLD", short_code=was
    )
    drawn = iter([taken, was, taken, free])
    monkeypatch.setattr(codes, "short_code", lambda: next(drawn))

    member = Membership.objects.get(pk=join_here(key=keys.new())["membership"])
    assert member.short_code == free


def test_a_paused_shop_takes_nobody(join_here, in_shop):
    in_shop.paused_since = clock.now()

    with pytest.raises(
        ShopPaused, match=r"^Kaffe & Kardemomme is not taking new members right now\.$"
    ):
        join_here(key=keys.new())
    assert not Membership.objects.exists()


def test_joining_here_is_no_card_next_door(join_here, next_door_member):
    before = next_door_member.pk
    join_here(key=keys.new())

    assert not Membership.objects.filter(pk=before).exists()  # not visible from here
    assert Membership.objects.count() == 1
