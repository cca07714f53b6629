"""The shop the storm goes over: fifty cards, a counter for each client, one reward, one drop.

Everything is given through operations, each of them an act the model replays as well.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.test import Client
from django_scopes import scope

from loyalty import clock
from loyalty.access import COUNTER_COOKIE
from loyalty.actors import Actor, Channel
from loyalty.models import Counter, Role, Shop
from members.models import Membership
from members.operations import join
from rewards.friends.models import Inviting, Thanks
from rewards.friends.owning import Scheme, keep_scheme
from tests import factories
from tests.storm.asking import Act, Reply

CARDS = 50  # few enough to collide; fewer in a small storm
NIGHTS = 20  # days after which the last of the old points has run out
LOTS = 4  # old points on each card, of as many purchases
NEED, WELCOME, COST = 6, 1, 20  # stamps of a card, from us; points of the reward
BRINGS, COMES = 10, 5  # points for whoever brings a friend, and for the friend
PER_MEMBER = 2  # of the drop
DONE = Reply(200, "", "")


@dataclass
class Card:
    """What a client knows of a card."""

    code: str
    private: str
    friend_code: str = ""  # of those that invite


@dataclass
class Town:
    shop: Shop
    counters: list[Counter]
    owner: dict[str, str]  # the cookies of her browser
    stamps: int  # the programmes, the reward and the drop
    points: int
    reward: int
    drop: int
    places: int  # of the drop
    cards: list[Card]
    acts: list[Act]  # by which all this came to be


def open_town(*, clients: int, operations: int, dice: random.Random) -> Town:
    shop = factories.ShopFactory(name="Kaffe & Storm", slug="storm", time_zone=zone_of_noon())
    stamps = factories.ProgrammeFactory(
        shop=shop, rules__need=NEED, rules__welcome=WELCOME, rules__expires_months=None
    )
    points = factories.PointsFactory(shop=shop, rules__expiry="earned", rules__expires_months=12)
    reward = factories.RewardFactory(programme=points, cost=COST)
    places = max(4, operations // 60)
    drop = factories.DropFactory(shop=shop, quantity=places, per_member=PER_MEMBER)
    factories.OpeningFactory(drop=drop)
    _invite_friends(shop)
    counters = [_counter(shop, number) for number in range(clients)]
    town = Town(
        shop, counters, _owner(shop), stamps.pk, points.pk, reward.pk, drop.pk, places, [], []
    )
    for number in range(min(CARDS, max(clients, operations // 10))):
        _open_card(town, counters[number % clients], dice)
    return town


def zone_of_noon() -> str:
    """Where it is about noon now: no day ends during the storm. These zones count backwards."""
    return f"Etc/GMT{datetime.now(clock.UTC).hour - 12:+d}"


def _counter(shop: Shop, number: int) -> Counter:
    staff = factories.StaffMemberFactory(shop=shop, name=f"Staff {number}")
    counter: Counter = factories.CounterFactory(shop=shop, name=f"Till {number}", staff=staff)
    return counter


def cookie_of(counter: Counter) -> dict[str, str]:
    return {COUNTER_COOKIE: counter.device}


def _owner(shop: Shop) -> dict[str, str]:
    role = factories.RoleFactory(shop=shop, level=Role.Level.OWNER)
    browser = Client()
    browser.force_login(role.person, "django.contrib.auth.backends.ModelBackend")
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def _invite_friends(shop: Shop) -> None:
    gives = {Thanks.Side.MEMBER: BRINGS, Thanks.Side.FRIEND: COMES}
    thanks = [Thanks(shop=shop, side=side, behaviour="bonus", n=n) for side, n in gives.items()]
    scheme = Scheme(Inviting(shop=shop, most_a_month=30_000), thanks)
    with scope(shop=shop):
        keep_scheme(scheme, actor=Actor(shop, Channel.OWNER))


def _open_card(town: Town, counter: Counter, dice: random.Random) -> None:
    """A member with a welcome stamp, and points that run out on different nights."""
    shop = town.shop
    joining = _act(town, "join", friend_of="")
    joined = join(
        source=Membership.Source.POSTER,
        source_detail="",
        language="en-gb",
        person=None,
        key=joining.key,
        actor=Actor(shop, Channel.CARD),
    )
    with scope(shop=shop):
        card = Membership.objects.select_related("shop").get(pk=joined["membership"])
    town.cards.append(Card(card.counter_code, card.private, card.friend_code))
    for _ in range(LOTS):
        until = clock.today(shop.zone) + timedelta(days=dice.randint(1, NIGHTS))
        given = dice.randint(3, 9)
        earning = _act(town, "earn", card=card.counter_code, given=given, until=until)
        with clock.at(_a_year_before(until, shop)):
            factories.earn(card, given * 1000, counter=counter, key=earning.key)


def _act(town: Town, kind: str, **asked: object) -> Act:
    key: UUID = uuid4()
    act = Act(kind, key, asked, keys=[key], sent=0.0, answered=0.0, reply=DONE)
    town.acts.append(act)
    return act


def _a_year_before(day: date, shop: Shop) -> datetime:
    return datetime.combine(a_year_later(day, -1), time(12), shop.zone)


def a_year_later(day: date, years: int = 1) -> date:
    """29 February has a year in most years as 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
