"""Paper cards at the till: the first stamp makes the member, and a move can be taken back."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys, qr
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership
from members.paper.operations import move_to_phone
from stampcards.counter.models import CodeMiss
from tests.factories import MembershipFactory, PaperCardFactory
from tests.people import till_of
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def paper(card):
    return PaperCardFactory(shop=card.shop)


@pytest.fixture
def first(till, paper, card):
    """first(): the stamp form of the blank card's sheet, sent."""

    def post(client=till, **more):
        asked = {"key": keys.new(), "programme": card.pk, "count": 1, **more}
        return client.post(reverse("counter:stamp", args=[paper.counter_code]), asked)

    return post


@pytest.fixture
def elsa(first, paper):
    """She has the paper card, with the welcome and one stamp."""
    first()
    with scope(shop=paper.shop):
        return Membership.objects.select_related("shop").get(counter_code=paper.counter_code)


@pytest.fixture
def moved(elsa):
    """Elsa's card, since a customer moved it to a phone."""

    def move(own=None, at=None):
        with scope(shop=elsa.shop), clock.at(at or clock.now()):
            return move_to_phone(
                membership=elsa,
                own=own,
                language="nb",
                key=keys.new(),
                actor=Actor(elsa.shop, Channel.CARD),
            )

    return move


def spoken(paper):
    return f"{paper.short_code[:3]} {paper.short_code[3:]}"


# --- A card that nobody has ----------------------------------------------------------------


def test_it_works(first, in_shop):
    first()
    member = Membership.objects.get()
    assert (member.source, member.unclaimed) == (Membership.Source.PAPER, True)
    assert member.accounts.get().balance == 2
    assert list(audit.disagreements()) == []


@pytest.mark.parametrize(
    "typed", ["{0.short_code}", "{0.counter_code}", f"{settings.PUBLIC_URL}/S/{{0.counter_code}}"]
)
def test_it_opens_like_any_other(find, till, paper, typed):
    opened = find(typed.format(paper)).request["PATH_INFO"]
    page = text_of(till.get(opened, headers=HTMX))
    assert f"Member {spoken(paper)}" in page
    assert "Paper card" in page
    assert "Coffee card · 1 of 9" in page
    assert "New member" not in page


def test_looking_makes_nothing(find, sheet, paper, in_shop):
    find(paper.short_code)
    sheet(paper)

    assert not Membership.objects.exists()
    assert not Operation.objects.exclude(kind="print_sheet").exists()
    assert not CodeMiss.objects.exists()


def test_the_line_afterwards_can_be_undone_and_the_card_stays_a_members(first, undo, in_shop):
    key = keys.new()
    page = text_of(first(key=key).client.get(reverse("counter:home") + f"?done={key}"))
    assert "1 stamp. Now 2 of 9." in page

    undo(key)
    assert Membership.objects.get().accounts.get().balance == 1


def test_the_same_key_stamps_once(first, in_shop):
    key = keys.new()
    first(key=key)
    first(key=key)

    assert LedgerEntry.objects.filter(kind="earn", reason="").count() == 1
    assert Membership.objects.count() == 1


def test_a_second_till_meets_the_member(first, card, ola, in_shop, counter):
    other = till_of(counter)
    first()
    response = first(client=other)

    assert response.status_code == 422
    assert "Give another?" in text_of(response)
    assert Membership.objects.count() == 1


def test_a_card_on_pause_makes_no_member(first, card, in_shop):
    card.paused_since = clock.now()
    card.save(update_fields=["paused_since"])
    response = first()

    assert response.status_code == 422
    assert "on pause since" in text_of(response)
    assert not Membership.objects.exists()


def test_too_many_at_once_are_refused(first):
    response = first(count=99)

    assert response.status_code == 422
    assert "at most 20 stamps at a time" in text_of(response)


def test_no_reward_leaves_on_an_empty_card(till, paper, member):
    path = reverse("counter:reward", args=[paper.counter_code])
    response = till.post(path, {"key": keys.new(), "claim": 1})

    assert response.status_code == 422
    assert "This paper card is empty. Stamp it first." in text_of(response)


def test_taking_it_up_takes_no_place_among_the_last_ten(first, till, in_shop):
    first()
    page = text_of(till.get(reverse("counter:last")))

    assert page.count("1 stamp") == 1


@pytest.mark.parametrize("short", [False, True])
def test_the_counter_next_door(next_door_till, next_door_counter, paper, short):
    put_on_the_till(next_door_counter)
    scanned = f"{settings.PUBLIC_URL}/S/{paper.counter_code}"
    wish = {"code": paper.short_code if short else scanned}
    page = text_of(next_door_till.post(reverse("counter:home"), wish, follow=True))

    assert ("No card with that number." if short else "This card belongs to Kaffe") in page
    assert spoken(paper) not in page


