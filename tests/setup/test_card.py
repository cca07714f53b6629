"""Step 4: the card, edited beside its preview (W12)."""

from http import HTTPStatus

import pytest
from django_scopes import scope

from loyalty.operations import go_live
from members.models import Programme, RuleVersion
from stampcards.rules import Counts, StampRules
from tests.factories import as_owner
from tests.setup.people import typed
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db

CARD, PREVIEW, RULES = "/start/4/", "/start/4/preview/", "/start/5/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def kept(unfinished):
    """The card as it is kept."""

    def read():
        with scope(shop=unfinished):
            programme = Programme.objects.get()
            return programme.name, StampRules.read(programme.versions.latest("number").rules)

    return read


def test_it_works(at_work, unfinished, kept):
    changes = {"title": "Kaffekort ☕", "need": "5", "worth": "39,50", "colour": "#1d3557"}
    answer = at_work.post(CARD, typed(**changes))

    assert answer.headers["Location"] == RULES
    name, rules = kept()
    assert (name, rules.need, rules.reward_value_minor) == ("Kaffekort ☕", 5, 39_50)
    unfinished.refresh_from_db()
    assert unfinished.accent == "#1d3557"


def test_everything_under_more_choices_is_kept(at_work, kept):
    more = {
        "counts": "visit",
        "minimum": "",
        "wait": "0",
        "expires": "",
        "extra_for": "",
        "most": "2",
        "most_a_day": "50",
        "reward_lasts": "",
        "starts_on": "2027-03-01",
        "ends_on": "2027-03-31",
    }
    at_work.post(CARD, typed(**more))

    rules = kept()[1]
    assert (rules.counts, rules.minimum_minor, rules.wait_minutes) == (Counts.VISIT, 0, 0)
    assert (rules.expires_months, rules.reward_months, rules.extra_for) == (None, None, "")
    assert (rules.most_per_purchase, rules.most_per_day) == (2, 50)
    assert (rules.starts_on.isoformat(), rules.ends_on.isoformat()) == ("2027-03-01", "2027-03-31")


def test_the_form_shows_the_card_as_it_is(at_work, kept):
    at_work.post(CARD, typed(need="other", need_other="12", welcome="other", welcome_other="3"))
    page = html_of(at_work.get(CARD))

    assert 'name="need_other" value="12"' in page
    assert 'name="welcome_other" value="3"' in page
    assert "3</b> of 12" in page


def test_what_is_sent_unchanged_writes_no_new_version(at_work, unfinished):
    at_work.post(CARD, typed())
    with scope(shop=unfinished):
        before = RuleVersion.objects.count()
        at_work.post(CARD, typed())

        assert RuleVersion.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Type the name of the card."),
        ({"title": "x" * 300}, "at most 40 characters"),
        ({"reward": ""}, "Type what a full card gives."),
        ({"reward": "x" * 51}, "at most 50 characters"),
        ({"need": ""}, "This field is required."),
        ({"need": "10"}, "Select a valid choice."),
        ({"need": "other", "need_other": ""}, "Type a number, or choose one above."),
        ({"need": "other", "need_other": "ti"}, "Enter a whole number."),
        ({"need": "other", "need_other": "0"}, "A card has from 2 to 30 stamps."),
        ({"need": "other", "need_other": "1"}, "A card has from 2 to 30 stamps."),
        ({"need": "other", "need_other": "31"}, "A card has from 2 to 30 stamps."),
        ({"need": "4", "welcome": "other", "welcome_other": "4"}, "Give fewer welcome stamps"),
        ({"welcome": "other", "welcome_other": "-1"}, "greater than or equal to 0"),
        ({"worth": "abc"}, "Type an amount, like 25 or 39,50."),
        ({"worth": "-1"}, "Type an amount of zero or more."),
        ({"average": ""}, "Type what customers usually spend."),
        ({"average": "1e9"}, "That is a lot."),
        ({"minimum": "1,234"}, "two decimals at most"),
        ({"colour": "red"}, "Select a valid choice."),
        ({"colour": "other", "colour_other": "red"}, "Type a colour as #"),
        ({"most": "0"}, "greater than or equal to 1"),
        ({"most": "99"}, "less than or equal to 20"),
        ({"most_a_day": "0"}, "greater than or equal to 1"),
        ({"most_a_day": "51"}, "less than or equal to 50"),
        ({"wait": "soon"}, "Select a valid choice."),
        ({"ends_on": "2026-02-30"}, "Enter a valid date."),
        ({"starts_on": "2027-03-02", "ends_on": "2027-03-01"}, "a last day after the first"),
    ],
)
def test_each_slip_is_named_and_nothing_is_kept(at_work, kept, changes, words):
    before = kept()
    answer = at_work.post(CARD, typed(**changes))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is a problem" in html_of(answer)
    assert html_of(answer).count(words) >= 2  # above, and beside the field
    assert kept() == before


