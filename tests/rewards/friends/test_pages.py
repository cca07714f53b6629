"""The invitation a friend opens, and the page a member shares it from."""

import pytest
from django.conf import settings as site
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor
from members.joining import limits
from members.models import Membership
from members.operations import merge
from rewards.friends import room
from rewards.friends.models import Referral
from rewards.friends.owning import switch_off
from tests.factories import MembershipFactory, PersonFactory, PointsFactory
from tests.people import browser_of
from tests.rewards.friends.conftest import STAMP, give, referral, worker
from tests.support.pages import plain_html

pytestmark = pytest.mark.django_db

LINE = "Maja sent you this. You both get a stamp after your first purchase."


def invitation(member, code=None):
    return reverse("friends:invitation", args=[code or member.friend_code])


def share(member):
    return reverse("friends:share", args=[member.private])


def key():
    return {"key": str(keys.new())}


def test_it_works(visitor, maja):
    html = plain_html(visitor.get(invitation(maja)))
    assert LINE in html
    assert "Get my card" in html
    assert not Referral.objects.exists()
    answer = visitor.post(invitation(maja), key())

    friend = referral().friend
    assert answer.url == reverse("card:card", args=[friend.private])
    assert (referral().member, friend.source, friend.source_detail) == (
        maja,
        "friend",
        maja.friend_code,
    )


@pytest.mark.parametrize("spelt", [str.lower, str.upper])
def test_letter_case_does_not_matter(visitor, maja, spelt):
    assert LINE in plain_html(visitor.get(invitation(maja, spelt(maja.friend_code))))


def test_the_address_in_the_qr(visitor, maja):
    assert LINE in plain_html(visitor.get(f"/R/{maja.friend_code}"))


def test_without_a_name(visitor, on):
    nobody = MembershipFactory(shop=on)

    assert "A friend sent you this. You both get" in plain_html(visitor.get(invitation(nobody)))


def test_markup_in_a_name_is_text(visitor, on):
    wrong = MembershipFactory(shop=on, name="<b>Maja</b>")

    assert "<b>Maja" not in visitor.get(invitation(wrong)).content.decode()


def test_looking_changes_nothing_and_is_not_found_by_a_search(visitor, maja):
    answer = visitor.get(invitation(maja))

    assert "noindex" in answer["X-Robots-Tag"]
    assert maja.private not in plain_html(answer)
    assert maja.counter_code not in plain_html(answer)
    assert Membership.objects.count() == 1


def test_two_taps_make_one_card(visitor, maja):
    twice = key()
    visitor.post(invitation(maja), twice)
    browser_of().post(invitation(maja), twice)

    assert Referral.objects.count() == 1


# --- Whoever is no newcomer ---


def test_whoever_has_a_card_is_led_to_it(visitor, maja, on):
    own = MembershipFactory(shop=on)
    visitor.get(reverse("card:card", args=[own.private]))
    for answer in (visitor.get(invitation(maja)), visitor.post(invitation(maja), key())):
        assert answer.url == reverse("card:card", args=[own.private])

    assert not Referral.objects.exists()
    told = "You have a card here already. Invitations are for new customers."
    assert told in plain_html(visitor.get(reverse("card:card", args=[own.private])))


def test_ones_own_invitation(visitor, maja):
    visitor.get(reverse("card:card", args=[maja.private]))
    answer = visitor.get(invitation(maja), follow=True)

    assert "This is your own invitation. Let a friend scan it." in plain_html(answer)
    assert not Referral.objects.exists()


def test_a_friend_who_looks_at_the_invitation_again(visitor, maja):
    visitor.post(invitation(maja), key())
    answer = visitor.get(invitation(maja), follow=True)

    assert "Invitations are for new customers." not in plain_html(answer)


def test_the_member_s_card_became_another_since(*, visitor, on, maja, counter):
    visitor.post(invitation(maja), key())
    other = MembershipFactory(shop=on)
    merge(kept=other, gone=maja, key=keys.new(), actor=Actor.of_counter(counter))
    answer = visitor.get(invitation(maja), follow=True)

    assert "Invitations are for new customers." not in plain_html(answer)


def test_somebody_signed_in_elsewhere_keeps_their_card(maja, on):
    person = PersonFactory()
    own = MembershipFactory(shop=on, person=person)

    answer = browser_of(person).get(invitation(maja))
    assert answer.url == reverse("card:card", args=[own.private])


