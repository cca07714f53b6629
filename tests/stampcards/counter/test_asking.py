"""What the till asks before it stamps, and says before it can't."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from members import programmes
from members.ledger.models import LedgerEntry
from tests.factories import MembershipFactory, ProgrammeFactory, as_owner, stamp
from tests.support.pages import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def wholesale(shop):
    """A card that takes twenty at once and twelve a day, and asks for no wait."""
    return ProgrammeFactory(
        shop=shop,
        rules__need=30,
        rules__most_per_purchase=20,
        rules__most_per_day=12,
        rules__wait_minutes=0,
    )


@pytest.fixture
def kim(wholesale):
    return MembershipFactory(shop=wholesale.shop, name="Kim")


@pytest.fixture
def ask(give, kim, wholesale):
    """ask(7): so many stamps for Kim, as the form sends it."""
    return lambda count, **more: give(membership=kim, programme=wholesale, count=count, **more)


def form_on(response):
    return response.context["member"].panels[0].needs["form"]


def latest_reason(shop):
    with scope(shop=shop):
        return LedgerEntry.objects.order_by("-pk")[0].reason


# --- Many at once --------------------------------------------------------------------------------


def test_the_pad_reaches_as_far_as_the_card_allows(sheet, kim):
    page = page_of(sheet(kim))

    assert 'value="20"' in page
    assert 'value="21"' not in page
    assert page.count("data-asks-why") == 15


def test_five_on_a_card_of_five_ask_for_no_reason(sheet, shop):
    ProgrammeFactory(shop=shop, rules__most_per_purchase=5)

    assert "Why so many?" not in text_of(sheet(MembershipFactory(shop=shop)))


def test_six_without_a_reason_are_asked_about_beside_the_field(ask, till):
    refused = ask(6)
    form = form_on(refused)

    assert refused.status_code == 422
    assert form.errors == {"reason": ["Choose why so many at once."]}
    assert "Choose why so many at once." in text_of(refused)
    assert form["count"].value() == "6"
    assert ask(6, key=form["key"].value(), reason="group").status_code == 302


@pytest.mark.parametrize("reason", ["group", "correction", "other"])
def test_the_reason_is_kept(ask, till, shop, reason):
    response = ask(6, reason=reason)

    assert "Kim: 6 stamps. Now 7 of 30." in text_of(till.get(response.url))
    assert latest_reason(shop) == reason


def test_a_reason_that_is_not_on_the_list_is_none(ask):
    assert ask(6, reason="because").status_code == 422


def test_a_reason_said_once_is_not_asked_for_again(ask):
    ask(6, reason="group")
    refused = ask(7, reason="group")  # thirteen today
    page = page_of(refused)

    assert "That makes 13 stamps on this card today. Give them?" in text_of(refused)
    assert page.count("Why so many?") == 1  # on the other card
    assert '<input type="hidden" name="reason" value="group"' in page
    form = form_on(refused)
    agreed = ask(7, reason="group", key=form["key"].value(), again=form["again"].value())
    assert agreed.status_code == 302


def test_a_member_sees_nothing_of_the_reason(ask, kim, visitor):
    ask(6, reason="correction")
    page = visitor.get(reverse("card:history", args=[kim.private])).content.decode()

    assert "6 stamps from" in page
    assert "orrection" not in page


# --- Often in one day ----------------------------------------------------------------------------


def test_a_sheet_says_before_the_tap_that_the_day_is_full(ask, sheet, kim, shop):
    now = clock.now()
    with clock.at(now - timedelta(minutes=6)):
        ask(12, reason="group")
    with clock.at(now):
        page = sheet(kim)
        form = form_on(page)
        agreed = ask(1, again=form["again"].value())

    assert "This card got 12 stamps today. Give another?" in text_of(page)
    assert 'data-says="Give 1 more"' in page_of(page)
    assert agreed.status_code == 302
    assert latest_reason(shop) == "again"


def test_what_was_not_asked_is_not_kept_as_asked(give, shop, later):
    """The sheet may lie open until there is nothing to ask any more."""
    give(again="True")

    assert latest_reason(shop) == ""


# --- Not now -------------------------------------------------------------------------------------


def test_a_shop_on_pause_says_so_before_the_tap(sheet, give, member, shop):
    shop.paused_since = clock.now()
    shop.save(update_fields=["paused_since"])

    assert "The programme is on pause since" in text_of(sheet(member))
    assert "The programme is on pause since" in text_of(give())


def test_a_card_out_of_season_says_so_before_the_tap(sheet, kim, wholesale, shop):
    ended = clock.today(shop.zone) - timedelta(days=1)
    over = ProgrammeFactory(shop=shop, name="Summer card", rules__ends_on=ended)
    page = sheet(kim)

    assert "This card ended on" in text_of(page)
    assert over.name in text_of(page)


def test_a_shop_that_has_not_started_says_so_before_the_tap(sheet, give, member, shop):
    shop.live_since = None
    shop.save(update_fields=["live_since"])

    assert "This is a preview. Start the programme first." in text_of(sheet(member))
    assert give().status_code == 422


def test_a_reward_can_be_handed_out_while_the_card_is_on_pause(sheet, counter, card):
    member = MembershipFactory(shop=card.shop, stamps=9)
    with scope(shop=card.shop):
        programmes.pause(card, actor=as_owner(card.shop))
    page = text_of(sheet(member))

    assert "Hand out: Any hot drink" in page
    assert "The programme is on pause since" in page


# --- The extra -----------------------------------------------------------------------------------


def test_the_extra_is_named_in_the_line_after(give, till):
    assert "Maja: 1 stamp, Own cup +1. Now 3 of 9." in text_of(till.get(give(extra="on").url))


def test_a_line_stored_before_extras_were_named_still_reads(give, till, member, counter, shop):
    key = keys.new()
    stamp(member, 2, counter=counter, key=key)

    assert "Maja: 2 stamps. Now 3 of 9." in text_of(till.get(f"/c/?done={key}"))


def test_a_stranger_counter_is_asked_nothing(next_door_till, kim):
    page = next_door_till.get(reverse("counter:card", args=[kim.counter_code]))

    assert "Kim" not in page_of(page)