def test_a_slip_under_more_choices_opens_them(at_work):
    assert '<details class="more">' in html_of(at_work.get(CARD))
    assert '<details class="more" open>' in html_of(at_work.post(CARD, typed(most="0")))


def test_markup_and_emoji_are_shown_as_text(at_work):
    at_work.post(CARD, typed(title="<b>Kort</b>", reward="☕ <script>alert(1)</script>"))
    page = html_of(at_work.get(CARD)) + html_of(at_work.get(RULES))

    assert "&lt;b&gt;Kort&lt;/b&gt;" in page
    assert "<b>Kort" not in page
    assert "<script>alert" not in page


# --- The preview ----------------------------------------------------------------------------


def test_the_preview_is_the_real_card(at_work, kept):
    before = kept()
    answer = at_work.post(PREVIEW, typed(title="Neu", need="11", colour="#1d3557"), headers=HTMX)

    part = html_of(answer)
    assert "<html" not in part
    assert '<section class="scard"' in part
    assert "1</b> of 11" in part
    assert "/start/colour/1d3557.css" in part
    assert kept() == before  # nothing is kept


def test_the_cost_comes_along(at_work):
    part = html_of(at_work.post(PREVIEW, typed(), headers=HTMX))
    assert "one reward worth 40\xa0kr for 360\xa0kr." in part
    assert "Costs you about 11\xa0% of what members pay" in part
    assert 'hx-swap-oob="true"' in part
    assert "That is" not in part

    part = html_of(at_work.post(PREVIEW, typed(welcome="2"), headers=HTMX))
    assert "That is 7 purchases for: Any hot drink." in part


def test_half_typed_fields_change_nothing(at_work):
    answer = at_work.post(PREVIEW, typed(worth=""), headers=HTMX)

    assert answer.status_code == HTTPStatus.NO_CONTENT


def test_a_promise_no_card_can_keep_says_so_and_leaves_the_card(at_work):
    changes = {"need": "4", "welcome": "other", "welcome_other": "9"}
    answer = at_work.post(PREVIEW, typed(**changes), headers=HTMX)

    assert "Give fewer welcome stamps than the card has places." in html_of(answer)
    assert answer.headers["HX-Reswap"] == "none"


def test_an_unreadable_colour_is_darkened_and_said(at_work):
    said = "We made your colour a little darker so everyone can read it."
    part = html_of(at_work.post(PREVIEW, typed(colour="#c2571a"), headers=HTMX))
    assert said in part
    assert part.count('class="stamp"') == 2  # as chosen, and as shown

    assert said not in html_of(at_work.post(PREVIEW, typed(colour="#7b3f2a"), headers=HTMX))


@pytest.mark.parametrize("own", ["#123ABC", "123abc", " #123abc "])
def test_any_colour_may_be_chosen(at_work, unfinished, own):
    at_work.post(CARD, typed(colour="other", colour_other=own))

    unfinished.refresh_from_db()
    assert unfinished.accent == "#123abc"


def test_without_script_a_button_updates_the_preview(at_work, kept):
    before = kept()
    answer = at_work.post(PREVIEW, typed(title="Neu", need="4"))

    page = html_of(answer)
    assert "Update preview" in page
    assert "<html" in page
    assert "1</b> of 4" in page
    assert 'value="Neu"' in page
    assert kept() == before


def test_without_script_a_slip_is_named_and_the_old_card_shown(at_work):
    answer = at_work.post(PREVIEW, typed(need="other", need_other="31"))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "A card has from 2 to 30 stamps." in html_of(answer)
    assert "1</b> of 9" in html_of(answer)


def test_from_there_the_card_is_still_kept_and_not_only_previewed(at_work):
    page = at_work.post(PREVIEW, typed()).content.decode()

    assert f'<form method="post" action="{CARD}"' in page


def test_the_preview_is_no_page_to_open(at_work):
    assert at_work.get(PREVIEW).status_code == HTTPStatus.METHOD_NOT_ALLOWED


# --- Who may --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [CARD, PREVIEW, RULES, "/start/6/"])
def test_a_stranger_finds_nothing(unfinished, kept, stranger, visitor, address):
    before = kept()

    for answer in (stranger.get(address), stranger.post(address, typed(title="Mine"))):
        assert answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    assert visitor.get(address).headers["Location"].startswith("/accounts/login/")
    assert kept() == before


def test_once_started_the_card_is_changed_on_its_own_page(at_work, unfinished, kept):
    at_work.get(CARD)
    go_live(as_owner(unfinished))
    before = kept()

    assert at_work.post(CARD, typed(title="Late")).headers["Location"] == "/start/6/"
    assert at_work.get(RULES).headers["Location"] == "/start/6/"
    assert kept() == before
