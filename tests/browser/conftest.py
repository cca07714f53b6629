import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from tests.support.network import Network
from tests.support.tills import become_till, open_till, scan  # noqa: F401  # fixtures

# A page may take its time on a machine with much else to do; what has a limit names it.
expect.set_options(timeout=20_000)


@pytest.fixture
def network(live_server):
    """Between every browser that goes to `network.url` and the site."""
    network = Network(live_server.url)
    yield network
    network.shutdown()
    network.server_close()


# --- Pages, looked at by axe ------------------------------------------------------------------

NARROWEST, PHONE, LAPTOP = 320, 390, 1280
LOOKS = [
    ("en-gb", "light", PHONE),
    ("en-gb", "dark", LAPTOP),
    ("da", "dark", NARROWEST),
    ("nb", "light", NARROWEST),
]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}-{look[2]}")
def browse(request, new_context, live_server):
    """browse(client, *paths): what is wrong with these pages, seen with the cookies of a client."""
    language, theme, width = request.param
    context = new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    site = {"url": live_server.url}
    context.add_cookies(
        [
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, **site},
            {"name": "theme", "value": theme, **site},
        ]
    )

    def look_at(client, *paths):
        cookies = [{"name": c.key, "value": c.value, **site} for c in client.cookies.values()]
        context.add_cookies(cookies)
        page = context.new_page()
        return [fault for path in paths for fault in faults_of(page, live_server.url + path)]

    return look_at


def faults_of(page, address):
    page.goto(address)
    expect(page.locator("main")).to_be_visible()
    found = Axe().run(page).response["violations"]
    faults = [f"{address}: {fault['id']}, {fault['nodes'][0]['html'][:200]}" for fault in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append(f"{address} scrolls sideways")
    return faults
