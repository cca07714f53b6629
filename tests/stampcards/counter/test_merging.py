"""Two cards of one customer become one at the till, and two again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Account
from members.merging import merge
from members.models import Membership
from rewards.models import Claim
from tests.factories import (
    CounterFactory,
    MembershipFactory,
    PaperCardFactory,
    PersonFactory,
    ProgrammeFactory,
    stamp,
)
from tests.people import browser_of, till_of
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(member, counter):
    """The card Maja had before, with four stamps. Hers has the welcome."""
    return MembershipFactory(shop=member.shop, stamps=4)


def page_of(card):
    return reverse("counter:merge", args=[card.counter_code])


def both(one, other):
    return reverse("counter:merge_with", args=[one.counter_code, other.counter_code])


@pytest.fixture
def look_for(till, member):
    """look_for(text): what was scanned or typed while Maja's card waits for another."""

    def look_for(text, **more):
        return till.post(page_of(member), {"code": text, **more}, follow=True)

    return look_for


@pytest.fixture
def become(till, member, old):
    """Press Merge: Maja's card is kept."""

    def become(client=till, one=member, other=old, **more):
        asked = {"key": keys.new(), "keep": one.counter_code, **more}
        return client.post(both(one, other), asked)

    return become


def balance(membership):
    with scope(shop=membership.shop):
        return Account.objects.get(membership=membership).balance


def test_it_works(become, till, member, old):
    response = become()

    assert response.status_code == 302
    page = text_of(till.get(response.url))
    assert "Merged. Maja has 4 of 9." in page  # five, less the second welcome
    assert "Undo" in page
    assert (balance(member), balance(old)) == (4, 0)


def test_without_a_reload_the_card_stays_open_to_be_stamped(become, till, member):
    response = till.post(
        both(member, MembershipFactory(shop=member.shop)),
        {"key": keys.new(), "keep": member.counter_code},
        headers={"HX-Request": "true"},
    )
    page = text_of(response)

    assert response.status_code == 200
    assert "Give stamps" in page
    assert "Merged. Maja has 1 of 9." in page


def test_the_other_one_can_be_kept(become, member, old):
    become(keep=old.counter_code)
    member.refresh_from_db()

    assert member.merged_into == old
    assert balance(old) == 4


def test_the_sheet_leads_there_and_a_scan_leads_on(till, member):
    sheet = till.get(reverse("counter:card", args=[member.counter_code])).content.decode()
    page = till.get(page_of(member)).content.decode()

    assert f'href="{page_of(member)}"' in sheet
    assert "Merge with another card" in sheet
    assert f'data-scan="{page_of(member)}"' in page
    assert "Scan or type the other card." in page


@pytest.mark.parametrize("which", ["counter_code", "short_code", "spoken_code"])
def test_the_other_card_is_scanned_or_typed(look_for, old, which):
    page = text_of(look_for(getattr(old, which)))

    assert "Merge these two cards?" in page
    assert f"Member {old.spoken_code}" in page
    assert "Maja" in page
    assert "4 of 9" in page


def test_it_is_found_by_its_number_too(look_for, old):
    Membership.objects.with_scopes_disabled().filter(pk=old.pk).update(phone="+4790000001")

    assert "Merge these two cards?" in text_of(look_for("900 00 001"))


def test_of_several_with_one_number_staff_choose(look_for, member, old):
    third = MembershipFactory(shop=member.shop, name="Mamma")
    cards = [old.pk, third.pk, member.pk]
    Membership.objects.with_scopes_disabled().filter(pk__in=cards).update(phone="+4790000001")
    response = look_for("+47 900 00 001")

    assert response.status_code == 200
    assert both(member, third) in response.content.decode()
    assert both(member, old) in response.content.decode()


def test_both_sides_say_what_they_hold(till, member, shop):
    other = MembershipFactory(shop=shop, stamps=9)
    page = text_of(till.get(both(member, other)))

    assert "1 reward" in page
    assert "Last visit today" in page
    assert "Not here yet" in page
    assert page.count("Since") == 2


def kept_by_default(till, one, other):
    page = till.get(both(one, other)).content.decode()
    [chosen] = [line for line in page.splitlines() if "checked" in line and 'name="keep"' in line]
    return one if one.counter_code in chosen else other


