"""An answer was lost, two cards became one, and then it is asked for again under its key (L4)."""

import pytest
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor
from members.merging import merge
from rewards.models import Claim
from tests.factories import CounterFactory, MembershipFactory, earn, stamp
from tests.people import browser_of
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(member, counter):
    """The card Maja had before. Hers is kept."""
    return MembershipFactory(shop=member.shop, stamps=4)


@pytest.fixture
def lost(till, counter, member, old):
    """lost(path, **asked): post it, let the two cards become one, and post it again."""

    def lost(path, client=till, **asked):
        fields = {"key": keys.new(), **asked}
        first = client.post(path, fields)
        merge(kept=member, gone=old, key=keys.new(), actor=Actor.of_counter(counter))
        return first, client.post(path, fields)

    return lost


def test_a_stamp_asked_for_again_was_given(lost, old, card):
    path = reverse("counter:stamp", args=[old.counter_code])
    first, again = lost(path, programme=card.pk, count=2, again=True)

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]


def test_but_its_key_gives_no_other_stamps(till, lost, old, card):
    path = reverse("counter:stamp", args=[old.counter_code])
    first, _again = lost(path, programme=card.pk, count=2, again=True)
    key = first["Location"].partition("done=")[2]

    other = till.post(path, {"key": key, "programme": card.pk, "count": 3, "again": True})

    assert other.status_code == 422
    assert "This card was moved" in text_of(other)


def test_a_reward_handed_out_is_told_again(lost, old, counter, in_shop):
    stamp(old, 5, counter=counter)
    claim = Claim.objects.get(membership=old)
    path = reverse("counter:reward", args=[old.counter_code])
    first, again = lost(path, claim=claim.pk)

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]


def test_points_used_at_the_counter_are_told_again(lost, till, lunch, old, in_shop):
    earn(old, 100_000, counter=CounterFactory(shop=in_shop))
    path = reverse("counter:redeem", args=[old.counter_code])
    first, again = lost(path, reward=lunch.pk)

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert Claim.objects.filter(reward=lunch).count() == 1
    other = till.post(path, {"key": keys.new(), "reward": lunch.pk})
    assert "This card was moved" in text_of(other)


def test_what_was_chosen_on_the_card_page_is_told_again(lost, lunch, member, old, in_shop):
    earn(old, 100_000, counter=CounterFactory(shop=in_shop))
    path = reverse("catalogue:reward", args=[old.private, lunch.pk])
    first, again = lost(path, client=browser_of())

    assert first.status_code == again.status_code == 302
    claim = Claim.objects.get(reward=lunch)
    assert again["Location"] == reverse("reward:show", args=[member.private, claim.pk])
    assert claim.membership == member
