from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from rewards.vip import operations
from rewards.vip.models import Drop, Opening
from tests.factories import DropFactory, MembershipFactory, OpeningFactory, VipFactory

THURSDAY = datetime(2027, 3, 4, 8, 0, tzinfo=UTC)  # 09:00 in Oslo: it opens to the picked ones
SATURDAY = datetime(2027, 3, 6, 8, 0, tzinfo=UTC)  # 09:00: to everyone
SUNDAY = datetime(2027, 3, 7, 16, 0, tzinfo=UTC)  # 17:00: to be collected until then
A_SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def at_opening(in_shop):
    """It is the second in which it opens to the first; at the end everything adds up."""
    with clock.at(THURSDAY):
        yield
    assert list(audit.disagreements()) == []


@pytest.fixture
def roast(in_shop):
    """Two bags: to the picked on Thursday, to everyone on Saturday, to collect until Sunday."""
    drop = DropFactory(shop=in_shop, quantity=2, collect_by=SUNDAY, over_at=SUNDAY)
    OpeningFactory(drop=drop, audience=Opening.Audience.PICKED, at=THURSDAY)
    OpeningFactory(drop=drop, at=SATURDAY)
    return drop


@pytest.fixture
def maja(in_shop, card):
    return MembershipFactory(shop=in_shop, name="Maja")


@pytest.fixture
def vip(in_shop, card):
    """vip(): a member the shop has picked."""

    def make(**more):
        member = MembershipFactory(shop=in_shop, **more)
        VipFactory(membership=member)
        return member

    return make


@pytest.fixture
def vera(vip):
    return vip(name="Vera")


@pytest.fixture
def own(in_shop):
    return Actor(in_shop, Channel.CARD)


@pytest.fixture
def owner(in_shop, ingrid_person):
    return Actor(in_shop, Channel.OWNER, person=ingrid_person)


@pytest.fixture
def till_actor(counter):
    return Actor.of_counter(counter)


@pytest.fixture
def asking(own):
    """asking(operation, …): with a key of its own, by the member."""

    def ask(operation, **asked):
        return operation(**{"key": keys.new(), "actor": own, **asked})

    return ask


@pytest.fixture
def reserve(asking):
    return partial(asking, operations.reserve)


@pytest.fixture
def let_go(asking):
    return partial(asking, operations.let_go)


@pytest.fixture
def reply(asking):
    return partial(asking, operations.reply)


@pytest.fixture
def tasting(in_shop):
    """An evening for two, open to everyone: on Saturday week at 18:00, answers until the Friday."""
    starts = SATURDAY + timedelta(days=7, hours=9)
    drop = DropFactory(
        shop=in_shop,
        kind=Drop.Kind.EVENT,
        name="Tasting",
        price="",
        quantity=2,
        place="Storgata 1",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        over_at=starts + timedelta(hours=2),
        reply_by=starts - timedelta(days=1),
    )
    OpeningFactory(drop=drop, at=THURSDAY)
    return drop


def left_of(drop):
    return Drop.objects.get(pk=drop.pk).left


# --- What members read ---


@pytest.fixture
def look_at(visitor):
    """look_at(member, drop): what that member reads on its page."""

    def get(member, drop, name="drop", **asked):
        return visitor.get(reverse(f"early:{name}", args=[member.private, drop.pk]), asked)

    return get


@pytest.fixture
def ask(visitor):
    """ask(member, drop, "reserve"): that button is pressed, and the page it leads to is read."""

    def post(member, drop, what, **more):
        asked = {"key": keys.new(), "ask": what, **more}
        address = reverse("early:drop", args=[member.private, drop.pk])
        return visitor.post(address, asked, follow=True)

    return post
