import pytest
from django_scopes import scope

from loyalty import clock
from stampcards.owner_forms import initial_from
from stampcards.rules import StampRules
from tests.factories import MembershipFactory
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(shop, card):
    """What the form sends when nothing was changed but `more`."""

    def data(**more):
        with scope(shop=shop):
            rules = StampRules.read(card.versions.latest("number").rules)
        now = initial_from(shop, card.name, rules) | {"worth": "40", "average": "50"}
        plain = {name: "" if value is None else value for name, value in now.items()}
        return plain | {"minimum": "25"} | more

    return data


@pytest.fixture
def newest(shop, card):
    def version():
        with scope(shop=shop):
            return card.versions.latest("number")

    return version


def test_it_works(ingrid, at, typed, newest):
    page = text(ingrid.post(at("programme"), typed(need="11"), follow=True))

    assert "Applies to new cards." in page
    assert newest().number == 2
    assert newest().rules["need"] == 11
    assert newest().written_by.name == "Ingrid"


def test_cards_in_progress_keep_their_promise(ingrid, at, typed, shop, card):
    for stamps in (1, 5, 8):
        MembershipFactory(shop=shop, stamps=stamps)

    page = text(ingrid.post(at("programme"), typed(need="11"), follow=True))

    assert "Applies to new cards. 3 cards in progress keep 9." in page
    with scope(shop=shop):
        kept = {account.rule_version.rules["need"] for account in card.accounts.all()}
    assert kept == {9}


def test_a_change_of_the_reward_names_no_number(ingrid, at, typed, member):
    page = text(ingrid.post(at("programme"), typed(reward="A bun"), follow=True))

    assert "Applies to new cards. 1 card in progress keeps its promise." in page


def test_the_page_says_so_before_anything_is_saved(ingrid, at, member):
    page = text(ingrid.get(at("programme")))

    assert "Applies to new cards. 1 card in progress keeps 9." in page


def test_a_colour_alone_writes_no_version(ingrid, at, typed, newest, shop):
    page = text(
        ingrid.post(at("programme"), typed(colour="other", colour_other="#0b6fa5"), follow=True)
    )

    assert "Saved." in page
    assert newest().number == 1
    shop.refresh_from_db()
    assert shop.accent == "#0b6fa5"


def test_every_version_is_listed_and_can_be_used_again(ingrid, at, typed, newest, card):
    ingrid.post(at("programme"), typed(need="11"))

    page = text(ingrid.get(at("programme")))
    assert "11 stamps: Any hot drink" in page
    assert "9 stamps: Any hot drink" in page
    assert "by Ingrid" in page

    ingrid.post(at("use_version", card.pk, 1))

    assert newest().number == 3
    assert newest().rules["need"] == 9


def test_a_version_nobody_wrote_is_not_found(ingrid, at, card):
    assert ingrid.post(at("use_version", card.pk, 7)).status_code == 404


def test_a_welcome_that_fills_the_card_is_refused_beside_its_field(ingrid, at, typed, newest):
    sent = typed(need="4", welcome="other", welcome_other="4")

    answer = ingrid.post(at("programme"), sent)

    assert answer.status_code == 422
    assert "Give fewer welcome stamps than the card has places." in text(answer)
    assert newest().number == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 300),
        ("title", ""),
        ("reward", "x" * 300),
        ("worth", "forty"),
        ("need", "ten"),
        ("need", ""),
    ],
)
def test_what_is_out_of_shape_is_refused_and_kept(*, ingrid, at, typed, newest, field, value):
    answer = ingrid.post(at("programme"), typed(**{field: value}))

    assert answer.status_code == 422
    assert "There is a problem" in text(answer)
    assert answer.context["form"][field].value() == value
    assert newest().number == 1


def test_markup_and_emoji_are_text(ingrid, at, typed):
    page = text(ingrid.post(at("programme"), typed(reward="<b>Bun</b> 😀"), follow=True))

    assert "&lt;b&gt;Bun&lt;/b&gt; 😀" in page
    assert "<b>Bun</b>" not in page


def test_the_preview_keeps_nothing(ingrid, at, typed, newest, card):
    htmx = {"hx-request": "true"}

    part = ingrid.post(at("card_preview", card.pk), typed(need="4"), headers=htmx)
    half_typed = ingrid.post(at("card_preview", card.pk), typed(worth="x"), headers=htmx)
    whole = ingrid.post(at("card_preview", card.pk), typed(need="4"))

    assert "<html" not in text(part)
    assert "of 4" in text(part)
    assert half_typed.status_code == 204
    assert "<html" in text(whole)
    assert newest().number == 1


def test_a_pause_is_undone_from_its_message(ingrid, at, shop, card):
    page = text(ingrid.post(at("pause", card.pk), follow=True))

    assert "The programme is on pause. Rewards can still be handed out." in page
    assert f'action="{at("resume", card.pk)}"' in page
    day = clock.now().astimezone(shop.zone).day
    assert f"On pause since {day}" in page

    page = text(ingrid.post(at("resume", card.pk), follow=True))

    assert "The programme runs again." in page
    assert "Running" in page


def test_rewards_may_be_kept_for_saved_cards_and_given_to_all_again(ingrid, at, shop, member):
    page = text(ingrid.post(at("saved_only"), follow=True))

    assert "From now on, a card must be saved before a reward is handed out." in page
    assert f'action="{at("to_all")}"' in page
    shop.refresh_from_db()
    assert shop.saved_card_first

    page = text(ingrid.post(at("to_all"), follow=True))

    assert "Rewards are handed out to every card again." in page
    assert "To every card, saved or not." in page


def test_a_manager_looks_and_cannot_edit(manager, at, typed, newest, card):
    page = text(manager.get(at("programme")))

    assert "Only the owner can change the card." in page
    assert "Anyone can join, free." in page
    assert 'name="reward"' not in page
    assert at("pause", card.pk) not in page

    assert manager.post(at("programme"), typed(need="11")).status_code == 403
    assert newest().number == 1


def test_a_shop_without_a_card_has_no_such_page(ingrid, at, shop):
    assert ingrid.get(at("programme")).status_code == 404


def test_a_stranger_changes_nothing(stranger, at, typed, newest):
    assert stranger.post(at("programme"), typed(need="11")).status_code == 404
    assert newest().number == 1
