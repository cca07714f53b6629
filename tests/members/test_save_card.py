"""A card is tied to a person who proved their e-mail."""

from functools import partial

import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.models import Membership
from members.operations import save_card
from members.refusals import SavedByAnother
from tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(name="Maja")


@pytest.fixture
def save(in_shop, member, person):
    return partial(
        save_card, membership=member, person=person, actor=Actor(in_shop, Channel.CARD, person)
    )


def test_it_works(save, member, person):
    assert save(key=keys.new()) == {"membership": member.pk, "merged": False}
    member.refresh_from_db()
    assert member.person == person


def test_same_key_twice_saves_once(save):
    key = keys.new()
    assert save(key=key) == save(key=key)


def test_saving_again_changes_nothing(save, member):
    save(key=keys.new())

    assert save(key=keys.new()) == {"membership": member.pk, "merged": False}


def test_somebody_elses_card_is_not_taken_over(save, member, person):
    save(key=keys.new())

    with pytest.raises(SavedByAnother):
        save(person=PersonFactory(), key=keys.new())
    member.refresh_from_db()
    assert member.person == person


def test_somebody_who_has_a_card_here_keeps_that_one(save, in_shop, member, person):
    theirs = MembershipFactory(shop=in_shop, person=person, stamps=3)
    key = keys.new()

    assert save(key=key) == {"membership": theirs.pk, "merged": True}
    assert save(key=key) == {"membership": theirs.pk, "merged": True}
    assert list(Membership.objects.current()) == [theirs]
    assert theirs.accounts.get().balance == 3  # the welcome is not given again


def test_a_card_next_door_is_another_matter(save, next_door_card, member, person):
    MembershipFactory(shop=next_door_card.shop, person=person)

    assert save(key=keys.new()) == {"membership": member.pk, "merged": False}


def test_the_shop_next_door_cannot_save_it(save, next_door, person):
    with pytest.raises(ValueError, match="another shop"):
        save(key=keys.new(), actor=Actor(next_door, Channel.CARD, person))
