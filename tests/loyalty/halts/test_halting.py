"""Emergency switches: whoever begins after one was thrown is refused, and nothing is booked."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from loyalty import clock, keys
from loyalty.halts.models import Halt
from loyalty.halts.operations import halt, is_read_only, resume
from loyalty.halts.refusals import Halted
from loyalty.journal.models import Change
from loyalty.management import ticking
from members import rooms
from members.ledger import audit
from members.ledger.models import LedgerEntry, Operation
from members.operations import undo
from members.shops import change_shop
from rewards.models import Claim
from rewards.operations import hand_over
from stampcards.counter.models import LateAction
from tests.factories import CounterFactory, MembershipFactory, choose, earn, stamp
from tests.stampcards.counter.saved import Device

pytestmark = pytest.mark.django_db

What = Halt.What
EVERYWHERE = None


def reason(what, shop):
    return {"what": what, "shop": shop, "reason": "stamps are doubled"}


@pytest.fixture
def full(in_shop, card):
    """Maja's card was filled: a reward is ready."""
    return MembershipFactory(shop=in_shop, stamps=9)


@pytest.fixture
def fetch(full, till_actor):
    """fetch(): staff hand her reward out."""

    def fetch():
        claim = Claim.objects.get(membership=full)
        return hand_over(membership=full, claim=claim, key=keys.new(), actor=till_actor)

    return fetch


def test_it_works(in_shop, member, counter):
    assert halt(**reason(What.EARNING, in_shop))
    with pytest.raises(Halted, match=r"^Nobody can collect right now"):
        stamp(member, counter=counter)

    assert resume(**reason(What.EARNING, in_shop))
    assert stamp(member, counter=counter)["given"] == 1


def test_what_is_refused_books_nothing_and_may_be_asked_again(in_shop, member, counter):
    """The refusal says nothing about the stamp, so it is not kept with its key."""
    halt(**reason(What.EARNING, in_shop))
    before, key = LedgerEntry.objects.count(), keys.new()
    with pytest.raises(Halted):
        stamp(member, counter=counter, key=key)

    assert LedgerEntry.objects.count() == before
    assert not Operation.objects.filter(key=key).exists()
    assert list(audit.disagreements()) == []

    resume(**reason(What.EARNING, in_shop))
    assert stamp(member, counter=counter, key=key)["given"] == 1


@pytest.mark.parametrize("what", [What.EARNING, What.EVERYTHING])
def test_every_way_to_collect_is_stopped(in_shop, points, member, counter, what):
    halt(**reason(what, EVERYWHERE))

    for collect in (
        lambda: earn(member, 9000, counter=counter),
        lambda: MembershipFactory(shop=in_shop),
    ):
        with pytest.raises(Halted):
            collect()


def test_rewards_are_handed_out_while_nobody_collects(in_shop, fetch):
    halt(**reason(What.EARNING, in_shop))

    assert fetch()["title"]


def test_a_card_fills_while_no_reward_is_handed_out(in_shop, full, fetch, counter):
    halt(**reason(What.REDEEMING, in_shop))
    with pytest.raises(Halted, match=r"^Rewards are on hold right now"):
        fetch()

    assert stamp(full, count=9, counter=counter)["filled"] == 1
    assert Claim.objects.filter(membership=full, state=Claim.State.READY).count() == 2


def test_no_points_are_spent_either(in_shop, lunch, counter):
    member = MembershipFactory(shop=in_shop)
    earn(member, 200_000, counter=counter)
    halt(**reason(What.REDEEMING, in_shop))

    with pytest.raises(Halted):
        choose(member, lunch)


def test_a_mistake_can_be_taken_back_whatever_is_halted(in_shop, member, counter, till_actor):
    key = keys.new()
    stamp(member, counter=counter, key=key)
    for what in (What.EARNING, What.REDEEMING):
        halt(**reason(what, in_shop))

    undone = Operation.objects.get(key=key)
    undo(membership=member, undone=undone, key=keys.new(), actor=till_actor)
    assert member.accounts.get().balance == 1


def test_one_counter_is_stopped_and_the_next_one_is_not(in_shop, member, counter):
    other = CounterFactory(shop=in_shop)
    halt(**reason(What.COUNTER, in_shop), counter=counter)

    with pytest.raises(Halted, match=r"^This counter is on hold right now"):
        stamp(member, counter=counter)
    assert stamp(member, counter=other)["given"] == 1


def test_the_shop_next_door_goes_on(in_shop, next_door, member, counter):
    halt(**reason(What.EARNING, next_door))

    assert stamp(member, counter=counter)["given"] == 1


def test_twice_is_once(in_shop):
    for place in (in_shop, EVERYWHERE):
        assert halt(**reason(What.EARNING, place))
        assert not halt(**reason(What.EARNING, place))
        assert resume(**reason(What.EARNING, place))
        assert not resume(**reason(What.EARNING, place))


