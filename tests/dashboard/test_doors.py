"""Who may open which of the owner's pages: the table of ux-screens, section 3."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from loyalty import access
from tests.factories import OpeningFactory, RewardFactory, saved_late

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card", "counter")]

EVERYBODY = ["week", "week_csv", "posters", "poster", "poster_pdf", "code_picture", "log"]
EVERYBODY += ["insights", "insights_csv"]
MANAGERS = [
    "programme",
    "card",
    "points",
    "birthday",
    "friends",
    "levels",
    "rewards",
    "reward",
    "goal",
    "members",
    "member",
    *("card_pdf", "merge", "delete_member"),
    "messages",
    *("people", "invite", "colleague"),
    "pairing",
    "flags",
    "late",
    "log_csv",
    "statement",
    "statement_csv",
    *("early", "add_drop", "drop", "drop_again", "live", "guest_list"),
]
OWNERS = [
    *(
        "new_card",
        "add_reward",
        "flag_settings",
        "export_members",
        "import_members",
        "settings",
        "brand",
        "end",
        "export",
    ),
    *("export_members", "import_members"),
]
POSTS_OF_MANAGERS = [
    *("rename_colleague", "withdraw_invitation", "invite_again"),
    *("add_staff", "dismiss", "take_on_again", "add_counter", "revoke", "bring_back"),
    *("count_late", "leave_late", "put_late_back", "missing_seen"),
    *("take_back", "correct_balance", "keep_note", "new_codes", "part_cards"),
    "member_back",
    *("preview_new_drop", "preview_drop", "close_drop", "unschedule_drop"),
    *("pick_member", "unpick_member"),
    "drop_goal",
]
POSTS_OF_OWNERS = [
    "hand_over",
    "programme",
    "card_preview",
    "use_version",
    "pause",
    "resume",
    "saved_only",
    "to_all",
    *("card", "new_card", "new_card_preview", "switch_off", "switch_on"),
    *("points", "points_preview", "use_rules", "take_rules_back"),
    *("flags_off", "flags_on", "opening_hours", "flag_settings"),
    *("levels", "levels_preview", "levels_off", "levels_on"),
    *("birthday", "birthday_preview", "birthday_off", "birthday_on"),
    *("friends", "friends_preview", "friends_off", "friends_on"),
    *("add_reward", "preview_new_reward", "take_idea", "reward", "preview_reward"),
    *("retire_reward", "offer_reward_again"),
    *("settings", "pause_shop", "resume_shop", "export"),
    *("end", "end_preview", "call_off_end"),
    *("brand", "brand_preview"),
]


@pytest.fixture
def address(shop, card, member, counter, ola):
    """Where a page of this shop is."""
    late = saved_late(counter=counter, code=member.counter_code, programme=card)
    cake = RewardFactory(programme=card, cost=None)
    buns = OpeningFactory(drop__shop=shop).drop

    def of(name):
        more = {
            "poster": ["a4"],
            "poster_pdf": ["a4"],
            "pairing": [counter.pk],
            "revoke": [counter.pk],
            "bring_back": [counter.pk],
            "dismiss": [ola.pk],
            "take_on_again": [ola.pk],
            **{name: [ola.pk] for name in ("colleague", "rename_colleague", "hand_over")},
            **{name: [1] for name in ("invite_again", "withdraw_invitation")},
            "use_version": [card.pk, 1],
            "use_rules": [1],
            **{name: [card.pk] for name in ("card", "card_preview", "pause", "resume")},
            **{name: [card.pk] for name in ("switch_off", "switch_on")},
            **{name: [card.pk] for name in ("end", "end_preview", "call_off_end")},
            **{name: [member.pk] for name in ("member", "correct_balance")},
            **{name: [member.pk] for name in ("card_pdf", "merge", "delete_member")},
            **{name: [member.pk] for name in ("keep_note", "new_codes", "member_back")},
            **{name: [member.pk, 1] for name in ("take_back", "part_cards")},
            "take_idea": ["gift"],
            **{name: [cake.pk] for name in ("reward", "preview_reward")},
            **{name: [cake.pk] for name in ("retire_reward", "offer_reward_again")},
            **{name: [buns.pk] for name in ("drop", "live", "guest_list", "drop_again")},
            **{name: [buns.pk] for name in ("preview_drop", "close_drop", "unschedule_drop")},
            **{name: [member.pk] for name in ("pick_member", "unpick_member")},
            "rename_location": [counter.location_id],
            "opening_hours": [counter.location_id],
            "missing_seen": [counter.pk],
            **{name: [late.pk] for name in ("count_late", "leave_late", "put_late_back")},
        }
        return reverse(f"owner:{name}", args=[shop.slug, *more.get(name, [])])

    return of


@pytest.mark.parametrize("name", EVERYBODY)
def test_it_works_for_staff(staff_client, address, name):
    assert staff_client.get(address(name)).status_code == 200


@pytest.mark.parametrize("name", [*EVERYBODY, *MANAGERS, *OWNERS])
def test_owners_see_every_page(ingrid, address, name):
    assert ingrid.get(address(name)).status_code == 200


@pytest.mark.parametrize("name", [*EVERYBODY, *MANAGERS])
def test_managers_see_most(manager, address, name):
    assert manager.get(address(name)).status_code == 200


@pytest.mark.parametrize("name", OWNERS)
def test_and_what_is_only_the_owners_they_do_not(manager, address, name):
    assert manager.get(address(name)).status_code == 403


@pytest.mark.parametrize("name", [*MANAGERS, *OWNERS])
def test_staff_are_told_whom_to_ask(staff_client, ingrid_person, address, name):
    answer = staff_client.get(address(name))

    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Only the owner can do this." in page
    assert "Ask Ingrid." in page


@pytest.mark.parametrize("name", [*POSTS_OF_MANAGERS, *POSTS_OF_OWNERS, "rename_location"])
def test_staff_can_post_nothing_but_the_counter(staff_client, address, name):
    assert staff_client.post(address(name)).status_code == 403


@pytest.mark.parametrize("name", POSTS_OF_OWNERS)
def test_only_owners_change_what_holds_for_all(manager, address, name):
    assert manager.post(address(name)).status_code == 403


def test_staff_see_no_way_to_pages_they_may_not_open(staff_client, address):
    page = staff_client.get(address("week")).content.decode()

    assert address("posters") in page
    assert address("people") not in page
    assert address("programme") not in page


@pytest.mark.parametrize("name", [*EVERYBODY, *MANAGERS, *OWNERS])
def test_a_stranger_finds_nothing(stranger, address, name):
    assert stranger.get(address(name)).status_code == 404


@pytest.mark.parametrize("name", [*POSTS_OF_MANAGERS, *POSTS_OF_OWNERS, "open_counter"])
def test_a_stranger_posts_into_the_void(stranger, address, name):
    assert stranger.post(address(name)).status_code == 404


@pytest.mark.parametrize("name", [*EVERYBODY, *MANAGERS, *POSTS_OF_MANAGERS, *POSTS_OF_OWNERS])
def test_a_counter_device_meets_the_refusal(till, ingrid_person, address, name):
    for answer in (till.get(address(name)), till.post(address(name))):
        assert answer.status_code == 403
        assert "Ask Ingrid." in answer.content.decode()


def test_the_refusal_names_nobody_where_nobody_has_a_name(till, address):
    assert "ask the owner of the shop" in till.get(address("week")).content.decode()


def test_an_owner_whose_browser_is_a_counter_stays_the_owner(ingrid, counter, address):
    ingrid.cookies[access.COUNTER_COOKIE] = counter.device

    assert ingrid.get(address("people")).status_code == 200


@pytest.mark.parametrize("name", [*POSTS_OF_MANAGERS, "card_preview", "pause", "open_counter"])
def test_an_address_of_a_form_leads_to_its_page(ingrid, address, name):
    assert ingrid.get(address(name)).status_code == 302


def test_a_counter_is_remembered_where_no_script_and_no_other_site_reads_it():
    response = HttpResponse()

    access.remember_counter(response, "secret")

    cookie = response.cookies[access.COUNTER_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert bool(cookie["secure"]) != settings.ON_THIS_MACHINE
    assert cookie["max-age"] == 400 * 24 * 3600


@pytest.mark.parametrize("name", ["week", "posters", "people", "programme", "member"])
def test_no_browser_keeps_an_owners_page(ingrid, address, name):
    """A till is a shared tablet: after signing out, "back" shows nothing."""
    assert "no-store" in ingrid.get(address(name))["Cache-Control"]
