"""Every line of a card, newest first; the balance after each is the sum so far."""

import re
from datetime import timedelta
from itertools import chain, pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from members.card import history
from members.card.history import page_of
from members.ledger.models import LedgerEntry, Operation
from members.ledger.operations import expire_lapsed
from members.merging import merge
from members.operations import undo
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import MembershipFactory, PointsFactory, ProgrammeFactory, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(in_shop):
    def read(member, page="1"):
        return page_of(member, page)[1]

    return read


def told(lines):
    return [(line.words, line.change, line.balance) for line in lines]


def test_it_works(lines, member, counter):
    stamp(member, 2, counter=counter)

    place = counter.location.name
    assert told(lines(member)) == [
        (f"2 stamps from {place}", "+2", 3),
        ("1 stamp from us, for joining", "+1", 1),
    ]


def test_the_page_shows_time_of_the_shop_what_and_balance(visitor, member, counter):
    with clock.at(clock.now().replace(month=7, hour=10, minute=42) + timedelta(days=366)):
        stamp(member, 1, counter=counter)
    html = visitor.get(reverse("card:history", args=[member.private])).content.decode()

    assert "12:42" in html  # Oslo in summer, two hours ahead of UTC
    assert f"Stamp from {counter.location.name}" in html
    assert "Balance: 2" in html


def test_an_extra_stamp_says_what_for(lines, member, counter):
    stamp(member, 1, counter=counter, extra=True)

    assert told(lines(member))[0] == ("Extra stamp: Own cup", "+1", 3)


def test_a_full_card_and_its_reward_are_lines(lines, card, counter, till_actor):
    member = MembershipFactory(shop=card.shop, stamps=9, stamps__counter=counter)
    claim = Claim.objects.get()
    hand_over(membership=member, claim=claim, key=keys.new(), actor=till_actor)

    assert told(lines(member))[:3] == [
        ("Reward used: Any hot drink", "", None),
        ("Card full", "−9", 0),
        (f"8 stamps from {counter.location.name}", "+8", 9),
    ]


def test_an_undo_is_a_line_and_deletes_none(lines, member, counter, till_actor):
    stamp(member, 1, counter=counter)
    done = Operation.objects.get(kind="add_stamps")
    undo(membership=member, undone=done, key=keys.new(), actor=till_actor)

    assert [line.words for line in lines(member)] == [
        "Corrected by the shop",
        f"Stamp from {counter.location.name}",
        "1 stamp from us, for joining",
    ]


def test_a_hand_over_undone_is_a_line_too(lines, card, till_actor):
    member = MembershipFactory(shop=card.shop, stamps=9)
    key = keys.new()
    hand_over(membership=member, claim=Claim.objects.get(), key=key, actor=till_actor)
    undo(
        membership=member,
        undone=Operation.objects.get(key=key),
        key=keys.new(),
        actor=till_actor,
    )

    assert lines(member)[0].words == "Corrected by the shop: Any hot drink is back"


def test_what_ran_out_is_a_line(lines, member):
    with clock.at(clock.now() + timedelta(days=400)):
        expire_lapsed(clock.now())

        assert told(lines(member))[0] == ("Ran out", "−1", 0)


def test_what_came_from_another_card_is_a_line(lines, card, counter, till_actor):
    gone, kept = (MembershipFactory(shop=card.shop) for _ in range(2))
    stamp(gone, 2, counter=counter)
    merge(gone=gone, kept=kept, key=keys.new(), actor=till_actor)

    assert told(lines(kept))[0] == ("Moved from another card", "+2", 3)


def test_an_empty_history_says_what_will_be_here(visitor):
    card = ProgrammeFactory(rules__welcome=0)
    member = MembershipFactory(shop=card.shop)
    html = visitor.get(reverse("card:history", args=[member.private])).content.decode()

    assert "Nothing here yet" in html
    assert "Every stamp you get is listed here." in html


@pytest.mark.parametrize("beside_a_card", [True, False])
def test_where_there_are_points_it_speaks_of_everything(visitor, shop, beside_a_card):
    if beside_a_card:
        ProgrammeFactory(shop=shop, rules__welcome=0)
    PointsFactory(shop=shop)
    member = MembershipFactory(shop=shop)
    html = visitor.get(reverse("card:history", args=[member.private])).content.decode()

    assert "Everything you get is listed here." in html
    assert "Every stamp" not in html


# --- Long histories ---


@pytest.fixture
def regular(card, counter, monkeypatch):
    """Twelve lines of entries, four a page."""
    monkeypatch.setattr(history, "LINES_A_PAGE", 4)
    member = MembershipFactory(shop=card.shop)
    start = clock.now()
    for hour in range(1, 11):
        with clock.at(start + timedelta(hours=hour)):
            stamp(member, 1, counter=counter)
    return member


def test_every_line_is_on_one_page_and_no_line_on_two(lines, regular, till_actor):
    with clock.at(clock.now() + timedelta(hours=9, minutes=30)):
        claim = Claim.objects.get()
        hand_over(membership=regular, claim=claim, key=keys.new(), actor=till_actor)

    pages = [lines(regular, str(number)) for number in (1, 2, 3)]
    all_lines = list(chain(*pages))
    assert [len(page) for page in pages] == [5, 4, 4]
    assert len(all_lines) == LedgerEntry.objects.count() + 1
    assert sum(line.words.startswith("Reward used") for line in all_lines) == 1


def test_each_balance_follows_from_the_line_below(lines, regular):
    entries = list(chain.from_iterable(lines(regular, str(number)) for number in (1, 2, 3)))

    for above, below in pairwise(entries):
        assert above.balance == below.balance + above.amount
    assert entries[0].balance == regular.accounts.get().balance


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "🍰", "9" * 300])
def test_a_page_there_is_not_is_the_nearest(visitor, regular, page):
    answer = visitor.get(reverse("card:history", args=[regular.private]), {"page": page})

    assert answer.status_code == 200


def test_a_page_costs_the_same_however_long_the_history(visitor, regular, member, counter):
    stamp(member, 1, counter=counter)

    def cost(of):
        with CaptureQueriesContext(connection) as queries:
            visitor.get(reverse("card:history", args=[of.private]))
        return len(queries)

    assert cost(regular) == cost(member)


def test_pages_lead_to_older_and_newer(visitor, regular):
    html = visitor.get(reverse("card:history", args=[regular.private]), {"page": "2"}).content

    assert re.search(rb'href="\?page=3">Older', html)
    assert b'href="?page=1"' in html
