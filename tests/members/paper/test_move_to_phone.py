"""Whoever holds the code goes on with a phone; the paper is dead at once (F1)."""

import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.models import Membership, RetiredCode
from members.paper.cards import member_of, moved
from members.paper.operations import OnAPhone, move_back, move_to_phone
from members.refusals import ShopPaused
from tests.factories import MembershipFactory, stamp

pytestmark = pytest.mark.django_db


def test_it_works(move, elsa, paper):
    phone = move(elsa)

    assert phone.pk == elsa.pk
    assert phone.unclaimed is False
    assert not {phone.counter_code, phone.short_code} & {paper.counter_code, paper.short_code}


def test_the_link_is_new(move, elsa):
    before = Membership.objects.get(pk=elsa.pk).private

    assert move(elsa).private != before


def test_the_paper_codes_are_dead(move, elsa, paper):
    move(elsa)
    retired = RetiredCode.objects.get()

    assert (retired.counter_code, retired.short_code) == (paper.counter_code, paper.short_code)
    assert moved(paper.counter_code) == elsa


def test_every_stamp_goes_along(move, elsa, counter):
    stamp(elsa, 3, counter=counter)

    assert move(elsa).accounts.get().balance == 4


def test_it_speaks_the_language_of_the_phone(move, elsa):
    assert move(elsa, language="da").language == "da"


def test_a_double_tap_moves_it_once(move, elsa):
    key = keys.new()
    first, second = move(elsa, key=key), move(elsa, key=key)

    assert (first.private, first.counter_code) == (second.private, second.counter_code)
    assert RetiredCode.objects.count() == 1


def test_a_second_phone_is_refused(move, elsa):
    kept = move(elsa)
    with pytest.raises(OnAPhone, match="This paper card is now on a phone"):
        move(elsa)

    assert Membership.objects.get(pk=elsa.pk).private == kept.private


def test_a_second_phone_with_a_card_of_its_own_gets_none_of_it(move, elsa, in_shop):
    move(elsa)
    own = MembershipFactory(shop=in_shop)
    with pytest.raises(OnAPhone):
        move(elsa, own=own)

    assert own.accounts.get().balance == 1
    assert Membership.objects.current().count() == 2


def test_the_phone_that_has_it_just_opens_it(move, elsa):
    phone = move(elsa)

    assert move(phone, own=phone) == phone
    assert RetiredCode.objects.count() == 1


def test_a_phone_with_a_card_keeps_that_one_and_gets_the_stamps(move, elsa, in_shop, counter):
    stamp(elsa, 3, counter=counter)
    own = MembershipFactory(shop=in_shop, stamps=2)
    key = keys.new()

    assert move(elsa, own=own, key=key) == own == move(elsa, own=own, key=key)
    assert own.accounts.get().balance == 5  # the second welcome does not count
    assert list(Membership.objects.current()) == [own]


def test_a_card_nobody_had_makes_a_member_and_moves(move, paper):
    phone = move(member_of(paper))
    paper.refresh_from_db()

    assert paper.membership == phone
    assert (phone.unclaimed, phone.accounts.get().balance) == (False, 1)


def test_and_by_a_double_tap_one(move, paper):
    key = keys.new()

    assert move(member_of(paper), key=key) == move(member_of(paper), key=key)
    assert Membership.objects.count() == 1


def test_not_in_a_shop_that_takes_nobody(move, paper, in_shop):
    in_shop.paused_since = in_shop.live_since
    with pytest.raises(ShopPaused):
        move(member_of(paper))


def test_an_ordinary_card_cannot_be_moved(move, member):
    link = member.private
    with pytest.raises(OnAPhone):
        move(member)

    assert Membership.objects.get(pk=member.pk).private == link


def test_an_old_page_opens_nothing_after_the_move_was_taken_back(move, elsa, counter):
    key = keys.new()
    move(elsa, key=key)
    move_back(membership=elsa, key=keys.new(), actor=Actor.of_counter(counter))
    with pytest.raises(OnAPhone):
        move(elsa, key=key)

    assert Membership.objects.get(pk=elsa.pk).unclaimed


def test_the_shop_next_door_cannot(elsa, next_door):
    wish = {"membership": elsa, "own": None, "language": "nb", "key": keys.new()}
    with pytest.raises(ValueError, match="another shop"):
        move_to_phone(**wish, actor=Actor(next_door, Channel.CARD))