# --- What is not there ---


@pytest.mark.parametrize("code", ["00000000", "x", "ABCDEFGHJKMNP", "%F0%9F%8E%82"])
def test_an_unknown_code(visitor, on, code):
    answer = visitor.get(f"/r/{code}/")

    assert answer.status_code == 404
    assert "We can't find this card." in plain_html(answer)


def test_the_codes_staff_and_posters_show_lead_nowhere(visitor, maja):
    for code in (maja.counter_code, maja.short_code, maja.private):
        assert visitor.get(f"/r/{code}/").status_code == 404


def test_switched_off_it_is_the_plain_join_page(visitor, maja, owner):
    switch_off(owner)
    html = plain_html(visitor.get(invitation(maja)))
    assert "sent you this" not in html
    visitor.post(invitation(maja), key())

    assert not Referral.objects.exists()
    assert Membership.objects.count() == 2


def test_a_shop_that_has_not_started(visitor, maja):
    maja.shop.live_since = None
    maja.shop.save()

    assert visitor.get(invitation(maja)).status_code == 404


def test_a_shop_on_pause_says_so(visitor, maja):
    maja.shop.paused_since = clock.now()
    maja.shop.save()
    html = plain_html(visitor.get(invitation(maja)))

    assert "is not taking new members right now." in html
    assert "sent you this" not in html


def test_a_crowd_is_slowed_down(visitor, maja, monkeypatch):
    monkeypatch.setattr(limits, "JOINS_PER_ADDRESS_AND_HOUR", 0)

    assert visitor.post(invitation(maja), key()).status_code == 429


def test_another_site_s_form_is_refused(visitor, maja):
    answer = visitor.post(invitation(maja), key(), headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert not Referral.objects.exists()


# --- The member's page ---


def test_the_page_to_share(visitor, maja, come, buy):
    buy(come(maja))
    come(maja, "Ola Nordmann")
    worker()
    html = plain_html(visitor.get(share(maja)))

    assert "You both get a stamp." in html
    assert f"{site.PUBLIC_URL}/r/{maja.friend_code}/" in html
    assert f"{maja.friend_code[:4]} {maja.friend_code[4:]}" in html
    assert "2 friends joined, 1 has bought" in html
    assert "Kari" in html
    assert "Nordmann" not in html
    assert 'type="email"' not in html


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("rewarded", "Rewarded"),
        ("over_cap", "Over the limit of the month"),
        ("refused", "Not a new customer"),
    ],
)
def test_how_far_a_friend_is(visitor, maja, come, buy, *, state, told):
    buy(come(maja, ""))
    worker()
    Referral.objects.update(state=state)
    html = plain_html(visitor.get(share(maja)))
    Referral.objects.update(state="rewarded")  # or the books would not add up

    assert told in html
    assert "A friend" in html


def test_a_purchase_that_was_taken_back_says_so(visitor, on, maja, come, buy, *, take_back):
    give(on, {"behaviour": "thing", "title": "A bun"}, STAMP)
    purchase = buy(come(maja))
    worker()
    maja.claims.update(state="handed_over")
    take_back(purchase)
    worker()
    html = plain_html(visitor.get(share(maja)))
    maja.claims.update(state="ready")

    assert "Rewarded; the purchase was taken back later" in html


def test_in_denmark_in_person_only(visitor, maja):
    maja.shop.country = "DK"
    maja.shop.save()
    html = plain_html(visitor.get(share(maja)))

    assert "Your friend is beside you" in html
    assert "/r/" not in html
    assert "Your message" not in html
    assert "data-share" not in html


def test_until_a_lawyer_says_otherwise(visitor, maja, settings):
    settings.NO_FRIEND_LINKS_IN = []
    maja.shop.country = "DK"
    maja.shop.save()

    assert "Your message" in plain_html(visitor.get(share(maja)))


def test_the_row_on_the_card(visitor, maja, owner):
    card = reverse("card:card", args=[maja.private])
    assert share(maja) in plain_html(visitor.get(card))
    switch_off(owner)

    assert share(maja) not in plain_html(visitor.get(card))
    assert visitor.get(share(maja)).url == card


