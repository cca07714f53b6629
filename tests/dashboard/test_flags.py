from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from loyalty import clock
from loyalty.models import OpeningHours
from members.guard.models import GuardSettings
from members.guard.operations import set_hours, switch
from tests.factories import LocationFactory, MembershipFactory, ProgrammeFactory, as_owner, stamp
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 9, 16, 10, 0, tzinfo=ZoneInfo("Europe/Oslo"))
TONIGHT = WEDNESDAY + timedelta(hours=11)
HOUR = timedelta(hours=1)
SENTENCE = "There were 6 stamps in 6 visits for Maja on one day."


@pytest.fixture(autouse=True)
def wednesday_night(shop):
    """Everything is read on Wednesday night; the card is older."""
    shop.live_since = WEDNESDAY - timedelta(days=60)
    shop.save(update_fields=["live_since"])
    with clock.at(shop.live_since):
        ProgrammeFactory(shop=shop)
    with clock.at(TONIGHT):
        yield


@pytest.fixture
def busy(shop, counter):
    """busy("Maja"): six stamps on a card, on Wednesday or on another day."""

    def stamped(name, times=6, day=WEDNESDAY):
        with clock.at(day - timedelta(days=20)):
            card = MembershipFactory(shop=shop, name=name)
        for n in range(times):
            with clock.at(day + n * HOUR):
                stamp(card, counter=counter)

    return stamped


def thresholds(**changes):
    """What the form sends when nothing but `changes` was typed."""
    fields = [field.name for field in GuardSettings._meta.fields]
    unchanged = GuardSettings()
    now = {name: getattr(unchanged, name) for name in fields if name not in ("id", "shop", "on")}
    return {**now, **changes}


def test_it_works(ingrid, at, busy):
    busy("Maja")
    busy("Nora", day=WEDNESDAY - timedelta(days=1))

    page = html_of(ingrid.get(at("flags")))

    assert page.index("Wednesday") < page.index(SENTENCE) < page.index("Tuesday")
    assert "There were 6 stamps in 6 visits for Nora on one day." in page
    assert "What to do: ask the person on the till that day." in page
    assert "Ola · By the door · Grünerløkka" in page


def test_a_calm_week_says_so(ingrid, at, busy):
    busy("Maja", times=5)
    busy("Nora", day=WEDNESDAY - timedelta(days=7))

    assert "Nothing stands out this week." in html_of(ingrid.get(at("flags")))


def test_whatever_a_customer_is_called_is_shown_as_text(ingrid, at, busy):
    busy("<script>alert(1)</script>")

    page = html_of(ingrid.get(at("flags")))

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_more_than_twenty_visits_are_counted_not_listed(ingrid, at, busy):
    busy("Maja", times=23, day=WEDNESDAY - 10 * HOUR)

    page = html_of(ingrid.get(at("flags")))

    assert page.count("By the door · Grünerløkka") == 20
    assert "and 3 more like these" in page


def test_it_can_be_switched_off_and_on_again(ingrid, at, busy):
    busy("Maja")

    off = html_of(ingrid.post(at("flags_off"), follow=True))
    assert "This is switched off" in off
    assert SENTENCE not in off
    assert at("flags_on") in off  # the undo beside the message, and the button

    assert SENTENCE in html_of(ingrid.post(at("flags_on"), follow=True))


def test_switched_off_nothing_is_looked_at(ingrid, at, busy, shop):
    busy("Maja")
    ingrid.get(at("flags"))
    with scope(shop=shop):
        switch(as_owner(shop), on=False)

    with CaptureQueriesContext(connection) as queries:
        ingrid.get(at("flags"))

    assert not [query for query in queries if "ledger_visit" in query["sql"]]


def test_looking_writes_nothing(ingrid, at, in_shop):
    ingrid.get(at("flags"))
    ingrid.get(at("flag_settings"))

    assert not GuardSettings.objects.exists()


def test_a_threshold_changes_what_is_shown(ingrid, at, busy):
    busy("Maja")

    answer = ingrid.post(at("flag_settings"), thresholds(visits_a_day=6), follow=True)

    assert "Saved." in html_of(answer)
    assert "Nothing stands out this week." in html_of(answer)
    assert 'value="6"' in html_of(ingrid.get(at("flag_settings")))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"pair_share": "101"}, "Type 100 or less."),
        ({"burst_visits": "1"}, "Type 2 or more."),
        ({"far_days": ""}, "Type a number."),
        ({"own_a_day": "twice"}, "Type a whole number."),
    ],
)
def test_a_wrong_number_is_said_beside_it_and_kept(ingrid, at, in_shop, typed, said):
    answer = ingrid.post(at("flag_settings"), thresholds(visits_a_day=77, **typed))

    assert answer.status_code == 422
    assert html_of(answer).count(said) == 2  # beside the field, and above the form
    assert 'value="77"' in html_of(answer)
    assert not GuardSettings.objects.exists()


