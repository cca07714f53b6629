"""A salon with points, from the first haircut to the last point, told with operations alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.management.ticking import pass_time
from loyalty.models import Shop, Trade
from members.ledger import audit
from members.ledger.models import LedgerEntry, Lot, Operation
from members.ledger.statements import statements_of
from members.models import Membership
from members.operations import join, void
from members.operations import merge as make_one
from members.visits import Purchase
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.owning import keep_treat, switch_off
from rewards.catalogue.operations import cancel, redeem, redeem_now
from rewards.catalogue.refusals import PointsMissing
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from rewards.points.operations import earn_points
from rewards.points.owning import change_points
from rewards.points.refusals import EarnedJustNow
from rewards.points.rules import Expiry, PointRules
from stampcards.operations import add_stamps
from tests.factories import (
    CounterFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    ShopFactory,
    StaffMemberFactory,
    as_owner,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2027, 3, 1, 7, 30, tzinfo=UTC)  # half past eight in Copenhagen
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def kroner(amount):
    return Purchase(amount_minor=round(amount * 100))


@pytest.fixture
def salon(db, at):
    at(MONDAY - 7 * DAY)
    shop = ShopFactory(
        name="Salon Sofie",
        trade=Trade.SALON,
        country=Shop.Country.DENMARK,
        currency=Shop.Currency.DKK,
        language="da",
        time_zone="Europe/Copenhagen",
    )
    with scope(shop=shop):
        yield shop


@pytest.fixture
def card(salon):
    """Five visits, one of them from us."""
    return ProgrammeFactory(shop=salon)


@pytest.fixture
def points(salon):
    """1 point for every 10 kr; they run out after a year without a visit."""
    return PointsFactory(shop=salon, rules__expiry=Expiry.IDLE, rules__expires_months=12)


@pytest.fixture
def till(salon):
    """With Freja at it."""
    freja = StaffMemberFactory(shop=salon, name="Freja")
    return Actor.of_counter(CounterFactory(shop=salon, staff=freja))


def test_a_salon_with_points(salon, card, points, till, at):
    phone, sofie = Actor(salon, Channel.CARD), Actor(salon, Channel.OWNER)
    massage = RewardFactory(programme=points, name="Head massage", cost=100, use_within_days=30)

    def new_card(**more):
        made = join(language="da", key=keys.new(), **more)
        return Membership.objects.get(pk=made["membership"])

    # Monday: Maja joins from the poster. Her haircut is a stamp and 45 points, in one tap.
    at(MONDAY)
    maja = new_card(source="poster", source_detail="a4", actor=phone)
    account = partial(maja.accounts.get, programme=points)
    stamp = partial(add_stamps, programme=card, count=1, actor=till)
    told = stamp(membership=maja, purchase=kroner(450), key=keys.new())
    assert told["after"] == 2
    assert [part["given"] for part in told["also"]] == [45]

    # A week later she buys shampoo, for 449,50: parts of a point are not kept. Freja taps twice.
    at(MONDAY + 7 * DAY)
    earn = partial(earn_points, membership=maja, programme=points, actor=till)
    key = keys.new()
    for _tap in range(2):
        assert earn(purchase=kroner(449.50), key=key)["also"][0]["given"] == 44
    assert account().balance == 89

    # She turns in the door for a comb. Freja is asked, says that she means it, and gives 5 more.
    at(MONDAY + 7 * DAY + 2 * MINUTE)
    with pytest.raises(EarnedJustNow, match="2 minutes ago"):
        earn(purchase=kroner(50), key=keys.new())
    earn(purchase=kroner(50), again=True, key=keys.new())

    # From 1 June, Sofie gives twice as much. The day before, it is as it always was.
    double = replace(PointRules.read(points.versions.get().rules), rate="2")
    june = datetime(2027, 6, 1, tzinfo=salon.zone)
    change_points(
        programme=points, name=points.name, rules=double, effective_from=june, actor=sofie
    )
    at(june - 6 * HOUR)
    assert earn(purchase=kroner(100), key=keys.new())["also"][0]["given"] == 10
    at(june + 10 * HOUR)
    assert earn(purchase=kroner(100), key=keys.new())["also"][0]["given"] == 20
    assert account().balance == 124

    # She chooses a massage, thinks better of it, and chooses it after all. Two are too many.
    def choose():
        chosen = redeem(membership=maja, reward=massage, key=keys.new(), actor=phone)
        return Claim.objects.get(pk=chosen["claim"])

    at(june + DAY)
    claim = choose()
    with pytest.raises(PointsMissing, match=r"^76 more are needed for this\.$"):
        choose()
    cancel(membership=maja, claim=claim, key=keys.new(), actor=phone)
    assert account().balance == 124
    claim = choose()
    assert claim.expires_on.isoformat() == "2027-07-02"

    # July is too short for it. The night after its last day, the points are back; once.
    last_day = datetime(2027, 7, 2, 23, 59, tzinfo=salon.zone)
    for night, balance in [(last_day, 24), (last_day + MINUTE, 124), (last_day + DAY, 124)]:
        at(night)
        pass_time(clock.now())
        assert account().balance == balance

    # Now she goes straight from the phone to the till. Freja hands it out, once.
    at(datetime(2027, 7, 5, 12, tzinfo=UTC))
    give = partial(hand_over, membership=maja, claim=choose(), actor=till)
    assert give(key=keys.new())["title"] == "Head massage"
    with pytest.raises(AlreadyUsed, match="by Freja"):
        give(key=keys.new())

    # Her birthday is on 12 September, and 25 points come by themselves a week before; once.
    keep_treat(
        BirthdayTreat(shop=salon, title="25 points for you", bonus=25), actor=as_owner(salon)
    )
    maja.birthday = (12, 9)
    maja.save()
    for day, balance in [(4, 24), (5, 49), (6, 49), (12, 49)]:
        at(datetime(2027, 9, day, 1, tzinfo=UTC))
        pass_time(clock.now())
        assert account().balance == balance
    switch_off(Actor(salon, Channel.OWNER))

    # A colour for 500 kr, and another massage on the spot. The colour turns out green: Sofie pays
    # it back. 49 of its 100 points are there; 51 are owed, and the next visit pays them.
    at(datetime(2027, 9, 15, 12, tzinfo=UTC))
    key = keys.new()
    earn(purchase=kroner(500), key=key)
    redeem_now(membership=maja, reward=massage, key=keys.new(), actor=till)
    green = Operation.objects.get(key=key)
    at(datetime(2027, 9, 20, 12, tzinfo=UTC))
    void(membership=maja, undone=green, reason="refund", key=keys.new(), actor=sofie)
    assert (account().balance, account().shortfall) == (0, 51)
    at(datetime(2027, 9, 22, 12, tzinfo=UTC))
    earn(purchase=kroner(300), key=keys.new())
    assert (account().balance, account().shortfall) == (9, 0)

    # In October her phone is flat and she gets a second card; then it is one card again. What it
    # had keeps its date, and the welcome counts once.
    at(datetime(2027, 10, 1, 12, tzinfo=UTC))
    second = new_card(source="counter", actor=till)
    stamp(membership=second, purchase=kroner(450), key=keys.new())
    make_one(kept=maja, gone=second, key=keys.new(), actor=till)
    assert account().balance == 99
    assert maja.accounts.get(programme=card).balance == 3

    # She moves away. A year after each was last alive, at midnight, they are gone.
    for last, balance in [("2028-09-22", 9 + 90), ("2028-10-01", 90)]:
        midnight = datetime.fromisoformat(last).replace(tzinfo=salon.zone) + DAY
        at(midnight - MINUTE)
        pass_time(clock.now())
        assert account().balance == balance
        at(midnight)
        pass_time(clock.now())
    assert account().balance == 0
    assert not Lot.objects.filter(account=account()).left().exists()

    # Every line is still there, and everything adds up: card by card, and month by month.
    assert lines_of(account()) == [
        ("earn", 45),
        ("earn", 44),
        ("earn", 5),
        ("earn", 10),
        ("earn", 20),
        ("spend", -100),
        ("reverse", 100),
        ("spend", -100),
        ("reverse", 100),
        ("spend", -100),
        ("earn", 25),
        ("earn", 100),
        ("spend", -100),
        ("reverse", -49),
        ("earn", 60),
        ("adjust", -51),
        ("transfer", 90),
        ("expire", -9),
        ("expire", -90),
    ]
    assert lines_of(second.accounts.get(programme=points)) == [("earn", 90), ("transfer", -90)]
    assert lines_of(maja.accounts.get(programme=card)) == [
        ("earn", 1),
        ("earn", 1),
        ("transfer", 1),
    ]
    assert list(audit.disagreements()) == []
    assert totals(salon, points) == {
        "earned": 399,
        "restored": 200,
        "redeemed": 400,
        "expired": 99,
        "adjusted": -100,
    }


def lines_of(account):
    return list(LedgerEntry.objects.filter(account=account).values_list("kind", "amount"))


def totals(shop, programme):
    """Every column of a programme's statement, all months together, once each month ties."""
    found = statements_of(shop, clock.now())
    [months] = [each.months for each in found if each.programme == programme]
    for month, before in zip(months, [*months[1:], None], strict=True):
        assert month.opening == (before.closing if before else 0)
    assert months[0].closing == 0
    columns = ("earned", "restored", "redeemed", "expired", "adjusted")
    return {name: sum(getattr(month, name) for month in months) for name in columns}
