"""The page that makes and changes a reward."""

import pytest

from rewards.catalogue.models import Reward
from rewards.models import Claim
from tests.dashboard.rewards.conftest import somebody_chooses
from tests.factories import RewardFactory
from tests.support.pages import text

pytestmark = pytest.mark.django_db


# --- The form -------------------------------------------------------------------------------------


def test_it_works(ingrid, at, typed, points):
    page = text(ingrid.post(at("add_reward"), typed(stock="20"), follow=True))

    assert "Free lunch is in the catalogue." in page
    assert "100 points · 20 left · Nobody has chosen it yet" in page
    assert "100 points = 1,000 kr of purchases; worth 45 kr = 4.5 % back." in page
    made = Reward.objects.get()
    assert (made.programme, made.cost, made.value_minor, made.stock) == (points, 100, 4500, 20)


def test_everything_that_can_be_typed_is_kept(ingrid, at, typed):
    data = typed(
        behaviour="percent",
        percent="20",
        terms="Not in July",
        per_member="2",
        minimum="99,50",
        use_within="30",
        starts_on="2026-12-01",
        ends_on="2026-12-24",
    )
    ingrid.post(at("add_reward"), data)

    made = Reward.objects.get()
    assert (made.behaviour, made.percent, made.terms) == ("percent", 20, "Not in July")
    assert (made.per_member, made.minimum_minor, made.use_within_days) == (2, 9950, 30)
    assert (str(made.starts_on), str(made.ends_on)) == ("2026-12-01", "2026-12-24")


def test_a_full_card_can_be_its_price(ingrid, at, typed, card):
    page = text(ingrid.post(at("add_reward"), typed(programme=card.pk), follow=True))

    assert "A full card: Coffee card" in page
    assert Reward.objects.get().cost is None  # what was typed before is nobody's mistake


def test_an_amount_off_costs_what_it_takes_off(ingrid, at, typed):
    ingrid.post(at("add_reward"), typed(behaviour="amount", amount="50", value=""))

    assert Reward.objects.get().value_minor == 5000


@pytest.mark.parametrize(
    ("field", "typed_in", "more", "says"),
    [
        ("name", "", {}, "Type a name."),
        ("name", "x" * 51, {}, "Use 50 letters at most."),
        ("text", "x" * 201, {}, "Use 200 letters at most."),
        ("percent", "0", {"behaviour": "percent"}, "Type a percentage from 1 to 100."),
        ("percent", "101", {"behaviour": "percent"}, "Type a percentage from 1 to 100."),
        ("percent", "", {"behaviour": "percent"}, "Type a percentage from 1 to 100."),
        ("amount", "0", {"behaviour": "amount"}, "Type an amount above zero."),
        ("amount", "", {"behaviour": "amount"}, "Type an amount above zero."),
        ("amount", "-5", {"behaviour": "amount"}, "Type an amount of zero or more."),
        ("amount", "1.000", {"behaviour": "amount"}, "two decimals at most"),
        ("bonus", "0", {"behaviour": "bonus"}, "Type at least 1."),
        ("bonus", "100", {"behaviour": "bonus"}, "over and over"),
        ("behaviour", "everything", {}, "everything is not one of the available choices"),
        ("cost", "0", {}, "Type a price of at least 1."),
        ("cost", "", {}, "Type a price of at least 1."),
        ("cost", "9" * 30, {}, "Ensure this value is less than or equal to"),
        ("value", "forty", {}, "Type an amount, like 25 or 39,50."),
        ("stock", "-1", {}, "Ensure this value is greater than or equal to 0"),
        ("per_member", "0", {}, "Type at least 1, or leave it empty."),
        ("use_within", "0", {}, "Type at least 1, or leave it empty."),
        (
            "ends_on",
            "2026-11-30",
            {"starts_on": "2026-12-01"},
            "Choose a last day after the first.",
        ),
        ("ends_on", "soon", {}, "Enter a valid date."),
        ("programme", "0", {}, "not one of the available choices"),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field_and_kept(
    *, ingrid, at, typed, field, typed_in, more, says
):
    answer = ingrid.post(at("add_reward"), typed(**{field: typed_in}, **more))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert says in " ".join(form.errors[field])
    assert form[field].value() == typed_in
    assert form["value"].value() in ("45", typed_in)
    assert not Reward.objects.exists()


def test_what_belongs_to_another_choice_is_not_minded(ingrid, at, typed):
    ingrid.post(at("add_reward"), typed(percent="lots", amount="x", bonus="-1"))

    assert Reward.objects.get().behaviour == "thing"


def test_markup_is_text(ingrid, at, typed):
    page = text(ingrid.post(at("add_reward"), typed(name="<b>Bun</b> 😀"), follow=True))

    assert "&lt;b&gt;Bun&lt;/b&gt; 😀" in page
    assert "<b>Bun</b>" not in page


# --- Changing it ----------------------------------------------------------------------------------


def test_whoever_has_chosen_it_keeps_what_was_promised(ingrid, at, typed, lunch):
    somebody_chooses(lunch)

    page = text(ingrid.post(at("reward", lunch.pk), typed(name="Half a lunch"), follow=True))

    assert "Saved. 1 member has chosen it already and keeps what was promised." in page
    assert Claim.objects.get().title == "Free lunch"
    lunch.refresh_from_db()
    assert lunch.name == "Half a lunch"


def test_what_is_chosen_while_the_owner_types_is_counted(ingrid, at, typed, points):
    cup = RewardFactory(programme=points, stock=5)
    begun = ingrid.get(at("reward", cup.pk)).context["form"]
    somebody_chooses(cup)

    ingrid.post(at("reward", cup.pk), typed(stock="15", stock_was=begun["stock_was"].value()))

    cup.refresh_from_db()
    assert cup.stock == 14


def test_taken_off_offer_and_back(ingrid, at, lunch):
    page = ingrid.post(at("retire_reward", lunch.pk), follow=True)
    assert "Free lunch is not on offer any more." in text(page)
    assert at("offer_reward_again", lunch.pk) in text(page)  # Undo
    lunch.refresh_from_db()
    assert lunch.retired_at

    page = ingrid.post(at("offer_reward_again", lunch.pk), follow=True)
    assert "Free lunch is on offer again." in text(page)
    lunch.refresh_from_db()
    assert lunch.retired_at is None


def test_a_last_day_in_the_first_year_of_all_is_only_long_over(ingrid, at, typed):
    """What a date field sends while somebody types 1990."""
    page = text(ingrid.post(at("preview_new_reward"), typed(ends_on="0001-01-01")))

    assert "Free lunch" in page
