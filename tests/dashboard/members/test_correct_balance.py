"""A manager sets a balance right."""

import pytest
from django.urls import reverse

from members import programmes
from members.ledger.models import LedgerEntry, Operation
from tests.dashboard.members.reading import address, standing
from tests.factories import as_owner
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["+5", "5", " + 5 "])
def test_plus(read, maja, correct, typed):
    page = words_of(correct(maja, typed))

    assert "Corrected: +5 points. Now 5 points." in page
    assert "+5 points Corrected: Goodwill Ingrid" in page


@pytest.mark.parametrize("typed", ["-4", "−4", "– 4"])
def test_minus(maja, buy, correct, typed):
    buy(maja)

    assert "Corrected: −4 points. Now 6 points." in words_of(correct(maja, typed))


def test_the_customer_reads_that_the_shop_corrected_it(visitor, maja, correct):
    correct(maja, "+5")

    page = words_of(visitor.get(reverse("card:history", args=[maja.private])))

    assert "Corrected by the shop" in page
    assert "Goodwill" not in page


def test_a_correction_can_be_taken_back(read, maja, correct, take_back):
    correct(maja, "+5")

    take_back(Operation.objects.get(kind="adjust_balance"), reason="mistake")

    assert standing(maja) == (0, 0)
    assert "Taken back by Ingrid: Mistake" in read(maja)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type a number, like +5 or −5."),
        ("five", "Type a number, like +5 or −5."),
        ("1.5", "Type a number, like +5 or −5."),
        ("9" * 5000, "Type a number, like +5 or −5."),
        ("0", "Type a number from 1 to 1,000, with + or −."),
        ("1001", "Type a number from 1 to 1,000, with + or −."),
        ("-1", "There is not enough on this card."),
    ],
)
def test_each_wrong_number_is_told_and_kept(maja, correct, typed, told):
    answer = correct(maja, typed)

    assert answer.status_code == 422
    assert told in words_of(answer)
    assert f'value="{typed}"' in answer.content.decode() or not typed
    assert not LedgerEntry.objects.exists()


def test_a_reason_is_wanted_for_a_correction(maja, correct):
    answer = correct(maja, "+5", reason="")

    assert answer.status_code == 422
    assert "Choose why it is corrected." in words_of(answer)


def test_what_is_switched_off_is_not_offered(ingrid, maja, points, correct):
    programmes.switch_off(points, actor=as_owner(points.shop))

    assert "Correct balance" not in words_of(ingrid.get(address(maja)))
    assert correct(maja, "+5").status_code == 422


def test_another_shops_programme_is_no_choice(maja, correct, next_door_card):
    assert correct(maja, "+5", programme=next_door_card).status_code == 422
