"""One paper card, wanted by two at the same moment."""

import pytest
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger.models import LedgerEntry
from members.models import Membership, PaperCard
from members.paper import operations
from members.paper.cards import member_of
from members.paper.operations import OnAPhone, move_back, move_to_phone, stored, take_up
from tests.factories import CounterFactory, MembershipFactory, PaperCardFactory
from tests.races.outcomes import outcome, stamping
from tests.races.rushing import MANY, rush, stamps, statuses
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paper(in_shop, card):
    return PaperCardFactory(shop=in_shop)


@pytest.fixture
def elsa(paper, counter):
    return stored(member_of(paper), key=keys.new(), actor=Actor.of_counter(counter))


def taking(paper, counter):
    actor = Actor.of_counter(counter)
    return outcome(take_up, paper=paper, key=keys.new(), actor=actor)


def moving(shop, membership, own=None):
    wish = {"membership": membership, "own": own, "language": "nb", "key": keys.new()}
    return outcome(move_to_phone, **wish, actor=Actor(shop, Channel.CARD))


def test_over_http_two_tills_make_one_member(live_server, paper, card, counter):
    path = reverse("counter:stamp", args=[paper.counter_code])
    asked = [stamps(card, keys.new()) for _one in range(MANY)]
    answers = rush(live_server, counter, path, asked)

    assert statuses(answers) == {302: 1, 422: MANY - 1}  # the others are asked: give another?
    assert Membership.objects.get().accounts.get().balance == 2


def test_over_http_one_key_stamps_once(live_server, paper, card, counter):
    path = reverse("counter:stamp", args=[paper.counter_code])
    answers = rush(live_server, counter, path, [stamps(card, keys.derived("one"))] * MANY)

    assert statuses(answers) == {302: MANY}
    assert LedgerEntry.objects.filter(kind="earn", reason="").count() == 1


def test_two_counters_take_one_card_up_once(in_shop, paper, ola):
    counters = [CounterFactory(shop=in_shop, staff=ola) for _one in range(2)]
    outcomes = together([taking(paper, counter) for counter in counters * 6])

    assert outcomes == ["done"] * 12
    assert Membership.objects.count() == 1


@pytest.mark.postgres_only
def test_without_the_lock_the_race_is_real_and_the_database_stops_it(paper, counter, monkeypatch):
    monkeypatch.setattr(operations, "locked", lambda paper: PaperCard.objects.get(pk=paper.pk))
    outcomes = together([taking(paper, counter) for _one in range(8)])

    assert "stopped" in outcomes
    assert Membership.objects.count() == 1


def test_two_phones_move_one_card_and_one_of_them_has_it(in_shop, elsa):
    outcomes = together([moving(in_shop, elsa) for _one in range(8)])

    assert sorted(outcomes) == [OnAPhone.__name__] * 7 + ["done"]


def test_a_phone_with_a_card_and_one_without(in_shop, card, counter):
    for _round in range(5):
        paper, own = PaperCardFactory(shop=in_shop), MembershipFactory(shop=in_shop, stamps=2)
        actor = Actor.of_counter(counter)
        elsa = stored(member_of(paper), key=keys.new(), actor=actor)
        outcomes = together([moving(in_shop, elsa, own), moving(in_shop, elsa)])
        elsa.refresh_from_db()

        assert sorted(outcomes) == [OnAPhone.__name__, "done"]
        assert (elsa.merged_into == own) is (outcomes[0] == "done")


@pytest.mark.postgres_only
def test_without_the_lock_two_phones_would_have_it(in_shop, elsa, no_lock):
    outcomes = together([moving(in_shop, elsa) for _one in range(8)])

    assert outcomes.count("done") <= 1  # the dead code is unique: the database lets no two through
    assert "stopped" in outcomes


def test_a_stamp_while_it_moves_is_never_lost(in_shop, card, counter):
    for _round in range(5):
        actor = Actor.of_counter(counter)
        paper = PaperCardFactory(shop=in_shop)
        elsa = stored(member_of(paper), key=keys.new(), actor=actor)
        outcomes = together([stamping(elsa, counter), moving(in_shop, elsa)])

        assert outcomes == ["done", "done"]
        assert elsa.accounts.get().balance == 2


def test_a_move_is_taken_back_once(in_shop, elsa, counter):
    move_to_phone(
        membership=elsa, own=None, language="nb", key=keys.new(), actor=Actor(in_shop, Channel.CARD)
    )
    wish = {"actor": Actor.of_counter(counter)}
    cards = [Membership.objects.get(pk=elsa.pk) for _one in range(8)]
    outcomes = together(
        [outcome(move_back, membership=card, key=keys.new(), **wish) for card in cards]
    )

    assert sorted(outcomes) == ["NothingMoved"] * 7 + ["done"]
