"""Who is meant: a level, the picked, the best customers, a group, everybody."""

from datetime import timedelta

import pytest

from loyalty import clock
from members.ledger.models import Operation
from members.models import Membership
from members.operations import merge, void
from members.segments import SEGMENTS
from rewards.tiers.models import Ladder, Tier
from rewards.vip import audience
from rewards.vip.models import Opening, Vip
from rewards.vip.owning import pick, unpick
from tests.factories import MembershipFactory, PointsFactory, earn, stamp
from tests.rewards.vip.conftest import THURSDAY

pytestmark = pytest.mark.django_db

Audience = Opening.Audience


def names(opening, now=THURSDAY):
    return {card.name for card in audience.members_of(opening, now)}


def opening(kind, **more):
    return Opening(audience=kind, at=THURSDAY, **more)


@pytest.fixture
def ladder(in_shop):
    """By visits: one is silver, two are gold."""
    ladder = Ladder.objects.create(shop=in_shop, measure=Ladder.Measure.VISITS)
    return {
        name: Tier.objects.create(shop=in_shop, ladder=ladder, name=name, threshold=threshold)
        for name, threshold in (("Bronze", 0), ("Silver", 1), ("Gold", 2))
    }


@pytest.fixture
def after_visits(ladder, in_shop, card, counter):
    def make(visits, name):
        member = MembershipFactory(shop=in_shop, name=name)
        for n in range(visits):
            with clock.at(THURSDAY - timedelta(days=9 - n)):
                stamp(member, counter=counter)
        return member

    return make


def test_it_works(after_visits, ladder, maja):
    after_visits(1, "Siri")
    gold = after_visits(2, "Gina")

    assert names(opening(Audience.TIER, tier=ladder["Gold"])) == {"Gina"}
    assert names(opening(Audience.TIER, tier=ladder["Silver"])) == {"Siri", "Gina"}
    assert names(opening(Audience.TIER, tier=ladder["Bronze"])) == {"Siri", "Gina", "Maja"}
    [right] = audience.rights_of([opening(Audience.TIER, tier=ladder["Silver"])], gold, THURSDAY)
    assert (right.why, right.words) == ("tier:Silver", "Silver")


def test_picked_by_the_shop(vera, maja):
    assert names(opening(Audience.PICKED)) == {"Vera"}


def test_who_was_picked_once_is_not_picked_now(asking, maja, owner, ingrid_person):
    asking(pick, membership=maja, actor=owner)
    asking(pick, membership=maja, actor=owner)
    assert names(opening(Audience.PICKED)) == {"Maja"}
    asking(unpick, membership=maja, actor=owner)

    assert names(opening(Audience.PICKED)) == set()
    log = Vip.objects.get()
    assert (log.by, log.ended_by, log.until) == (ingrid_person, ingrid_person, THURSDAY)


def test_everybody(vera, maja):
    assert names(opening(Audience.EVERYBODY)) == {"Vera", "Maja"}


def test_a_group_of_members(in_shop, card, vera):
    with clock.at(THURSDAY - timedelta(days=90)):
        MembershipFactory(shop=in_shop, name="Gamle")

    assert names(opening(Audience.SEGMENT, segment="new")) == {"Vera"}


# --- The best customers ----------------------------------------------------------------------


@pytest.fixture
def spent(in_shop, counter):
    PointsFactory(shop=in_shop)

    def make(name, *amounts, days_ago=1, card=None):
        member = card or MembershipFactory(shop=in_shop, name=name)
        with clock.at(THURSDAY - timedelta(days=days_ago)):
            for amount in amounts:
                earn(member, amount, counter=counter)
        return member

    return make


def best(n, days=30):
    return opening(Audience.TOP, top=n, top_days=days)


def test_whoever_spent_most(spent, maja):
    spent("Stor", 50_000)
    spent("Liten", 10_000)
    spent("Mange", 20_000, 20_000)

    assert names(best(2)) == {"Stor", "Mange"}


def test_what_was_long_ago_does_not_count(spent):
    spent("Stor", 50_000, days_ago=31)
    spent("Liten", 10_000)

    assert names(best(2)) == {"Liten"}


def test_of_two_who_spent_alike_who_joined_first(spent, in_shop, card):
    with clock.at(THURSDAY - timedelta(days=9)):
        old = MembershipFactory(shop=in_shop, name="Gammel")
    spent("Ny", 10_000)
    spent("", 10_000, card=old)

    assert names(best(1)) == {"Gammel"}


def test_what_was_taken_back_does_not_count(spent, asking, owner):
    stor = spent("Stor", 50_000)
    spent("Liten", 10_000)
    undone = Operation.objects.get(membership=stor, kind="earn_points")
    asking(void, membership=stor, undone=undone, reason="refund", actor=owner)

    assert names(best(1)) == {"Liten"}


def test_what_a_merged_card_bought_counts_for_the_one_it_became(spent, asking, till_actor):
    first, second = spent("Maja", 20_000), spent("Maja two", 20_000)
    spent("Stor", 30_000)
    asking(merge, kept=first, gone=second, actor=till_actor)

    assert names(best(1)) == {"Maja"}


def test_fewer_bought_anything_than_were_asked_for(spent, maja):
    spent("Stor", 50_000)

    assert names(best(20)) == {"Stor"}


# --- Of several ------------------------------------------------------------------------------


def test_nobody_is_worth_a_warning(maja, in_shop):
    [picked, everybody] = audience.preview(
        [opening(Audience.PICKED), opening(Audience.EVERYBODY)], THURSDAY
    )

    assert (picked.n, picked.nobody) == (0, True)
    assert (everybody.n, everybody.nobody) == (1, False)


def test_any_opening_that_has_come_is_enough(roast, vera, maja):
    openings = list(roast.openings.all())

    assert set(audience.entitled(openings, THURSDAY)) == {vera}
    assert set(audience.entitled(openings, openings[1].at)) == {vera, maja}
    assert not audience.entitled(openings, THURSDAY - timedelta(seconds=1)).exists()


def test_by_which_right(roast, vera, maja):
    assert audience.right_of(roast, vera, THURSDAY).words == "Picked by the shop"
    assert audience.right_of(roast, maja, THURSDAY) is None


def test_one_query_for_all_of_them(roast, vera, ladder, django_assert_num_queries, in_shop):
    kinds = [
        opening(Audience.PICKED),
        best(3),
        opening(Audience.TIER, tier=ladder["Gold"]),
        opening(Audience.SEGMENT, segment="regulars"),
        opening(Audience.EVERYBODY),
    ]
    with django_assert_num_queries(1):
        rights = audience.rights_of(kinds, vera, THURSDAY)

    assert [right.why for right in rights] == ["picked", "everybody"]


def test_a_card_that_became_another_is_nobody(roast, vera, maja):
    Membership.objects.filter(pk=vera.pk).update(merged_into=maja)

    assert names(opening(Audience.PICKED)) == set()


def test_next_door_is_never_meant(vera, next_door_member):
    assert names(opening(Audience.EVERYBODY)) == {"Vera"}


def test_every_group_has_a_word_for_its_members():
    for key in SEGMENTS:
        assert audience.in_words(f"segment:{key}"), key
