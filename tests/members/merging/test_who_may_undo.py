"""Who may make two cards of one again, until when, and in which order."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.refusals import Refused
from members.ledger.models import Operation
from members.ledger.refusals import AlreadySpent
from members.operations import save_card
from members.refusals import MergeStands, NothingToUndo, SavedByTwo, TooLateToUndo
from tests.books import MONDAY
from tests.factories import (
    CounterFactory,
    MembershipFactory,
    PersonFactory,
    stamp,
)
from tests.members.merging.conftest import HOUR
from tests.members.merging.whole import balance, everything

pytestmark = pytest.mark.django_db


def test_same_key_twice_parts_them_once(cards, become, take_back):
    merged, key = become(*cards), keys.new()

    assert take_back(merged, key=key) == take_back(merged, key=key)
    assert Operation.objects.filter(kind="undo", answer__undone=str(merged.key)).count() == 1


def test_twice_is_refused(cards, become, take_back):
    merged = become(*cards)
    take_back(merged)

    with pytest.raises(NothingToUndo):
        take_back(merged)


def test_merged_again_only_the_second_merge_is_undone(cards, become, take_back):
    first = become(*cards)
    take_back(first)
    before = everything(*cards)
    second = become(*cards)

    with pytest.raises(NothingToUndo):
        take_back(first)
    take_back(second)
    assert everything(*cards) == before


def test_the_last_merge_of_three_goes_first(in_shop, become, take_back):
    a, b, c = (MembershipFactory(shop=in_shop, stamps=3) for _card in "abc")
    before = everything(a, b, c)
    first, second = become(a, b), become(b, c)

    with pytest.raises(AlreadySpent):
        take_back(first)
    take_back(second)
    take_back(first)
    assert everything(a, b, c) == before


def test_any_counter_of_the_shop_may_for_a_day(cards, become, take_back, in_shop):
    merged = become(*cards)
    elsewhere = Actor.of_counter(CounterFactory(shop=in_shop))

    with clock.at(MONDAY + 24 * HOUR):
        take_back(merged, actor=elsewhere)


def test_after_that_nobody_may(cards, become, take_back, in_shop, till_actor):
    merged = become(*cards)

    for actor in (till_actor, Actor(in_shop, Channel.OWNER)):
        a_second_too_late = clock.at(MONDAY + 24 * HOUR + timedelta(seconds=1))
        with a_second_too_late, pytest.raises(MergeStands, match="more than 24 hours ago"):
            take_back(merged, actor=actor)


def test_what_the_customer_merged_no_counter_undoes(in_shop, cards, take_back):
    mine = MembershipFactory(shop=in_shop, person=(person := PersonFactory()))
    key = keys.new()
    actor = Actor(in_shop, Channel.CARD, person=person)
    save_card(membership=cards[0], person=person, key=key, actor=actor)
    merged = Operation.objects.get(key=key)

    with pytest.raises(TooLateToUndo):
        take_back(merged)
    take_back(merged, actor=Actor(in_shop, Channel.OWNER))
    mine.refresh_from_db()
    assert mine.person == person


def test_a_refused_merge_is_nothing_to_undo(cards, become, take_back):
    with pytest.raises(Refused):
        become(cards[0], cards[0])

    with pytest.raises(NothingToUndo):
        take_back(Operation.objects.get(kind="merge"))


def test_a_person_who_has_another_card_by_now_keeps_that_one(in_shop, become, take_back):
    """They gave the merged card another e-mail, and saved a new one with the old."""
    person, other = PersonFactory(), PersonFactory()
    gone, kept = MembershipFactory(shop=in_shop, person=person), MembershipFactory(shop=in_shop)
    merged = become(gone, kept)
    actor = Actor(in_shop, Channel.CARD, person=other)
    save_card(membership=kept, person=other, instead_of=person.pk, key=keys.new(), actor=actor)
    MembershipFactory(shop=in_shop, person=person)

    with pytest.raises(AlreadySpent):
        take_back(merged)


def test_cards_of_two_people_are_not_merged_by_the_shop(in_shop, become):
    cards = [MembershipFactory(shop=in_shop, person=PersonFactory()) for _card in "ab"]

    with pytest.raises(SavedByTwo, match="two different e-mails"):
        become(*cards)
    with pytest.raises(SavedByTwo):
        become(*cards, actor=Actor(in_shop, Channel.OWNER))


def test_the_shop_next_door_cannot(cards, become, take_back, next_door_counter):
    with pytest.raises(ValueError, match="another shop"):
        take_back(become(*cards), actor=Actor.of_counter(next_door_counter))


def test_what_went_with_it_can_be_undone_again(cards, become, take_back, in_shop, counter):
    """A stamp of the card that was gone: not while it was part of another, then as ever."""
    gone, kept = cards
    key = keys.new()
    stamp(gone, counter=counter, key=key)
    stamped = Operation.objects.get(key=key)
    merged = become(gone, kept)
    with pytest.raises(AlreadySpent):
        take_back(stamped)
    take_back(merged)
    take_back(stamped)

    assert (balance(gone), balance(kept)) == (4, 3)
