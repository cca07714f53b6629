"""The club page below its button: what one gets, and how; and what a shared link shows of it."""

import io
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from loyalty import clock
from loyalty.models import Trade
from members.programmes import switch_off
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.owning import keep_treat
from rewards.friends.models import Inviting, Thanks
from rewards.friends.owning import Scheme, keep_scheme
from rewards.vip.models import Opening
from tests.factories import (
    MembershipFactory,
    OpeningFactory,
    PictureFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    as_owner,
)
from tests.people import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card", "in_shop")]


@pytest.fixture
def club(shop, visitor):
    """club(): the page as text."""

    def look(client=visitor, name="join"):
        answer = client.get(reverse(f"join:{name}", args=[shop.slug]))
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return look


def meta(page, name):
    found = re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)">', page)
    return found and found[1]


def picture_of(page):
    return meta(page, "og:image").removeprefix(settings.PUBLIC_URL)


def statements(visit):
    with CaptureQueriesContext(connection) as captured:
        visit()
    return len(captured)


# --- What stands on it --------------------------------------------------------------------------


def test_it_works(club, shop):
    page = club()

    assert "What you get" in page
    assert "Any hot drink" in page
    assert "9 stamps" in page
    assert "How it works" in page
    assert "You get 1 stamp for each purchase of" in page
    assert page.index("Get my card</button>") < page.index("What you get")
    assert reverse("join:rules", args=[shop.slug]) in page


def test_points_are_told_with_what_they_buy(club, shop):
    lunch = RewardFactory(programme=PointsFactory(shop=shop), name="Free lunch", cost=100)

    page = club()

    assert page.count(lunch.name) >= 2  # on the card, and in the list
    assert "100 points" in page
    assert "You get 1 point for every 10" in page


def test_what_two_cards_have_in_common_is_said_once(club, shop):
    ProgrammeFactory(shop=shop, name="Lunch card")

    assert club().count("You get 1 stamp for each purchase of") == 1


def test_what_else_the_club_gives_is_said(club, shop):
    assert "birthday" not in club()
    keep_treat(BirthdayTreat(shop=shop, title="A bun"), actor=as_owner(shop))
    OpeningFactory(drop__shop=shop, audience=Opening.Audience.PICKED)

    page = club()

    assert "A treat on your birthday, if you tell us the day." in page
    assert "Early access to what is new, for some members." in page
    assert "when you bring a friend" not in page


def test_what_opens_to_everybody_at_once_is_no_early_access(club, shop):
    OpeningFactory(drop__shop=shop, audience=Opening.Audience.EVERYBODY)

    assert "Early access" not in club()


def test_a_thank_you_that_nobody_gets_is_not_promised(club, shop):
    points = PointsFactory(shop=shop)
    thanks = [Thanks(shop=shop, side=side, behaviour="bonus", n=5) for side in Thanks.Side]
    keep_scheme(Scheme(Inviting(shop=shop), thanks), actor=as_owner(shop))
    assert "A thank-you when you bring a friend." in club()

    switch_off(points, actor=as_owner(shop))

    assert "when you bring a friend" not in club()


def test_where_there_is_nothing_to_get_yet_nothing_is_headed(club, shop, card):
    PointsFactory(shop=shop)
    switch_off(card, actor=as_owner(shop))

    page = club()

    assert "What you get" not in page
    assert "How it works" in page


def test_another_shops_treat_is_not_ours(club, shop, next_door):
    keep_treat(BirthdayTreat(shop=next_door, title="A cake"), actor=as_owner(next_door))

    assert "birthday" not in club()


def test_it_costs_what_it_cost_before(visitor, shop):
    page = reverse("join:join", args=[shop.slug])
    visitor.get(page)

    assert statements(lambda: visitor.get(page)) == 3  # shop, programmes with rules, what else


