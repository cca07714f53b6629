"""Ten cards that nobody has."""

import pytest

from loyalty import codes, keys
from loyalty.actors import Actor, Channel
from members import card_codes
from members.models import Membership, PaperCard
from members.paper.cards import sheets_of
from members.paper.operations import print_sheet
from tests.factories import MembershipFactory, PaperCardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def printing(in_shop):
    return lambda key: print_sheet(key=key, actor=Actor(in_shop, Channel.OWNER))


def test_it_works(printing):
    printed = printing(keys.new())

    cards = PaperCard.objects.filter(sheet=printed["sheet"], membership=None)
    assert len({card.counter_code for card in cards}) == 10
    assert len({card.short_code for card in cards}) == 10
    assert all(codes.is_plausible(card.short_code) for card in cards)


def test_nobody_becomes_a_member_by_it(printing):
    printing(keys.new())

    assert not Membership.objects.exists()


def test_the_same_key_is_the_same_sheet(printing):
    key = keys.new()

    assert printing(key) == printing(key) == {"sheet": str(key)}
    assert PaperCard.objects.count() == 10


def test_sheets_are_listed_newest_first_with_what_is_in_use(in_shop, printing, elsa):
    latest = printing(keys.new())["sheet"]

    new, old = sheets_of(in_shop)
    assert (str(new.sheet), new.cards, new.in_use) == (latest, 10, 0)
    assert (old.sheet, old.cards, old.in_use) == (elsa.paper.sheet, 10, 1)


def test_no_member_gets_the_digits_of_a_paper_card(in_shop, card, monkeypatch):
    paper = PaperCardFactory(shop=in_shop)
    drawn = iter([paper.short_code, "000000"])
    monkeypatch.setattr(card_codes.codes, "short_code", lambda: next(drawn))

    assert MembershipFactory(shop=in_shop).short_code == "000000"


def test_no_paper_card_gets_the_digits_of_a_member(in_shop, member, printing, monkeypatch):
    real = codes.short_code
    drawn = iter([member.short_code])
    monkeypatch.setattr(card_codes.codes, "short_code", lambda: next(drawn, None) or real())
    printing(keys.new())

    assert not PaperCard.objects.filter(short_code=member.short_code).exists()
