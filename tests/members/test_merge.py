"""Two cards of one person become one: every stamp, every date, every reward."""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import LedgerEntry, Lot
from members.merging import merge
from members.models import Membership, Programme, RetiredCode
from members.operations import rename
from members.refusals import NotMergeable
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import MembershipFactory, PersonFactory, ProgrammeFactory, stamp

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def books(in_shop, card):
    yield
    assert list(audit.disagreements()) == []


@pytest.fixture
def become(in_shop):
    def become(gone, kept, *, key=None):
        actor = Actor(in_shop, Channel.CARD)
        answer = merge(gone=gone, kept=kept, key=key or keys.new(), actor=actor)
        gone.refresh_from_db()
        kept.refresh_from_db()
        return answer

    return become


def balance(member):
    return member.accounts.get().balance


def test_it_works(in_shop, become):
    gone, kept = (
        MembershipFactory(shop=in_shop, stamps=4),
        MembershipFactory(shop=in_shop, stamps=3),
    )

    assert become(gone, kept)["membership"] == kept.pk
    assert gone.merged_into == kept
    assert (balance(gone), balance(kept)) == (0, 6)  # seven, less the second welcome
    assert list(Membership.objects.current()) == [kept]


def test_the_welcome_counts_once(in_shop, become):
    gone, kept = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)
    become(gone, kept)

    assert balance(kept) == 1
    assert LedgerEntry.objects.get(reason="welcomed_twice").amount == -1


def test_a_welcome_that_ran_out_takes_no_other_stamp_with_it(in_shop, become, counter):
    with clock.at(NOON):
        gone = MembershipFactory(shop=in_shop)
    with clock.at(NOON + timedelta(days=30)):
        stamp(gone, counter=counter)
    with clock.at(NOON + timedelta(days=370)):  # the welcome is over, the stamp is not
        kept = MembershipFactory(shop=in_shop)
        become(gone, kept)

    usable = Lot.objects.filter(account__membership=kept).usable(
        (NOON + timedelta(days=370)).date()
    )
    assert sum(lot.remaining for lot in usable) == 2


def test_dates_are_kept(in_shop, become, counter):
    with clock.at(NOON):
        gone = MembershipFactory(shop=in_shop, stamps=3)
    before = set(Lot.objects.filter(amount=2).values_list("expires_on", flat=True))
    with clock.at(NOON + timedelta(days=100)):
        become(gone, MembershipFactory(shop=in_shop))

    moved = Lot.objects.filter(entry__kind="transfer")
    assert set(moved.values_list("expires_on", flat=True)) == before


def test_together_they_may_fill_the_card(in_shop, become):
    gone, kept = (MembershipFactory(shop=in_shop, stamps=6) for _card in "ab")
    become(gone, kept)

    assert (balance(kept), kept.accounts.get().cycle) == (2, 1)
    assert Claim.objects.get().membership == kept


def test_rewards_follow_their_member(in_shop, become, counter):
    gone, kept = MembershipFactory(shop=in_shop, stamps=9), MembershipFactory(shop=in_shop)
    become(gone, kept)
    claim = Claim.objects.get()

    hand_over(membership=kept, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))
    assert Claim.objects.get().state == "handed_over"


def test_its_codes_lead_to_the_card_that_is_kept(in_shop, become):
    gone, kept = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)
    become(gone, kept)

    retired = RetiredCode.objects.get(counter_code=gone.counter_code)
    assert (retired.membership, retired.short_code) == (kept, gone.short_code)


def test_a_name_and_a_person_are_not_lost(in_shop, become):
    gone = MembershipFactory(shop=in_shop, person=PersonFactory(name="Maja"))
    kept = MembershipFactory(shop=in_shop)
    become(gone, kept)

    assert (kept.name, kept.person) == ("Maja", gone.person)


def test_a_name_is_not_overwritten(in_shop, become):
    gone, kept = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)
    rename(gone, "Mamma")
    rename(kept, "Maja")
    become(gone, kept)

    assert kept.name == "Maja"


def test_every_programme_moves(in_shop, become, counter):
    lunch = ProgrammeFactory(shop=in_shop, name="Lunch card", rules__welcome=0)
    gone, kept = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)
    stamp(gone, 3, programme=lunch, counter=counter)
    become(gone, kept)

    assert kept.accounts.get(programme=lunch).balance == 3


def test_a_programme_the_kept_card_never_opened_is_opened(in_shop, become, counter):
    kept = MembershipFactory(shop=in_shop)
    lunch = ProgrammeFactory(shop=in_shop, name="Lunch card", rules__welcome=0)
    gone = MembershipFactory(shop=in_shop)
    stamp(gone, 2, programme=lunch, counter=counter)
    become(gone, kept)

    assert kept.accounts.get(programme=lunch).balance == 2


def test_same_key_twice_merges_once(in_shop, become):
    gone, kept = MembershipFactory(shop=in_shop, stamps=4), MembershipFactory(shop=in_shop)
    key = keys.new()

    assert become(gone, kept, key=key) == become(gone, kept, key=key)
    assert balance(kept) == 4


def test_a_card_is_not_merged_with_itself(in_shop, become):
    card = MembershipFactory(shop=in_shop)

    with pytest.raises(NotMergeable, match=r"^These two cards are already one\.$"):
        become(card, card)


def test_nor_twice(in_shop, become):
    gone, kept, third = (MembershipFactory(shop=in_shop) for _card in "abc")
    become(gone, kept)

    with pytest.raises(NotMergeable):
        become(gone, third)
    with pytest.raises(NotMergeable):
        become(third, gone)
    assert balance(third) == 1


def test_three_cards_become_one(in_shop, become):
    a, b, c = (MembershipFactory(shop=in_shop, stamps=3) for _card in "abc")
    become(a, b)
    become(b, c)

    assert balance(c) == 7  # nine, less two welcomes
    assert RetiredCode.objects.filter(membership=c).count() == 1


def test_the_card_next_door_is_none_of_our_business(in_shop, become, member, next_door_member):
    with pytest.raises(ValueError, match="another shop"):
        become(next_door_member, member)


def test_what_another_kind_collects_is_left_to_its_own_room(in_shop, become):
    points = Programme.objects.create(shop=in_shop, kind="points", name="Points")
    points.versions.create(shop=in_shop, number=1, effective_from=clock.now(), rules={"rate": 1})
    gone, kept = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)

    assert become(gone, kept)["membership"] == kept.pk
