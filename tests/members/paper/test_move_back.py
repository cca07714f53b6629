"""Staff take a move back, for a day: the paper works again, the phone does not."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger.models import Operation
from members.models import Membership, RetiredCode
from members.paper.cards import moved, to_move
from members.paper.operations import MoveStands, NothingMoved
from members.refusals import MergeStands
from tests.factories import MembershipFactory, PersonFactory, stamp

pytestmark = pytest.mark.django_db


def now(membership):
    return Membership.objects.get(pk=membership.pk)


def test_it_works(move, back, elsa, paper):
    phone = move(elsa)
    back(membership=phone, key=keys.new())

    again = now(elsa)
    assert (again.counter_code, again.short_code) == (paper.counter_code, paper.short_code)
    assert (again.unclaimed, to_move(paper.counter_code)) == (True, elsa)
    assert moved(paper.counter_code) is None


def test_the_phones_link_and_codes_are_dead(move, back, elsa):
    phone = move(elsa)
    back(membership=now(elsa), key=keys.new())

    assert not Membership.objects.filter(private=phone.private).exists()
    assert RetiredCode.objects.get().counter_code == phone.counter_code


def test_it_says_who_did_it(move, back, elsa, counter, ola):
    back(membership=move(elsa), key=keys.new())
    op = Operation.objects.get(kind="move_back")

    assert (op.membership, op.counter, op.staff) == (elsa, counter, ola)


def test_stamps_stay(move, back, elsa, counter):
    phone = move(elsa)
    stamp(phone, 2, counter=counter)
    back(membership=phone, key=keys.new())

    assert elsa.accounts.get().balance == 3


def test_an_e_mail_the_phone_tied_to_it_is_off_it(move, back, elsa):
    phone = move(elsa)
    phone.person = PersonFactory()
    phone.save(update_fields=["person"])
    back(membership=phone, key=keys.new())

    assert now(elsa).person is None


def test_the_same_key_twice_does_it_once(move, back, elsa):
    phone, key = move(elsa), keys.new()

    assert back(membership=phone, key=key) == back(membership=phone, key=key)
    assert RetiredCode.objects.count() == 1


def test_it_can_be_moved_again_and_taken_back_again(move, back, elsa, paper):
    for _time in range(2):
        back(membership=move(now(elsa)), key=keys.new())

    assert now(elsa).counter_code == paper.counter_code


def test_a_second_time_there_is_nothing_to_take_back(move, back, elsa):
    phone = move(elsa)
    back(membership=phone, key=keys.new())

    with pytest.raises(NothingMoved, match="no move to undo"):
        back(membership=phone, key=keys.new())


def test_after_a_day_it_stands(move, back, elsa):
    phone = move(elsa)
    tomorrow = clock.now() + timedelta(hours=24, minutes=1)
    with clock.at(tomorrow), pytest.raises(MoveStands, match="more than 24 hours ago"):
        back(membership=phone, key=keys.new())

    assert now(elsa).private == phone.private


def test_what_was_never_moved_stays(back, elsa, member):
    for card in (elsa, member):
        with pytest.raises(NothingMoved):
            back(membership=card, key=keys.new())


def test_two_cards_are_two_again(move, back, elsa, counter):
    code = elsa.counter_code
    stamp(elsa, 3, counter=counter)
    own = MembershipFactory(shop=elsa.shop, stamps=2)
    move(elsa, own=own)
    back(membership=now(elsa), key=keys.new())

    assert (now(elsa).merged_into, now(elsa).counter_code) == (None, code)
    assert (elsa.accounts.get().balance, own.accounts.get().balance) == (4, 2)


def test_two_that_became_one_stand_after_a_day(move, back, elsa, in_shop):
    own = MembershipFactory(shop=in_shop)
    move(elsa, own=own)
    with clock.at(clock.now() + timedelta(hours=25)), pytest.raises((MergeStands, MoveStands)):
        back(membership=now(elsa), key=keys.new())

    assert now(elsa).merged_into == own


def test_the_counter_next_door_cannot(move, back, elsa, next_door_counter):
    phone = move(elsa)
    with pytest.raises(ValueError, match="another shop"):
        back(membership=phone, key=keys.new(), actor=Actor.of_counter(next_door_counter))
