"""Whom new levels would move, who stands where, and who moved."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from members.operations import undo
from rewards.tiers.models import Standing, Tier, TierMove
from tests.dashboard.levels.conftest import HTMX, TYPED, kept
from tests.support.pages import plain_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]


def test_it_works(preview, regular, in_shop):
    for n in (0, 2, 3, 6, 8):
        regular(n)

    assert "3 members move up now." in preview()
    assert "4 members move up now." in preview(begins_1="2")
    assert "Nobody moves by this." in preview(begins_1="20", begins_2="30")
    assert not Standing.objects.exists()


def test_as_many_as_it_said_then_move(post, preview, regular, in_shop):
    for n in (1, 3, 4, 7):
        regular(n)
    assert "3 members move up now." in preview()
    post()

    assert TierMove.objects.stands().up().count() == 3


def test_it_says_who_would_go_down_and_when(preview, regular, ladder):
    regular(3)
    with clock.at(clock.now() + timedelta(days=2)):
        regular(4)
        html = preview(**kept(), begins_1="5")

    assert "2 members would go down when their period ends, the first on 1 Mar 2028." in html


def test_it_says_who_loses_a_level_that_is_taken_away(preview, regular, ladder):
    regular(3)
    base, _silver, gold = Tier.objects.standing()
    left = {"name_1": "Gold", "begins_1": "6", "tier_0": base.pk, "tier_1": gold.pk}

    assert "1 member loses a level that is taken away." in preview(**left, levels="2")


def test_while_nothing_changes_nothing_is_said(preview, regular, ladder):
    regular(3)
    html = preview(**kept())

    assert " move" not in html
    assert "What Gold can have costs you at most 120 kr a year for each member." in html


def test_while_they_are_off_nobody_moves_now(ingrid, shop, preview, regular, ladder):
    ingrid.post(reverse("owner:levels_off", args=[shop.slug]))
    regular(3)

    assert "1 member will move up once levels run." in preview(begins_1="2")


def test_a_half_typed_form_changes_no_preview(ingrid, previewing):
    answer = ingrid.post(previewing, {**TYPED, "name_1": ""}, headers=HTMX)

    assert answer.status_code == 204


def test_a_refused_one_says_why_and_leaves_it(ingrid, previewing):
    answer = ingrid.post(previewing, {**TYPED, "begins_2": "3"}, headers=HTMX)

    assert "Silver and Gold take the same." in plain_text(answer)
    assert answer["HX-Reswap"] == "none"


# --- Who is where, who moved ---


def test_it_counts_who_is_on_each_level(ingrid, page, regular, ladder):
    for n in (0, 1, 3, 4, 6):
        regular(n)
    html = plain_text(ingrid.get(page)).split('id="on-levels"')[1].split('id="moves"')[0]

    counted = [part.split("<")[0] for part in html.split('<td class="n">')[1:]]
    assert counted == ["1", "2", "2"]  # Gold, Silver, Regular


def test_it_tells_who_moved_last_from_where_and_why(ingrid, page, regular, ladder, till_actor):
    maja = regular(3, name="Maja")
    html = plain_text(ingrid.get(page)).split('id="moves"')[1]

    assert "Maja" in html
    assert "Reached: 3 visits" in html
    assert html.index("Regular") < html.index("Silver")
    assert "Taken back" not in html
    last = maja.operations.order_by("-pk")[0]
    undo(membership=maja, undone=last, key=keys.new(), actor=till_actor)
    assert "Taken back" in plain_text(ingrid.get(page)).split('id="moves"')[1]


def test_a_member_says_their_level_and_its_history(ingrid, shop, regular, ladder):
    maja = regular(3, name="Maja")
    html = plain_text(ingrid.get(reverse("owner:member", args=[shop.slug, maja.pk])))

    assert "Silver since 1 March, kept until 1 Mar 2028" in html
    assert "Moved up to Silver" in html


def test_members_of_a_shop_without_levels_have_none(ingrid, shop, member):
    html = plain_text(ingrid.get(reverse("owner:member", args=[shop.slug, member.pk])))

    assert "<dt>Level</dt>" not in html


def test_many_members_cost_no_more(ingrid, page, regular, ladder):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            ingrid.get(page)
        return len(queries)

    regular(3)
    few = cost()
    for n in (3, 4, 6):
        regular(n)

    assert cost() == few


def test_the_preview_says_what_a_higher_level_has_of_a_lower_one(preview, in_shop):
    html = preview(head_start_1="1", head_start_2="0")

    assert html.count("1 stamp waits on each new card") == 2
