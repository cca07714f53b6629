"""What is reserved in its member's hand, until staff have handed it out."""

import pytest
from django.urls import reverse

from loyalty import clock, keys
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.vip.models import Reservation
from tests.rewards.vip.conftest import A_SECOND, SUNDAY
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


def test_collecting_it_shows_the_code(visitor, reserve, roast, vera):
    claim = Claim.objects.get(pk=reserve(membership=vera, drop=roast)["claim"])
    shown = text_of(visitor.get(reverse("reward:show", args=[vera.private, claim.pk])))

    assert "Reserved: Summer roast 149 kr Kept until Sunday 17:00." in shown
    assert "Collect it Tap when you are at the counter. Staff confirm it." in shown
    assert "reward" not in shown.lower()
    use = visitor.get(reverse("reward:use", args=[vera.private, claim.pk]))
    assert "Show this to staff Summer roast" in text_of(use)
    assert 'class="ring"' in use.content.decode()


def test_collected_it_says_when(visitor, reserve, roast, vera, till_actor):
    claim = Claim.objects.get(pk=reserve(membership=vera, drop=roast)["claim"])
    hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)
    shown = text_of(visitor.get(reverse("reward:show", args=[vera.private, claim.pk])))

    assert "Summer roast Collected today at 09:00. Enjoy." in shown


def test_too_late_it_says_until_when_it_was_kept(visitor, reserve, roast, vera):
    claim = Claim.objects.get(pk=reserve(membership=vera, drop=roast)["claim"])
    with clock.at(SUNDAY + A_SECOND):
        shown = text_of(visitor.get(reverse("reward:use", args=[vera.private, claim.pk])))

    assert "This was kept until Sunday 17:00." in shown
    assert "Show this to staff" not in shown


def test_let_go_it_is_not_reserved_any_more(visitor, ask, roast, vera):
    ask(vera, roast, "reserve")
    own = Reservation.objects.get()
    ask(vera, roast, "let_go", reservation=own.pk)
    shown = text_of(visitor.get(reverse("reward:show", args=[vera.private, own.claim_id])))

    assert "This is not reserved any more." in shown


def test_on_the_evening_whoever_comes_shows_their_code(visitor, look_at, reply, tasting, maja):
    claim = Claim.objects.get(pk=reply(membership=maja, drop=tasting, coming=True)["claim"])

    assert "I am here" not in text_of(look_at(maja, tasting))
    with clock.at(tasting.starts_at):
        assert "I am here" in text_of(look_at(maja, tasting))
        shown = text_of(visitor.get(reverse("reward:show", args=[maja.private, claim.pk])))
    assert "You are coming: Tasting Saturday 18:00 I am here" in shown


def test_a_stranger_sees_nothing_of_it(visitor, reserve, roast, vera, next_door_member):
    claim = reserve(membership=vera, drop=roast)["claim"]

    address = reverse("reward:use", args=[next_door_member.private, claim])
    assert visitor.get(address).status_code == 404
