"""The main act of the till, as plain forms send it and as htmx does."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.operations import dismiss, revoke
from members import programmes
from members.ledger import at_once
from members.ledger.models import Account, Operation
from tests.factories import MembershipFactory, ProgrammeFactory, as_owner
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def balance(membership):
    with scope(shop=membership.shop):
        return Account.objects.get(membership=membership, programme__name="Coffee card").balance


def test_it_works(give, till, member):
    response = give()

    assert response.status_code == 302
    assert "Maja: 1 stamp. Now 2 of 9." in text_of(till.get(response.url))
    assert balance(member) == 2


def test_without_scripts_the_whole_flow_is_pages_and_forms(till, member, card):
    sheet = till.post(reverse("counter:home"), {"code": member.short_code}, follow=True)
    form = sheet.context["member"].panels[0].needs["form"]
    asked = {"key": form["key"].value(), "programme": card.pk, "count": "3", "extra": "on"}
    result = till.post(reverse("counter:stamp", args=[member.counter_code]), asked, follow=True)
    said = result.context["said"]
    undone = till.post(
        reverse("counter:undo", args=[said.undo]), {"key": said.form["key"].value()}, follow=True
    )

    assert "Coffee card · 1 of 9" in text_of(sheet)
    assert "Maja: 3 stamps, Own cup +1. Now 5 of 9." in text_of(result)
    assert "Undone. Maja has 1 of 9." in text_of(undone)


def test_htmx_gets_the_line_and_the_empty_sheet_at_once(till, member, card):
    asked = {"key": keys.new(), "programme": card.pk, "count": 1}
    response = till.post(reverse("counter:stamp", args=[member.counter_code]), asked, headers=HTMX)

    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert 'hx-swap-oob="innerHTML"' in page
    assert "Maja: 1 stamp. Now 2 of 9." in page


def test_a_double_tap_books_once_and_says_the_same(give, till, member):
    key = keys.new()
    first, second = give(key=key), give(key=key)

    assert first.url == second.url
    assert text_of(till.get(first.url)) == text_of(till.get(second.url))
    assert balance(member) == 2


def test_a_reload_of_the_result_books_nothing(give, till, member):
    result = give().url
    for _reload in range(3):
        till.get(result)

    assert balance(member) == 2


def test_a_key_that_asked_for_something_else_is_refused(give, member):
    key = keys.new()
    give(key=key)
    response = give(key=key, count=3)

    assert response.status_code == 422
    assert "This page is out of date. Load it again and try once more." in text_of(response)
    assert balance(member) == 2


def test_a_key_of_another_counter_is_refused(give, till, member, shop):
    key = keys.new()
    give(key=key, membership=MembershipFactory(shop=shop))

    assert give(key=key).status_code == 422
    assert balance(member) == 1


def test_soon_after_it_asks_once_more(give, till, member):
    now = clock.now()
    with clock.at(now - timedelta(minutes=4)):
        give()
    refused = give()
    form = refused.context["member"].panels[0].needs["form"]
    agreed = give(key=form["key"].value(), again=form["again"].value())

    assert refused.status_code == 422
    assert "Stamped 4 minutes ago. Give another?" in text_of(refused)
    assert "Not now" in text_of(refused)
    assert agreed.status_code == 302
    assert balance(member) == 3


def test_a_sheet_opened_soon_after_says_so_before_the_tap(give, till, member):
    now = clock.now()
    with clock.at(now - timedelta(minutes=4)):
        give()
    sheet = till.get(reverse("counter:card", args=[member.counter_code]))
    form = sheet.context["member"].panels[0].needs["form"]

    assert "Stamped 4 minutes ago. Give another?" in text_of(sheet)
    assert give(again=form["again"].value()).status_code == 302


def test_more_than_the_card_takes_is_refused(give, member):
    response = give(count=21)

    assert response.status_code == 422
    assert "This card takes at most 20 stamps at a time." in text_of(response)
    assert balance(member) == 1


@pytest.mark.parametrize("count", ["0", "-1", "", "many", "1.5"])
def test_no_count_at_all_is_refused(give, member, count):
    assert give(count=count).status_code == 422
    assert balance(member) == 1


@pytest.mark.parametrize("key", ["", "no key"])
def test_without_a_key_nothing_is_booked(give, member, key):
    assert give(key=key).status_code == 422
    assert balance(member) == 1


def test_a_paused_programme_says_since_when(give, till, member, card):
    with clock.at(clock.now() - timedelta(days=1)), scope(shop=card.shop):
        programmes.pause(card, actor=as_owner(card.shop))
    response = give()
    sheet = till.get(reverse("counter:card", args=[member.counter_code]))

    assert response.status_code == 422
    assert "The programme is on pause since" in text_of(response)
    assert "The programme is on pause since" in text_of(sheet)
    assert "Give" not in text_of(sheet)


def test_a_programme_younger_than_the_card_can_be_stamped(give, till, member, shop):
    tea = ProgrammeFactory(shop=shop, name="Tea card", rules__need=4)
    sheet = till.get(reverse("counter:card", args=[member.counter_code]))
    response = give(programme=tea)

    assert "Tea card · 0 of 4" in text_of(sheet)
    assert "Maja: 1 stamp. Now 1 of 4." in text_of(till.get(response.url))


@pytest.mark.parametrize("programme", ["", "x", "999999"])
def test_a_programme_that_is_none_is_not_found(give, member, programme, card):
    class Wrong:
        pk = programme

    assert give(programme=Wrong).status_code == 404


def test_another_shops_programme_is_not_found(give, next_door_card, member):
    assert give(programme=next_door_card).status_code == 404


def test_a_stranger_counter_changes_nothing(give, next_door_till, next_door_counter, member):
    put_on_the_till(next_door_counter)
    response = give(client=next_door_till)

    assert response.status_code == 422
    assert "This card belongs to Kaffe &amp; Kardemomme." in text_of(response)
    assert "Maja" not in response.content.decode()
    assert balance(member) == 1


def test_an_owner_who_is_no_counter_changes_nothing(give, ingrid, stranger, visitor, member):
    for client in (ingrid, stranger, visitor):
        assert give(client=client).status_code == 401
    assert balance(member) == 1


def test_a_revoked_counter_is_out_at_the_next_request(give, counter, member):
    with scope(shop=counter.shop):
        revoke(counter, actor=as_owner(counter.shop))
    response = give()

    assert response.status_code == 401
    assert "This counter was signed out. Scan the pairing code again." in text_of(response)
    assert balance(member) == 1


def test_nobody_on_the_till_is_asked_first(give, till, counter, member, ola):
    with scope(shop=counter.shop):
        dismiss(ola, actor=as_owner(ola.shop))
    response = give()

    assert response.status_code == 422
    assert "Who is on the till?" in text_of(response)
    assert response.context["then"] == reverse("counter:card", args=[member.counter_code])
    assert balance(member) == 1


def test_who_and_where_stand_beside_the_stamp(give, counter, ola, member):
    key = keys.new()
    give(key=key)

    with scope(shop=counter.shop):
        operation = Operation.objects.get(key=key)
        assert (operation.counter, operation.staff) == (counter, ola)


def test_a_database_that_is_too_busy_asks_for_patience(give, member, monkeypatch):
    def write(*things):
        raise OperationalError("lock timeout")

    monkeypatch.setattr(at_once, "write", write)
    response = give()

    assert response.status_code == 503
    assert response["Retry-After"]


def test_a_stamp_asks_neither_session_nor_person(till, member, card):
    address = reverse("counter:stamp", args=[member.counter_code])
    asked = {"key": keys.new(), "programme": card.pk, "count": 1}
    with CaptureQueriesContext(connection) as said:
        till.post(address, asked, headers=HTMX)

    statements = [query["sql"] for query in said if not is_frame(query["sql"])]
    assert statements
    assert not [sql for sql in statements if "session" in sql or "loyalty_person" in sql]


def is_frame(sql):
    return sql.split()[0] in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