def test_what_is_halted_everywhere_is_not_resumed_for_one_shop(in_shop, member, counter):
    halt(**reason(What.EARNING, EVERYWHERE))

    assert not resume(**reason(What.EARNING, in_shop))
    with pytest.raises(Halted):
        stamp(member, counter=counter)


def test_the_owner_reads_it_in_the_log(in_shop, counter):
    halt(**reason(What.COUNTER, in_shop), counter=counter)
    resume(**reason(What.COUNTER, in_shop), counter=counter)

    told = Change.objects.order_by("pk").values_list("what", "about")
    assert list(told) == [("halted_counter", "By the door"), ("resumed_counter", "By the door")]


# --- Read-only --------------------------------------------------------------------------------


def test_a_read_only_platform_books_nothing_and_changes_no_setting(in_shop, full, fetch, owner):
    halt(**reason(What.EVERYTHING, EVERYWHERE))

    assert is_read_only()
    with pytest.raises(Halted, match=r"^Nothing can be changed right now"):
        fetch()
    with pytest.raises(Halted):
        change_shop(owner, name="Kaffe")
    in_shop.refresh_from_db()
    assert in_shop.name == "Kaffe & Kardemomme"


def test_time_waits_while_the_platform_is_read_only(db, monkeypatch):
    ticked = []
    monkeypatch.setattr(rooms, "answering", lambda what: [ticked.append])
    halt(**reason(What.EVERYTHING, EVERYWHERE))
    ticking.pass_time(clock.now())
    assert ticked == []

    resume(**reason(What.EVERYTHING, EVERYWHERE))
    ticking.pass_time(clock.now())
    assert len(ticked) == 1


def test_pages_can_be_read(member, visitor, till):
    halt(**reason(What.EVERYTHING, EVERYWHERE))

    for browser, address in (
        (visitor, reverse("card:card", args=[member.private])),
        (till, reverse("counter:card", args=[member.counter_code])),
    ):
        assert browser.get(address).status_code == 200


def test_a_page_that_expects_no_refusal_says_it_plainly(in_shop, ingrid):
    halt(**reason(What.EVERYTHING, EVERYWHERE))
    answer = ingrid.post(reverse("owner:pause_shop", args=[in_shop.slug]))

    assert answer.status_code == 503
    assert "Nothing can be changed right now." in answer.content.decode()
    in_shop.refresh_from_db()
    assert in_shop.paused_since is None


# --- At the till ------------------------------------------------------------------------------


@pytest.fixture
def device(in_shop, till, counter, card):
    """The till's own memory, without a connection."""
    return Device(till, counter, card)


@pytest.mark.parametrize("what", [What.EARNING, What.EVERYTHING])
def test_the_till_says_so(in_shop, till, member, card, what):
    halt(**reason(what, EVERYWHERE))
    asked = {"key": keys.new(), "programme": card.pk, "count": 1}
    page = till.post(reverse("counter:stamp", args=[member.counter_code]), asked)

    assert "right now." in page.content.decode()
    assert member.accounts.get().balance == 1


@pytest.mark.parametrize("what", [What.EARNING, What.COUNTER, What.EVERYTHING])
def test_a_stamp_given_offline_waits_for_a_manager(device, member, what):
    device.save(member)
    at, place = device.counter, device.counter.shop
    one = {"shop": place, "counter": at} if what == What.COUNTER else {"shop": EVERYWHERE}
    halt(what, **one, reason="stamps are doubled")
    device.hand_in()

    assert device.waiting == [], "it may let go of its copy"
    waits = LateAction.objects.get()
    assert waits.state == LateAction.State.HELD
    assert waits.refusal == {"refused": "halted", "values": {"what": what}}
    assert member.accounts.get().balance == 1


# --- The commands -----------------------------------------------------------------------------


def test_the_commands_say_what_they_did(shop, counter, capsys):
    one = ["counter", "--shop", shop.slug, "--counter", counter.name, "--reason", "stolen"]
    for command in ("halt", "halt", "resume", "resume"):
        call_command(command, *one)

    assert capsys.readouterr().out.splitlines() == [
        "Halted.",
        "It was halted already.",
        "It goes on.",
        "It was not halted.",
    ]
    assert Halt.objects.get().reason == "stolen"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["earning", "--shop", "nowhere", "--reason", "x"], "No shop has the address nowhere"),
        (["earning", "--reason", " "], "Say why"),
        (["counter", "--reason", "x"], "A counter is halted by"),
        (["earning", "--counter", "Till", "--reason", "x"], "A counter is halted by"),
        (["counter", "--counter", "Till", "--reason", "x"], "Say which shop"),
        (["counter", "--shop", "kaffe-kardemomme", "--counter", "Till", "--reason", "x"], "^0 "),
    ],
)
def test_a_switch_that_is_not_there_is_named(shop, words, told):
    with pytest.raises(CommandError, match=told):
        call_command("halt", *words)
