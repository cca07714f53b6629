"""The walker's controls: a door is taken off its hinges, and the walker must notice.

Each leak stands in another place, as somebody in a hurry might leave it there.
"""

from functools import wraps

import pytest
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django_scopes import scope, scopes_disabled

from loyalty import access
from loyalty.dashboard.members import file, narrowing
from loyalty.dashboard.members.views import members
from loyalty.dashboard.printkit.views import paper as paper_views
from loyalty.models import Location, Role, Shop
from loyalty.models.shops import RoleQuerySet
from members import access as card_access
from members import shops
from members.messages import views as message_views
from members.messages.models import Message
from members.models import Membership, PaperCard
from rewards import views as reward_views
from stampcards.counter import finding, searching
from tests.people import browser_of, till_of
from tests.walker.walk import everything_said

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_canaries_are_really_there(theirs):
    """The owner sees what the walker looks for; or its silence would mean nothing."""
    owner, till = browser_of(theirs.owner), till_of(theirs.counter)
    said = everything_said(owner.get(f"/o/{theirs.shop.slug}/people/"))
    said += everything_said(till.get(f"/c/card/{theirs.member.counter_code}/"))

    for seen in (theirs.staff.name, theirs.counter.name, theirs.location.name, theirs.member.name):
        assert seen in said


def in_every_shop(function):
    """The same function, which forgets that a shop was entered."""

    @wraps(function)
    def careless(*args, **more):
        with scope(shop=None):
            return function(*args, **more)

    return careless


def told(faults, *words):
    """Is there a fault with all these words? A leak must be caught for what it is."""
    return [fault for fault in faults if all(word in fault for word in words)]


# --- What is asked for by a stranger ------------------------------------------------------------


def test_a_page_that_finds_its_member_by_number_alone(walk, monkeypatch):
    def careless(role, pk):
        with scopes_disabled():
            return get_object_or_404(Membership.objects.select_related("shop"), pk=pk)

    monkeypatch.setattr(members, "card_of", careless)

    assert told(walk("owner:member", by=["owner"]), "opens")


def test_a_sheet_of_another_shop_to_print(walk, monkeypatch):
    """A PDF hides its words from a search, so that it opens at all must be enough."""

    def careless(shop, sheet):
        with scopes_disabled():
            card = PaperCard.objects.select_related("shop").filter(sheet=sheet).first()
        return sheet_of(card.shop, sheet) if card else sheet_of(shop, sheet)

    sheet_of = in_every_shop(paper_views.sheet_of)
    monkeypatch.setattr(paper_views, "sheet_of", careless)

    assert told(walk("owner:cards_pdf", by=["owner"]), "opens")


def test_a_refusal_that_says_there_is_such_a_shop(walk, monkeypatch):
    def careless(request, slug, *, level=Role.Level.STAFF):
        get_object_or_404(Shop, slug=slug)
        raise PermissionDenied

    monkeypatch.setattr(access, "role_for", careless)

    assert told(walk("owner:week", by=["owner"]), "403, not 404")


def test_a_role_of_anybody(walk, monkeypatch):
    def careless(request, slug, *, level=Role.Level.STAFF):
        roles = Role.objects.select_related("shop").filter(shop__slug=slug)
        role = roles.order_by("-level")[0]
        access.enter(request, role.shop)
        return role

    monkeypatch.setattr(access, "role_for", careless)

    assert told(walk("owner:pause", by=["customer"]), "changed")
    assert told(walk("owner:people", by=["customer"]), "shows")


def test_a_dismissed_colleague_who_keeps_the_role(walk, monkeypatch):
    monkeypatch.setattr(RoleQuerySet, "active", lambda roles: roles)

    assert told(walk("owner:people", by=["dismissed"]), "shows")


def test_a_lost_device_that_stays_paired(walk, monkeypatch):
    monkeypatch.setattr(access, "PAIRED", access.DEVICE)

    assert told(walk("counter:card", by=["revoked counter"]), "shows")


def test_a_card_of_any_shop_on_the_till(walk, monkeypatch):
    def careless(counter, code):
        with scopes_disabled():
            return get_object_or_404(Membership.objects.select_related("shop"), counter_code=code)

    monkeypatch.setattr(finding, "card_or_blank", careless)

    assert told(walk("counter:card", by=["counter"]), "shows")


