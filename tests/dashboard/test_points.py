"""The owner's page of points: started in a minute, changed without touching what was earned."""

from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope

from loyalty import clock
from members.models import Programme
from rewards.points.owner_forms import initial_from
from rewards.points.proposals import proposal
from rewards.points.rules import PointRules
from tests.factories import CounterFactory, MembershipFactory, PointsFactory, RewardFactory, earn
from tests.support.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
HTMX = {"hx-request": "true"}


@pytest.fixture
def typed(shop):
    """What the form sends when nothing was changed but `more`."""

    def data(**more):
        name, rules = proposal(currency="NOK", language="en-gb")
        now = initial_from(name, rules) | {"rate": "1", "every": "10", "returns": "on"}
        plain = {name: "" if value in (None, False) else value for name, value in now.items()}
        return plain | more

    return data


@pytest.fixture
def points(shop):
    with clock.at(NOW - timedelta(days=90)):
        return PointsFactory(shop=shop)


def version(shop):
    with scope(shop=shop):
        return Programme.objects.get(kind="points").versions.latest("number")


def rules(shop):
    return PointRules.read(version(shop).rules)


def test_it_works(ingrid, at, typed, shop, member):
    page = text(ingrid.get(at("points")))
    assert "Switch points on" in page
    assert "1 point = " not in page
    assert "100 points = 1,000 kr of purchases." in page
    assert "A purchase of 79.50 kr gives 7 points. Parts of a point are not kept." in page

    page = text(ingrid.post(at("points"), typed(), follow=True))

    assert "Points are switched on. Members collect from now on." in page
    assert "Running" in page
    assert "You get 1 point for every 10 kr you pay." in page
    assert version(shop).written_by.name == "Ingrid"
    with scope(shop=shop):
        kinds = {each.programme.kind for each in member.accounts.select_related("programme")}
    assert kinds == {"stamps", "points"}


def test_a_double_tap_starts_one(ingrid, at, typed, shop):
    for _tap in range(2):
        page = text(ingrid.post(at("points"), typed(), follow=True))

    assert "Saved." in page
    with scope(shop=shop):
        assert Programme.objects.filter(kind="points").count() == 1


