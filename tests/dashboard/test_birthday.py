"""The owner's page of the birthday treat."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from loyalty import clock
from loyalty.models import Trade
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.owning import NoPoints, keep_treat
from rewards.birthday.proposals import TREATS, proposal
from tests.factories import MembershipFactory, PointsFactory, ShopFactory, as_owner
from tests.support.pages import plain_html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]

TYPED = {
    "title": "A cake",
    "value_minor": "22,50",
    "terms": "With any coffee",
    "days_before": "3",
    "days_after": "10",
}


@pytest.fixture(autouse=True)
def monday():
    with clock.at(datetime(2026, 4, 20, 11, tzinfo=UTC)):
        yield


@pytest.fixture
def page(shop):
    return reverse("owner:birthday", args=[shop.slug])


@pytest.fixture
def treat(in_shop):
    keep_treat(
        BirthdayTreat(shop=in_shop, title="A bun", value_minor=1500), actor=as_owner(in_shop)
    )
    return BirthdayTreat.objects.get()


@pytest.fixture
def post(ingrid, page):
    return lambda **typed: ingrid.post(page, {**TYPED, **typed})


def test_it_works(ingrid, page, in_shop):
    assert ingrid.post(page, TYPED).status_code == 302

    treat = BirthdayTreat.objects.get()
    assert (treat.title, treat.value_minor, treat.terms) == ("A cake", 2250, "With any coffee")
    assert (treat.days_before, treat.days_after, treat.off_since) == (3, 10, None)
    html = plain_html(ingrid.get(page))
    assert "The birthday treat is on." in html
    assert 'value="A cake"' in html
    assert "Birthday treat: A cake, 12 May" in html
    assert "On the card, 9 May to 22 May" in html


def test_a_shop_that_never_had_one_is_offered_what_its_trade_gives(ingrid, page, in_shop):
    in_shop.language = "en-gb"
    in_shop.save()
    html = plain_html(ingrid.get(page))

    assert 'value="A bun"' in html
    assert "Start the birthday treat" in html
    assert "On the card, 5 May to 19 May" in html
    assert not BirthdayTreat.objects.exists()


@pytest.mark.parametrize("trade", Trade)
def test_every_trade_has_one_that_fits(trade):
    for currency in ("NOK", "DKK", "SEK", "EUR", "GBP"):
        shop = ShopFactory(trade=trade, currency=currency, language="en-gb")
        treat = proposal(shop)
        assert treat.title == TREATS[trade][0]
        assert len(treat.title) <= 50
        assert treat.value_minor >= 0


def test_it_is_changed(ingrid, page, treat):
    ingrid.post(page, TYPED)

    treat.refresh_from_db()
    assert treat.title == "A cake"
    assert BirthdayTreat.objects.with_scopes_disabled().count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"title": ""}, "title", "Type what they get."),
        ({"title": "x" * 51}, "title", "50"),
        ({"terms": "x" * 201}, "terms", "200"),
        ({"value_minor": ""}, "value_minor", "Type what it costs you."),
        ({"value_minor": "a lot"}, "value_minor", "Type an amount, like 25 or 39,50."),
        ({"days_before": ""}, "days_before", "Type a number."),
        ({"days_before": "-1"}, "days_before", "Type 0 or more."),
        ({"days_after": "31"}, "days_after", "Type 30 or less."),
        ({"days_after": "many"}, "days_after", "Type a whole number."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_kept(post, treat, wrong, field, told):
    answer = post(**wrong)

    html = plain_html(answer)
    assert answer.status_code == 422
    assert told in html
    assert f'id="id_{field}_error"' in html
    assert f'value="{wrong[field]}"' in html or not wrong[field]
    treat.refresh_from_db()
    assert treat.title == "A bun"


def test_markup_is_text(ingrid, page):
    ingrid.post(page, {**TYPED, "title": "<b>cake</b>"})

    assert "<b>cake" not in ingrid.get(page).content.decode()


# --- Switch ---


def test_off_and_on_again(ingrid, page, shop, treat):
    answer = ingrid.post(reverse("owner:birthday_off", args=[shop.slug]), follow=True)
    treat.refresh_from_db()
    assert treat.off_since is not None
    assert "The birthday treat is off. What is ready can still be handed out." in plain_html(answer)
    answer = ingrid.post(reverse("owner:birthday_on", args=[shop.slug]), follow=True)

    treat.refresh_from_db()
    assert treat.off_since is None
    assert "The birthday treat is on." in plain_html(answer)


def test_a_change_does_not_switch_it_on(ingrid, page, shop, treat):
    ingrid.post(reverse("owner:birthday_off", args=[shop.slug]))
    ingrid.post(page, TYPED)

    treat.refresh_from_db()
    assert (treat.title, treat.off_since is None) == ("A cake", False)


# --- Preview and cost ---


@pytest.fixture
def preview(ingrid, shop):
    address = reverse("owner:birthday_preview", args=[shop.slug])

    def ask(htmx=True, **typed):
        headers = {"hx-request": "true"} if htmx else {}
        return ingrid.post(address, {**TYPED, **typed}, headers=headers)

    return ask


def test_the_preview_follows_what_is_typed_and_keeps_nothing(preview, treat):
    html = plain_html(preview(title="A tart"))

    assert "Birthday treat: A tart, 12 May" in html
    assert "<html" not in html
    treat.refresh_from_db()
    assert treat.title == "A bun"


def test_half_typed_nothing_changes(preview):
    assert preview(title="").status_code == 204


def test_without_script_it_is_the_whole_page(preview):
    answer = preview(htmx=False, title="A tart")

    assert "Birthday treat: A tart, 12 May" in plain_html(answer)
    assert "<html" in plain_html(answer)
    assert preview(htmx=False, title="").status_code == 422


def born(shop, *birthdays):
    for day, month in birthdays:
        card = MembershipFactory(shop=shop)
        card.birthday = (day, month)
        card.save()


def test_the_cost_of_the_next_30_days(ingrid, page, in_shop, treat, next_door_card):
    born(in_shop, (19, 4), (20, 4), (20, 5), (21, 5))
    born(next_door_card.shop, (20, 4))
    MembershipFactory(shop=in_shop)
    html = plain_html(ingrid.get(page))

    assert "About 2 members have a birthday in the next 30 days." in html
    assert "At most they cost you 30\N{NO-BREAK SPACE}kr." in html


def test_nobody_told_one(ingrid, page, treat):
    assert "No member has told you of a birthday in the next 30 days." in plain_html(
        ingrid.get(page)
    )


# --- Points instead ---


def test_points_can_be_given_where_there_are_points(ingrid, page, in_shop):
    PointsFactory(shop=in_shop)
    ingrid.post(page, {**TYPED, "title": "50 points", "bonus": "50"})

    assert BirthdayTreat.objects.get().bonus == 50
    html = plain_html(ingrid.get(page))
    assert "On 9 May" in html
    assert "50 points arrive on the card by themselves." in html


def test_where_there_are_none_they_are_not_offered(ingrid, page, in_shop):
    ingrid.post(page, {**TYPED, "bonus": "50"})

    assert BirthdayTreat.objects.get().bonus is None
    assert "Points instead" not in plain_html(ingrid.get(page))


def test_points_that_went_away_are_refused_beside_their_field(ingrid, page, in_shop):
    points = PointsFactory(shop=in_shop)
    ingrid.post(page, {**TYPED, "bonus": "50"})
    points.paused_since = clock.now()
    points.save()
    answer = ingrid.post(page, {**TYPED, "bonus": "60"})

    assert answer.status_code == 422
    assert "Points are given only while your points scheme runs." in plain_html(answer)
    assert 'value="60"' in plain_html(answer)
    assert BirthdayTreat.objects.get().bonus == 50
    with pytest.raises(NoPoints):
        keep_treat(
            BirthdayTreat(shop=in_shop, title="60 points", bonus=60), actor=as_owner(in_shop)
        )


# --- Who may ---


def test_a_manager_looks(manager, page, treat):
    html = plain_html(manager.get(page))

    assert "Only the owner can change the treat. You see it as it is." in html
    assert "Birthday treat: A bun, 12 May" in html
    assert 'name="title"' not in html
    assert manager.post(page, TYPED).status_code == 403


def test_a_stranger_finds_nothing(stranger, page, treat):
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, TYPED).status_code == 404
    treat.refresh_from_db()
    assert treat.title == "A bun"
