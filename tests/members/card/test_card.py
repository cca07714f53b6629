"""W2: the card, for whoever holds its private link."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor
from members import access
from members.ledger.models import LedgerEntry, Operation
from members.merging import merge
from members.operations import undo
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import MembershipFactory, ProgrammeFactory, stamp
from tests.people import browser_of

pytestmark = pytest.mark.django_db


def at(member):
    return reverse("card:card", args=[member.private])


@pytest.fixture
def read(visitor):
    """The card page as its owner reads it, a while after joining."""

    def look(member, client=visitor):
        with clock.at(clock.now() + timedelta(minutes=5)):
            return client.get(at(member)).content.decode()

    return look


def test_it_works(read, member):
    html = read(member)

    assert "1 stamp so far. Every 10th coffee is on us." in html
    assert "You have 1 of 9 stamps." in html
    assert "Show my code" in html


@pytest.mark.parametrize(
    ("stamps", "sentence"),
    [(4, "4 stamps so far."), (5, "4 to go."), (8, "One to go."), (9, "New card started.")],
)
def test_the_sentence_follows_the_stamps(read, card, stamps, sentence):
    assert sentence in read(MembershipFactory(shop=card.shop, stamps=stamps))


def test_a_card_without_stamps_says_how_to_earn(read):
    card = ProgrammeFactory(rules__welcome=0)
    html = read(MembershipFactory(shop=card.shop))

    assert "You have 0 of 9 stamps." in html
    assert "Show your code when you pay." in html
    assert "You get 1 stamp for each purchase of 25" in html


def test_good_to_know_tells_of_the_extra_stamp(read, member):
    assert "Own cup: 1 extra stamp" in read(member)


def test_what_runs_out_next_is_said_with_its_day(read, counter, member):
    html = read(member)
    later = clock.now() + timedelta(days=40)
    with clock.at(later):
        stamp(member, 2, counter=counter)

    assert html.count("Next to expire: 1 stamp on") == 1
    assert "Next to expire: 1 stamp on" in read(member)


def test_stamps_carried_over_are_told(read, card):
    member = MembershipFactory(shop=card.shop, stamps=11)

    assert "New card started. 2 stamps carried over." in read(member)


def test_a_ready_reward_stands_first(read, card, in_shop):
    member = MembershipFactory(shop=card.shop, stamps=9)
    html = read(member)

    assert html.index("Card full. You have earned: Any hot drink.") < html.index("Coffee card")
    assert reverse("reward:show", args=[member.private, Claim.objects.get().pk]) in html


def test_a_reward_handed_out_stands_there_no_more(read, card, counter, in_shop):
    member = MembershipFactory(shop=card.shop, stamps=9)
    claim = Claim.objects.get()
    hand_over(membership=member, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    assert "Card full." not in read(member)


# --- What just landed ---


def test_the_welcome_stamp_lands_once(visitor, member):
    assert visitor.get(at(member)).content.count(b"slot on new") == 1
    assert visitor.get(at(member)).content.count(b"slot on new") == 0


def test_where_cookies_are_refused_it_lands_no_more_after_a_minute(read, member):
    assert "slot on new" not in read(member, browser_of())


def test_stamps_given_since_the_last_look_land(read, member, counter):
    read(member)
    stamp(member, 2, counter=counter)

    assert read(member).count("slot on new") == 2
    assert read(member).count("slot on new") == 0


def test_a_correction_lands_nothing(read, member, counter, in_shop):
    read(member)
    actor = Actor.of_counter(counter)
    stamp(member, 1, counter=counter)
    done = Operation.objects.filter(kind="add_stamps").get()
    undo(membership=member, undone=done, key=keys.new(), actor=actor)

    html = read(member)
    assert "slot on new" not in html
    assert "Corrected by the shop: 1 of 9." in html


# --- Who may ---


def test_an_unknown_link_says_what_to_do(visitor, card):
    answer = visitor.get(reverse("card:card", args=["x" * 32]))

    words = " ".join(answer.content.decode().split())
    assert answer.status_code == 404
    assert "We can't find this card." in words.replace("&#x27;", "'")
    assert "If you got a new link, use that one." in words
    assert "You can also get your card back with your e-mail." in words
    assert reverse("card:find") in words


@pytest.mark.parametrize("link", ["🍰", "x" * 300, "%00", "<script>", "own-card"])
def test_a_made_up_link_is_unknown(visitor, card, link):
    assert visitor.get(f"/m/{link}/").status_code == 404


def test_the_link_alone_opens_the_card_whoever_is_signed_in(member, stranger, ingrid):
    for client in (stranger, ingrid, browser_of()):
        assert client.get(at(member)).status_code == 200


def test_the_link_goes_nowhere_and_is_kept_nowhere(visitor, member):
    answer = visitor.get(at(member))

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


@pytest.mark.parametrize("name", ["code", "history", "settings", "now"])
def test_so_is_every_page_below_it(visitor, member, name):
    answer = visitor.get(reverse(f"card:{name}", args=[member.private]), {"seen": "7"})

    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_merged_card_leads_to_the_one_it_became(visitor, card, in_shop):
    first, second, third = (MembershipFactory(shop=card.shop) for _ in range(3))
    actor = access.holder_of(first)
    merge(gone=first, kept=second, key=keys.new(), actor=actor)
    merge(gone=second, kept=third, key=keys.new(), actor=actor)

    assert visitor.get(at(first)).url == at(third)
    assert visitor.get(reverse("card:code", args=[first.private])).status_code == 200


# --- Saving it ---


def test_a_browser_that_keeps_nothing_is_told_first(card):
    member = MembershipFactory(shop=card.shop)
    html = browser_of().get(at(member)).content.decode()

    assert html.index("This browser may not keep your card.") < html.index("Coffee card")
    assert html.index("Save your card") < html.index("What should we call you?")


def test_a_browser_that_remembers_is_asked_last(visitor, card):
    member = MembershipFactory(shop=card.shop)
    visitor.get(at(member))
    html = visitor.get(at(member)).content.decode()

    assert "This browser may not keep your card." not in html
    assert html.index("Save your card") > html.index("What should we call you?")


# --- Costs ---


def cost(client, member):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(at(member)).status_code == 200
    return len(queries)


def test_the_page_takes_six_queries_at_most_and_as_many_for_a_long_history(
    member, counter, in_shop
):
    stamp(member, 1, counter=counter)
    few = cost(browser_of(), member)
    with clock.at(clock.now() + timedelta(hours=1)):
        lengthen(member, counter)

    assert cost(browser_of(), member) == few <= 6


def test_news_is_one_query_more(visitor, member, counter):
    visitor.get(at(member))
    stamp(member, 1, counter=counter)

    assert cost(visitor, member) <= 7


def lengthen(member, counter):
    """Five thousand lines. Written in bulk: the ledger's own way would take minutes."""
    operation = Operation.objects.filter(membership=member)
    account = member.accounts.get()
    first = operation.latest("pk")
    operations = Operation.objects.bulk_create(
        Operation(
            shop=member.shop,
            key=keys.new(),
            fingerprint="test",
            kind="add_stamps",
            answer={},
            membership=member,
            counter=counter,
            channel="counter",
            occurred_at=first.occurred_at,
            recorded_at=first.recorded_at,
        )
        for _ in range(5000)
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            shop=member.shop,
            account=account,
            seq=account.last_seq + 1 + place,
            kind="earn" if place % 2 == 0 else "expire",
            amount=1 if place % 2 == 0 else -1,
            operation=done,
            rule_version=account.rule_version,
        )
        for place, done in enumerate(operations)
    )
    type(account).objects.filter(pk=account.pk).update(last_seq=account.last_seq + 5000)


def test_two_cards_that_are_earned_alike_say_so_once(visitor, card):
    ProgrammeFactory(shop=card.shop, name="Lunch card")
    maja = MembershipFactory(shop=card.shop)
    page = visitor.get(reverse("card:card", args=[maja.private])).content.decode()

    assert page.count("You get 1 stamp for each purchase of 25") == 1
