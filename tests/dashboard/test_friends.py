"""The owner's page of bringing a friend."""

import pytest
from django.urls import reverse

from loyalty import keys
from rewards.friends.models import Inviting, Thanks
from tests.factories import MembershipFactory, PointsFactory, stamp
from tests.support.pages import plain_html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]

TYPED = {
    "member_behaviour": "stamps",
    "member_n": "2",
    "friend_behaviour": "thing",
    "friend_title": "A bun",
    "friend_value": "12,50",
    "most_a_month": "3",
    "pays": "purchase",
    "minimum": "50",
    "use_within": "30",
    "terms": "With any coffee",
}


@pytest.fixture
def page(shop):
    return reverse("owner:friends", args=[shop.slug])


@pytest.fixture
def post(ingrid, page):
    return lambda **typed: ingrid.post(page, {**TYPED, **typed})


def side(which):
    return Thanks.objects.get(side=which)


def test_it_works(ingrid, page, in_shop):
    assert ingrid.post(page, TYPED).status_code == 302

    inviting = Inviting.objects.get()
    assert (inviting.pays, inviting.minimum_minor, inviting.most_a_month) == ("purchase", 5000, 3)
    assert (side("member").behaviour, side("member").n) == ("stamps", 2)
    bun = side("friend")
    assert (bun.title, bun.value_minor, bun.use_within_days) == ("A bun", 1250, 30)
    html = plain_html(ingrid.get(page))
    assert "Bringing a friend is on." in html
    assert 'value="A bun"' in html
    assert "Maja sent you this. After your first purchase you get: A bun." in html
    assert "You get: 2 stamps." in html


def test_a_shop_that_never_had_it_is_offered_a_stamp_for_both(ingrid, page, in_shop):
    html = plain_html(ingrid.get(page))

    assert "You both get a stamp after your first purchase." in html
    assert "Start bringing friends" in html
    assert not Inviting.objects.exists()