def test_an_act_of_any_shop_that_is_undone_at_the_till(walk, monkeypatch):
    def careless(shop, things, *, membership=None, **wanted):
        return get_object_or_404(things, **wanted)

    monkeypatch.setattr(access, "scope", lambda shop: scope(shop=None))
    monkeypatch.setattr(access, "of_shop", careless)

    assert walk("counter:undo", by=["counter"])


def test_a_code_from_the_counter_that_opens_the_card(walk, monkeypatch):
    def careless(request, private):
        with scopes_disabled():
            card = get_object_or_404(
                Membership.objects.select_related("shop"), counter_code=private
            )
        access.enter(request, card.shop)
        return card

    monkeypatch.setattr(card_access, "card_of", careless)

    assert told(walk("card:card", by=["visitor"]), "shows")


def test_a_link_with_its_last_letter_wrong_that_gives_all_data_as_json(walk, monkeypatch):
    def careless(request, private):
        with scopes_disabled():
            cards = Membership.objects.select_related("shop")
            card = get_object_or_404(cards, private__startswith=private[:-1])
        access.enter(request, card.shop)
        return card

    monkeypatch.setattr(card_access, "card_of", careless)

    assert told(walk("my_data:download", by=["visitor"]), "shows")


def test_a_reward_of_any_card_that_an_open_page_asks_for(walk, monkeypatch):
    def careless(shop, things, *, membership=None, **wanted):
        with scopes_disabled():
            return get_object_or_404(things.model.objects.select_related("account"), **wanted)

    monkeypatch.setattr(reward_views, "of_shop", careless)

    assert walk("reward:now", by=["member"])


def test_a_message_of_another_shop_that_is_put_away(walk, monkeypatch):
    def careless(shop, things, **wanted):
        with scopes_disabled():
            return get_object_or_404(Message, **wanted)

    monkeypatch.setattr(message_views.doors, "of_shop", careless)
    monkeypatch.setattr(
        message_views.operations, "got_it", in_every_shop(message_views.operations.got_it)
    )

    assert told(walk("messages:got_it", by=["member"]), "changed", "Message")


# --- What stands on one's own pages -------------------------------------------------------------


def test_a_choice_that_offers_the_places_of_every_shop(at_home, monkeypatch):
    monkeypatch.setattr(Role, "places", lambda role: Location.objects.order_by("pk"))

    assert told(at_home("owner:people"), "shows 'Kanari-Place'")


def test_a_list_that_finds_members_of_every_shop(at_home, monkeypatch):
    monkeypatch.setattr(narrowing, "find", in_every_shop(narrowing.find))

    assert told(at_home("owner:members"), "shows 'Kanari-Maja'")


def test_a_file_with_the_members_of_every_shop(at_home, monkeypatch):
    def careless(cards):
        with scope(shop=None):
            return list(rows_of(cards.model.objects.annotate(here=narrowing.last_here())))

    rows_of = file.rows_of
    monkeypatch.setattr(file, "rows_of", careless)

    assert told(at_home("owner:export_members"), "POST", "shows 'Kanari-Maja'")


def test_a_search_at_the_till_that_knows_everybody(at_home, monkeypatch):
    monkeypatch.setattr(searching, "cards_called", in_every_shop(searching.cards_called))

    assert told(at_home("counter:search"), "POST", "shows")


def test_a_button_that_pauses_every_shop(at_home, monkeypatch):
    def careless(actor, what, since, **was):
        return bool(Shop.objects.filter(**was).update(paused_since=since))

    monkeypatch.setattr(shops, "_switch", careless)

    assert told(at_home("owner:pause_shop"), "changed", "Shop")


def test_nothing_is_said_of_a_shop_that_is_well_kept(walk, at_home):
    """The control of these controls: with every guard in its place, nobody cries."""
    assert not walk("owner:member", "counter:card", "messages:got_it", by=["owner", "counter"])
    assert not at_home("owner:people", "owner:members", "owner:export_members", "counter:search")
