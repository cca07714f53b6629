"""A paper card, opened by the phone of whoever holds it."""

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from members.access import CARDS_COOKIE
from members.ledger.models import Operation
from members.models import Membership
from tests.factories import MembershipFactory, PaperCardFactory, stamp
from tests.people import browser_of
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(card):
    return PaperCardFactory(shop=card.shop)


@pytest.fixture
def elsa(paper, till, card):
    """She has the paper card, with two stamps on it, and staff know her name."""
    path = reverse("counter:stamp", args=[paper.counter_code])
    till.post(path, {"key": keys.new(), "programme": card.pk, "count": 1})
    with scope(shop=paper.shop):
        member = Membership.objects.select_related("shop").get(counter_code=paper.counter_code)
        member.name = "Elsa"
        member.save(update_fields=["name"])
    return member


@pytest.fixture
def tap(paper):
    """tap(client): Move this card to my phone."""

    def post(client, key=None, code=paper.counter_code, **more):
        return client.post(f"/s/{code}/move/", {"key": key or keys.new()}, **more)

    return post


def cards(shop):
    with scope(shop=shop):
        return list(Membership.objects.current().order_by("pk"))


def test_it_works(visitor, tap, elsa, shop):
    page = visitor.get(f"/S/{elsa.counter_code}")
    assert "Move this card to my phone" in text_of(page)
    response = tap(visitor)

    [card] = cards(shop)
    assert response.url == reverse("card:card", args=[card.private])
    assert visitor.cookies[CARDS_COOKIE].value == card.private
    assert (card.pk, card.unclaimed) == (elsa.pk, False)
    assert "You have 2 of 9 stamps." in visitor.get(response.url).content.decode()


def test_the_page_shows_only_the_shop(visitor, stranger, ingrid, elsa):
    for client in (visitor, stranger, ingrid):
        page = client.get(f"/s/{elsa.counter_code}").content.decode()
        assert "Kaffe &amp; Kardemomme" in page
        secrets = ("Elsa", elsa.private, elsa.short_code, elsa.spoken_code, "of 9")
        assert not [secret for secret in secrets if secret in page]


def test_looking_changes_nothing_whoever_looks(visitor, paper, elsa, shop):
    blank = PaperCardFactory(shop=shop)
    for code in (paper.counter_code, blank.counter_code):
        response = visitor.get(f"/s/{code}")
        assert "noindex" in response["X-Robots-Tag"]
        visitor.head(f"/s/{code}")
        assert visitor.get(f"/s/{code}/move/").url == f"/s/{code}"

    assert [(card.pk, card.unclaimed) for card in cards(shop)] == [(elsa.pk, True)]


def test_a_double_tap_lands_on_the_same_card(visitor, tap, elsa, shop):
    key = keys.new()
    first = tap(visitor, key)
    again = tap(visitor, key)
    lost = tap(browser_of(), key)  # the first answer, with its cookie, never arrived

    assert first.url == again.url == lost.url
    with scope(shop=shop):
        assert Operation.objects.filter(kind="move_to_phone").count() == 1


def test_tapping_again_on_the_phone_that_has_it_opens_it(visitor, tap, elsa):
    assert tap(visitor).url == tap(visitor).url


def test_a_second_phone_is_told(visitor, tap, elsa, shop):
    tap(visitor)
    late = browser_of()
    for response, status in ((tap(late), 422), (late.get(f"/s/{elsa.counter_code}"), 410)):
        assert response.status_code == status
        assert "This paper card is now on a phone." in text_of(response)
        assert "Elsa" not in response.content.decode()

    assert CARDS_COOKIE not in late.cookies
    assert len(cards(shop)) == 1


def test_a_phone_with_a_card_gets_the_stamps(visitor, tap, elsa, shop, counter):
    own = MembershipFactory(shop=shop)
    stamp(own, counter=counter)
    visitor.cookies[CARDS_COOKIE] = own.private
    assert "The two become one" in text_of(visitor.get(f"/s/{elsa.counter_code}"))
    response = tap(visitor)

    assert response.url == reverse("card:card", args=[own.private])
    assert cards(shop) == [own]
    assert "You have 3 of 9 stamps." in visitor.get(response.url).content.decode()


def test_a_second_phone_with_a_card_gets_nothing(visitor, tap, elsa, shop):
    tap(visitor)
    own = MembershipFactory(shop=shop)
    late = browser_of()
    late.cookies[CARDS_COOKIE] = own.private
    response = tap(late)

    assert "This paper card is now on a phone." in text_of(response)
    assert f"/m/{own.private}/" in response.content.decode()
    assert len(cards(shop)) == 2


def test_somebody_signed_in_keeps_their_card(tap, elsa, shop, member, ingrid_person):
    own = MembershipFactory(shop=shop, person=ingrid_person)

    assert tap(browser_of(ingrid_person)).url == reverse("card:card", args=[own.private])


def test_a_card_nobody_had_makes_a_member(visitor, tap, paper, shop):
    assert "Move this card to my phone" in text_of(visitor.get(f"/s/{paper.counter_code}"))
    tap(visitor)

    [card] = cards(shop)
    assert (card.source, card.unclaimed) == (Membership.Source.PAPER, False)


def test_but_not_before_the_start(visitor, tap, paper, shop):
    shop.live_since = None
    shop.save(update_fields=["live_since"])
    page = text_of(visitor.get(f"/s/{paper.counter_code}"))
    tap(visitor)

    assert "This is a loyalty card" in page
    assert "Move this card" not in page
    assert cards(shop) == []


def test_nor_while_the_shop_takes_nobody(visitor, tap, paper, shop, card):
    with scope(shop=shop):
        card.paused_since = shop.live_since
        card.save(update_fields=["paused_since"])
    response = tap(visitor)

    assert response.status_code == 422
    assert "not taking new members right now" in text_of(response)
    assert cards(shop) == []


@pytest.mark.parametrize("name", ["member", "next_door_member"])
def test_an_ordinary_card_cannot_be_moved(request, visitor, tap, name):
    member = request.getfixturevalue(name)
    response = tap(visitor, code=member.counter_code)

    assert "Move this card" not in text_of(response)
    assert CARDS_COOKIE not in visitor.cookies
    with scope(shop=member.shop):
        assert Membership.objects.get(pk=member.pk).private == member.private


@pytest.mark.parametrize("code", ["0000000000", "abc", "%00", "ABCDEFGHJ%00", "x" * 300])
def test_an_unknown_code_is_of_no_shop(visitor, tap, elsa, code):
    assert tap(visitor, code=code).status_code == 404


def test_six_digits_never_work_here(visitor, tap, elsa, paper):
    assert tap(visitor, code=paper.short_code).status_code == 404
    assert visitor.get(f"/s/{paper.short_code}").status_code == 404


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_another_site_cannot_move_it(visitor, tap, elsa, shop, headers):
    assert tap(visitor, headers=headers).status_code == 403
    assert cards(shop)[0].unclaimed


def test_it_needs_no_cookie(elsa, tap, shop):
    strict = browser_of(enforce_csrf_checks=True)

    assert tap(strict).status_code == 302


def test_a_form_without_its_key_is_shown_again(visitor, elsa, shop):
    response = visitor.post(f"/s/{elsa.counter_code}/move/", {})

    assert response.status_code == 422
    assert "Move this card to my phone" in text_of(response)
    assert cards(shop)[0].unclaimed


def test_a_till_is_no_customers_phone(till, tap, elsa, shop):
    tap(till)

    assert cards(shop)[0].unclaimed
