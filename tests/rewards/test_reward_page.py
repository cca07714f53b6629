"""W4: the reward in its member's hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.operations import ask_for_saved_card
from members.ledger.models import Operation
from members.operations import undo
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import MembershipFactory, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja(card):
    """Maja, with a full card behind her."""
    return MembershipFactory(shop=card.shop, name="Maja", stamps=10)


@pytest.fixture
def claim(maja, in_shop):
    return Claim.objects.get(membership=maja)


@pytest.fixture
def at(maja, claim):
    return lambda name: reverse(f"reward:{name}", args=[maja.private, claim.pk])


@pytest.fixture
def read(at, visitor):
    return lambda name="show": visitor.get(at(name)).content.decode()


@pytest.fixture
def give(maja, claim, counter):
    """Staff hand it out."""
    key = keys.new()

    def now():
        hand_over(membership=maja, claim=claim, key=key, actor=Actor.of_counter(counter))
        return Operation.objects.get(key=key)

    return now


def test_it_works(read):
    html = read()

    assert "You have earned: Any hot drink" in html
    assert "Valid to" in html
    assert "Use my reward" in html
    assert "Tap when you are at the counter. Staff confirm it." in html
    assert "Keep for later" in html


def test_where_cards_must_be_saved_first_it_says_how(read, visitor, maja, shop):
    ask_for_saved_card(as_owner(shop), first=True)
    card = visitor.get(reverse("card:card", args=[maja.private])).content.decode()

    for html in (read(), read("use"), card):
        assert "Save your card first, with your e-mail. Then you can use it." in html
        assert reverse("card:settings", args=[maja.private]) in html
        assert "Use my reward" not in html


def test_using_it_shows_the_code_and_waits(read, maja, claim):
    html = read("use")

    assert "Show this to staff" in html
    assert maja.spoken_code in html
    assert 'class="ring"' in html
    assert "Not yet" in html
    claim.refresh_from_db()
    assert claim.state == Claim.State.READY


def test_handed_out_it_says_when_and_the_ring_turns_for_a_minute(read, give):
    give()
    html = read()

    assert "Used today at" in html
    assert "Enjoy." in html
    assert "data-ends-after=" in html
    assert "New card started." in html or "of 9" in html
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert "ring" not in read().split("<section")[1]


def test_used_on_another_day_it_says_the_day(read, give):
    give()

    with clock.at(clock.now() + timedelta(days=2)):
        assert "Used on" in read()


def test_run_out_it_says_since_when_also_before_the_nightly_job(read, claim):
    with clock.at(clock.now() + timedelta(days=200)):
        html = read("use")

    assert "This reward ran out on" in html
    assert "Show this to staff" not in html


def test_taken_back_it_says_so(read, claim):
    Claim.objects.update(state=Claim.State.CANCELLED)

    assert "This reward is no longer on the card." in read()


def test_while_nothing_happens_the_answer_is_empty(visitor, at):
    answer = visitor.get(at("now"), {"seen": "ready"})

    assert (answer.status_code, answer.content) == (204, b"")


def test_an_open_page_hears_that_it_was_handed_out(visitor, at, give):
    give()

    html = visitor.get(at("now"), {"seen": "ready", "waiting": ""}).content.decode()
    assert 'data-words="Used today at' in html
    assert 'data-seen="used"' in html


def test_a_hand_over_undone_is_ready_again(visitor, at, give, maja, counter):
    done = give()
    actor = Actor.of_counter(counter)
    undo(membership=maja, undone=done, key=keys.new(), actor=actor)

    html = visitor.get(at("now"), {"seen": "used"}).content.decode()
    assert "Use my reward" in html


@pytest.mark.parametrize("name", ["show", "use", "now"])
def test_another_cards_reward_is_not_found(visitor, claim, next_door_member, card, name):
    other = MembershipFactory(shop=card.shop)
    for private in (next_door_member.private, other.private, "x" * 32):
        answer = visitor.get(reverse(f"reward:{name}", args=[private, claim.pk]))

        assert answer.status_code == 404
        assert b"Any hot drink" not in answer.content


def test_nothing_here_takes_a_post(visitor, at):
    assert {visitor.post(at(name)).status_code for name in ("show", "use", "now")} == {405}


def test_the_link_is_kept_nowhere(visitor, at):
    answer = visitor.get(at("show"))

    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_markup_in_a_reward_is_text(read, claim, shop):
    with scope(shop=shop):
        Claim.objects.update(title="<script>x</script> 🍰")

    assert "&lt;script&gt;x&lt;/script&gt; 🍰" in read()