def test_every_choice_is_kept(ingrid, at, typed, shop):
    ingrid.post(
        at("points"),
        typed(
            rate="0,5",
            every="1",
            unit="own",
            unit_one="bean",
            unit_many="beans",
            expiry="idle",
            months="6",
            title="Beans",
            minimum="25",
            per_visit="5",
            per_item="2",
            item="cups",
            per_attendance="1",
            action_2_name="Own cup",
            action_2_n="3",
            warn="30",
            returns="",
        ),
    )

    kept = rules(shop)
    assert (kept.rate, kept.every_minor, kept.minimum_minor) == ("0.5", 100, 2500)
    assert kept.words(1) == "1 bean"
    assert kept.words(7) == "7 beans"
    assert (kept.expiry, kept.expires_months) == ("idle", 6)
    assert (kept.per_visit, kept.per_item, kept.item, kept.per_attendance) == (5, 2, "cups", 1)
    assert [(done.name, done.points) for done in kept.actions] == [("Own cup", 3)]
    assert (kept.returns, kept.warn_percent) == (False, 30)
    shown = ingrid.get(at("points")).context["form"]
    assert shown["rate"].value() == "0.5"
    assert shown["action_1_name"].value() == "Own cup"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rate", "0", "Type a number above zero, like 1 or 0,5."),
        ("rate", "-1", "Type a number above zero, like 1 or 0,5."),
        ("rate", "", "Type how many points, like 1 or 0,5."),
        ("rate", "one", "Type a number, like 1 or 0,5."),
        ("rate", "nan", "Type a number above zero, like 1 or 0,5."),
        ("rate", "0,000001", "Type a number with two decimals at most."),
        ("rate", "1.000000", "Type a number with two decimals at most."),
        ("rate", "1e9", "That is a lot. Type a smaller number."),
        ("every", "", "Type for how much, like 10."),
        ("every", "0", "Type an amount above zero."),
        ("title", "", "Type a name."),
        ("minimum", "-5", "Type an amount of zero or more."),
        ("per_visit", "-1", "greater than or equal to 0"),
        ("per_item", "x", "Enter a whole number."),
        ("warn", "101", "less than or equal to 100"),
        ("warn", "0", "greater than or equal to 1"),
        ("begins_on", "tomorrow", "Enter a valid date."),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(
    *, ingrid, at, typed, shop, points, field, value, words
):
    answer = ingrid.post(at("points"), typed(**{field: value}))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert words in str(form.errors[field])
    assert form[field].value() == value
    assert version(shop).number == 1


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"unit": "own", "unit_one": "bean"}, "unit_many", "Type the word for several of them."),
        ({"unit": "own", "unit_many": "beans"}, "unit_one", "Type the word for one of them."),
        (
            {"unit": "own", "unit_one": "x" * 21, "unit_many": "beans"},
            "unit_one",
            "at most 20 characters",
        ),
        ({"expiry": "earned", "months": ""}, "months", "Type after how many months."),
        ({"expiry": "idle", "months": "0"}, "months", "greater than or equal to 1"),
        ({"per_item": "2"}, "item", "Type what is counted."),
        ({"action_3_name": "Own cup"}, "action_3_n", "Type how many points it gives."),
        ({"action_3_n": "2"}, "action_3_name", "Type what it is."),
        (
            {
                "action_1_name": "Own cup",
                "action_1_n": "1",
                "action_2_name": "Own cup",
                "action_2_n": "2",
            },
            "action_2_name",
            "This stands here twice.",
        ),
        ({"by_amount": ""}, "by_amount", "Choose at least one way to earn."),
        ({"begins_on": "2026-10-19"}, "begins_on", "Choose today or a later day."),
    ],
)
def test_choices_that_do_not_fit_are_refused_beside_the_field(
    *, ingrid, at, typed, shop, points, more, field, words
):
    with clock.at(NOW):
        answer = ingrid.post(at("points"), typed(**more))

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert version(shop).number == 1


def test_what_another_choice_puts_out_of_sight_is_not_wrong(ingrid, at, typed, shop):
    answer = ingrid.post(
        at("points"),
        typed(by_amount="", rate="x", per_visit="3", months="0", unit_one="y" * 30),
    )

    assert answer.status_code == 302
    kept = rules(shop)
    assert (kept.rate, kept.per_visit, kept.expires_months, kept.unit_one) == ("0", 3, 12, "")


