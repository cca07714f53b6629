"""Quintilla: a member of whom a shop knows all that a shop can know."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django_scopes import scopes_disabled

from loyalty import clock, keys
from members.access import holder_of
from members.card.operations import keep_birthday, keep_phone
from members.messages.operations import Purpose
from members.messages.wishes import question, start_mail
from members.models import Consent, Membership
from members.opening.models import OpeningFile, OpeningLine
from members.operations import merge, replace_codes
from members.privacy.operations import erase_due, leave
from rewards.friends.models import Inviting, Thanks
from rewards.friends.operations import catch_up
from rewards.friends.owning import Scheme, keep_scheme
from rewards.vip.operations import reserve
from tests.factories import (
    DropFactory,
    MembershipFactory,
    OpeningFactory,
    VipFactory,
    as_owner,
    saved_late,
    stamp,
)
from tests.members.notices.conftest import proved_person
from tests.people import browser_of

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)
NAME, MAIL, PHONE = "Quintilla", "quintilla.planted@example.no", "+4799887766"
NOTE = "allergic to walnuts, sits by the window"
OLD_NAME, OLD_PHONE = "Quinnie", "+4791234567"
IP = "203.0.113.77"
PLANTED = (IP, NAME, MAIL, PHONE, PHONE.removeprefix("+47"), NOTE, OLD_NAME, OLD_PHONE)


@pytest.fixture(autouse=True)
def noon(settings, tmp_path):
    settings.ERASURES_FILE = tmp_path / "beside" / "erasures.jsonl"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def friends(in_shop):
    """A stamp for each side, when the friend joins."""
    sides = [
        Thanks(shop=in_shop, side=side, behaviour="stamps", n=1)
        for side in (Thanks.Side.MEMBER, Thanks.Side.FRIEND)
    ]
    inviting = Inviting(shop=in_shop, pays=Inviting.Pays.JOINING)
    keep_scheme(Scheme(inviting, sides), actor=as_owner(in_shop))


@pytest.fixture
def person(db):
    return proved_person(MAIL)


@pytest.fixture
def quintilla(in_shop, card, counter, friends, person):
    """Everything: contact, birthday, note, consents, visits, a friend, a reward, a seat, a card
    that became part of hers, new codes, something that came late, and a browser signed in."""
    member = MembershipFactory(
        shop=in_shop, person=person, name=NAME, language="en-gb", stamps=9, stamps__counter=counter
    )
    keep_phone(member, PHONE)
    keep_birthday(member, (29, 2))
    member.note = NOTE
    member.save(update_fields=["note"])
    start_mail(member, Purpose.SERVICE, way=Consent.Way.CARD)
    start_mail(member, Purpose.NEWS, way=Consent.Way.CARD, words=question(in_shop))
    _brings_nora(member)
    _has_an_older_card(member, counter)
    saved_late(counter=counter, code=member.counter_code, programme=card)
    replace_codes(membership=member, key=keys.new(), actor=holder_of(member))
    _reserves(member)
    VipFactory(membership=member)
    _stood_on_a_list(member)
    UserSession.objects.create(
        user=person, session_key="her-phone", ip=IP, user_agent="Quintilla's phone"
    )
    browser_of(person).get(f"/m/{member.private}/")
    member.refresh_from_db()
    return member


def _brings_nora(member):
    MembershipFactory(
        shop=member.shop,
        name="Nora Nordmann",
        language="en-gb",
        source=Membership.Source.FRIEND,
        source_detail=member.friend_code,
    )
    catch_up(clock.now())


def _stood_on_a_list(member):
    file = OpeningFile.objects.create(shop=member.shop, asked_at=clock.now())
    of_her = {"membership": member, "email": MAIL, "made": True, "state": "brought_in"}
    OpeningLine.objects.create(shop=member.shop, file=file, number=2, **of_her)


def _has_an_older_card(member, counter):
    gone = MembershipFactory(shop=member.shop, name=OLD_NAME)
    keep_phone(gone, OLD_PHONE)
    stamp(gone, counter=counter)
    merge(kept=member, gone=gone, key=keys.new(), actor=holder_of(member))


def _reserves(member):
    drop = DropFactory(shop=member.shop, quantity=1)
    OpeningFactory(drop=drop)
    reserve(membership=member, drop=drop, key=keys.new(), actor=holder_of(member))


def in_days(days):
    return clock.at(clock.now() + timedelta(days=days))


def erase_after_leaving(member):
    """The card is deleted, and 14 days later the worker comes."""
    leave(member)
    with in_days(14):
        return erase_due(clock.now())


def full_dump():
    """Every row of every table, with what sessions and the cache have wrapped up."""
    return "\n".join([*_tables(), *_sessions()])


def _tables():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table + repr([_unwrapped(value) for value in row])


def _unwrapped(value):
    if isinstance(value, str) and len(value) > 40:
        try:
            return value + repr(base64.b64decode(value, validate=True))
        except ValueError:
            return value
    return value


def _sessions():
    with scopes_disabled():
        return [repr(session.get_decoded()) for session in Session.objects.all()]


def hits(text):
    return [planted for planted in PLANTED if planted.lower() in text.lower()]
