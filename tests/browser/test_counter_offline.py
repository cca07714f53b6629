"""The till on a bad network: nothing is stamped twice or lost, and the screen says the truth."""

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from loyalty.operations import revoke
from members.ledger import audit
from members.ledger.models import Operation
from rewards.models import Claim
from stampcards.counter.models import LateAction
from tests.factories import MembershipFactory, as_owner, stamp
from tests.support import network as networks
from tests.support.tills import Till

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = "/c/queue/"


@pytest.fixture
def till(counter, card, network, new_context, no_outside_requests):
    no_outside_requests.expect("console:|answer 50")  # of every answer that is none
    return Till(new_context(), network.url, counter.device)


@pytest.fixture
def balance(member, in_shop):
    return lambda: member.accounts.get().balance


@pytest.fixture(autouse=True)
def the_ledger_adds_up(db):
    yield
    assert list(audit.disagreements()) == []


def test_five_stamps_survive_a_reload_and_count_once_each(till, member, network, balance):
    with network.behaving(networks.away):
        for n in range(1, 6):
            till.save(member)
            expect(till.tag).to_have_text(f"Offline, {n} waiting")
        till.page.reload()
        expect(till.tag).to_have_text("Offline, 5 waiting")
        assert balance() == 1
    till.send()

    expect(till.line).to_contain_text("5 stamps sent.")
    expect(till.tag).to_have_text("Online")
    assert balance() == 6


def test_three_stamps_saved_at_once_are_three_everywhere(till, member, network, balance):
    with network.behaving(networks.away):
        till.find(member)
        till.page.get_by_role("radio", name="3", exact=True).check()
        till.page.get_by_role("button", name="Save 3 stamps").click()
        expect(till.line).to_contain_text("3 stamps saved here.")
        expect(till.tag).to_have_text("Offline, 3 waiting")
        till.tag.click()
        expect(till.page.locator("#sheet li")).to_contain_text("3 stamps")
    till.send()

    expect(till.line).to_contain_text("3 stamps sent.")
    expect(till.tag).to_have_text("Online")
    assert balance() == 4


def test_what_an_older_page_saved_is_told_in_stamps_too(till, member, card, network, balance):
    with network.behaving(networks.away):
        till.page.evaluate(
            """([code, programme]) => tillQueue.save({
              key: crypto.randomUUID(), code, form: { programme, count: "2", again: "" },
            })""",
            [member.counter_code, str(card.pk)],
        )
        till.save(member)
        expect(till.tag).to_have_text("Offline, 3 waiting")
    till.send()

    expect(till.line).to_contain_text("3 stamps sent.")
    assert balance() == 4


def test_a_stamp_whose_answer_never_came_counts_once(till, member, network, balance):
    till.find(member)
    stamp = f"/c/card/{member.counter_code}/stamp/"
    with network.behaving(networks.only(stamp, networks.loses_the_answer)):
        till.page.get_by_role("button", name="Give 1 stamp").click()
        expect(till.line).to_contain_text("1 stamp saved here.")
        expect(till.tag).to_have_text("Offline, 1 waiting")
    assert balance() == 2
    till.send()

    expect(till.tag).to_have_text("Online")
    assert balance() == 2


def test_every_post_asked_twice_counts_once(till, member, network, balance):
    with network.behaving(networks.away):
        till.save(member)
        till.save(member)
    with network.behaving(networks.asks_twice):
        till.send()
        expect(till.tag).to_have_text("Online")
        till.find(member)
        till.page.get_by_role("button", name="Give 1 more").click()
        expect(till.line).to_contain_text("Now 4 of 9.")

    assert balance() == 4


WRONG_ANSWERS = {
    **{str(status): networks.answers(status) for status in (400, 403, 404, 409, 413, 422, 429)},
    **{str(status): networks.answers(status) for status in (401, 500, 502, 503)},
    "a login page": networks.answers(200),
    "an empty page": networks.answers(200, b""),
    "another key": networks.answers(
        200, b'{"till": 1, "key": "0", "state": "counted"}', "application/json"
    ),
    "half of it": networks.cuts_off,
    "somewhere else": networks.answers(302, b"", Location="/accounts/login/"),
    "nothing": networks.away,
    "no answer": networks.loses_the_answer,
}


def test_no_wrong_answer_makes_the_till_forget(till, member, network, balance):
    with network.behaving(networks.away):
        till.save(member)

    for name, wrong in WRONG_ANSWERS.items():
        with network.behaving(networks.only(QUEUE, wrong)):
            till.send()
            assert len(till.kept()) == 1, name
            expect(till.tag).to_contain_text("1 ")
    till.send()

    expect(till.tag).to_have_text("Online")
    assert balance() == 2


