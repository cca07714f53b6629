"""Two tills and one card: what one does, the other waits for (B3, B4, B6, L3, L13)."""

import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger.models import LedgerEntry, Operation
from members.merging import merge
from members.models import Membership
from members.operations import join, save_card, undo
from members.refusals import CardIsAnother, NothingToUndo
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import CounterFactory, MembershipFactory, PersonFactory, stamp
from tests.races.outcomes import outcome, stamping
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_till_stamps_and_no_stamp_is_lost(in_shop, member, counter):
    others = [counter, CounterFactory(shop=in_shop)] * 6
    outcomes = together([stamping(member, till) for till in others])

    account = member.accounts.get()
    assert outcomes == ["done"] * 12
    assert (account.balance, account.cycle) == (4, 1)  # thirteen with the welcome, nine are a card
    assert Claim.objects.count() == 1


@pytest.mark.postgres_only
def test_without_the_lock_the_race_is_real_and_the_database_stops_it(
    in_shop, member, counter, no_lock
):
    outcomes = together([stamping(member, counter) for _one in range(12)])

    assert "stopped" in outcomes
    assert LedgerEntry.objects.filter(kind="earn").count() == outcomes.count("done") + 1


def test_one_act_is_undone_once(in_shop, member, counter):
    key = keys.new()
    stamp(member, 3, counter=counter, key=key)
    undone = Operation.objects.select_related("membership").get(key=key)
    wish = {"membership": member, "undone": undone, "actor": Actor.of_counter(counter)}
    outcomes = together([outcome(undo, **wish, key=keys.new()) for _one in range(16)])

    assert sorted(outcomes) == [NothingToUndo.__name__] * 15 + ["done"]
    assert member.accounts.get().balance == 1


def test_a_reward_is_either_handed_out_or_taken_back(in_shop, card, counter):
    """The filling stamp is undone while the reward is handed out: one of them wins."""
    actor = Actor.of_counter(counter)
    for _round in range(5):
        member = MembershipFactory(shop=in_shop, stamps=8)
        key = keys.new()
        stamp(member, counter=counter, key=key)
        claim = Claim.objects.get(membership=member)
        filling = Operation.objects.select_related("membership").get(key=key)
        wish = {"membership": member, "actor": actor}
        out = outcome(hand_over, **wish, claim=claim, key=keys.new(), says="out")
        back = outcome(undo, **wish, undone=filling, key=keys.new(), says="back")
        outcomes = together([out, back])
        claim.refresh_from_db()

        assert (outcomes, claim.state) in [
            (["out", "AlreadyUsed"], "handed_over"),
            (["NotReady", "back"], "cancelled"),
        ]


def test_a_stamp_while_the_card_becomes_another_is_never_lost(in_shop, card, counter):
    actor = Actor(in_shop, Channel.CARD)
    for _round in range(5):
        gone, kept = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)
        wish = {"gone": gone, "kept": kept, "key": keys.new(), "actor": actor}
        outcomes = together([stamping(gone, counter), outcome(merge, **wish, says="merged")])

        assert outcomes[1] == "merged"
        assert gone.accounts.get().balance == 0
        expected = 2 if outcomes[0] == "done" else 1
        assert outcomes[0] in ("done", CardIsAnother.__name__)
        assert kept.accounts.get().balance == expected


def test_two_cards_become_each_other_once_and_nobody_waits_for_ever(in_shop, card):
    actor = Actor(in_shop, Channel.CARD)
    for _round in range(5):
        a, b = MembershipFactory(shop=in_shop, stamps=3), MembershipFactory(shop=in_shop, stamps=3)
        outcomes = together(
            outcome(merge, gone=gone, kept=kept, key=keys.new(), actor=actor, says="merged")
            for gone, kept in ((a, b), (b, a))
        )

        assert sorted(outcomes) == ["NotMergeable", "merged"]
        assert a.accounts.get().balance + b.accounts.get().balance == 5


def test_one_person_in_many_tabs_has_one_card(in_shop, card):
    person = PersonFactory()
    wish = {"source": "poster", "language": "nb", "person": person}
    wish["actor"] = Actor(in_shop, Channel.CARD, person=person)
    outcomes = together([outcome(join, **wish, key=keys.new()) for _tab in range(12)])

    assert outcomes == ["done"] * 12
    assert Membership.objects.filter(person=person).count() == 1


def test_many_cards_saved_by_one_person_at_once_lose_no_stamp(in_shop, card):
    person = PersonFactory()
    wish = {"person": person, "actor": Actor(in_shop, Channel.CARD, person=person)}
    cards = [MembershipFactory(shop=in_shop, stamps=2) for _one in range(3)]
    outcomes = together(outcome(save_card, membership=c, **wish, key=keys.new()) for c in cards)

    merged = len(cards) - Membership.objects.current().count()
    assert set(outcomes) <= {"done", "NotMergeable"}
    assert Membership.objects.current().filter(person=person).count() == 1
    assert sum(c.accounts.get().balance for c in cards) == 2 * 3 - merged  # welcomes count once