def test_a_logo_costs_nothing_more_and_its_bytes_stay_where_they_are(visitor, shop):
    maja = MembershipFactory(shop=shop)
    pages = [reverse("join:join", args=[shop.slug]), reverse("card:card", args=[maja.private])]
    strangers = [browser_of() for _page in pages]
    without = [statements(lambda c=c, p=p: c.get(p)) for c, p in zip(strangers, pages, strict=True)]
    shop.logo = PictureFactory(shop=shop)
    shop.save(update_fields=["logo"])

    for page, before in zip(pages, without, strict=True):
        with CaptureQueriesContext(connection) as captured:
            assert b'class="logo"' in browser_of().get(page).content
        assert len(captured) == before
        assert not any('"data"' in query["sql"] for query in captured)


def test_while_nobody_can_join_nothing_is_promised(club, shop):
    shop.paused_since = clock.now()
    shop.save(update_fields=["paused_since"])

    page = club()

    assert "What you get" not in page
    assert meta(page, "og:title") == "Kaffe &amp; Kardemomme"
    assert meta(page, "og:description") is None


# --- What a shared link shows -------------------------------------------------------------------


def test_a_shared_link_has_words_and_a_picture(club, shop, visitor):
    page = club()

    address = f"{settings.PUBLIC_URL}/j/{shop.slug}/"
    assert f'<link rel="canonical" href="{address}">' in page
    assert meta(page, "og:url") == address
    assert meta(page, "og:title") == "Kaffe &amp; Kardemomme: Every 10th coffee is on us"
    assert meta(page, "og:description") == meta(page, "description")
    assert "Free to join. You start with one stamp." in meta(page, "description")
    assert meta(page, "og:locale") == "en_GB"
    answer = visitor.get(picture_of(page))
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert "immutable" in answer["Cache-Control"]
    assert not answer.cookies


def test_the_poster_somebody_came_by_is_not_in_it(visitor, shop):
    page = visitor.get(f"/j/{shop.slug}/?p=a4").content.decode()

    assert f'rel="canonical" href="{settings.PUBLIC_URL}/j/{shop.slug}/"' in page


def test_it_is_in_the_readers_language(club):
    page = club(Client(headers={"accept-language": "da"}))

    assert meta(page, "og:locale") == "da_DK"
    assert "Hver 10. kaffe" in meta(page, "og:title")
    assert "/share/da/" in picture_of(page)


def test_the_rules_have_a_preview_of_their_own(club, shop):
    page = club(name="rules")

    assert meta(page, "og:url") == f"{settings.PUBLIC_URL}/j/{shop.slug}/rules/"
    assert meta(page, "og:title") == "Club rules, Kaffe &amp; Kardemomme"


@pytest.mark.parametrize("change", [{"accent": "#1c355e"}, {"name": "Te & Kanel"}])
def test_another_look_has_another_address(club, visitor, shop, change):
    before = picture_of(club())
    vars(shop).update(change)
    shop.save()

    assert picture_of(club()) != before
    assert visitor.get(before)["Cache-Control"] == "no-cache"


def test_another_logo_too(club, shop):
    before = picture_of(club())
    shop.logo = PictureFactory(shop=shop)
    shop.save()

    assert picture_of(club()) != before


def test_what_the_law_leaves_out_stands_beside_the_promise(club, shop):
    shop.trade = Trade.RESTAURANT
    shop.save(update_fields=["trade"])

    assert "Does not apply to alcohol." in meta(club(), "og:description")


def test_a_friends_invitation_has_a_picture_but_no_name(shop, visitor):
    maja = MembershipFactory(shop=shop, name="Maja")

    answer = visitor.get(f"/r/{maja.friend_code}/")

    page = " ".join(answer.content.decode().split())
    head = page[: page.index("</head>")]
    assert meta(page, "og:image")
    assert "Maja" not in head
    assert maja.friend_code not in head
    assert "canonical" not in head
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_card_shows_nothing_of_the_kind(visitor, shop):
    maja = MembershipFactory(shop=shop)
    answer = visitor.get(reverse("card:card", args=[maja.private]))

    assert b"og:" not in answer.content
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_language_we_have_not_has_no_picture(visitor, shop):
    assert visitor.get(f"/j/{shop.slug}/share/tlh/0.png").status_code == 404


def test_a_shop_that_has_not_started_has_none(visitor, shop):
    shop.live_since = None
    shop.save(update_fields=["live_since"])

    assert visitor.get(f"/j/{shop.slug}/share/nb/0.png").status_code == 404