def test_the_first_card_is_kept_unless_the_other_is_better_known(till, member, old, shop):
    saved = MembershipFactory(shop=shop, person=PersonFactory())

    assert kept_by_default(till, member, old) == member
    assert kept_by_default(till, old, member) == old
    assert kept_by_default(till, member, saved) == saved
    Membership.objects.with_scopes_disabled().filter(pk=member.pk).update(unclaimed=True)
    assert kept_by_default(till, member, old) == old


def test_every_programme_is_named_where_there_are_several(become, till, member, old, counter):
    lunch = ProgrammeFactory(shop=member.shop, name="Lunch card", rules__welcome=0)
    stamp(old, 2, programme=lunch, counter=counter)
    page = text_of(till.get(become().url))

    assert "Merged. Maja: Coffee card: 4 of 9, Lunch card: 2 of 9." in page


def test_a_card_of_long_ago_is_no_new_member(become, till, member, old):
    sheet = reverse("counter:card", args=[member.counter_code])
    assert "New member" in text_of(till.get(sheet)).partition("Give")[0]
    become()

    assert "last visit today" in text_of(till.get(sheet))


# --- Taking it back ------------------------------------------------------------------------------


@pytest.fixture
def merged(become):
    """The key of Maja's two cards becoming one."""
    key = keys.new()
    assert become(key=key).status_code == 302
    return key


def test_undone_they_are_two_again(undo, merged, till, member, old):
    response = undo(merged)

    page = text_of(till.get(response.url))
    assert f"Undone. Maja and Member {old.spoken_code} are two cards again." in page
    assert (balance(member), balance(old)) == (1, 4)
    assert till.get(reverse("counter:card", args=[old.counter_code])).status_code == 200


def test_it_stands_among_the_last_ten(merged, till, undo):
    assert "Maja Merged with another card · Ola" in text_of(till.get("/c/last/"))
    undo(merged)

    assert "Maja Merged with another card · Ola Undone" in text_of(till.get("/c/last/"))


def test_the_next_morning_it_is_found_where_it_was_done(merged, till, undo, member, old):
    with clock.at(clock.now() + timedelta(hours=23)):
        page = text_of(till.get(page_of(member)))
        assert "Merged in the last 24 hours" in page
        assert f"Member {old.spoken_code}" in page

        assert undo(merged).status_code == 302
        assert "Merged in the last 24 hours" not in text_of(till.get(page_of(member)))


def test_after_a_day_it_stands(merged, till, undo, member):
    with clock.at(clock.now() + timedelta(hours=24, minutes=1)):
        assert "Merged in the last 24 hours" not in text_of(till.get(page_of(member)))
        response = undo(merged)

    assert response.status_code == 422
    assert "merged more than 24 hours ago" in text_of(response)


def test_another_counter_of_the_shop_takes_it_back(merged, undo, shop, ola, member):
    elsewhere = till_of(CounterFactory(shop=shop, staff=ola))

    assert undo(merged, client=elsewhere).status_code == 302
    assert balance(member) == 1


def test_what_was_used_since_stays(merged, undo, member, counter):
    stamp(member, 5, counter=counter)
    response = undo(merged)

    assert response.status_code == 422
    assert "This has been used since" in text_of(response)


@pytest.mark.parametrize("which", [0, 1])
def test_both_card_pages_say_once_that_it_was_corrected(become, undo, member, old, which):
    card, said = [(member, "1 of 9"), (old, "4 of 9")][which]
    phone, key = browser_of(), keys.new()
    page, history = (reverse(f"card:{name}", args=[card.private]) for name in ("card", "history"))
    phone.get(page)
    become(key=key)
    undo(key)

    assert f"Corrected by the shop: {said}." in phone.get(page).content.decode()
    assert "Corrected by the shop" not in phone.get(page).content.decode()
    assert "Corrected by the shop" in text_of(phone.get(history))


def test_an_open_card_page_is_told_at_once(merged, undo, visitor, old, member):
    """The link of the card that was gone shows the other one, until it is a card again."""
    now = reverse("card:now", args=[old.private])
    with scope(shop=member.shop):
        seen = member.operations.latest("pk").pk
    assert visitor.get(now, {"seen": seen}).status_code == 204
    undo(merged)

    assert "4 of 9" in visitor.get(now, {"seen": seen}).content.decode()


# --- What is no merge ----------------------------------------------------------------------------


