"""Whatever happens to a shop, however late, its rows say what its facts say; and made anew they
are the same rows."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.forms.models import model_to_dict
from django_scopes import scope

from loyalty.calendar import months_after
from members.ledger import audit
from members.ledger.models import Operation, Visit, local_day
from members.models import Membership
from rewards.figures import reading
from rewards.figures.cohorts import cohorts_of
from rewards.figures.customers import customers_of
from rewards.figures.models import (
    MemberMonth,
    MembersDay,
    ProgrammeDay,
    ShopCohort,
    ShopDay,
    ShopPeriod,
)
from rewards.figures.periods import last_month_over, month_of, offered
from rewards.figures.rollup import bring_up_to_date, rebuild
from rewards.figures.words import Name
from tests.rewards.figures.life import Life
from tests.rewards.figures.slow import Slow

pytestmark = pytest.mark.django_db

ROWS = [ShopDay, ProgrammeDay, MembersDay, MemberMonth, ShopCohort, ShopPeriod]
DAY = timedelta(days=1)
# Each from before the clocks change until after.
SHOPS = [
    ("Europe/Oslo", date(2026, 2, 25)),
    ("Asia/Tokyo", date(2026, 2, 25)),
    ("America/Los_Angeles", date(2026, 9, 25)),
]


def rows():
    """Every row as it stands, in an order of its own, without its number."""
    return {
        model.__name__: sorted(
            (
                sorted(model_to_dict(row, exclude=["id"]).items(), key=str)
                for row in model.objects.all()
            ),
            key=str,
        )
        for model in ROWS
    }


@pytest.fixture(params=SHOPS, ids=[zone for zone, _day in SHOPS])
def life(request, db):
    """Six weeks of a shop, and the morning after."""
    zone, first_day = request.param
    life = Life(zone, seed=zone, first_day=first_day)
    with scope(shop=life.shop):
        life.live(days=45, deeds=2)
        bring_up_to_date(life.shop, life.now)
        yield life


@pytest.fixture
def through(life):
    return local_day(life.shop, life.now) - DAY


@pytest.fixture
def slow(life, through):
    return Slow(life.shop, through)


def test_the_rows_say_what_the_facts_say(life, slow, through):
    """One life, every figure, and the rows once more: a shop takes seconds to live."""
    there_was_everything()
    here, there = (counter.location_id for counter in life.counters)
    for period in offered(life.begun, through):
        for places in (None, [here], [here, there]):
            the_same_customers(life.shop, slow, period, places)
            the_same_sums(life.shop, slow, period, places)
        the_same_rewards(life.shop, slow, period)
        the_same_members(life.shop, slow, period)
    for places in (None, [here]):
        the_same_cohorts(life.shop, slow, through, places)

    kept = rows()
    rebuild(life.shop, life.now)
    assert rows() == kept
    bring_up_to_date(life.shop, life.now)
    assert rows() == kept
    assert list(audit.disagreements()) == []


def the_same_customers(shop, slow, period, places):
    customers = customers_of(shop, [period], places)[period]

    assert vars(customers) == slow.counts(period, places)
    assert customers.reactivated == slow.reactivated(period, places)


def the_same_sums(shop, slow, period, places):
    done = reading.months_of(shop, places).of(period)

    found = (done.purchases, done.priced, done.revenue_minor, done.attendances)
    assert found == slow.done(period, places)


def the_same_rewards(shop, slow, period):
    customers = customers_of(shop, [period], None)[period]
    done = reading.months_of(shop, None).of(period)

    assert (done.rewards_issued, done.rewards_used) == slow.rewards(period)
    for figure in reading.reward_figures(shop, period, shop.programmes.all(), customers, done):
        if figure.of:
            issued, redeemed, expired = slow.amounts(period, figure.of.pk)
            assert figure.whole == issued
            assert figure.part == (expired if figure.name == Name.BREAKAGE else redeemed)


def the_same_members(shop, slow, period):
    joined = reading.joined_in(shop, period)

    assert joined.members == slow.members_at_end(period)
    assert joined.by_source == slow.sign_ups(period)


def the_same_cohorts(shop, slow, through, places):
    cohorts = cohorts_of(shop, month_of(through), places, through)

    assert sum(cohort.size for cohort in cohorts) == slow.joined_by(last_month_over(through).last)
    for cohort in cohorts:
        for n, came in enumerate(cohort.came):
            month = month_of(months_after(cohort.month, n))
            assert came == slow.came(month_of(cohort.month), month, places)


def there_was_everything():
    """Else the rest would prove little."""
    done = Operation.objects.filter(answer__refused__isnull=True)
    kinds = set(done.values_list("kind", flat=True))

    assert kinds >= {"join", "add_stamps", "earn_points", "undo", "merge", "hand_over", "redeem"}
    assert done.filter(recorded_at__gt=F("occurred_at") + DAY).exists()
    assert Visit.objects.exclude(voided_by=None).exists()
    assert {*Visit.objects.values_list("kind", flat=True)} == {*Visit.Kind.values}
    assert Membership.objects.filter(erased_at__isnull=False).exists()
    assert MemberMonth.objects.filter(used__gt=0).exists()
    assert len(set(ShopDay.objects.values_list("location", flat=True))) > 1
