import pytest
from django.urls import reverse

from loyalty.models import Role
from tests.factories import PersonFactory, RoleFactory, ShopFactory
from tests.people import browser_of

pytestmark = pytest.mark.django_db

SHOPS = reverse("owner:shops")


def test_it_works(ingrid, ingrid_person, next_door):
    RoleFactory(shop=next_door, person=ingrid_person, level=Role.Level.MANAGER)

    page = ingrid.get(SHOPS).content.decode()

    assert "Kaffe &amp; Kardemomme" in page
    assert "Blomster &amp; Jord" in page


def test_a_single_shop_opens_by_itself(ingrid, shop):
    assert ingrid.get(SHOPS).url == reverse("owner:week", args=[shop.slug])


def test_a_shop_still_being_set_up_goes_on_there(ingrid_person):
    unfinished = ShopFactory(live_since=None)
    RoleFactory(shop=unfinished, person=ingrid_person, level=Role.Level.OWNER)
    ingrid = browser_of(ingrid_person)

    assert "Not started yet" in ingrid.get(SHOPS).content.decode()

    week = ingrid.get(reverse("owner:week", args=[unfinished.slug]))
    assert week.url == reverse("start:trade")
    assert ingrid.session["start"]["shop"] == unfinished.slug


def test_whoever_has_no_shop_may_set_one_up():
    page = browser_of(PersonFactory()).get(SHOPS).content.decode()

    assert "No shop yet" in page
    assert reverse("start:begin") in page


def test_a_former_role_opens_nothing(ingrid, shop):
    Role.objects.update(active=False)

    assert "No shop yet" in ingrid.get(SHOPS).content.decode()
    assert ingrid.get(reverse("owner:week", args=[shop.slug])).status_code == 404


def test_a_visitor_signs_in_first(visitor):
    answer = visitor.get(SHOPS)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_a_shop_name_with_markup_is_shown_as_text(ingrid_person, shop):
    shop.name = "<b>Jern</b> 😀"
    shop.save(update_fields=["name"])
    RoleFactory(shop=ShopFactory(), person=ingrid_person)

    assert "&lt;b&gt;Jern&lt;/b&gt; 😀" in browser_of(ingrid_person).get(SHOPS).content.decode()
