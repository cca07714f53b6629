"""Once collecting is over, nothing more comes onto a card; what happened before still counts."""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.models import Membership
from members.operations import join
from members.refusals import CollectingOver, ShopPaused
from rewards.points.operations import bonus_part
from stampcards.operations import add_stamps, bonus
from tests.factories import MembershipFactory, earn, stamp
from tests.members.ending.conftest import COLLECT, TENTH
from tests.members.ledger.purse import Purse

pytestmark = pytest.mark.django_db
AFTER = COLLECT + timedelta(days=1)


@pytest.fixture
def join_now(in_shop):
    def join_now():
        joined = join(
            source=Membership.Source.POSTER,
            language="en-gb",
            key=keys.new(),
            actor=Actor(in_shop, Channel.CARD),
        )
        return Membership.objects.get(pk=joined["membership"])

    return join_now


def balance(member, kind="stamps"):
    return member.accounts.get(programme__kind=kind).balance


@pytest.mark.usefixtures("ending")
def test_it_works_to_the_last_minute(on, member, counter):
    with on(COLLECT, 23, 59):
        stamp(member, counter=counter)

    assert balance(member) == 2


@pytest.mark.usefixtures("ending")
def test_a_minute_later_a_stamp_is_refused_with_both_days(on, member, counter):
    said = r"^Collecting ended on 31 January\. What is on the card can be used until 31 March\.$"
    with on(AFTER, 0, 0), pytest.raises(CollectingOver, match=said):
        stamp(member, counter=counter)

    assert balance(member) == 1


def test_so_are_points(on, points, announce, counter):
    maja = MembershipFactory(shop=points.shop)
    with on(TENTH):
        announce(points)

    with on(AFTER), pytest.raises(CollectingOver):
        earn(maja, 10_000, counter=counter)

    assert balance(maja, "points") == 0


@pytest.mark.usefixtures("card")
def test_a_stamp_elsewhere_earns_none_of_the_points_that_ended(on, points, announce, counter):
    maja = MembershipFactory(shop=points.shop)
    with on(TENTH):
        announce(points)

    with on(AFTER):
        stamp(maja, counter=counter)

    assert balance(maja) == 2
    assert balance(maja, "points") == 0


def test_what_was_stamped_before_and_comes_late_counts(on, ending, member, counter):
    with on(COLLECT, 23):
        happened = clock.now()

    with on(AFTER, 9):
        add_stamps(
            membership=member,
            programme=ending,
            count=1,
            key=keys.new(),
            actor=Actor.of_counter(counter, at=happened),
        )

    assert balance(member) == 2


@pytest.mark.usefixtures("ending")
def test_nobody_joins_what_is_over_alone(on, join_now):
    with on(COLLECT):
        assert balance(join_now()) == 1

    with on(AFTER), pytest.raises(ShopPaused):
        join_now()


@pytest.mark.usefixtures("ending", "points")
def test_beside_another_programme_they_join_that_one(on, join_now):
    with on(AFTER):
        newcomer = join_now()

    assert [account.programme.kind for account in newcomer.accounts.all()] == ["points"]


def test_the_shop_gives_nothing_into_it_either(on, ending, points, announce, member):
    with on(TENTH):
        announce(points)
    with on(AFTER):
        Purse(member, ending).do(lambda op, account: must_be_none(bonus(op, member, 2)))
        Purse(member, points).do(lambda op, account: must_be_none(bonus_part(op, member, 2)))

    assert balance(member) == 1
    assert balance(member, "points") == 0


def must_be_none(given):
    assert given is None


def test_the_day_is_the_shops_own(in_shop, member, counter, ending):
    """In New York it is still January when Oslo has begun February."""
    in_shop.time_zone = "America/New_York"
    in_shop.save()
    counter.shop = member.shop = in_shop

    with clock.at(datetime(2027, 2, 1, 4, 59, tzinfo=UTC)):
        stamp(member, counter=counter, programme=ending)
    with clock.at(datetime(2027, 2, 1, 5, 0, tzinfo=UTC)), pytest.raises(CollectingOver):
        stamp(member, counter=counter, programme=ending)
