"""The list of everything that opens early, and how one of them goes."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.vip import lapsing, operations
from rewards.vip.models import Drop, Reservation
from tests.dashboard.early.conftest import SATURDAY, SUNDAY, THURSDAY, TUESDAY
from tests.factories import DropFactory, MembershipFactory, OpeningFactory
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasting(in_shop):
    """An evening for one, open to everyone now."""
    starts = SATURDAY + timedelta(days=7, hours=9)
    drop = DropFactory(
        shop=in_shop,
        kind=Drop.Kind.EVENT,
        name="Tasting",
        quantity=1,
        place="Storgata 1",
        starts_at=starts,
        over_at=starts + timedelta(hours=6),
    )
    OpeningFactory(drop=drop, at=TUESDAY)
    return drop


@pytest.fixture
def reply(in_shop):
    def replied(drop, member, *, coming):
        actor = Actor(in_shop, "card")
        key = keys.new()
        operations.reply(membership=member, drop=drop, coming=coming, key=key, actor=actor)

    return replied


@pytest.fixture
def hand_out(counter):
    def handed(member):
        claim = Claim.objects.get(membership=member)
        hand_over(membership=member, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    return handed


# --- One of them ----------------------------------------------------------------------------------


def test_it_works(*, ingrid, at, buns, vera, maja, reserve, hand_out):
    with clock.at(THURSDAY):
        reserve(buns, vera)
    with clock.at(SATURDAY):
        reserve(buns, maja)
        hand_out(vera)
        answer = ingrid.get(at("live", buns.pk))

    page = text(answer)
    assert "2 of 24 reserved, 22 left." in page
    assert "1 collected." in page
    held = answer.context["guests"]["held"]
    assert [(guest.name, guest.right, guest.said) for guest in held] == [
        ("Vera", "Picked", "Collected"),
        ("Maja", "", "Kept until Sun 17:00"),
    ]
    assert at("member", maja.pk) in page
    assert at("close_drop", buns.pk) in page


def test_before_it_opens_it_says_to_how_many(ingrid, at, buns, vera):
    page = text(ingrid.get(at("live", buns.pk)))

    assert "Opens to 1 member Thursday 09:00." in page
    assert "Opens to everyone Saturday 09:00." in page
    assert at("unschedule_drop", buns.pk) in page
    assert at("close_drop", buns.pk) not in page


def test_what_was_not_collected_is_told(*, ingrid, at, buns, maja, reserve):
    with clock.at(SATURDAY):
        reserve(buns, maja)
    after = SUNDAY + timedelta(minutes=1)
    with clock.at(after):
        lapsing.lapse(after)
        page = text(ingrid.get(at("live", buns.pk)))

    assert "0 of 24 reserved, 24 left." in page
    assert "1 not collected." in page
    assert "Not collected" in page


def test_closed_early(*, ingrid, at, buns, maja, reserve):
    with clock.at(SATURDAY):
        reserve(buns, maja)
        sent = {"key": keys.new()}
        for _tap in range(2):
            page = text(ingrid.post(at("close_drop", buns.pk), sent, follow=True))
        assert "Cinnamon buns is closed." in page
        assert "Over" in page
        assert "Maja" in page  # hers is kept
        page = text(ingrid.get(at("drop", buns.pk)))

    assert Drop.objects.get().closed_at == SATURDAY
    assert "You have closed it." in page
    assert "drop-form" not in page


def test_what_is_closed_opens_to_nobody_else(ingrid, at, buns):
    between = THURSDAY + timedelta(hours=1)
    Drop.objects.update(closed_at=between)
    with clock.at(between):
        page = text(ingrid.get(at("live", buns.pk)))

    assert "Open since" in page
    assert "Opens to everyone" not in page


def test_a_draft_is_not_closed(ingrid, at, buns):
    Drop.objects.update(scheduled_at=None)

    ingrid.post(at("close_drop", buns.pk), {"key": keys.new()})

    assert Drop.objects.get().closed_at is None


def test_who_comes_to_an_event_who_waits_and_who_does_not(
    *, ingrid, at, tasting, vera, maja, reply, in_shop
):
    liv = MembershipFactory(shop=in_shop, name="Liv")
    reply(tasting, vera, coming=True)
    reply(tasting, maja, coming=True)
    reply(tasting, liv, coming=True)
    reply(tasting, liv, coming=False)

    answer = ingrid.get(at("live", tasting.pk))

    assert "1 of 1 places taken, 0 left." in text(answer)
    names = {where: [g.name for g in some] for where, some in answer.context["guests"].items()}
    assert names == {"held": ["Vera"], "waiting": ["Maja"], "declined": ["Liv"], "gone": []}
    paper = text(ingrid.get(at("guest_list", tasting.pk)))
    assert "Vera" in paper
    assert vera.spoken_code in paper.replace("\N{NO-BREAK SPACE}", " ")
    assert "Liv" not in paper


def test_whoever_came_in_is_ticked(*, ingrid, at, tasting, vera, reply, hand_out):
    reply(tasting, vera, coming=True)
    with clock.at(tasting.starts_at):
        hand_out(vera)
        assert "1 came." in text(ingrid.get(at("live", tasting.pk)))
        assert "✓" in text(ingrid.get(at("guest_list", tasting.pk)))


def test_a_sale_has_no_names(ingrid, at, in_shop):
    sale = DropFactory(shop=in_shop, kind="sale", quantity=None)
    OpeningFactory(drop=sale, at=TUESDAY)

    assert "Nothing is reserved in a sale" in text(ingrid.get(at("live", sale.pk)))


def test_names_cost_no_query_each(
    *, ingrid, at, buns, reserve, in_shop, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(40) as asked:
            ingrid.get(at("live", buns.pk))
        return len(asked)

    with clock.at(SATURDAY):
        reserve(buns, MembershipFactory(shop=in_shop))
        one = queries()
        for _more in range(4):
            reserve(buns, MembershipFactory(shop=in_shop))
        assert queries() == one
    assert Reservation.objects.count() == 5


# --- All of them ----------------------------------------------------------------------------------


def test_the_list_goes_by_how_far_each_has_come(*, ingrid, at, buns, maja, reserve, in_shop):
    draft = DropFactory(shop=in_shop, name="A new bag", scheduled_at=None)
    OpeningFactory(drop=draft, at=THURSDAY)
    done = DropFactory(shop=in_shop, name="Last week's buns", over_at=TUESDAY)
    OpeningFactory(drop=done, at=TUESDAY - timedelta(days=3))
    soon = DropFactory(shop=in_shop, name="Summer sale", kind="sale", quantity=None)
    OpeningFactory(drop=soon, at=SATURDAY + timedelta(days=1))

    with clock.at(SATURDAY):
        reserve(buns, maja)
        answer = ingrid.get(at("early"))

    listed = [
        (str(name), [row.drop.name for row in rows]) for name, rows in answer.context["listed"]
    ]
    assert listed == [
        ("Open", ["Cinnamon buns"]),
        ("Scheduled", ["Summer sale"]),
        ("Draft", ["A new bag"]),
        ("Over", ["Last week's buns"]),
    ]
    page = text(answer)
    assert "1 of 24 reserved, 23 left." in page
    assert "Everyone: Sun 09:00" in page
    assert "That time has gone by. Choose a new one." in page  # the draft lay too long
    assert "0 of 24 reserved, 24 left. 0 collected." in page
    assert at("drop_again", done.pk) in page


def test_between_its_openings_the_next_one_is_named(ingrid, at, buns):
    with clock.at(THURSDAY):
        page = text(ingrid.get(at("early")))

    assert "0 of 24 reserved, 24 left. Next: Everyone, Sat 09:00." in page


def test_a_shop_without_any_is_told_what_it_is_for(ingrid, at):
    page = text(ingrid.get(at("early")))

    assert "Nothing opens early yet" in page
    assert at("add_drop") in page


def test_managers_do_it_as_well_as_owners(manager, at, buns):
    assert at("add_drop") in text(manager.get(at("early")))
    assert "drop-form" in text(manager.get(at("drop", buns.pk)))

    manager.post(at("close_drop", buns.pk), {"key": keys.new()})
    buns.refresh_from_db()
    assert buns.closed_at


def test_staff_do_not_come_in(staff_client, at, buns):
    assert staff_client.get(at("live", buns.pk)).status_code == 403


def test_another_shops_are_not_found(ingrid, at, buns, next_door, stranger):
    theirs = DropFactory(shop=next_door, name="Tulips")
    OpeningFactory(drop=theirs)

    for name in ("drop", "live", "guest_list", "drop_again"):
        assert ingrid.get(at(name, theirs.pk)).status_code == 404
        assert stranger.get(at(name, buns.pk)).status_code == 404
    for name in ("drop", "close_drop", "unschedule_drop", "preview_drop"):
        assert ingrid.post(at(name, theirs.pk), {"key": keys.new()}).status_code == 404
    assert "Tulips" not in text(ingrid.get(at("early")))
