"""What a page weighs on a slow phone: its own bytes, and its styles and scripts as they travel.

Budgets: a card's styles and scripts within 60 KB compressed, the counter's within 96 with what
stands beside its scanner, and all of a card page within 200 KB. Font and icons are the same on
every page and kept for a year; they count for the 200. The pages themselves: as they are, rounded
up, so that what makes one heavier is noticed.
"""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

pytestmark = pytest.mark.django_db

KB = 1024
SHEET_OR_SCRIPT = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js))"')
BRAND = re.compile(r'href="(/b/[^"]+\.css)"')
LOADS = re.compile(r"""^import\b|\bimport\(""", re.MULTILINE)
FOR_ALL = ("fonts/schibsted-grotesk.woff2", "img/icons.svg")


def packed(content):
    return len(gzip.compress(content, mtime=0))


def static(path):
    found = finders.find(path)
    assert found, path
    return Path(found).read_bytes()


def files_of(html):
    """Styles and scripts a page names, by their path."""
    return {path: static(path) for path in SHEET_OR_SCRIPT.findall(html)}


def weight(client, address):
    """The page itself, the page compressed, and its styles and scripts compressed."""
    response = client.get(address)
    assert response.status_code == 200
    html = response.content.decode()
    files = files_of(html)
    assert {path.rsplit(".")[-1] for path in files} == {"css", "js"}
    brand = [client.get(address).content for address in BRAND.findall(html)]
    loaded = sum(packed(content) for content in [*files.values(), *brand])
    return len(response.content), packed(response.content), loaded


@pytest.fixture
def pages(visitor, till, card, member, shop):
    return {
        "card": (visitor, reverse("card:card", args=[member.private])),
        "join": (visitor, reverse("join:join", args=[shop.slug])),
        "counter": (till, reverse("counter:home")),
    }


@pytest.mark.parametrize(
    ("name", "page", "compressed", "files"),
    [("card", 16, 5, 60), ("join", 16, 5, 60), ("counter", 16, 5, 96)],
)
def test_a_page_keeps_its_budget(pages, name, page, compressed, files):
    own, small, loaded = weight(*pages[name])

    assert own <= page * KB
    assert small <= compressed * KB
    assert loaded <= files * KB


def test_all_of_a_card_page_is_within_200_kb(pages):
    _own, small, loaded = weight(*pages["card"])

    assert small + loaded + sum(len(static(path)) for path in FOR_ALL) <= 200 * KB


def test_another_library_would_break_it(pages):
    """The control: as much again as the largest file there is."""
    client, address = pages["card"]
    files = files_of(client.get(address).content.decode())
    largest = max(packed(content) for content in files.values())

    assert weight(client, address)[2] + largest > 60 * KB


def test_no_script_loads_another():
    """Else a page would look light, with its weight one file further."""
    scripts = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))

    assert scripts
    assert not [path.name for path in scripts if LOADS.search(path.read_text())]
