"""A programme that is off: out of sight, but for members who have something in it (ORG-04)."""

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from members import programmes
from members.models import Membership
from members.refusals import ProgrammeOff, ShopPaused
from rewards.models import Claim
from rewards.operations import hand_over
from stampcards.counter import sheets
from tests.factories import MembershipFactory, PointsFactory, as_owner, earn, stamp
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def points(shop, card):
    return PointsFactory(shop=shop, name="Beans")


@pytest.fixture
def off(shop):
    def switch(programme):
        with scope(shop=shop):
            programmes.switch_off(programme, actor=as_owner(programme.shop))

    return switch


def page_of(visitor, name, *args):
    return text(visitor.get(reverse(name, args=args)))


def seen(visitor, member):
    return page_of(visitor, "card:card", member.private)


def panels(counter, member):
    with scope(shop=counter.shop):
        fresh = Membership.objects.select_related("shop").get(pk=member.pk)
        return len(sheets.of_card(counter, fresh, clock.now()).panels)


@pytest.mark.usefixtures("points")
def test_it_works_with_points_alone(visitor, shop, card, counter, off):
    off(card)
    member = MembershipFactory(shop=shop)

    earn(member, 10_000, counter=counter)

    join_page = page_of(visitor, "join:join", shop.slug)
    assert "1 point for every" in join_page
    assert card.name not in join_page
    assert card.name not in page_of(visitor, "join:rules", shop.slug)
    assert "10" in seen(visitor, member)
    assert card.name not in seen(visitor, member)
    with scope(shop=shop):
        assert [account.balance for account in member.accounts.all()] == [10]
    assert panels(counter, member) == 1


def test_with_the_card_alone_points_are_out_of_sight(*, visitor, shop, counter, points, off):
    member = MembershipFactory(shop=shop)
    assert "Beans" in seen(visitor, member)

    off(points)

    assert "Beans" not in seen(visitor, member)
    assert "Beans" not in page_of(visitor, "join:join", shop.slug)
    assert "Beans" not in page_of(visitor, "join:rules", shop.slug)
    assert panels(counter, member) == 1


def test_who_has_something_in_it_still_sees_it(visitor, shop, points, counter, off):
    member = MembershipFactory(shop=shop, name="Maja")
    earn(member, 10_000, counter=counter)

    off(points)

    assert "Beans" in seen(visitor, member)
    assert panels(counter, member) == 2
    with scope(shop=shop):
        assert member.accounts.get(programme=points).balance == 10


def test_nothing_is_collected_in_what_is_off(shop, card, counter, member, off):
    off(card)

    with pytest.raises(ProgrammeOff, match=r"^The programme is switched off since "):
        stamp(member, counter=counter)


def test_a_reward_that_was_earned_is_still_handed_out(shop, card, counter, off):
    member = MembershipFactory(shop=shop, stamps=9)
    with scope(shop=shop):
        claim = Claim.objects.get()
    off(card)

    hand_over(membership=member, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    with scope(shop=shop):
        claim.refresh_from_db()
    assert claim.state == Claim.State.HANDED_OVER


def test_with_everything_off_nobody_can_join(visitor, shop, card, off):
    off(card)

    assert "is not taking new members right now." in page_of(visitor, "join:join", shop.slug)
    with pytest.raises(ShopPaused):
        MembershipFactory(shop=shop)


def test_the_poster_promises_what_is_on(ingrid, shop, card, points, off):
    poster = reverse("owner:poster", args=[shop.slug, "a4"])
    assert "coffee" in ingrid.get(poster, {"lang": "en-gb"}).content.decode()

    off(card)

    assert "1 point for every" in ingrid.get(poster, {"lang": "en-gb"}).content.decode()
