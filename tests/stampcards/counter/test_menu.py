"""Behind the menu of the till."""

import re

import pytest

from tests.support.pages import text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PAGES = ["/c/last/", "/c/new/", "/c/staff/", "/c/theme/", "/c/help/", "/c/leave/"]


@pytest.mark.parametrize("path", PAGES)
def test_each_is_a_page_and_a_sheet(till, path):
    page, sheet = till.get(path).content.decode(), till.get(path, headers=HTMX).content.decode()

    assert "<html" in page
    assert "<html" not in sheet
    assert "<h2" in sheet


def test_the_menu_leads_to_all_of_them(till):
    page = till.get("/c/").content.decode()

    assert all(f'href="{path}"' in page for path in PAGES)


def test_a_new_member_scans_the_join_code(till, shop):
    page = till.get("/c/new/")

    assert "Let the customer scan" in text_of(page)
    assert "<svg" in page.content.decode()


def test_before_the_start_nobody_can_join(till, shop):
    shop.live_since = None
    shop.save()

    assert "This is a preview. Start the programme first." in text_of(till.get("/c/new/"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_kept(till, theme):
    response = till.post("/c/theme/", {"theme": theme}, follow=True)

    assert f'data-bs-theme="{theme}"' in response.content.decode()


def test_no_theme_is_the_devices_own(till):
    till.post("/c/theme/", {"theme": "dark"})
    response = till.post("/c/theme/", {"theme": ""}, follow=True)

    assert "data-follows-device" in response.content.decode()


@pytest.mark.parametrize("theme", ["pink", "<b>"])
def test_another_theme_is_refused(till, theme):
    response = till.post("/c/theme/", {"theme": theme})

    assert response.status_code == 422
    assert "theme" not in response.cookies


def test_a_device_is_silent_and_felt_until_somebody_chooses(till):
    sound, vibration = switches(till)

    assert "checked" not in sound
    assert "checked" in vibration


def test_what_was_chosen_is_kept_for_the_scripts_too(till):
    chosen = till.post("/c/theme/", {"theme": "", "sound": "on"}).cookies

    assert (chosen["sound"].value, chosen["vibration"].value) == ("on", "off")
    assert not chosen["sound"]["httponly"]
    sound, vibration = switches(till)
    assert "checked" in sound
    assert "checked" not in vibration


def switches(till):
    page = till.get("/c/theme/").content.decode()
    return re.findall(r'<input type="checkbox"[^>]*name="(?:sound|vibration)"[^>]*>', page)


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_meets_the_pairing_notice(visitor, stranger, path):
    for client in (visitor, stranger):
        assert client.get(path).status_code == 401
