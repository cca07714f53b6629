"""From a name to a running programme, by plain form posts: no script runs here."""

import re
from http import HTTPStatus

import pytest
from django.test import Client

from loyalty.models import Shop
from tests.setup.people import code_in
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db


def sent(page, **changes):
    """What a browser would send of the first form with these fields on a page."""
    inputs = r'<input type="(?:text|number|hidden|color|date)" name="(\w+)" value="([^"]*)"'
    fields = dict(re.findall(inputs, page))
    fields |= dict(re.findall(r'name="(\w+)" value="([^"]*)"[^>]*\schecked', page))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.S):
        fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return {**fields, **changes}


@pytest.mark.parametrize(("speaks", "language"), [("en-gb", "en-gb"), ("da", "da")])
def test_an_owner_goes_live(mailoutbox, speaks, language):
    owner = Client(headers={"accept-language": speaks})

    # She types the name of her shop and her e-mail.
    page = html_of(owner.get("/start/"))
    assert f'<html lang="{language}"' in page
    typed = {"name": "Kaffe & Kardemomme", "email": "ingrid@example.dk", "country": "DK"}
    owner.post("/start/", typed)

    # The mail comes late; she types its code.
    answer = owner.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox)})
    assert answer.headers["Location"] == "/start/3/"

    # One tap, and everything is filled in.
    page = html_of(owner.post("/start/3/", {"trade": "cafe"}, follow=True))
    assert '<section class="scard"' in page

    # She wants eight stamps, looks at it, and goes on.
    changed = sent(page, need="8")
    page = html_of(owner.post("/start/4/preview/", changed))
    assert page.count('<li class="slot') == 8 + 1
    answer = owner.post("/start/4/", changed)
    assert answer.headers["Location"] == "/start/5/"

    # The rules say so; she accepts them.
    page = html_of(owner.get("/start/5/"))
    assert "8 stamps" in page or "8 stempler" in page
    page = html_of(owner.post("/start/5/", follow=True))
    assert "/c/pair/" in page

    # She starts, and anybody can join.
    page = html_of(owner.post("/start/6/start/", follow=True))
    shop = Shop.objects.get()
    assert (shop.language, shop.currency, shop.slug) == (language, "DKK", "kaffe-kardemomme")
    assert Client().get(f"/j/{shop.slug}/").status_code == HTTPStatus.OK
    assert f"/j/{shop.slug}/" in page
