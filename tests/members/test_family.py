"""Which cards are one customer's, also when they were merged by way of others."""

from itertools import pairwise

import pytest

from loyalty import keys
from members import family
from members.ledger.models import Visit
from members.merging import merge
from members.models import Membership
from tests.factories import MembershipFactory, stamp
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(in_shop, card, counter, till_actor):
    """Five cards with a stamp each, each merged into the next: the last one is in use."""
    cards = [MembershipFactory(shop=in_shop) for _each in range(5)]
    for each in cards:
        stamp(each, 1, counter=counter)
    for gone, kept in pairwise(cards):
        merge(gone=gone, kept=kept, key=keys.new(), actor=till_actor)
    return [Membership.objects.get(pk=each.pk) for each in cards]


def pks(cards):
    return {each.pk for each in cards}


def test_it_works(cards):
    assert pks(family.cards_of(cards[-1])) == pks(cards)
    assert {*family.pks_of(cards[2])} == pks(cards[:3])


def test_every_card_is_part_of_the_last(cards, in_shop):
    merged = family.merged_cards(in_shop)

    assert {family.now_part_of(each.pk, merged) for each in cards} == {cards[-1].pk}


def test_a_query_follows_three_times(cards, member):
    first, *others = cards
    visits = Visit.objects.filter(family.belongs_to(cards[-1].pk))
    by_card = Visit.objects.annotate(card=family.card_of("pk")).filter(card=cards[-1].pk)
    among = family.together(Membership.objects.filter(pk=cards[-1].pk))

    assert {*visits.values_list("membership", flat=True)} == pks(others)
    assert {*by_card.values_list("membership", flat=True)} == pks(others)
    assert {row["pk"] for row in among} == pks(others)
    assert first.became == cards[-1]


def test_somebody_elses_card_is_none_of_them(cards, member, counter):
    stamp(member, 1, counter=counter)

    assert member.pk not in family.pks_of(cards[-1])
    assert not Visit.objects.filter(family.belongs_to(cards[-1].pk), membership=member).exists()
    assert Visit.objects.filter(family.belongs_to(member.pk)).count() == 1


def test_the_till_knows_the_last_visit_of_them_all(in_shop, card, counter, till_actor, till):
    seldom, old, new = (MembershipFactory(shop=in_shop, name=name) for name in ("", "", "Maja"))
    stamp(seldom, 1, counter=counter)
    for gone, kept in ((seldom, old), (old, new)):
        merge(gone=gone, kept=kept, key=keys.new(), actor=till_actor)

    assert "last visit today" in text_of(till.get(f"/c/card/{new.counter_code}/"))
