"""Every page of the owner as a browser shows it, as in `test_every_page`."""

import re
from datetime import timedelta

import pytest
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.invitations.operations import invite
from loyalty.models import Role
from members import programmes
from members.ending.operations import announce_end
from members.opening.operations import bring_all_in, look_at
from rewards.points.rules import PointRules
from rewards.vip import operations as vip
from stampcards.counter import late
from tests.factories import (
    DropFactory,
    MembershipFactory,
    OpeningFactory,
    PictureFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    RuleVersionFactory,
    VipFactory,
    as_owner,
    earn,
    saved_late,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_an_owner_sees(browse, ingrid, card, counter):
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    saved_late(counter=counter, code=maja.counter_code, programme=card)
    with scope(shop=card.shop):
        late.note_missing(counter, given=4, waiting=[])
    shop = f"/o/{card.shop.slug}/"

    assert not browse(
        ingrid,
        *("/o/", shop, f"{shop}programme/", f"{shop}posters/", f"{shop}people/"),
        f"{shop}settings/brand/",
        *(f"{shop}flags/", f"{shop}flags/settings/", f"{shop}late/", f"{shop}statement/"),
        *(f"{shop}programme/{name}/" for name in ("points", "rewards", "birthday", "cards/new")),
        *(f"{shop}programme/friends/", f"{shop}goal/"),
        *(f"{shop}members/", f"{shop}members/?q=12", f"{shop}members/{maja.pk}/"),
        *(f"{shop}people/{page}/" for page in ("invite", f"staff/{counter.staff_id}")),
        *("/accounts/email/", "/accounts/devices/", "/accounts/protect/", "/accounts/again/"),
        *("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"),
    )


def test_what_an_owner_sees_of_members(browse, ingrid, card):
    maja, kari = (MembershipFactory(shop=card.shop, name=name) for name in ("Maja", "Kari"))
    rows = f"Name,{card.name},Shoe size\nElsa,5,39\nOla,six,40\n"
    with scope(shop=card.shop):
        files = [look_at(upload=rows.encode(), actor=as_owner(card.shop)) for _file in range(2)]
        bring_all_in(file=files[1], actor=as_owner(card.shop))
    section = f"/o/{card.shop.slug}/members/"
    member = f"{section}{maja.pk}/"

    assert not browse(
        ingrid,
        *(f"{section}?sort=name", f"{section}?least=9", f"{section}segments/reward_waiting/"),
        *(f"{section}{page}/" for page in ("export", "import")),
        *(f"{section}import/{file.pk}/{show}" for file in files for show in ("", "?show=refused")),
        *(f"{member}{page}" for page in ("delete/", "merge/?q=zzz", f"merge/{kari.pk}/")),
    )


def test_what_an_owner_sees_of_several_programmes(browse, ingrid, card):
    points = PointsFactory(shop=card.shop)
    RewardFactory(programme=points, value_minor=45_000)
    later = clock.now() + timedelta(days=9)
    RuleVersionFactory(programme=points, rules=PointRules(rate="2"), effective_from=later)
    lunch = ProgrammeFactory(shop=card.shop, name="Lunch card")
    with scope(shop=card.shop):
        programmes.switch_off(lunch, actor=as_owner(lunch.shop))
    section = f"/o/{card.shop.slug}/programme/"

    assert not browse(
        ingrid,
        *(f"{section}points/", f"{section}cards/{lunch.pk}/", f"{section}cards/new/"),
    )


def test_what_an_owner_sees_of_the_rewards(browse, ingrid, card):
    lunch = RewardFactory(
        programme=PointsFactory(shop=card.shop), picture=PictureFactory(shop=card.shop), stock=0
    )
    gone = RewardFactory(programme=card, cost=None, value_minor=0, retired_at=clock.now())
    rewards = f"/o/{card.shop.slug}/programme/rewards/"

    assert not browse(
        ingrid,
        *(rewards, f"{rewards}new/", f"{rewards}{lunch.pk}/", f"{rewards}{gone.pk}/"),
    )


def test_what_an_owner_sees_of_early_access(browse, ingrid, card):
    shop, maja = card.shop, MembershipFactory(shop=card.shop, name="Maja")
    soon = clock.now() + timedelta(days=2)
    party = {"kind": "event", "place": "Storgata 1", "starts_at": soon + timedelta(days=7)}
    drops = [
        OpeningFactory(drop__shop=shop, drop__picture=PictureFactory(shop=shop)).drop,
        OpeningFactory(drop=DropFactory(shop=shop, **party)).drop,
        OpeningFactory(drop__shop=shop, drop__name="W" * 50, audience="picked", at=soon).drop,
        OpeningFactory(drop__shop=shop, drop__scheduled_at=None, at=soon).drop,
    ]
    take = {"membership": maja, "actor": Actor(shop, Channel.CARD)}
    vip.reserve(**take, drop=drops[0], key=keys.new())
    vip.reply(**take, drop=drops[1], coming=True, key=keys.new())
    early, member = (f"/o/{shop.slug}/{page}/" for page in ("early", f"members/{maja.pk}"))
    pages = [f"{early}{drop.pk}/{page}" for drop in drops for page in ("", "live/")]
    pages += [f"{early}{drops[0].pk}/again/", f"{early}{drops[1].pk}/list/"]

    faults = browse(ingrid, early, f"{early}new/", member, *pages)
    VipFactory(membership=maja)
    assert not faults + browse(ingrid, early, member)


def test_what_an_owner_sees_of_points(browse, ingrid, card, points, counter):
    maja = MembershipFactory(shop=card.shop, name="Maja")
    earn(maja, 500_000, counter=counter)
    shop = f"/o/{card.shop.slug}/"

    assert not browse(
        ingrid,
        *(shop, f"{shop}statement/", f"{shop}members/", f"{shop}members/{maja.pk}/"),
        *(f"{shop}programme/points/", f"{shop}programme/birthday/"),
    )


def test_what_an_owner_sees_of_the_desk(browse, ingrid, card, counter):
    shop = card.shop
    MembershipFactory(shop=shop, name="Maja", stamps=14)
    RewardFactory(programme=PointsFactory(shop=shop))
    desk = f"/o/{shop.slug}/"
    pages = ["more", "messages", "money", "log", "settings", "settings/privacy", "settings/export"]

    assert not browse(ingrid, *(f"{desk}{page}/" for page in pages), f"{desk}log/?who=owner")


def test_what_an_owner_sees_of_a_programme_that_ends(browse, ingrid, visitor, card):
    last = clock.today(card.shop.zone) + timedelta(days=40)
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=4)
    end = f"/o/{card.shop.slug}/programme/{card.pk}/end/"
    before = browse(ingrid, end)
    with scope(shop=card.shop):
        days = {"collects_until": last, "honoured_until": last + timedelta(days=60)}
        announce_end(card, **days, actor=as_owner(card.shop))

    assert not before + browse(ingrid, end) + browse(visitor, f"/m/{maja.private}/")


def test_what_whoever_may_not_sees(browse, manager, ingrid_person, card, no_outside_requests):
    no_outside_requests.expect("answer 403")

    assert not browse(manager, f"/o/{card.shop.slug}/settings/")


def test_what_an_invited_colleague_sees(browse, visitor, ingrid_person, card, mailoutbox):
    role = ingrid_person.roles.get()
    with scope(shop=card.shop):
        to = {"email": "liv@example.no", "name": "Liv", "level": Role.Level.MANAGER}
        invite(**to, locations=[], giver=role, actor=as_owner(card.shop))
    [link] = re.findall(r"/invitation/\S+", mailoutbox[-1].body)

    assert not browse(visitor, link)
