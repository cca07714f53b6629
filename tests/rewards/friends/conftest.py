from datetime import UTC, datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger import audit
from members.ledger.models import Operation
from members.models import Membership
from members.operations import undo
from rewards.friends.models import Inviting, Referral, Thanks
from rewards.friends.operations import catch_up
from rewards.friends.owning import Scheme, keep_scheme
from tests.factories import MembershipFactory, as_owner, stamp

# Two cards that became one can be two again for a day, and nothing is taken back for it so long.
A_DAY = timedelta(hours=24, microseconds=1)
NOON = datetime(2026, 3, 16, 11, tzinfo=UTC)
STAMP = {"behaviour": "stamps", "n": 1}


@pytest.fixture(autouse=True)
def a_monday():
    with clock.at(NOON):
        yield


@pytest.fixture(autouse=True)
def worker_apart(settings):
    """Tasks wait for the worker, as they do in a real shop."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture(autouse=True)
def books_add_up(db):
    yield
    assert list(audit.disagreements()) == []


def give(shop, member=STAMP, friend=STAMP, **inviting):
    """What each side gets from now on; None: nothing."""
    sides = [(Thanks.Side.MEMBER, member), (Thanks.Side.FRIEND, friend)]
    thanks = [Thanks(shop=shop, side=side, **what) for side, what in sides if what]
    keep_scheme(Scheme(Inviting(shop=shop, **inviting), thanks), actor=as_owner(shop))


@pytest.fixture
def on(in_shop, card):
    """A stamp for each side, at the friend's first purchase, five friends a month."""
    give(in_shop)
    return in_shop


@pytest.fixture
def maja(on):
    return MembershipFactory(shop=on, name="Maja Hansen")


@pytest.fixture
def come(in_shop):
    """come(maja): a friend who joins by her code."""

    def come(member, name="Kari Nordmann", **more):
        return MembershipFactory(
            shop=in_shop,
            name=name,
            source=Membership.Source.FRIEND,
            source_detail=member.friend_code,
            **more,
        )

    return come


@pytest.fixture
def buy(counter):
    """buy(kari): a stamp at the counter. Returns the operation."""

    def buy(card, **more):
        key = keys.new()
        stamp(card, counter=counter, key=key, **more)
        return Operation.objects.select_related("membership").get(key=key)

    return buy


@pytest.fixture
def take_back(counter):
    def take_back(operation):
        undo(
            membership=operation.membership,
            undone=operation,
            key=keys.new(),
            actor=Actor.of_counter(counter),
        )

    return take_back


def worker(after=timedelta(0)):
    """The worker comes by, now or later."""
    return catch_up(clock.now() + after)


def stamps(card):
    return card.accounts.get(programme__kind="stamps").balance


def referral():
    return Referral.objects.get()


def state():
    return referral().state
