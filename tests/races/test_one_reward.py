"""One reward, asked for by many at the same moment, is handed out once (L7)."""

import time

import pytest
from django.db import IntegrityError
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor
from members.ledger import posting
from rewards.models import Claim, ClaimQuerySet, HandOver
from rewards.operations import AlreadyUsed, hand_over
from tests.factories import CounterFactory, MembershipFactory
from tests.races.rushing import MANY, hand_overs, rush, statuses
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def maja(in_shop, card):
    return MembershipFactory(shop=in_shop, stamps=9)


@pytest.fixture
def claim(maja):
    return Claim.objects.get()


def test_over_http_it_leaves_the_shop_once(live_server, in_shop, maja, claim, counter):
    path = reverse("counter:reward", args=[maja.counter_code])
    answers = rush(live_server, counter, path, hand_overs(claim))

    assert statuses(answers) == {302: 1, 422: MANY - 1}
    refused = [answer.text for answer in answers if answer.status == 422]
    assert all("Already used today at" in text for text in refused)
    assert HandOver.objects.count() == 1


def test_two_counters_at_once(in_shop, maja, claim, ola):
    counters = [CounterFactory(shop=in_shop, staff=ola) for _one in range(2)]
    for _round in range(10):
        outcomes = together(tries(maja, claim, counters * 5))

        assert sorted(outcomes) == ["handed out"] + ["used"] * 9
        HandOver.objects.update(undone_by=HandOver.objects.first().operation)
        Claim.objects.update(state="ready")  # for the next round, as an undo leaves it


@pytest.mark.postgres_only
def test_without_the_lock_the_update_itself_decides(in_shop, maja, claim, counter, no_lock):
    outcomes = together(tries(maja, claim, [counter] * MANY))

    assert sorted(outcomes) == ["handed out"] + ["used"] * (MANY - 1)


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_lock", "look_before_taking")
def test_looking_before_taking_is_stopped_by_the_database(maja, claim, counter):
    outcomes = together(tries(maja, claim, [counter] * MANY))

    assert outcomes.count("handed out") == 1
    assert "stopped" in outcomes
    assert HandOver.objects.count() == 1


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_lock", "look_before_taking")
def test_without_any_of_the_three_the_danger_is_real(maja, claim, counter, outlawed):
    outlawed(HandOver, "a_reward_is_handed_over_once")
    outcomes = together(tries(maja, claim, [counter] * MANY))

    assert outcomes.count("handed out") > 1
    assert HandOver.objects.count() == outcomes.count("handed out")


@pytest.fixture
def look_before_taking(monkeypatch):
    """First see whether it is ready, then take it: what the conditional update avoids."""
    update = ClaimQuerySet.update

    def taken(claims, **values):
        found = list(claims.values_list("pk", flat=True))
        time.sleep(0.2)  # holds the gap open
        return update(Claim.objects.filter(pk__in=found), **values)

    monkeypatch.setattr(ClaimQuerySet, "update", taken)


def tries(member, claim, counters):
    def one(counter):
        try:
            hand_over(
                membership=member, claim=claim, key=keys.new(), actor=Actor.of_counter(counter)
            )
        except AlreadyUsed as refusal:
            return "used" if refusal.values["staff"] == "Ola" else "used by a stranger"
        except IntegrityError:
            return "stopped"
        except posting.Busy:
            return one(counter)
        return "handed out"

    return [lambda counter=counter: one(counter) for counter in counters]
