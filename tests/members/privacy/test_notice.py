"""The privacy page of a shop: what, why, who has access, how long, third parties (PRV-02)."""

from html import unescape

import pytest
from django.urls import reverse

from rewards.birthday.models import BirthdayTreat
from tests.factories import PointsFactory, ShopFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(visitor, shop):
    def page():
        answer = visitor.get(reverse("join:privacy", args=[shop.slug]))
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    return page


def test_it_works(page, card, ingrid_person, manager_person, counter):
    html = page()

    for heading in (
        "Who decides",
        "What is kept, and why",
        "What you choose yourself",
        "Who can see it",
        "How long",
        "Who else",
        "What you can do",
    ):
        assert f">{heading}</h2>" in html
    assert "Kaffe & Kardemomme decides about your data." in html
    assert "hei@kaffe-kardemomme.example" in html
    assert "2 owners and managers see your card" in html
    assert "3 people at the counter see your first name" in html
    assert "They use 1 device" in html
    assert "For 14 days after that you can bring it back." in html
    assert "Copies of e-mail: 30 days." in html
    assert "Datatilsynet (datatilsynet.no)" in html


def test_it_tells_what_the_shop_uses_and_no_more(page, shop, in_shop, card):
    before = page()
    assert "What you paid at each visit" not in before
    assert "Your birthday" not in before
    assert "what you reserve" not in before.lower()

    PointsFactory(shop=shop)
    BirthdayTreat.objects.create(shop=shop, title="A bun")
    shop.address = "Storgata 1, Oslo"
    shop.save(update_fields=["address"])

    after = page()
    assert "What you paid at each visit" in after
    assert "Your birthday, day and month" in after
    assert "Kaffe & Kardemomme, Storgata 1, Oslo, decides about your data." in after


def test_it_names_the_machines_and_the_mail_server(page, card, settings):
    settings.HOSTED_BY = "Fjord Hosting AS, Norway"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "mail.fjord.example"
    settings.BACKUPS_KEPT = 7

    html = page()

    assert "runs on machines of Fjord Hosting AS, Norway." in html
    assert "E-mail goes out through mail.fjord.example." in html
    assert "Backups: the latest 7." in html


def test_it_names_nobody_who_works_there(page, card, ingrid_person, ola):
    html = page()

    assert "Ingrid" not in html
    assert "Ola" not in html


def test_it_is_beside_the_join_button_and_on_every_card_page(visitor, shop, member):
    link = f'href="{reverse("join:privacy", args=[shop.slug])}"'

    for address in (
        reverse("join:join", args=[shop.slug]),
        reverse("card:card", args=[member.private]),
        reverse("card:settings", args=[member.private]),
    ):
        assert link in visitor.get(address).content.decode()


def test_a_shop_that_has_not_started_has_none(visitor):
    shop = ShopFactory(live_since=None)

    assert visitor.get(reverse("join:privacy", args=[shop.slug])).status_code == 404