def test_the_row_costs_one_query(maja, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert room.card_shelf(maja, [])


def test_a_guessed_link_is_no_page(visitor, maja):
    assert visitor.get(reverse("friends:share", args=["guessed"])).status_code == 404


def test_the_card_says_what_came(visitor, maja, come, buy):
    kari = come(maja)
    buy(kari)
    worker()

    def card(member):
        return plain_html(visitor.get(reverse("card:card", args=[member.private])))

    assert "Thank you for bringing Kari. You got: 1 stamp." in card(maja)
    assert "Thank you for coming through Maja. You got: 1 stamp." in card(kari)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"behaviour": "stamps", "n": 2}, "You both get 2 stamps after your first purchase."),
        (
            {"behaviour": "bonus", "n": 50},
            "After your first purchase you both get: 50 points.",
        ),
        (
            {"behaviour": "percent", "percent": 10},
            "After your first purchase you both get: 10 % off one purchase.",
        ),
        (
            {"behaviour": "thing", "title": "A bun"},
            "After your first purchase you both get: A bun.",
        ),
    ],
)
def test_what_both_get(visitor, on, maja, what, *, told):
    PointsFactory(shop=on)
    give(on, what, what)

    assert told in plain_html(visitor.get(invitation(maja)))


def test_what_each_gets(visitor, on, maja):
    give(on, {"behaviour": "thing", "title": "A bun"}, STAMP, minimum_minor=10_000)
    html = plain_html(visitor.get(invitation(maja)))

    assert "After your first purchase you get: 1 stamp." in html
    assert "After your first purchase, whoever invited you gets: A bun." in html
    assert "The purchase must be 100\N{NO-BREAK SPACE}kr or more." in html


def test_nothing_is_promised_that_cannot_be_given(*, visitor, on, maja, card):
    """The stamp card was switched off since."""
    PointsFactory(shop=on)
    give(on, STAMP, {"behaviour": "thing", "title": "A bun"})
    card.off_since = clock.now()
    card.save()

    html = plain_html(visitor.get(invitation(maja)))
    assert "Maja sent you this. After your first purchase you get: A bun." in html
    assert "1 stamp" not in html
    assert "1 stamp" not in plain_html(visitor.get(share(maja)))


def test_where_nothing_can_be_given_there_is_nothing_to_share(*, visitor, on, maja, card):
    PointsFactory(shop=on)
    card.off_since = clock.now()
    card.save()
    page = reverse("card:card", args=[maja.private])

    assert "sent you this" not in plain_html(visitor.get(invitation(maja)))
    assert share(maja) not in plain_html(visitor.get(page))
    assert visitor.get(share(maja)).url == page


def test_what_the_shop_says_beside_it(visitor, on, maja):
    bun = {"behaviour": "thing", "title": "A bun", "terms": "With any <b>coffee</b>."}
    give(on, bun, bun)
    rules = reverse("join:rules", args=[on.slug])

    for page in (invitation(maja), share(maja), rules):
        answer = visitor.get(page)
        assert "With any <b>coffee</b>." in plain_html(answer)
        assert "<b>coffee" not in answer.content.decode()


def test_at_joining(visitor, on, maja):
    give(on, pays="joining")

    assert "You both get a stamp when you join." in plain_html(visitor.get(invitation(maja)))


def test_the_club_rules_say_it(visitor, maja):
    html = plain_html(visitor.get(reverse("join:rules", args=[maja.shop.slug])))

    assert "Bring a friend: You both get a stamp." in html


# --- At the counter ---


@pytest.mark.parametrize("address", ["/r/{}/", "/R/{}"])
def test_staff_scan_an_invitation(till, maja, address):
    scanned = site.PUBLIC_URL + address.format(maja.friend_code)
    answer = till.post(reverse("counter:home"), {"code": scanned})

    assert answer.status_code == 422
    assert "This is an invitation. Let the customer scan it." in plain_html(answer)
    assert "Scan again" in plain_html(answer)


def test_staff_hear_what_came_with_a_stamp(till, maja, come, card):
    kari = come(maja)
    asked = {"programme": card.pk, "count": 1, **key()}
    answer = till.post(reverse("counter:stamp", args=[kari.counter_code]), asked, follow=True)

    assert "For the invitation: 1 stamp. Now 3 of 9." in plain_html(answer)
