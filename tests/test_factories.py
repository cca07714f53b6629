"""What the factories make is what the product would make."""

import pytest

from loyalty import access, keys
from loyalty.models import Counter
from members.ledger import audit
from members.ledger.models import Operation
from rewards.models import Claim
from tests.factories import (
    CounterFactory,
    MembershipFactory,
    PointsFactory,
    ProgrammeFactory,
    choose,
    stamp,
)

pytestmark = pytest.mark.django_db


def test_it_works(in_shop, card):
    member = MembershipFactory(shop=in_shop, name="Maja", stamps=8)

    assert member.name == "Maja"
    assert member.accounts.get().balance == 8
    assert list(audit.disagreements()) == []


def test_as_many_stamps_as_fill_the_card_leave_a_reward(in_shop, card):
    member = MembershipFactory(shop=in_shop, stamps=9)

    assert member.accounts.get().balance == 0
    assert Claim.objects.get().membership == member


def test_rules_can_be_changed_one_by_one(in_shop):
    programme = ProgrammeFactory(shop=in_shop, rules__need=5, rules__welcome=0)

    assert programme.versions.get().rules["need"] == 5
    assert MembershipFactory(shop=in_shop).accounts.get().balance == 0


def test_a_counter_keeps_only_the_hash_of_its_secret(in_shop):
    counter = CounterFactory(shop=in_shop, device="secret")

    assert Counter.objects.get().device_hash == keys.hashed("secret")
    assert counter.device == "secret"


def test_the_till_is_the_counter_with_ola_at_it(counter, till):
    assert counter.staff.name == "Ola"
    assert till.cookies[access.COUNTER_COOKIE].value == counter.device


@pytest.mark.parametrize("who", ["ingrid", "manager", "staff_client", "stranger"])
def test_whoever_has_a_role_is_signed_in(request, who):
    assert "_auth_user_id" in request.getfixturevalue(who).session


def test_the_neighbours_are_another_shop(member, next_door_member):
    assert next_door_member.shop != member.shop


def test_points_beside_the_card_leave_the_stamps_alone(in_shop, card, counter):
    PointsFactory(shop=in_shop)
    member = MembershipFactory(shop=in_shop, stamps=8)
    stamp(member, counter=counter)

    balances = dict(member.accounts.values_list("programme__kind", "balance"))
    assert balances == {"stamps": 0, "points": 0}
    assert Claim.objects.get().membership == member


def test_points_are_of_one_purchase_at_a_counter(in_shop, points, counter):
    member = MembershipFactory(shop=in_shop, points=64, points__counter=counter)

    assert member.accounts.get().balance == 64
    assert Operation.objects.get(kind="earn_points").counter == counter
    assert list(audit.disagreements()) == []


def test_rules_that_would_give_other_points_are_noticed(in_shop):
    PointsFactory(shop=in_shop, rules__rate="2")

    with pytest.raises(ValueError, match="give 128 points for 640 kr"):
        MembershipFactory(shop=in_shop, points=64)


def test_somebody_chooses_a_reward(in_shop, lunch):
    member = MembershipFactory(shop=in_shop, points=150)

    assert choose(member, lunch).state == Claim.State.READY
    assert member.accounts.get().balance == 50
