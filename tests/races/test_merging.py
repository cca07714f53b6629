"""Two tills and two cards: who merges them, who makes two of them again, who waits (L8, L13)."""

import time
from functools import partial

import pytest
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor
from members.ledger import posting
from members.ledger.models import Operation
from members.merging import merge
from members.models import Membership
from members.operations import undo
from members.refusals import NothingToUndo, NotMergeable
from tests.factories import CounterFactory, MembershipFactory
from tests.races.outcomes import outcome, stamping
from tests.races.rushing import at_the_till, post_until_answered, statuses
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.fixture
def tills(in_shop, ola):
    return [CounterFactory(shop=in_shop, staff=ola) for _till in "ab"]


@pytest.fixture
def actor(tills):
    return Actor.of_counter(tills[0])


def pair(shop, stamps=3):
    return [MembershipFactory(shop=shop, stamps=stamps) for _card in "ab"]


def either_way_round(one, other, actor):
    return [
        outcome(merge, kept=kept, gone=gone, key=keys.new(), actor=actor)
        for kept, gone in ((one, other), (other, one))
    ]


def merged(kept, gone, actor):
    key = keys.new()
    merge(kept=kept, gone=gone, key=key, actor=actor)
    return Operation.objects.select_related("membership").get(key=key)


def parting(operation, actor):
    wish = {"membership": operation.membership, "undone": operation, "actor": actor}
    return outcome(undo, **wish, key=keys.new())


def balances(cards):
    return [card.accounts.get().balance for card in cards]


def test_two_tills_merge_one_pair_either_way_round_and_one_wins(live_server, in_shop, card, tills):
    one, other = pair(in_shop)
    posts = []
    for till, first, second in ((tills[0], one, other), (tills[1], other, one)):
        visitor, token = at_the_till(live_server, till)
        path = reverse("counter:merge_with", args=[first.counter_code, second.counter_code])
        asked = {"keep": first.counter_code, "key": str(keys.new())}
        posts.append(partial(post_until_answered, visitor, token, path, asked))
    answers = together(posts)

    assert statuses(answers) == {302: 1, 422: 1}
    assert sorted(balances((one, other))) == [0, 5]
    assert Membership.objects.current().count() == 1


@pytest.mark.postgres_only
def test_they_never_wait_for_each_other(in_shop, card, actor, stuck):
    for _round in range(ROUNDS):
        one, other = pair(in_shop)
        outcomes = together(either_way_round(one, other, actor))
        assert sorted(outcomes) == [NotMergeable.__name__, "done"]

    assert stuck == []


@pytest.mark.postgres_only
def test_locked_as_they_are_named_they_would(in_shop, card, actor, stuck, monkeypatch):
    """The control: each till locks the card it keeps first. Only the retry saves them."""

    def as_named(memberships):
        for membership in memberships:
            posted = Membership.objects.select_for_update(no_key=True).filter(pk=membership.pk)
            list(posted.values_list("pk"))
            time.sleep(0.2)  # holds the gap open

    monkeypatch.setattr(posting, "lock", as_named)
    one, other = pair(in_shop)
    outcomes = together(either_way_round(one, other, actor))

    assert stuck
    assert sorted(outcomes) == [NotMergeable.__name__, "done"]


def test_two_cards_are_parted_once(in_shop, card, actor):
    one, other = pair(in_shop)
    operation = merged(one, other, actor)
    outcomes = together([parting(operation, actor) for _tap in range(8)])

    assert sorted(outcomes) == [NothingToUndo.__name__] * 7 + ["done"]
    assert balances((one, other)) == [3, 3]


def test_a_stamp_while_they_are_parted_is_not_lost(in_shop, card, actor, counter):
    for _round in range(ROUNDS):
        one, other = pair(in_shop)
        operation = merged(one, other, actor)
        outcomes = together([parting(operation, actor), stamping(one, counter)])

        assert outcomes == ["done", "done"]
        assert balances((one, other)) == [4, 3]


def test_a_merge_with_a_third_while_they_are_parted(in_shop, card, actor):
    """Either they are two before the third comes, or all three are one and stay so."""
    for _round in range(ROUNDS):
        one, other = pair(in_shop)
        third = MembershipFactory(shop=in_shop, stamps=2)
        operation = merged(one, other, actor)
        wish = {"kept": third, "gone": one, "key": keys.new(), "actor": actor}
        outcomes = together([parting(operation, actor), outcome(merge, **wish)])

        assert (outcomes, balances((one, other, third))) in [
            (["done", "done"], [0, 3, 4]),
            (["AlreadySpent", "done"], [0, 0, 6]),
        ]
