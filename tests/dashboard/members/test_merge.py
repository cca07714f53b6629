"""Two cards of one member become one on the owner's pages, and two again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loyalty import clock, keys
from members.ledger.models import Operation
from members.merging import merge
from tests.dashboard.members.reading import address
from tests.factories import MembershipFactory, PersonFactory, as_owner, stamp
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari(shop, member, counter):
    kari = MembershipFactory(shop=shop, name="Kari")
    stamp(kari, 3, counter=counter)
    return kari


@pytest.fixture
def look(ingrid):
    def look(card, typed):
        path = reverse("owner:merge", args=[card.shop.slug, card.pk])
        return ingrid.get(path, {"q": typed} if typed else {})

    return look


def pair(card, other):
    return reverse("owner:merge_with", args=[card.shop.slug, card.pk, other.pk])


@pytest.fixture
def join(ingrid):
    """Make one card of two; what is read next."""

    def join(card, other, *, keep, key=None, by=ingrid, follow=True):
        asked = {"key": key or keys.new(), "keep": keep.counter_code}
        return by.post(pair(card, other), asked, follow=follow)

    return join


def test_it_works(join, member, kari):
    page = words_of(join(member, kari, keep=member))

    kari.refresh_from_db()
    assert kari.became == member
    assert "Merged. Maja has 4 of 9." in page
    assert "Undo" in page
    assert "Merged with Kari" in page


@pytest.mark.parametrize("typed", ["code", "Kari"])
def test_the_other_card_is_found_by_code_and_by_name(look, member, kari, typed):
    answer = look(member, kari.spoken_code if typed == "code" else typed)

    assert answer.url == pair(member, kari)


def test_of_several_one_is_chosen(look, member, kari, shop):
    again = MembershipFactory(shop=shop, name="Kari")

    page = look(member, "Kari").content.decode()

    assert pair(member, kari) in page
    assert pair(member, again) in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("own", "This is the same card."),
        ("gone", "These two cards are already one."),
        ("Zacharias", "Nobody here has that name."),
        ("123459", "No card with that number."),
    ],
)
def test_a_search_in_vain_says_why(look, member, kari, typed, says):
    merge(kept=member, gone=kari, key=keys.new(), actor=as_owner(member.shop))
    typed = {"own": member.short_code, "gone": kari.short_code}.get(typed, typed)

    assert says in words_of(look(member, typed))


def test_both_stand_side_by_side(ingrid, member, kari):
    page = words_of(ingrid.get(pair(member, kari)))

    assert "Merge these two cards?" in page
    assert "Maja 1 of 9" in page
    assert "Kari 4 of 9" in page
    assert "You can undo it for 24 hours." in page


def test_a_card_with_itself_asks_for_another(ingrid, member):
    there = reverse("owner:merge", args=[member.shop.slug, member.pk])

    assert ingrid.get(pair(member, member)).url == there


def test_a_second_tap_leads_to_the_card(join, member, kari):
    key = keys.new()
    join(member, kari, keep=member, key=key)

    assert join(member, kari, keep=member, key=key, follow=False).url == address(member)
    assert Operation.objects.filter(kind="merge").count() == 1


def test_without_a_choice_nothing_happens(ingrid, member, kari):
    answer = ingrid.post(pair(member, kari), {"key": keys.new()})

    assert answer.status_code == 422
    assert "Choose the card that is kept." in words_of(answer)


def test_two_people_say_so_themselves(join, shop, card):
    one, two = (MembershipFactory(shop=shop, person=PersonFactory()) for _card in range(2))

    answer = join(one, two, keep=one)

    assert answer.status_code == 422
    assert "Only the customer can merge them" in words_of(answer)


def part(card, operation):
    return reverse("owner:part_cards", args=[card.shop.slug, card.pk, operation.pk])


def test_for_a_day_they_can_be_two_again(join, ingrid, member, kari):
    join(member, kari, keep=member)
    done = Operation.objects.get(kind="merge")

    page = words_of(ingrid.post(part(member, done), follow=True))

    assert "Undone. They are two cards again." in page
    kari.refresh_from_db()
    assert kari.merged_into is None
    assert kari.accounts.get().balance == 4


def test_after_a_day_it_stands(ingrid, member, kari, shop):
    with clock.at(clock.now() - timedelta(hours=25)):
        merge(kept=member, gone=kari, key=keys.new(), actor=as_owner(shop))
    done = Operation.objects.get(kind="merge")

    assert "Undo" not in words_of(ingrid.get(address(member)))
    page = words_of(ingrid.post(part(member, done), {"key": keys.new()}, follow=True))

    assert "more than 24 hours ago" in page


def test_managers_may_and_staff_may_not(join, member, kari, manager, staff_client):
    assert join(member, kari, keep=member, by=staff_client).status_code == 403
    assert join(member, kari, keep=member, by=manager).status_code == 200


def test_a_stranger_finds_nothing(join, member, kari, stranger, next_door_member):
    assert stranger.get(pair(member, kari)).status_code == 404
    assert join(member, kari, keep=member, by=stranger).status_code == 404


def test_a_card_of_the_shop_next_door_is_none(ingrid, join, member, next_door_member):
    path = reverse("owner:merge_with", args=[member.shop.slug, member.pk, next_door_member.pk])

    assert ingrid.get(path).status_code == 404
    assert ingrid.post(path, {"key": keys.new(), "keep": member.counter_code}).status_code == 404
