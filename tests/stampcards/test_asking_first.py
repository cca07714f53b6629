"""Where the rules ask before one more stamp, and what is remembered of the answer.

The wait between two, the day's limit, and the reason for many at once.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger.models import LedgerEntry, Operation
from members.models import RuleVersion
from members.operations import undo
from stampcards import telling
from stampcards.operations import REASONS, add_stamps
from stampcards.refusals import DailyLimit, ReasonNeeded, StampedRecently
from tests.factories import MembershipFactory, ProgrammeFactory, stamp

pytestmark = pytest.mark.django_db

MONDAY = datetime(2027, 3, 1, 11, tzinfo=UTC)  # noon in Oslo


def test_sooner_than_the_wait_is_asked_about(give, member):
    with clock.at(MONDAY):
        give(key=keys.new())
    with (
        clock.at(MONDAY + timedelta(minutes=59, seconds=59)),
        pytest.raises(StampedRecently, match=r"^Stamped 59 minutes ago\. Give another\?$"),
    ):
        give(key=keys.new())

    assert member.accounts.get().balance == 2


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        (timedelta(seconds=59), "Stamped less than a minute ago. Give another?"),
        (timedelta(seconds=60), "Stamped 1 minute ago. Give another?"),
        (timedelta(minutes=2), "Stamped 2 minutes ago. Give another?"),
        (timedelta(minutes=119), "Stamped 1 hour ago. Give another?"),
        (timedelta(hours=3), "Stamped 3 hours ago. Give another?"),
    ],
)
def test_it_says_how_long_ago(in_shop, counter, since, sentence):
    programme = ProgrammeFactory(shop=in_shop, rules__wait_minutes=24 * 60)
    member = MembershipFactory(shop=in_shop)
    with clock.at(MONDAY):
        stamp(member, counter=counter, programme=programme)
    with clock.at(MONDAY + since), pytest.raises(StampedRecently) as refused:
        stamp(member, counter=counter, programme=programme, again=False)

    assert str(refused.value) == sentence


def test_the_wait_over_it_goes_through(give):
    with clock.at(MONDAY):
        give(key=keys.new())
    with clock.at(MONDAY + timedelta(minutes=60)):
        assert give(key=keys.new())["after"] == 3


def test_asked_and_meant_it_goes_through_and_is_remembered(give, latest):
    with clock.at(MONDAY):
        give(key=keys.new())
        assert give(key=keys.new(), again=True)["again"]

    assert latest().reason == "again"


def test_what_needed_no_asking_is_not_remembered_as_asked(give, latest):
    """The sheet may have lain open until the wait was over."""
    with clock.at(MONDAY):
        give(key=keys.new())
    with clock.at(MONDAY + timedelta(minutes=60)):
        assert not give(key=keys.new(), again=True)["again"]

    assert latest().reason == ""


def test_one_that_arrives_late_is_as_near_to_what_was_given_after_it(give, counter):
    """Saved without a connection at noon; another till had one four minutes later."""
    with clock.at(MONDAY + timedelta(minutes=4)):
        give(key=keys.new())
    late = {"actor": Actor.of_counter(counter, at=MONDAY)}
    with clock.at(MONDAY + timedelta(hours=2)):
        with pytest.raises(StampedRecently, match=r"^Stamped 4 minutes ago\."):
            give(key=keys.new(), **late)
        assert give(key=keys.new(), again=True, **late)["again"]


def test_the_wait_counts_from_the_latest_stamp_not_from_what_arrived_last(give, counter):
    with clock.at(MONDAY):
        give(key=keys.new())
        give(key=keys.new(), actor=Actor.of_counter(counter, at=MONDAY - timedelta(hours=3)))
    with clock.at(MONDAY + timedelta(minutes=4)), pytest.raises(StampedRecently):
        give(key=keys.new())


def test_the_counter_asks_within_five_minutes_whatever_the_rules(in_shop, counter):
    programme = ProgrammeFactory(shop=in_shop, rules__wait_minutes=0)
    member = MembershipFactory(shop=in_shop)
    with clock.at(MONDAY):
        stamp(member, counter=counter, programme=programme)
    with clock.at(MONDAY + timedelta(minutes=4)), pytest.raises(StampedRecently):
        stamp(member, counter=counter, programme=programme, again=False)
    with clock.at(MONDAY + timedelta(minutes=5)):
        stamp(member, counter=counter, programme=programme, again=False)


def test_the_welcome_stamp_starts_no_wait(in_shop, card, counter):
    with clock.at(MONDAY):
        member = MembershipFactory(shop=in_shop)
        assert stamp(member, counter=counter, again=False)["after"] == 2


# --- Often in one day --------------------------------------------------------------------------


@pytest.fixture
def thrice(in_shop, card, counter):
    """A card that may be stamped three times a day, with no wait."""
    programme = ProgrammeFactory(
        shop=in_shop, name="Tea card", rules__most_per_day=3, rules__wait_minutes=0
    )
    return partial(
        add_stamps,
        membership=MembershipFactory(shop=in_shop),
        programme=programme,
        count=1,
        actor=Actor.of_counter(counter),
    )


def test_over_the_days_limit_is_asked_about(thrice, latest):
    with clock.at(MONDAY):
        thrice(count=3, key=keys.new())
    with clock.at(MONDAY + timedelta(hours=2)):
        with pytest.raises(DailyLimit, match=r"^This card got 3 stamps today\. Give another\?$"):
            thrice(key=keys.new())
        assert thrice(key=keys.new(), again=True)["again"]

    assert latest().reason == "again"


def test_going_past_the_limit_at_once_is_asked_about(thrice):
    with clock.at(MONDAY):
        thrice(key=keys.new())
    with (
        clock.at(MONDAY + timedelta(hours=2)),
        pytest.raises(DailyLimit, match=r"^That makes 4 stamps on this card today\. Give them\?$"),
    ):
        thrice(count=3, key=keys.new())


def test_the_extra_counts_towards_the_limit(thrice):
    with pytest.raises(DailyLimit):
        thrice(count=3, extra=True, key=keys.new())
    assert thrice(count=2, extra=True, key=keys.new())["given"] == 3


def test_the_welcome_and_what_was_undone_do_not(thrice, counter):
    first = keys.new()
    thrice(count=3, key=first)
    undone = Operation.objects.select_related("membership").get(key=first)
    undo(
        membership=undone.membership, undone=undone, key=keys.new(), actor=Actor.of_counter(counter)
    )

    assert thrice(count=3, key=keys.new())["after"] == 4


def test_the_day_is_the_shops(thrice):
    with clock.at(datetime(2027, 3, 1, 22, 59, tzinfo=UTC)):  # 23:59 in Oslo
        thrice(count=3, key=keys.new())
    with clock.at(datetime(2027, 3, 1, 23, 10, tzinfo=UTC)):
        assert thrice(count=3, key=keys.new())["after"] == 7


def test_one_cards_day_is_not_anothers(thrice, give):
    thrice(count=3, key=keys.new())

    member = thrice.keywords["membership"]
    assert give(membership=member, key=keys.new())["again"] is False


def test_rules_from_before_there_was_a_limit_allow_ten(give, card):
    version = card.versions.get()
    old = {name: rule for name, rule in version.rules.items() if name != "most_per_day"}
    RuleVersion.objects.filter(pk=version.pk).update(rules=old)
    give(count=5, key=keys.new())
    give(count=5, key=keys.new(), again=True)

    with pytest.raises(DailyLimit, match="got 10 stamps today"):
        give(key=keys.new())


# --- Many at once ------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "because", "again", "welcome"])
def test_more_than_five_need_a_reason_from_the_list(eight, reason):
    with pytest.raises(ReasonNeeded, match=r"^Choose why so many at once\.$"):
        eight(count=6, reason=reason, key=keys.new())
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_stands_in_the_entry(eight, latest, reason):
    answer = eight(count=6, reason=reason, key=keys.new())

    assert (latest().reason, answer["again"]) == (reason, False)


def test_a_reason_beside_an_override_hides_neither(eight, latest):
    eight(count=6, key=keys.new())
    answer = eight(count=6, key=keys.new())

    assert answer["again"]
    assert LedgerEntry.objects.filter(kind="earn").latest("seq").reason == "group"


def test_up_to_five_need_none_and_keep_none(eight, latest):
    eight(count=5, key=keys.new())

    assert latest().reason == ""


def test_a_member_reads_nothing_of_the_reason(eight, latest):
    eight(count=6, key=keys.new())

    assert telling.line(latest()).startswith("6 stamps from ")