@pytest.mark.parametrize("name", ["counter:card", "counter:show_code"])
def test_a_stranger_sees_nothing(visitor, stranger, paper, name):
    for client in (visitor, stranger):
        response = client.get(reverse(name, args=[paper.counter_code]))
        assert response.status_code == 401
        assert spoken(paper) not in response.content.decode()


# --- Its page, its tag, its code -----------------------------------------------------------


def test_the_page_says_what_to_do(till):
    page = text_of(till.get(reverse("counter:paper")))

    assert "Scan an empty card, or type its 6 digits." in page
    assert "Print more under Posters." in page


def test_the_tag_stays_until_it_is_on_a_phone(sheet, elsa, moved, member):
    assert "Paper card" in text_of(sheet(elsa)).partition("Give stamps")[0]
    assert "Paper card" not in text_of(sheet(member))

    assert "Paper card" not in text_of(sheet(moved()))


def test_its_code_can_be_shown_to_the_customers_phone(sheet, till, elsa, member):
    path = reverse("counter:show_code", args=[elsa.counter_code])
    assert path in sheet(elsa).content.decode()
    page = till.get(path)

    assert qr.svg(f"{settings.PUBLIC_URL.upper()}/S/{elsa.counter_code}") in page.content.decode()
    assert "Let the customer scan" in text_of(page)


def test_the_code_of_a_card_on_a_phone_is_not_shown(sheet, till, member):
    path = reverse("counter:show_code", args=[member.counter_code])

    assert path not in sheet(member).content.decode()
    assert till.get(path).url == reverse("counter:card", args=[member.counter_code])


# --- Moved, and back -----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{0.short_code}", "{0.counter_code}"])
def test_a_moved_card_says_so(find, paper, moved, typed):
    moved()
    page = text_of(find(typed.format(paper), scanned="True"))

    assert "This paper card is now on a phone." in page
    assert "Find by name" in page
    assert "Undo the move" in page


def test_a_day_later_only_the_name_helps(find, paper, moved):
    moved(at=clock.now() - timedelta(hours=25))
    page = text_of(find(paper.counter_code, scanned="True"))

    assert "Find by name" in page
    assert "Undo the move" not in page


@pytest.fixture
def take_back(till, paper):
    def post(client=till, **more):
        path = reverse("counter:undo_move", args=[paper.counter_code])
        return client.post(path, {"key": keys.new(), **more.pop("data", {})}, **more)

    return post


def test_taking_it_back_works(take_back, sheet, paper, moved, visitor):
    phone = moved()
    response = take_back(headers=HTMX)

    assert "Undone. The paper card works again." in response.content.decode()
    assert "Coffee card · 2 of 9" in text_of(sheet(paper))
    assert visitor.get(reverse("card:card", args=[phone.private])).status_code == 404


def test_without_scripts_it_leads_to_the_card(take_back, paper, moved):
    moved()

    assert take_back().url == reverse("counter:card", args=[paper.counter_code])


def test_a_double_tap_takes_it_back_once(take_back, moved, in_shop):
    moved()
    key = {"key": keys.new()}
    take_back(data=key)
    take_back(data=key)

    assert Operation.objects.filter(kind="move_back").count() == 1


def test_where_two_became_one_they_are_two_again(take_back, moved, sheet, paper, card):
    own = MembershipFactory(shop=card.shop, stamps=3)
    moved(own=own)
    take_back()

    assert "Coffee card · 2 of 9" in text_of(sheet(paper))
    assert "Coffee card · 3 of 9" in text_of(sheet(own))


def test_after_a_day_it_is_refused(take_back, moved):
    moved(at=clock.now() - timedelta(hours=25))
    response = take_back()

    assert response.status_code == 422
    assert "more than 24 hours ago" in text_of(response)


def test_the_counter_next_door_takes_nothing_back(
    take_back, moved, next_door_till, next_door_counter
):
    put_on_the_till(next_door_counter)
    phone = moved()
    take_back(client=next_door_till)

    with scope(shop=phone.shop):
        assert Membership.objects.get(pk=phone.pk).private == phone.private


def test_a_stamp_by_a_dead_code_is_refused(moved, first):
    moved()
    response = first()

    assert response.status_code == 422
    assert "This paper card is now on a phone." in text_of(response)


def test_many_cards_at_once_stay_apart(card, till, in_shop):
    cards = [PaperCardFactory(shop=in_shop) for _one in range(2)]
    for paper in cards:
        path = reverse("counter:stamp", args=[paper.counter_code])
        till.post(path, {"key": keys.new(), "programme": card.pk, "count": 2})

    assert [m.accounts.get().balance for m in Membership.objects.all()] == [3, 3]
