"""W3: what the counter reads; and what an open page hears of a stamp."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import keys, qr
from loyalty.actors import Actor
from members.ledger.models import Operation
from members.operations import replace_codes, undo
from tests.factories import LocationFactory, MembershipFactory, stamp
from tests.people import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def code_page(member):
    return reverse("card:code", args=[member.private])


@pytest.fixture
def ask(member, visitor):
    """What an open page asks, having seen `seen`."""

    def now(seen, **more):
        return visitor.get(reverse("card:now", args=[member.private]), {"seen": seen, **more})

    return now


def latest(member):
    return Operation.objects.filter(membership=member).latest("pk").pk


def test_it_works(visitor, code_page, member):
    html = visitor.get(code_page).content.decode()

    assert "Show this at the counter" in html
    assert member.spoken_code in html
    assert "No signal? Say the code instead." in html
    assert "Maja · 1 of 9" in html


def test_without_a_name_only_the_standing_is_shown(visitor, card):
    nameless = MembershipFactory(shop=card.shop)
    html = visitor.get(reverse("card:code", args=[nameless.private])).content.decode()

    assert ">1 of 9<" in html


def test_the_page_has_a_way_to_refresh_without_scripts(visitor, code_page):
    html = visitor.get(code_page).content.decode()

    assert f'<a href="{code_page}" data-live-refresh' in html


# --- The QR ---


def drawing(member, code):
    return reverse("card:qr", args=[member.private, code])


def test_the_qr_holds_the_counter_code_in_capitals_and_not_the_link(visitor, member):
    answer = visitor.get(drawing(member, member.counter_code))

    wanted = f"{settings.PUBLIC_URL.upper()}/S/{member.counter_code}"
    assert answer.content.decode() == qr.svg(wanted, level="M")
    assert answer["Content-Type"] == "image/svg+xml"


def test_the_qr_is_asked_for_once(visitor, member):
    answer = visitor.get(drawing(member, member.counter_code))

    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"


def test_the_page_says_in_words_what_the_qr_holds(visitor, code_page, member):
    assert f"QR code of your card, {member.spoken_code}" in visitor.get(code_page).content.decode()


def test_a_replaced_code_has_no_qr_any_more(visitor, member):
    old = member.counter_code
    replace_codes(membership=member, key=keys.new(), actor=Actor(member.shop, "card"))

    assert visitor.get(drawing(member, old)).status_code == 404


def test_another_cards_qr_is_not_shown_here(visitor, member, next_door_member):
    assert visitor.get(drawing(member, next_door_member.counter_code)).status_code == 404


# --- Now ---


def test_when_nothing_happened_the_answer_is_empty_and_cheap(ask, member, counter, in_shop):
    stamp(member, 1, counter=counter)
    seen = latest(member)

    with CaptureQueriesContext(connection) as queries:
        answer = ask(seen)
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(queries) == 2


def test_a_card_fresh_from_joining_has_seen_everything(ask, card):
    assert ask(0).status_code == 204


def test_a_stamp_is_told_with_its_place(ask, member, counter):
    counter.location.name = "Storgata"
    counter.location.save()
    stamp(member, 4, counter=counter)

    html = ask(0, on="code").content.decode()
    assert 'data-words="4 stamps from Storgata. Now 5 of 9."' in html
    assert 'data-who="Maja · 5 of 9"' in html
    assert html.count("slot on new") == 4


def test_one_stamp_is_told_in_the_singular(ask, member, counter):
    stamp(member, 1, counter=counter)

    assert f"1 stamp from {counter.location.name}. Now 2 of 9." in ask(0).content.decode()


def test_markup_in_a_location_is_text(ask, member, shop, counter):
    counter.location = LocationFactory(shop=shop, name='"><script>x</script>')
    stamp(member, 1, counter=counter)

    html = ask(0, on="code").content.decode()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_correction_is_told(ask, member, counter, in_shop):
    stamp(member, 4, counter=counter)
    seen = latest(member)
    done = Operation.objects.get(pk=seen)
    undo(membership=member, undone=done, key=keys.new(), actor=Actor.of_counter(counter))

    html = ask(seen, on="code").content.decode()
    assert 'data-words="Corrected by the shop: 1 of 9."' in html
    assert "slot on new" not in html


def test_a_full_card_is_shown_full_before_the_next_one(ask, card, counter, visitor, in_shop):
    member = MembershipFactory(shop=card.shop, stamps=8)
    seen = latest(member)
    stamp(member, 2, counter=counter)

    now = reverse("card:now", args=[member.private])
    html = visitor.get(now, {"seen": seen, "on": "code"}).content.decode()
    assert "Card full. You have earned: Any hot drink." in html
    assert "You have 9 of 9 stamps." in html
    assert 'data-who="1 of 9"' in html


def test_the_card_page_gets_its_rewards_too(card, counter, visitor, in_shop):
    member = MembershipFactory(shop=card.shop, stamps=8)
    seen = latest(member)
    stamp(member, 1, counter=counter)

    now = reverse("card:now", args=[member.private])
    html = visitor.get(now, {"seen": seen}).content.decode()
    assert "Use my reward" in html
    assert "New card started." in html


def test_a_new_code_is_told_so_that_the_page_gets_its_qr(ask, member):
    before = member.counter_code
    replace_codes(membership=member, key=keys.new(), actor=Actor(member.shop, "card"))

    assert f'data-code="{before}"' not in ask(0).content.decode()


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 300, "🍰"])
def test_nonsense_is_answered_like_nothing_seen(ask, member, counter, seen):
    stamp(member, 1, counter=counter)

    assert "Now 2 of 9." in ask(seen).content.decode()


def test_without_scripts_the_next_load_tells_it(visitor, code_page, member, counter):
    visitor.get(code_page)
    stamp(member, 1, counter=counter)

    assert "Now 2 of 9." in visitor.get(code_page).content.decode()
    assert "Now 2 of 9." not in visitor.get(code_page).content.decode()


@pytest.mark.parametrize("name", ["code", "now", "history", "settings"])
def test_an_unknown_link_opens_nothing(card, name):
    answer = browser_of().get(reverse(f"card:{name}", args=["x" * 32]))

    assert answer.status_code == 404


def test_nothing_here_takes_a_post(visitor, member):
    for name in ("card", "code", "now", "history"):
        assert visitor.post(reverse(f"card:{name}", args=[member.private])).status_code == 405
