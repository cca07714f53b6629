"""Whoever says no to everything collects and uses all the same (PRV-07)."""

import pytest
from django.urls import reverse

from loyalty import keys
from members.ledger.models import LedgerEntry
from members.messages.operations import Purpose
from members.messages.wishes import start_mail
from members.models import Consent
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import MembershipFactory, stamp
from tests.members.notices.conftest import proved_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def yes(in_shop, card):
    """Said yes to all there is to say yes to."""
    member = MembershipFactory(shop=in_shop, person=proved_person("yes@example.no"))
    for purpose in Purpose:
        start_mail(member, purpose, way=Consent.Way.CARD)
    return member


@pytest.fixture
def no(in_shop, card):
    """Told nothing and chose nothing."""
    return MembershipFactory(shop=in_shop)


def live(member, counter, till_actor):
    """Fill a card, use its reward, begin the next. Returns everything that was booked."""
    stamp(member, 9, counter=counter)
    claim = Claim.objects.get(membership=member)
    hand_over(membership=member, claim=claim, key=keys.new(), actor=till_actor)
    entries = LedgerEntry.objects.filter(account__membership=member)
    claim.refresh_from_db()
    return claim.title, claim.state, list(entries.values_list("kind", "amount", "reason"))


def test_it_works(yes, no, counter, till_actor):
    assert live(yes, counter, till_actor) == live(no, counter, till_actor)


def test_the_pages_of_both_offer_the_same(yes, no, visitor, counter):
    stamp(yes, counter=counter)
    stamp(no, counter=counter)

    for name in ("card", "code", "history"):
        pages = [visitor.get(reverse(f"card:{name}", args=[each.private])) for each in (yes, no)]
        assert [page.status_code for page in pages] == [200, 200]


def test_taking_back_takes_nothing_away(yes, visitor, counter):
    stamp(yes, counter=counter)
    before = yes.accounts.get().balance

    visitor.post(
        reverse("card:settings", args=[yes.private]), {"name": "", "language": "nb", "theme": ""}
    )

    assert not Consent.objects.stands().exists()
    assert yes.accounts.get().balance == before


def test_each_choice_is_its_own_and_none_is_ticked(visitor, in_shop, card):
    member = MembershipFactory(shop=in_shop, person=proved_person("kari@example.no"))
    page = visitor.get(reverse("card:settings", args=[member.private])).content.decode()

    for name in ("service_mail", "news"):
        [box] = [part for part in page.split("<input") if f'name="{name}"' in part.split(">")[0]]
        assert "checked" not in box.split(">")[0]


def test_the_settings_say_what_was_agreed_to_and_when(yes, visitor):
    page = visitor.get(reverse("card:settings", args=[yes.private])).content.decode()

    assert "You said yes on 1 March 2027 12:00: News and early access by e-mail." in page
