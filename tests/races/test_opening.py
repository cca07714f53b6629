"""One file, brought in by two people at the same moment."""

import pytest
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership
from members.opening import booking, matching
from members.opening.models import OpeningLine
from members.opening.operations import look_at
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = "Name,Phone,Coffee card\n" + "".join(f"Member {n},4061234{n},5\n" for n in range(4))


@pytest.fixture
def owner(in_shop, card):
    return Actor(in_shop, Channel.OWNER)


def chosen(owner, rows=ROWS):
    return look_at(upload=rows.encode(), actor=owner)


def bringing_in(file, owner):
    """Every line of a file, one after the other; a busy database is asked again."""

    def all_of_them():
        with scope(shop=owner.shop):
            for line in OpeningLine.objects.filter(file=file).order_by("number"):
                while OpeningLine.objects.waiting().filter(pk=line.pk).exists():
                    try:
                        booking.bring_in(line, actor=owner)
                    except booking.posting.Busy:
                        continue

    return all_of_them


def states():
    return sorted(OpeningLine.objects.values_list("state", flat=True))


def test_the_same_file_twice_at_once_credits_once(owner):
    files = [chosen(owner) for _person in range(2)]
    together([bringing_in(file, owner) for file in files])

    assert Membership.objects.count() == 4
    assert LedgerEntry.objects.filter(kind="opening").count() == 4
    assert states() == ["brought_in"] * 4 + ["refused"] * 4


def test_one_file_by_two_workers_credits_once_and_tells_no_lie(owner):
    file = chosen(owner)
    together([bringing_in(file, owner)] * 3)

    assert LedgerEntry.objects.filter(kind="opening").count() == 4
    assert states() == ["brought_in"] * 4


def other_words():
    """The same people under other names: other lines, with other keys."""
    return ROWS.replace("Member", "Customer")


def test_two_files_about_the_same_people_make_no_second_cards(owner):
    files = [chosen(owner), chosen(owner, other_words())]
    together([bringing_in(file, owner) for file in files])

    assert Membership.objects.count() == 4
    assert LedgerEntry.objects.filter(kind="opening").count() == 4


@pytest.mark.postgres_only
def test_without_the_lock_there_are_second_cards(owner, meet, monkeypatch):
    monkeypatch.setattr(booking, "_one_at_a_time", lambda shop: None)
    meet(matching, "card_of", after=True)
    files = [chosen(owner), chosen(owner, other_words())]
    together([bringing_in(file, owner) for file in files])

    assert Membership.objects.count() > 4


def test_with_a_key_that_says_nothing_it_is_credited_twice(owner, monkeypatch):
    """The control: what keeps the same line from counting twice is its key."""
    monkeypatch.setattr(booking, "_key_to_ask_with", lambda shop, line: keys.new())
    rows = "Name,Coffee card\nMaja,5\n"
    together([bringing_in(chosen(owner, rows), owner) for _person in range(2)])

    assert Operation.objects.filter(kind="bring_in").count() == 2
    assert LedgerEntry.objects.filter(kind="opening").count() == 2
