"""Rows as somebody worked them out by hand. That rows come of facts is test_same_figures."""

from datetime import date
from itertools import count
from uuid import uuid4

import pytest

from loyalty import clock
from members.models import Membership
from rewards.figures.models import MemberMonth, ShopDay

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def people(in_shop):
    """So many cards with nothing on them."""
    numbers = count()

    def people(n):
        return Membership.objects.bulk_create(
            Membership(
                shop=in_shop,
                private=uuid4().hex,
                counter_code=uuid4().hex[:10],
                short_code=f"{next(numbers):06}",
                language="en-gb",
                source=Membership.Source.POSTER,
                joined_at=clock.now(),
                accepted_rules_at=clock.now(),
            )
            for _each in range(n)
        )

    return people


@pytest.fixture
def bought(in_shop):
    """Each of these members bought in a month, so many times."""

    def bought(members, month, times=1, **did):
        MemberMonth.objects.bulk_create(
            MemberMonth(
                shop=in_shop,
                membership=each,
                month=month,
                purchases=times,
                visits=times,
                **did,
            )
            for each in members
        )

    return bought


@pytest.fixture
def days(in_shop):
    """What happened on one day of the shop."""
    return lambda day, **did: ShopDay.objects.create(shop=in_shop, day=day, **did)
