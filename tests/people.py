"""The people of every test: Ingrid owns the shop, Ola stands at the counter, Maja is a member,
and the owner next door is the stranger.

Browsers ask for English, so a test can name what it reads on a Norwegian shop's page.
"""

import pytest
from django.test import Client
from django_scopes import scope

from loyalty.access import COUNTER_COOKIE
from loyalty.actors import Actor, Channel
from loyalty.models import Role, Shop, Trade
from tests.factories import (
    CounterFactory,
    LocationFactory,
    MembershipFactory,
    PersonFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    RoleFactory,
    ShopFactory,
    StaffMemberFactory,
)


def browser_of(person=None, **options):
    """A browser that asks for English; signed in, if a person is given."""
    client = Client(headers={"accept-language": "en-gb"}, **options)
    if person is not None:
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def till_of(counter, **options):
    """The browser of a paired counter."""
    client = browser_of(**options)
    client.cookies[COUNTER_COOKIE] = counter.device
    return client


def employed(shop, level, name, email):
    """A person with a role in a shop, who also stands at its counter."""
    role = RoleFactory(shop=shop, person=PersonFactory(name=name, email=email), level=level)
    StaffMemberFactory(shop=shop, name=name, role=role)
    return role.person


# --- The shop -----------------------------------------------------------------------------


@pytest.fixture
def shop(db) -> Shop:
    return ShopFactory(name="Kaffe & Kardemomme", slug="kaffe-kardemomme")


@pytest.fixture
def card(shop):
    """Its programme: nine stamps, one of them from us."""
    return ProgrammeFactory(shop=shop)


@pytest.fixture
def points(shop):
    """Its points: 1 for every 10 kr. Asked for before a member, who takes part then."""
    return PointsFactory(shop=shop)


@pytest.fixture
def lunch(points):
    """A free lunch for 100 points."""
    return RewardFactory(programme=points)


@pytest.fixture
def in_shop(shop):
    """For a test that asks the database itself: everything within the scope of the shop."""
    with scope(shop=shop):
        yield shop


@pytest.fixture
def ingrid_person(shop):
    return employed(shop, Role.Level.OWNER, "Ingrid", "ingrid@kaffe.example")


@pytest.fixture
def manager_person(shop):
    return employed(shop, Role.Level.MANAGER, "Mona", "mona@kaffe.example")


@pytest.fixture
def staff_person(shop):
    return employed(shop, Role.Level.STAFF, "Sara", "sara@kaffe.example")


@pytest.fixture
def ola(shop):
    """Stands at the counter, and has no sign-in."""
    return StaffMemberFactory(shop=shop, name="Ola")


@pytest.fixture
def counter(shop, ola):
    """The shop's paired counter, with Ola on the till."""
    place = LocationFactory(shop=shop, name="Grünerløkka")
    return CounterFactory(shop=shop, location=place, name="By the door", staff=ola)


@pytest.fixture
def member(card):
    """Maja, with the welcome stamp."""
    return MembershipFactory(shop=card.shop, name="Maja")


# --- What they do without a browser -------------------------------------------------------


@pytest.fixture
def own(shop):
    """A member, on their own phone."""
    return Actor(shop, Channel.CARD)


@pytest.fixture
def owner(shop):
    return Actor(shop, Channel.OWNER)


@pytest.fixture
def till_actor(counter):
    return Actor.of_counter(counter)


# --- Their browsers -----------------------------------------------------------------------


@pytest.fixture
def visitor():
    return browser_of()


@pytest.fixture
def ingrid(ingrid_person):
    return browser_of(ingrid_person)


@pytest.fixture
def manager(manager_person):
    return browser_of(manager_person)


@pytest.fixture
def staff_client(staff_person):
    return browser_of(staff_person)


@pytest.fixture
def till(counter):
    return till_of(counter)


# --- Next door ----------------------------------------------------------------------------


@pytest.fixture
def next_door(db) -> Shop:
    return ShopFactory(name="Blomster & Jord", slug="blomster-jord", trade=Trade.FLORIST)


@pytest.fixture
def next_door_card(next_door):
    return ProgrammeFactory(shop=next_door)


@pytest.fixture
def next_door_person(next_door):
    return employed(next_door, Role.Level.OWNER, "Nina", "nina@blomster.example")


@pytest.fixture
def stranger(next_door_person):
    """The owner next door, signed in."""
    return browser_of(next_door_person)


@pytest.fixture
def next_door_counter(next_door):
    return CounterFactory(shop=next_door, name="Among the tulips")


@pytest.fixture
def next_door_till(next_door_counter):
    return till_of(next_door_counter)


@pytest.fixture
def next_door_member(next_door_card):
    return MembershipFactory(shop=next_door_card.shop, name="Nora")
