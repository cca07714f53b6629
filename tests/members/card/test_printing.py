"""The card on paper is the same card."""

import pytest
from django.urls import reverse

from loyalty.models import Trade

pytestmark = pytest.mark.django_db


def test_it_works(visitor, member):
    page = visitor.get(reverse("card:print", args=[member.private])).content.decode()

    assert member.spoken_code in page
    assert "Kaffe &amp; Kardemomme" in page
    assert "Maja" in page
    assert "<svg" in page


def test_the_paper_never_carries_the_private_link(visitor, member):
    page = visitor.get(reverse("card:print", args=[member.private])).content.decode()
    paper = page[page.index("<main>") :]

    assert member.private not in paper


def test_what_the_law_leaves_out_stands_beside_the_promise(visitor, member):
    member.shop.trade = Trade.RESTAURANT
    member.shop.save(update_fields=["trade"])

    page = visitor.get(reverse("card:print", args=[member.private])).content.decode()

    assert "Does not apply to alcohol." in page


def test_the_settings_lead_there(visitor, member):
    page = visitor.get(reverse("card:settings", args=[member.private])).content.decode()

    assert reverse("card:print", args=[member.private]) in page


def test_a_guessed_link_finds_nothing(visitor, member):
    guessed = member.private[:-1] + ("A" if member.private[-1] != "A" else "B")

    assert visitor.get(reverse("card:print", args=[guessed])).status_code == 404
