"""A replaced card is dead at once (F1)."""

from functools import partial

import pytest

from loyalty import clock, codes, keys
from loyalty.actors import Actor, Channel
from members.models import Membership, RetiredCode
from members.operations import replace_codes
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def replace(in_shop, member):
    return partial(replace_codes, membership=member, actor=Actor(in_shop, Channel.CARD))


def test_it_works(replace, member):
    old = (member.counter_code, member.short_code)
    answer = replace(key=keys.new())
    member.refresh_from_db()

    assert (member.counter_code, member.short_code) == (
        answer["counter_code"],
        answer["short_code"],
    )
    assert not {member.counter_code, member.short_code} & set(old)
    assert codes.is_plausible(member.short_code)


def test_the_old_codes_are_remembered_as_dead(replace, member):
    old = (member.counter_code, member.short_code)
    moment = clock.now()
    with clock.at(moment):
        replace(key=keys.new())
    retired = RetiredCode.objects.get()

    assert (retired.counter_code, retired.short_code) == old
    assert (retired.membership, retired.retired_at) == (member, moment)


def test_the_link_stays(replace, member):
    link = member.private
    replace(key=keys.new())

    assert Membership.objects.get().private == link


def test_the_stamps_stay(replace, member):
    replace(key=keys.new())

    assert member.accounts.get().balance == 1


def test_same_key_twice_replaces_once(replace):
    key = keys.new()

    assert replace(key=key) == replace(key=key)
    assert RetiredCode.objects.count() == 1


def test_twice_retires_both(replace):
    replace(key=keys.new())
    replace(key=keys.new())

    assert RetiredCode.objects.count() == 2


def test_a_stale_page_retires_the_codes_of_now(replace, member, in_shop):
    """Two tabs: the second holds a card object from before the first one's change."""
    stale = Membership.objects.get(pk=member.pk)
    now_good = replace(key=keys.new())
    replace(membership=stale, key=keys.new())

    assert RetiredCode.objects.filter(counter_code=now_good["counter_code"]).exists()


def test_nobody_elses_codes_change(replace, in_shop):
    other = MembershipFactory(shop=in_shop)
    replace(key=keys.new())

    assert Membership.objects.get(pk=other.pk).short_code == other.short_code


def test_the_shop_next_door_cannot(replace, next_door):
    with pytest.raises(ValueError, match="another shop"):
        replace(key=keys.new(), actor=Actor(next_door, Channel.CARD))
