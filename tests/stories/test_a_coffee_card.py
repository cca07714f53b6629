"""A coffee card, from the poster to the free coffee, told with operations alone."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import LedgerEntry, Lot, Operation
from members.ledger.operations import expire_lapsed
from members.models import Membership
from members.operations import join, replace_codes, save_card, undo
from rewards.models import Claim
from rewards.operations import AlreadyUsed, expire_claims, hand_over
from stampcards.operations import add_stamps
from stampcards.refusals import StampedRecently
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2027, 3, 1, 7, 30, tzinfo=UTC)  # half past eight in Oslo
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def test_a_coffee_card(in_shop, card, counter, at):
    till = Actor.of_counter(counter)
    phone = Actor(in_shop, Channel.CARD)

    # Monday: Maja scans the poster in the window and taps once. The first stamp is from us.
    with clock.at(MONDAY):
        joined = join(
            source="poster", source_detail="a4", language="nb", key=keys.new(), actor=phone
        )
    maja = Membership.objects.get(pk=joined["membership"])
    stamp = partial(add_stamps, membership=maja, programme=card, actor=till)
    account = maja.accounts.get
    assert account().balance == 1

    # She buys a coffee and shows her code. Ola taps twice, because the tablet is slow.
    at(MONDAY + 2 * MINUTE)
    key = keys.new()
    assert stamp(count=1, key=key)["after"] == 2
    assert stamp(count=1, key=key)["after"] == 2
    assert account().balance == 2

    # Ten minutes later she wants another. He is asked, says that he means it, and gives it.
    at(MONDAY + 12 * MINUTE)
    with pytest.raises(StampedRecently, match="10 minutes ago"):
        stamp(count=1, key=keys.new())
    assert stamp(count=1, again=True, key=keys.new())["after"] == 3

    # Tuesday she brings her own cup: one stamp more.
    at(MONDAY + DAY)
    assert stamp(count=1, extra=True, key=keys.new())["after"] == 5

    # Wednesday she treats three friends. Ola hits 5 instead of 4, sees it, and takes it back.
    at(MONDAY + 2 * DAY)
    slip = keys.new()
    stamp(count=5, key=slip)
    wrong = Operation.objects.get(key=slip)
    undo(membership=maja, undone=wrong, key=keys.new(), actor=till)
    assert account().balance == 5
    assert Claim.objects.exclude(state="cancelled").count() == 0
    assert stamp(count=4, key=keys.new()) == {
        "given": 4,
        "before": 5,
        "after": 0,
        "need": 9,
        "filled": 1,
        "reward": "Any hot drink",
        "extra": "",
        "again": False,
        "also": [],
    }

    # The reward is hers for three months. She saves her card, in case she loses the phone.
    claim = Claim.objects.get(state="ready")
    assert claim.expires_on.isoformat() == "2027-06-03"
    person = PersonFactory(email="maja@example.no")
    save_card(membership=maja, person=person, key=keys.new(), actor=phone)

    # Friday she loses it. On the new one she asks for new codes; stamps and reward are there.
    at(MONDAY + 4 * DAY)
    replace_codes(membership=maja, key=keys.new(), actor=phone)
    maja.refresh_from_db()

    # And she has her free coffee, once.
    give = partial(hand_over, membership=maja, claim=claim, actor=till)
    assert give(key=keys.new())["title"] == "Any hot drink"
    with pytest.raises(AlreadyUsed, match="by Ola"):
        give(key=keys.new())

    # Two stamps on the next card; then she moves away, and a year later they run out.
    assert stamp(count=2, key=keys.new())["after"] == 2
    at(MONDAY + 371 * DAY)
    expire_lapsed(clock.now())
    expire_claims(clock.now())
    assert account().balance == 0
    assert not Lot.objects.left().exists()

    # Every line is still there, and everything adds up.
    told = LedgerEntry.objects.filter(account=account()).values_list("kind", "amount")
    assert list(told) == [
        ("earn", 1),
        ("earn", 1),
        ("earn", 1),
        ("earn", 1),
        ("earn", 1),
        ("earn", 5),
        ("spend", -9),
        ("reverse", 9),
        ("reverse", -5),
        ("earn", 4),
        ("spend", -9),
        ("earn", 2),
        ("expire", -2),
    ]
    assert list(audit.disagreements()) == []
