"""Levels that earn more: points multiplied and rounded down once, stamps that wait on new cards."""

from fractions import Fraction

import pytest
from django.urls import reverse

from loyalty import keys
from members.ledger.models import Account
from members.ledger.refusals import AlreadySpent
from members.operations import undo
from rewards.models import Claim
from rewards.points.refusals import NothingEarned
from rewards.points.rules import Action
from rewards.tiers.owning import switch_off
from rewards.tiers.standing import head_start_of, multiplier_of
from stampcards.rules import StampRules
from tests.factories import MembershipFactory, PointsFactory, earn, stamp
from tests.ladder_factories import LadderFactory
from tests.rewards.tiers.conftest import given_to, name_of, take_back

pytestmark = pytest.mark.django_db

SOON = {"Bronze": 0, "Silver": 1}


# --- Points -----------------------------------------------------------------------------------


@pytest.fixture
def points(in_shop):
    cup = Action("Own cup", 3)
    return PointsFactory(shop=in_shop, rules__per_visit=1, rules__actions=(cup,))


@pytest.fixture
def silver(points, in_shop, counter):
    """One visit is Silver: points times 1.5. That visit earned plain points."""
    LadderFactory(shop=in_shop, takes=SOON, gives={"Silver": {"multiplier_percent": 150}})
    card = MembershipFactory(shop=in_shop, name="Maja")
    assert earned(card, counter, 10_000) == 11
    return card


def earned(card, counter, amount, **more):
    return earn(card, amount, counter=counter, **more)["also"][0]["given"]


def test_it_works(silver, counter):
    assert multiplier_of(silver) == Fraction(3, 2)
    assert earned(silver, counter, 10_000) == 16  # 11 x 1.5, rounded down


@pytest.mark.parametrize(("amount", "n"), [(7_400, 12), (900, 2), (300, 1), (25_000, 39)])
def test_it_is_rounded_once_after_all_is_multiplied(silver, counter, amount, n):
    assert earned(silver, counter, amount) == n


def test_what_is_not_bought_is_not_multiplied(silver, counter):
    assert earned(silver, counter, 10_000, actions=("Own cup",)) == 16 + 3


def test_while_levels_are_off_it_is_plain(silver, counter, owner):
    switch_off(actor=owner)

    assert earned(silver, counter, 10_000) == 11


def test_the_till_says_beforehand_what_it_will_be(silver, till):
    page = till.get(reverse("counter:card", args=[silver.counter_code])).content.decode()

    assert 'data-percent="150"' in page


def test_a_till_without_connection_says_at_least(silver, till):
    page = till.get(reverse("counter:home")).content.decode()
    assert "Save at least" in page


def test_and_plainly_where_no_level_earns_more(points, in_shop, till, card):
    LadderFactory(shop=in_shop)

    assert "Save at least" not in till.get(reverse("counter:home")).content.decode()


def test_a_purchase_that_earns_nothing_reaches_nothing(in_shop, counter):
    PointsFactory(shop=in_shop)
    LadderFactory(shop=in_shop, takes=SOON)
    card = MembershipFactory(shop=in_shop)

    with pytest.raises(NothingEarned):
        earn(card, 900, counter=counter)
    assert name_of(card) == "Bronze"


# --- Stamps -----------------------------------------------------------------------------------


@pytest.fixture
def with_start(in_shop, card, visit):
    """Silver at once, with so many stamps waiting on each new card of nine."""

    def with_start(n):
        LadderFactory(shop=in_shop, takes=SOON, gives={"Silver": {"head_start": n}})
        member = MembershipFactory(shop=in_shop, name="Maja")  # the welcome stamp is on it
        visit(member)
        return member

    return with_start


def account_of(member):
    return Account.objects.select_related("rule_version", "programme").get(membership=member)


def test_stamps_wait_on_the_next_card(with_start, visit):
    maja = with_start(2)
    assert head_start_of(maja) == 2

    done = visit(maja, 7)

    assert (done["filled"], done["after"]) == (1, 2)
    last = account_of(maja).entries.order_by("-seq").first()
    assert (last.amount, last.reason, last.qualifying, last.visit) == (2, "level", 0, None)


def test_never_all_that_a_card_needs(with_start, visit):
    maja = with_start(30)
    need = StampRules.read(account_of(maja).rule_version.rules).need
    visit(maja, 7)
    assert account_of(maja).balance == need - 1

    assert visit(maja)["filled"] == 1  # every stamp fills a card, and none fills itself


def test_several_cards_filled_at_once(with_start, counter):
    maja = with_start(5)
    done = stamp(maja, 8, counter=counter, reason="group")
    assert (done["filled"], done["after"]) == (1, 6)

    done = stamp(maja, 8, counter=counter, reason="group")

    assert (done["filled"], done["after"]) == (2, 6)
    assert Claim.objects.filter(membership=maja).count() == 3


def test_undone_they_are_gone_with_it(with_start, visit, owner):
    maja = with_start(2)
    visit(maja, 7)
    take_back(maja, owner)

    account = account_of(maja)
    assert (account.balance, account.cycle) == (8, 0)
    assert Claim.objects.get().state == Claim.State.CANCELLED


def test_unless_they_were_used(with_start, visit, owner):
    maja = with_start(8)
    visit(maja, 7)
    filled = given_to(maja)[0]
    visit(maja)

    with pytest.raises(AlreadySpent):
        undo(membership=maja, undone=filled, key=keys.new(), actor=owner)


def test_they_read_well(with_start, visit, visitor, card):
    maja = with_start(2)
    visit(maja, 7)
    history = visitor.get(reverse("card:history", args=[maja.private])).content.decode()
    page = visitor.get(reverse("card:card", args=[maja.private])).content.decode()

    assert "2 stamps from your level" in history
    assert "New card started. 2 stamps are on it already." in page


def test_a_stranger_s_level_gives_nothing_here(with_start, next_door_member):
    with_start(2)

    assert head_start_of(next_door_member) == 0
    assert multiplier_of(next_door_member) == 1