def test_what_our_server_cannot_take_waits_for_somebody_to_look(till, member, network, balance):
    """It says 400 and is no hotel, and a stamp is no less a stamp."""
    unreadable = networks.answers(400, b'{"till": 1, "state": "unreadable"}', "application/json")
    with network.behaving(networks.away):
        till.save(member)
    with network.behaving(networks.only(QUEUE, unreadable)):
        till.send()
        expect(till.tag).to_contain_text("1 needs attention")
        assert [action["state"] for action in till.kept()] == ["attention"]
    till.send()

    expect(till.tag).to_have_text("Online")
    assert balance() == 2


def test_a_login_page_is_no_card_and_no_stamp(till, member, network, balance):
    """The network of a hotel answers everything, and says 200."""
    till.find(member)
    till.page.get_by_role("button", name="Give 1 stamp").wait_for()
    with network.behaving(networks.answers(200)):
        till.page.get_by_role("button", name="Give 1 stamp").click()
        expect(till.line).to_contain_text("1 stamp saved here.")
        till.find(member)
        expect(till.page.get_by_role("button", name="Save 1 stamp")).to_be_visible()
        assert "hotel" not in till.page.content()
        till.page.reload()
        expect(till.tag).to_have_text("Offline, 1 waiting")
    till.send()

    expect(till.tag).to_have_text("Online")
    assert balance() == 2


def test_rewards_need_a_connection(till, card, network):
    full = MembershipFactory(shop=card.shop, name="Liv", stamps=9)
    till.find(full)
    till.page.get_by_role("button", name="Hand out").wait_for()

    with network.behaving(networks.away):
        till.page.get_by_role("button", name="Hand out").click()
        expect(till.line).to_contain_text(
            f"Rewards need a connection. Write down the code: {full.spoken_code}."
        )
        assert till.kept() == []

    with scope(shop=card.shop):
        assert Claim.objects.get().state == Claim.State.READY


def test_an_unsent_stamp_can_be_undone_here(till, member, network, balance, in_shop):
    with network.behaving(networks.away):
        till.save(member)
        till.page.get_by_role("button", name="Undo").click()
        expect(till.line).to_contain_text("Undone.")
        expect(till.line.locator(".wrong")).to_have_count(0)
        expect(till.tag).to_have_text("Offline")
        till.save(member)
    till.send()
    expect(till.tag).to_have_text("Online")

    assert balance() == 2
    assert LateAction.objects.count() == 2  # its number was handed in as well


def test_a_cleared_memory_is_noticed(till, member, network, in_shop):
    with network.behaving(networks.away):
        for _ in range(5):
            till.save(member)
        expect(till.tag).to_have_text("Offline, 5 waiting")
        forget = "new Promise((yes) => { indexedDB.deleteDatabase('till').onsuccess = yes; })"
        till.page.goto("about:blank")
        till.page.close()
        blank = till.context.new_page()
        blank.route("**/empty", lambda route: route.fulfill(body="", content_type="text/html"))
        blank.goto(f"{till.address}/empty")
        blank.evaluate(forget)
    till.open()

    expect(till.tag).to_have_text("Online")
    till.page.wait_for_timeout(1500)
    missing = LateAction.objects.filter(state=LateAction.State.MISSING)
    assert list(missing.values_list("device_seq", flat=True)) == [1, 2, 3, 4, 5]


def test_a_counter_switched_off_meanwhile_loses_nothing(till, member, counter, network, in_shop):
    with network.behaving(networks.away):
        for _ in range(3):
            till.save(member)
        revoke(counter, actor=as_owner(counter.shop))
        till.page.reload()
        expect(till.tag).to_have_text("Offline, 3 waiting")
    with network.behaving(networks.only(QUEUE, networks.away)):
        till.page.reload()
        expect(till.page.locator("#safe")).to_have_text("Your 3 waiting stamps are safe.")
    till.send()

    expect(till.page.locator("#safe")).to_be_hidden()
    held = LateAction.objects.filter(state=LateAction.State.HELD)
    assert held.count() == 3
    assert not Operation.objects.filter(kind="add_stamps").exists()
    assert till.page.evaluate("caches.keys()") == []


def test_a_token_that_ran_out_keeps_the_queue(till, member, network, balance):
    with network.behaving(networks.away):
        till.save(member)
        till.context.clear_cookies(name="csrftoken")
    till.send()

    expect(till.tag).to_have_text("Online")
    assert balance() == 2


