"""Somebody has the card: a member with its codes, on nobody's phone."""

import pytest

from loyalty import keys
from loyalty.actors import Actor
from members.ledger.models import Operation
from members.models import Membership, PaperCard
from members.paper.cards import member_of
from members.paper.operations import stored
from members.refusals import ShopPaused
from tests.factories import CounterFactory

pytestmark = pytest.mark.django_db


def test_it_works(take, paper):
    answer = take(key=keys.new())
    paper.refresh_from_db()
    member = Membership.objects.get(pk=answer["membership"])

    assert paper.membership == member
    assert (member.counter_code, member.short_code) == (paper.counter_code, paper.short_code)
    assert (member.source, member.unclaimed) == (Membership.Source.PAPER, True)


def test_nothing_personal_is_stored(take):
    take(key=keys.new())
    member = Membership.objects.get()

    assert (member.name, member.phone, member.person) == ("", "", None)


def test_it_starts_with_the_welcome_like_any_other(take):
    take(key=keys.new())

    assert Membership.objects.get().accounts.get().balance == 1


def test_it_says_who_did_it(take, counter, ola):
    take(key=keys.new())
    op = Operation.objects.get(kind="take_up")

    assert (op.counter, op.staff, op.channel) == (counter, ola, "counter")


def test_the_same_key_makes_one_member(take):
    key = keys.new()

    assert take(key=key) == take(key=key)
    assert Membership.objects.count() == 1


def test_a_card_that_is_taken_stays_whose_it_is(take):
    assert take(key=keys.new()) == take(key=keys.new())
    assert Membership.objects.count() == 1


def test_also_at_another_counter(take, in_shop, ola):
    first = take(key=keys.new())
    other = CounterFactory(shop=in_shop, staff=ola)

    assert take(key=keys.new(), actor=Actor.of_counter(other)) == first


def test_a_paused_shop_takes_nobody_and_the_next_try_is_a_new_question(take, in_shop, paper):
    in_shop.paused_since = in_shop.live_since
    with pytest.raises(ShopPaused):
        take(key=keys.new())
    assert not Membership.objects.exists()

    in_shop.paused_since = None
    assert take(key=keys.new())


def test_what_needs_the_member_finds_the_same_one_again(paper, counter):
    key, actor = keys.new(), Actor.of_counter(counter)
    first = stored(member_of(paper), key=key, actor=actor)

    assert stored(member_of(paper), key=key, actor=actor) == first
    assert stored(first, key=keys.new(), actor=actor) == first
    assert Membership.objects.count() == 1


def test_the_shop_next_door_cannot(take, next_door_counter):
    with pytest.raises(PaperCard.DoesNotExist):
        take(key=keys.new(), actor=Actor.of_counter(next_door_counter))