def test_switching_off_keeps_the_thresholds(ingrid, at, in_shop):
    ingrid.post(at("flag_settings"), thresholds(visits_a_day=6))
    ingrid.post(at("flags_off"))

    settings = GuardSettings.of(in_shop)
    assert (settings.on, settings.visits_a_day) == (False, 6)


# --- Opening hours --------------------------------------------------------------------------


def hours(**typed):
    return {f"{name}_{day}": "" for name in ("opens", "closes") for day in range(7)} | typed


def test_opening_hours_are_kept_and_used(ingrid, at, counter, busy, in_shop):
    busy("Maja", times=1)
    open_on_monday = hours(opens_0="09:00", closes_0="17:00", opens_5="18.30", closes_5="2")

    answer = ingrid.post(at("opening_hours", counter.location_id), open_on_monday, follow=True)

    assert "Opening hours saved." in html_of(answer)
    assert 'value="18:30"' in html_of(answer)
    told = OpeningHours.objects.values_list("weekday", "opens", "closes")
    assert list(told) == [(0, time(9), time(17)), (5, time(18, 30), time(2))]
    outside = "Ola stamped once outside opening hours at Grünerløkka."  # closed on Wednesday
    assert outside in html_of(ingrid.get(at("flags")))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"opens_0": "09:00"}, "Type when it closes."),
        ({"closes_6": "17:00"}, "Type when it opens."),
        ({"opens_2": "09:00", "closes_2": "soon"}, "Type a time like 09:30."),
        ({"opens_2": "10:00", "closes_2": "10:00"}, "It closes when it opens."),
    ],
)
def test_wrong_hours_are_said_beside_them_and_kept(ingrid, at, counter, typed, said):
    typed = hours(opens_4="07:45", closes_4="16:00", **typed)

    answer = ingrid.post(at("opening_hours", counter.location_id), typed)

    assert answer.status_code == 422
    assert html_of(answer).count(said) == 2
    assert 'value="07:45"' in html_of(answer)
    with scope(shop=counter.shop):
        assert not counter.location.hours.exists()


def test_each_location_has_its_own_hours(ingrid, at, counter, shop, in_shop):
    kiosk = LocationFactory(shop=shop, name="Kiosk")
    set_hours(kiosk, {0: (time(9), time(17))}, actor=as_owner(kiosk.shop))

    ingrid.post(at("opening_hours", counter.location_id), hours(opens_1="10:00", closes_1="16:00"))

    assert list(OpeningHours.objects.filter(location=kiosk).values_list("weekday")) == [(0,)]
    page = html_of(ingrid.get(at("flag_settings")))
    assert "Kiosk" in page
    assert "Grünerløkka" in page


def test_the_hours_of_a_place_next_door_are_not_ours(ingrid, at, next_door_counter):
    place = next_door_counter.location_id

    assert ingrid.post(at("opening_hours", place), hours()).status_code == 404


def test_without_hours_the_page_says_what_they_are_good_for(ingrid, at, counter, in_shop):
    hint = "Stamps outside opening hours can be shown too."
    assert hint in html_of(ingrid.get(at("flags")))

    set_hours(counter.location, {0: (time(9), time(17))}, actor=as_owner(counter.location.shop))
    assert hint not in html_of(ingrid.get(at("flags")))


# --- Who sees it, and where it is -----------------------------------------------------------


def test_a_manager_sees_it_and_staff_ask_the_owner(manager, staff_client, at, busy, ingrid_person):
    busy("Maja")

    assert SENTENCE in html_of(manager.get(at("flags")))
    refused = staff_client.get(at("flags"))
    assert refused.status_code == 403
    assert SENTENCE not in html_of(refused)


def test_a_stranger_finds_nothing_and_changes_nothing(stranger, at, shop):
    assert stranger.get(at("flags")).status_code == 404
    assert stranger.post(at("flags_off")).status_code == 404
    with scope(shop=shop):
        assert GuardSettings.of(shop).on


def test_this_week_has_a_line_only_if_there_is_something(ingrid, staff_client, at, busy):
    busy("Maja", times=5)
    assert at("flags") not in html_of(ingrid.get(at("week")))

    busy("Nora")
    assert "1 thing worth a look" in html_of(ingrid.get(at("week")))
    busy("Nils")
    assert "2 things worth a look" in html_of(ingrid.get(at("week")))
    assert "worth a look" not in html_of(staff_client.get(at("week")))


def test_the_people_page_leads_there(ingrid, at):
    assert at("flags") in html_of(ingrid.get(at("people")))


def test_many_visits_cost_what_few_cost(ingrid, at, busy, counter, in_shop):
    set_hours(
        counter.location,
        {day: (time(9), time(17)) for day in range(7)},
        actor=as_owner(counter.location.shop),
    )

    def cost():
        with CaptureQueriesContext(connection) as queries:
            ingrid.get(at("flags"))
        return len(queries)

    busy("Maja")
    ingrid.get(at("flags"))
    one = cost()
    for name in ("Nora", "Nils", "Olav", "Pia"):
        busy(name, times=9)

    assert cost() == one <= 16  # six of them are the sign-in's