def test_the_device_knows_nobody(till, member, network, ola):
    member.phone = "+4791234567"
    member.save(update_fields=["phone"])
    till.find(member)
    till.page.get_by_role("button", name="Give 1 stamp").click()
    expect(till.line).to_contain_text("Maja")
    with network.behaving(networks.away):
        till.save(member)

    kept = till.page.evaluate(
        """async () => {
          const pages = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              pages.push(request.url, await (await cache.match(request)).text());
            }
          }
          return [JSON.stringify(await tillQueue.list()), ...pages].join(" ");
        }"""
    )

    assert member.short_code in kept  # it is the memory we are looking at
    assert "offline-card" in kept  # and the page
    for personal in ("Maja", "Ola", member.phone[3:], member.private):
        assert personal not in kept


def test_what_waits_can_be_looked_at(till, member, network):
    with network.behaving(networks.away):
        till.save(member)
        till.tag.click()
        expect(till.page.get_by_role("heading", name="Waiting to be sent")).to_be_visible()
        expect(till.page.locator("#sheet li")).to_contain_text(member.spoken_code)


def test_a_browser_that_keeps_nothing_says_so(card, become_till, live_server, new_context):
    page = become_till(
        new_context(),
        "delete self.indexedDB; Object.defineProperty(self, 'indexedDB', {value: undefined})",
    )
    page.goto(f"{live_server.url}/c/")

    expect(page.get_by_text("This browser can't save stamps without a connection.")).to_be_visible()


IN_MEMORY = """new Promise((yes) => {
  indexedDB.open("till").onsuccess = ({ target: { result } }) => {
    const actions = result.transaction("actions").objectStore("actions");
    actions.count().onsuccess = (event) => yes(event.target.result);
  };
})"""


def test_what_was_answered_is_let_go(till, member, balance):
    till.find(member)
    till.page.get_by_role("button", name="Give 1 stamp").click()
    expect(till.line).to_contain_text("Now 2 of 9.")
    till.find(member)
    till.page.get_by_role("button", name="Give 1 more").click()
    expect(till.line).to_contain_text("Now 3 of 9.")

    till.page.wait_for_timeout(300)
    assert till.page.evaluate(IN_MEMORY) == 0
    assert balance() == 3


def test_what_staff_were_only_asked_about_is_not_sent_later(till, member, counter, balance):
    till.find(member)
    till.page.get_by_role("button", name="Give 1 stamp").wait_for()
    stamp(member, counter=counter)  # another till was quicker
    till.page.get_by_role("button", name="Give 1 stamp").click()
    till.page.get_by_role("button", name="Give 1 more").wait_for()
    till.page.reload()
    till.send()

    till.page.wait_for_timeout(1000)
    assert till.page.evaluate(IN_MEMORY) == 0
    assert balance() == 2


def test_a_double_tap_saves_once(till, member, network, balance):
    with network.behaving(networks.away):
        till.find(member)
        till.page.get_by_role("button", name="Save 1 stamp").evaluate(
            "(button) => { button.click(); button.click(); }"
        )
        expect(till.tag).to_have_text("Offline, 1 waiting")
        till.page.wait_for_timeout(300)
        assert len(till.kept()) == 1
    till.send()

    expect(till.tag).to_have_text("Online")
    assert balance() == 2


def test_what_could_not_be_written_down_is_not_called_saved(till, member, network, balance):
    till.find(member)
    till.page.get_by_role("button", name="Give 1 stamp").wait_for()
    till.page.evaluate("void (IDBObjectStore.prototype.put = () => { throw new Error('full'); })")
    with network.behaving(networks.away):
        till.page.get_by_role("button", name="Give 1 stamp").click()
        expect(till.line).to_contain_text("No connection. Try again.")
    till.page.get_by_role("button", name="Give 1 stamp").click()

    expect(till.line).to_contain_text("Now 2 of 9.")
    assert balance() == 2


def test_a_late_answer_leaves_no_gap_in_the_numbers(till, member, card, balance, in_shop):
    till.page.evaluate(
        """async ([code, programme]) => {
          const key = crypto.randomUUID();
          await tillQueue.remember({ key, code, form: { programme, count: "1", again: "" } });
          await tillQueue.wait(key); // no answer in time
          await tillQueue.forget(key); // and then it came
        }""",
        [member.counter_code, str(card.pk)],
    )
    assert len(till.kept()) == 1
    till.send()

    expect(till.tag).to_have_text("Online")
    assert balance() == 2
    assert LateAction.objects.get().state == LateAction.State.COUNTED