def test_it_is_changed(post, in_shop):
    post()
    post(friend_behaviour="", most_a_month="9")

    assert Inviting.objects.get().most_a_month == 9
    assert not Thanks.objects.filter(side="friend").exists()


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"member_n": ""}, "member_n", "Type a number."),
        ({"member_n": "0"}, "member_n", "Type 1 or more."),
        ({"member_n": "31"}, "member_n", "Type 30 or less."),
        ({"member_n": "some"}, "member_n", "Type a whole number."),
        (
            {"member_behaviour": "percent", "member_percent": "101"},
            "member_percent",
            "Type 100 or less.",
        ),
        (
            {"member_behaviour": "amount", "member_amount": "a lot"},
            "member_amount",
            "Type an amount, like 25 or 39,50.",
        ),
        ({"friend_title": ""}, "friend_title", "Type what they get."),
        ({"friend_title": "x" * 51}, "friend_title", "50"),
        ({"most_a_month": ""}, "most_a_month", "Type a number."),
        ({"most_a_month": "0"}, "most_a_month", "Type 1 or more."),
        ({"minimum": "much"}, "minimum", "Type an amount, like 25 or 39,50."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_kept(post, in_shop, *, wrong, field, told):
    answer = post(**wrong)

    html = plain_html(answer)
    assert answer.status_code == 422
    assert told in html
    assert f'id="id_{field}_error"' in html
    assert f'value="{wrong[field]}"' in html or not wrong[field]
    assert not Inviting.objects.exists()


def test_what_belongs_to_another_choice_is_nobodys_mistake(post, in_shop):
    other = {"member_percent": "900", "member_title": "x" * 90, "member_value": "a lot"}

    assert post(**other).status_code == 302


def test_nothing_for_anybody(post, in_shop):
    answer = post(member_behaviour="", friend_behaviour="")

    assert answer.status_code == 422
    assert "Choose something for one of the two at least." in plain_html(answer)


def test_points_where_there_are_none(post, in_shop):
    assert post(member_behaviour="bonus", member_n="50").status_code == 422
    PointsFactory(shop=in_shop)

    assert post(member_behaviour="bonus", member_n="50").status_code == 302


def test_points_that_were_switched_off_meanwhile(post, in_shop):
    points = PointsFactory(shop=in_shop)
    post(member_behaviour="bonus", member_n="50")
    points.off_since = points.versions.get().effective_from
    points.save()
    answer = post(member_behaviour="bonus", member_n="50")

    assert answer.status_code == 422
    assert "Points are given only while your points scheme is on." in plain_html(answer)


def test_markup_is_text(ingrid, page, post, in_shop):
    post(friend_title="<b>bun</b>")

    assert "<b>bun" not in ingrid.get(page).content.decode()


# --- Switch ---


def test_off_and_on_again(ingrid, page, post, shop, in_shop):
    post()
    answer = ingrid.post(reverse("owner:friends_off", args=[shop.slug]), follow=True)
    assert Inviting.objects.get().off_since is not None
    assert "Bringing a friend is off." in plain_html(answer)
    answer = ingrid.post(reverse("owner:friends_on", args=[shop.slug]), follow=True)

    assert Inviting.objects.get().off_since is None
    assert "Bringing a friend is on." in plain_html(answer)


def test_a_change_does_not_switch_it_on(ingrid, post, shop, in_shop):
    post()
    ingrid.post(reverse("owner:friends_off", args=[shop.slug]))
    post(most_a_month="9")

    assert Inviting.objects.get().off_since is not None


# --- Preview, cost, warnings ---


@pytest.fixture
def preview(ingrid, shop):
    address = reverse("owner:friends_preview", args=[shop.slug])

    def ask(htmx=True, **typed):
        headers = {"hx-request": "true"} if htmx else {}
        return ingrid.post(address, {**TYPED, **typed}, headers=headers)

    return ask


def test_the_preview_follows_what_is_typed_and_keeps_nothing(preview, in_shop):
    html = plain_html(preview(friend_title="A tart"))

    assert "After your first purchase you get: A tart." in html
    assert "<html" not in html
    assert not Inviting.objects.exists()


def test_half_typed_nothing_changes(preview):
    assert preview(friend_title="").status_code == 204


def test_without_script_it_is_the_whole_page(preview):
    answer = preview(htmx=False, friend_title="A tart")

    assert "<html" in plain_html(answer)
    assert "A tart" in plain_html(answer)
    assert preview(htmx=False, friend_title="").status_code == 422


def test_what_it_costs(preview):
    """20 kr and a bun at 12,50, in whole kroner."""
    html = plain_html(preview(member_behaviour="amount", member_amount="20"))

    assert "A new customer costs you about 33\N{NO-BREAK SPACE}kr." in html
    assert "One member gets 60\N{NO-BREAK SPACE}kr a month at most." in html


def test_paying_at_sign_up_is_open_to_abuse(preview):
    assert "anybody can be a friend many times" in plain_html(preview(pays="joining"))
    assert "anybody can be a friend many times" not in plain_html(preview())


def test_a_least_purchase_needs_an_amount(preview):
    told = "A purchase counts only if its amount is typed at the counter."
    assert told in plain_html(preview())
    assert told not in plain_html(preview(minimum=""))


def test_in_denmark_the_page_says_why_there_is_no_link(preview, shop):
    told = "In your country a link that is rewarded counts as your own advertising."
    assert told not in plain_html(preview())
    shop.country = "DK"
    shop.save()

    assert told in plain_html(preview())


# --- Who came ---


def test_who_came_through_whom(ingrid, page, post, in_shop, *, counter):
    post(minimum="")
    maja = MembershipFactory(shop=in_shop, name="Maja")
    wish = {"source": "friend", "source_detail": maja.friend_code}
    kari = MembershipFactory(shop=in_shop, name="Kari", **wish)
    MembershipFactory(shop=in_shop, name="Ola", **wish)
    stamp(kari, counter=counter, key=keys.new())
    html = plain_html(ingrid.get(page))

    assert "Kari through Maja" in html
    assert "Bought" in html
    assert "Joined" in html


def test_nobody_came_yet(ingrid, page, post, in_shop):
    post()

    assert "Nobody yet." in plain_html(ingrid.get(page))


# --- Who may ---


def test_a_manager_looks(manager, page, post):
    post()
    html = plain_html(manager.get(page))

    assert "Only the owner can change this. You see it as it is." in html
    assert 'name="most_a_month"' not in html
    assert manager.post(page, TYPED).status_code == 403


def test_a_stranger_finds_nothing(stranger, page, post, in_shop):
    post()
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {**TYPED, "most_a_month": "900"}).status_code == 404

    assert Inviting.objects.get().most_a_month == 3
