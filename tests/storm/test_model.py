"""The model keeps the promises as they are written down (F8, L8), by examples worked by hand."""

from datetime import date
from uuid import uuid4

import pytest

from tests.storm.model import Deed, Illegal, Model

TODAY, LATER = date(2026, 3, 10), date(2027, 3, 10)


@pytest.fixture
def shop():
    """Cards A and B, each with its welcome stamp."""
    model = Model(places=1)
    for code in "AB":
        do(model, "join", code, "")
    return model


def do(model, act, *words, **more):
    deed = Deed(uuid4(), act, None, TODAY)
    getattr(model, act)(deed, *words, **more)
    model.deeds[deed.key] = deed
    return deed


def standing(model, code):
    """Stamps, points, and what is owed."""
    card = model.cards[code]
    return card.stamps.balance, card.points.balance, card.points.owed


def test_it_works(shop):
    full = do(shop, "stamp", "A", 7, LATER)

    assert [amount for _name, _kind, amount in full.lines] == [7, -6]
    assert standing(shop, "A") == (2, 0, 0)
    assert len(full.claims) == 1


def test_a_refund_of_what_was_spent_is_owed_and_taken_from_the_next(shop):
    earned = do(shop, "earn", "A", 22, LATER)
    do(shop, "claim", "A")

    do(shop, "take_back", earned.key, owe=True)
    assert standing(shop, "A") == (1, 0, 20)

    again = do(shop, "earn", "A", 23, LATER)
    assert [amount for _name, _kind, amount in again.lines] == [23, -20]
    assert standing(shop, "A") == (1, 3, 0)


def test_a_till_takes_back_nothing_that_was_used(shop):
    earned = do(shop, "earn", "A", 20, LATER)
    do(shop, "claim", "A")

    with pytest.raises(Illegal, match="already_spent"):
        do(shop, "take_back", earned.key, owe=False)


def test_nothing_is_taken_back_twice(shop):
    stamped = do(shop, "stamp", "A", 2, LATER)
    do(shop, "take_back", stamped.key, owe=False)

    with pytest.raises(Illegal, match="nothing_to_undo"):
        do(shop, "take_back", stamped.key, owe=False)


def test_two_cards_become_one_with_one_welcome(shop):
    do(shop, "stamp", "A", 2, LATER)
    do(shop, "stamp", "B", 1, LATER)
    do(shop, "merge", "A", "B")

    assert standing(shop, "A") == (4, 0, 0)
    assert standing(shop, "B") == (0, 0, 0)
    with pytest.raises(Illegal, match="part of A"):
        do(shop, "stamp", "B", 1, LATER)


def test_a_friends_first_purchase_is_thanked_once(shop):
    do(shop, "join", "C", "A")
    do(shop, "earn", "C", 3, LATER)

    assert shop.due == ["C"]

    do(shop, "thank", "A", "C", LATER)

    assert [standing(shop, code)[1] for code in "AC"] == [10, 8]
    assert shop.due == []
    with pytest.raises(Illegal, match="no friend's first"):
        do(shop, "thank", "A", "C", LATER)


def thanked(shop):
    """C came through A, and bought for three points. Returns that purchase."""
    do(shop, "join", "C", "A")
    bought = do(shop, "earn", "C", 3, LATER)
    do(shop, "thank", "A", "C", LATER)
    return bought


def test_a_stamp_is_a_purchase_of_a_friend_as_well(shop):
    do(shop, "join", "C", "A")
    do(shop, "stamp", "C", 1, LATER)
    do(shop, "earn", "C", 3, LATER)

    assert standing(shop, "C") == (2, 8, 0)
    assert shop.due == ["C"]


def test_a_refund_of_a_friends_first_purchase_takes_the_thanks_back(shop):
    bought = thanked(shop)

    do(shop, "take_back", bought.key, owe=True)
    assert shop.due == ["C"]
    do(shop, "take_thanks_back", "A", "C")

    assert [standing(shop, code)[1] for code in "AC"] == [0, 0]
    assert shop.due == []


def test_thanks_that_are_spent_are_owed_by_the_card_it_became(shop):
    bought = thanked(shop)
    do(shop, "earn", "A", 10, LATER)
    do(shop, "claim", "A")
    do(shop, "merge", "B", "A")

    do(shop, "take_back", bought.key, owe=True)
    do(shop, "take_thanks_back", "B", "C")

    assert [standing(shop, code)[1:] for code in "AB"] == [(0, 0), (0, 10)]


def test_the_next_purchase_is_the_first_and_nobody_is_thanked_twice(shop):
    bought = thanked(shop)
    do(shop, "take_back", bought.key, owe=True)
    do(shop, "earn", "C", 4, LATER)

    do(shop, "thank", "A", "C", LATER)  # before anybody had come to take the first thanks back

    assert [standing(shop, code)[1] for code in "AC"] == [10, 9]
    with pytest.raises(Illegal, match="kept its thanks"):
        do(shop, "take_thanks_back", "A", "C")


def test_what_has_not_run_out_does_not_run_out(shop):
    do(shop, "earn", "A", 5, TODAY)

    with pytest.raises(Illegal, match="has not run out"):
        do(shop, "expire", ("A", "points"), 1)


def test_the_last_one_is_reserved_once(shop):
    do(shop, "reserve", "A")

    with pytest.raises(Illegal, match="0 are left"):
        do(shop, "reserve", "B")


def test_what_is_let_go_can_be_reserved_by_somebody_else(shop):
    kept = do(shop, "reserve", "A")

    do(shop, "let_go", "A", (kept.key, 0))
    do(shop, "reserve", "B")

    with pytest.raises(Illegal, match="cancelled"):
        do(shop, "let_go", "A", (kept.key, 0))


def test_what_was_handed_out_is_not_let_go(shop):
    kept = do(shop, "reserve", "A")
    do(shop, "hand_over", "A", (kept.key, 0))

    with pytest.raises(Illegal, match="handed_over"):
        do(shop, "let_go", "A", (kept.key, 0))