def test_a_card_is_not_merged_with_itself(look_for, member, till, become):
    response = look_for(member.counter_code)

    assert response.status_code == 422
    assert "This is the same card. Scan the other one." in text_of(response)
    assert "These two cards are already one." in text_of(become(other=member))


def test_a_card_that_became_part_of_it_before(look_for, merged, old):
    response = look_for(old.counter_code)

    assert response.status_code == 422
    assert "These two cards are already one." in text_of(response)


def test_a_card_that_became_part_of_a_third(look_for, old, shop):
    third = MembershipFactory(shop=shop)
    merge(kept=third, gone=old, key=keys.new(), actor=Actor(shop, Channel.CARD))
    response = look_for(old.short_code)

    assert response.status_code == 422
    assert "This card was moved to a new code on" in text_of(response)


def test_pressed_twice_it_is_merged_once(become, member):
    key = keys.new()

    assert become(key=key).url == become(key=key).url
    assert balance(member) == 4


def test_a_blank_paper_card_has_nothing_to_merge(look_for, till, shop):
    blank = PaperCardFactory(shop=shop)
    response = look_for(blank.counter_code)

    assert response.status_code == 422
    assert "This paper card is empty. Stamp it first." in text_of(response)
    sheet = till.get(reverse("counter:card", args=[blank.counter_code]))
    assert "Merge with another card" not in text_of(sheet)
    assert "This paper card is empty." in text_of(till.get(page_of(blank)))


def test_another_shops_card_is_only_named(look_for, next_door_member, member, till):
    response = look_for(next_door_member.counter_code)

    assert response.status_code == 422
    assert "This card belongs to Blomster &amp; Jord." in text_of(response)
    page = till.get(both(member, next_door_member))
    assert page.status_code == 404
    assert "Nora" not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the code, or scan it."),
        ("https://example.no/", "This code is not a loyalty card."),
        ("123456", "That code has a typing mistake. Check the last digit."),
    ],
)
def test_anything_else_is_told_beside_the_field(look_for, typed, said):
    response = look_for(typed)

    assert response.status_code == 422
    assert said in text_of(response)
    assert f'value="{typed}"' in response.content.decode() or not typed


def test_what_the_camera_read_is_not_shown_as_typed(look_for):
    response = look_for("https://example.no/", scanned="True")

    assert response.status_code == 422
    assert "https://example.no/" not in response.content.decode()


def test_cards_of_two_people_stay_two(become, member, shop):
    for card in (saved := [MembershipFactory(shop=shop, person=PersonFactory()) for _i in "ab"]):
        assert card.person
    response = become(one=saved[0], other=saved[1])

    assert response.status_code == 422
    assert "saved with two different e-mails" in text_of(response)


def test_one_must_be_kept(become):
    assert become(keep="").status_code == 422
    assert become(keep="0123456789").status_code == 422


def test_guesses_are_counted_here_as_well(look_for, counter, shop):
    with scope(shop=shop):
        taken = set(Membership.objects.values_list("short_code", flat=True))
    for _guess in range(10):
        look_for("000000" if "000000" not in taken else "111117")

    assert "Too many wrong codes." in text_of(look_for("000000"))


def test_a_stranger_counter_merges_nothing(become, next_door_till, next_door_counter, member, old):
    put_on_the_till(next_door_counter)

    assert become(client=next_door_till).status_code == 422
    assert balance(old) == 4
    assert "Maja" not in next_door_till.get(both(member, old)).content.decode()


@pytest.mark.parametrize("who", ["ingrid", "stranger", "visitor"])
def test_nobody_who_is_no_counter_merges(become, who, request, member, old):
    client = request.getfixturevalue(who)

    assert become(client=client).status_code == 401
    assert client.get(page_of(member)).status_code == 401
    assert balance(old) == 4


def test_somebody_must_be_on_the_till(become, counter, member, old):
    counter.staff = None
    with scope(shop=counter.shop):
        counter.save(update_fields=["staff"])

    assert "Who is on the till?" in text_of(become())
    assert balance(old) == 4


def test_together_they_fill_a_card_and_the_reward_comes_first(till, shop, card):
    cards = [MembershipFactory(shop=shop, stamps=6) for _card in "ab"]
    asked = {"key": keys.new(), "keep": cards[0].counter_code}
    response = till.post(both(*cards), asked, headers={"HX-Request": "true"})

    assert "Reward ready: Any hot drink" in text_of(response)
    with scope(shop=shop):
        assert Claim.objects.get().membership == cards[0]