def test_a_later_day_waits_until_its_midnight(ingrid, at, typed, shop, points):
    member = MembershipFactory(shop=shop)
    counter = CounterFactory(shop=shop)
    with clock.at(NOW):
        sent = typed(rate="2", begins_on="2026-10-25")
        page = text(ingrid.post(at("points"), sent, follow=True))

    assert "New rules from 25 Oct 2026. Until then, nothing changes." in page
    assert "New rules begin on 25 Oct 2026." in page
    assert version(shop).effective_from == datetime(2026, 10, 24, 22, tzinfo=UTC)
    for minute, given in [(59, 10), (60, 20)]:
        with clock.at(datetime(2026, 10, 24, 21 + minute // 60, minute % 60, tzinfo=UTC)):
            assert earn(member, 10_000, counter=counter)["also"][0]["given"] == given


def test_today_is_at_once(ingrid, at, typed, shop, points):
    with clock.at(NOW):
        page = text(ingrid.post(at("points"), typed(rate="2", begins_on="2026-10-20"), follow=True))

    assert "These rules hold from now on. What was earned stays as it was earned." in page
    assert version(shop).effective_from == NOW


def test_what_waits_is_listed_and_taken_back(ingrid, at, typed, shop, points):
    with clock.at(NOW):
        ingrid.post(at("points"), typed(rate="2", begins_on="2026-11-01"))
        page = text(ingrid.get(at("points")))
        assert "Begins on 1 Nov 2026." in page
        assert "Waits" in page

        page = text(ingrid.post(at("take_rules_back"), follow=True))

    assert "Taken back. The rules stay as they are." in page
    assert "Was to begin on 1 Nov 2026, and was replaced before." in page
    assert "Take the new rules back" not in page
    assert rules(shop).rate == "1"


def test_earlier_rules_can_be_used_again(ingrid, at, typed, shop, points):
    ingrid.post(at("points"), typed(rate="2"))

    page = text(ingrid.post(at("use_rules", 1), follow=True))

    assert "These rules hold from now on." in page
    assert "Use these rules again" in page
    assert version(shop).number == 3
    assert rules(shop).rate == "1"


def test_a_version_nobody_wrote_is_not_found(ingrid, at, points):
    assert ingrid.post(at("use_rules", 7)).status_code == 404


def test_without_points_there_is_nothing_to_use_again(ingrid, at):
    assert ingrid.post(at("use_rules", 1)).status_code == 404
    assert ingrid.post(at("take_rules_back")).status_code == 404


@pytest.mark.parametrize(
    ("worth", "share", "warns"),
    [(4500, "4.5 % back", False), (20_000, "20 % back", False), (20_100, "20.1 % back", True)],
)
def test_what_a_reward_gives_back_and_when_it_is_a_lot(*, ingrid, at, points, worth, share, warns):
    RewardFactory(programme=points, name="Free lunch", cost=100, value_minor=worth)

    page = text(ingrid.get(at("points")))

    assert "100 points = 1,000 kr of purchases" in page
    assert share in page
    assert ("That is more than 20 % of what members pay." in page) is warns


def test_the_threshold_is_the_shops_own(ingrid, at, typed, points):
    RewardFactory(programme=points, cost=100, value_minor=20_100)

    page = text(ingrid.post(at("points_preview"), typed(warn="25"), headers=HTMX))

    assert "more than" not in page


def test_the_preview_keeps_nothing(ingrid, at, typed, shop, points):
    part = ingrid.post(at("points_preview"), typed(rate="3"), headers=HTMX)
    half_typed = ingrid.post(at("points_preview"), typed(rate="x"), headers=HTMX)
    nothing = ingrid.post(at("points_preview"), typed(by_amount=""), headers=HTMX)
    whole = ingrid.post(at("points_preview"), typed(rate="3"))

    assert "<html" not in text(part)
    assert "gives 23 points" in text(part)
    assert half_typed.status_code == 204
    assert "Choose at least one way to earn." in text(nothing)
    assert nothing["HX-Reswap"] == "none"
    assert "<html" in text(whole)
    assert "gives 23 points" in text(whole)
    assert version(shop).number == 1


def test_own_words_and_markup_are_text(ingrid, at, typed):
    sent = typed(unit="own", unit_one="<b>1</b>", unit_many="<b>2</b>")

    page = text(ingrid.post(at("points"), sent, follow=True))

    assert "<b>2</b>" not in page
    assert "&lt;b&gt;2&lt;/b&gt;" in page


def test_a_manager_looks_and_cannot_edit(manager, at, typed, shop, points):
    page = text(manager.get(at("points")))

    assert "Only the owner can change the rules." in page
    assert "You get 1 point for every 10 kr you pay." in page
    assert 'name="rate"' not in page
    assert at("switch_off", points.pk) not in page

    assert manager.post(at("points"), typed(rate="2")).status_code == 403
    assert version(shop).number == 1


def test_a_manager_is_told_who_starts_points(manager, at):
    page = text(manager.get(at("points")))

    assert "Only the owner can switch points on." in page


def test_a_stranger_changes_nothing(stranger, at, typed, shop, points):
    assert stranger.get(at("points")).status_code == 404
    assert stranger.post(at("points"), typed(rate="2")).status_code == 404
    assert stranger.post(at("use_rules", 1)).status_code == 404
    assert version(shop).number == 1
