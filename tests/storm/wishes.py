"""What can be asked next. Each wish is one post through the door people use."""

import random
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import Error, connection
from django_scopes import scopes_disabled

from members.ledger.models import Operation
from members.models import Membership
from rewards.vip.models import Reservation
from tests.storm.asking import PATIENCE, Act, Door
from tests.storm.shop import Card, Town

T = TypeVar("T")

HTMX = {"HX-Request": "true"}
LOST = 0.03  # of all answers never arrive
CLAIM = re.compile(r'name="claim" value="(\d+)"')
CLAIM_PAGE = re.compile(r"/reward/(\d+)/")
PRIVATE = re.compile(r"/m/([^/]+)/")
RECENT = 12  # claims and deeds that several clients go for at once
MOST_FRIENDS = 12  # cards of friends in the game: they are never merged


@dataclass
class Held:
    """What was reserved of the drop, by which link."""

    code: str
    private: str
    reservation: int
    claim: int


@dataclass
class Common:
    """What all clients know. Some of it is out of date, as what people know is."""

    cards: list[Card]
    friends: list[Card] = field(default_factory=list)
    gone: "deque[Card]" = field(default_factory=lambda: deque(maxlen=3))
    became: dict[str, str] = field(default_factory=dict)  # code: the code of what it became
    claims: "deque[tuple[str, int]]" = field(default_factory=lambda: deque(maxlen=RECENT))
    held: "deque[Held]" = field(default_factory=lambda: deque(maxlen=RECENT))
    deeds: "deque[Act]" = field(default_factory=lambda: deque(maxlen=RECENT))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def code_now(self, code: str) -> str:
        while code in self.became:
            code = self.became[code]
        return code


@dataclass
class Client:
    """One of many. Its counter is its own; cards, rewards and deeds are everybody's."""

    number: int
    dice: random.Random
    till: Door
    owner: Door
    phone: Door
    town: Town
    common: Common
    mine: "deque[Act]" = field(default_factory=lambda: deque(maxlen=5))  # what it may undo
    acts: list[Act] = field(default_factory=list)

    def card(self) -> Card:
        common = self.common
        with common.lock:
            if common.gone and self.dice.random() < 0.03:
                return self.dice.choice(common.gone)
            return self.dice.choice([*common.cards, *common.friends])

    def act(self, kind: str, **asked: Any) -> Act:
        key = UUID(int=self.dice.getrandbits(128), version=4)
        act = Act(kind, key, asked, client=self.number)
        self.acts.append(act)
        return act

    def at_till(self, act: Act, path: str, fields: dict[str, Any]) -> Act:
        return self.till.insist(act, path, fields, lose=LOST, **HTMX)


def stamp(client: Client) -> Act:
    card, count = client.card(), client.dice.randint(1, 4)
    act = client.act("stamp", card=card.code, given=count)
    return client.at_till(act, *stamping(client, act))


def stamping(client: Client, act: Act) -> tuple[str, dict[str, Any]]:
    """Path and fields of a stamp."""
    fields = {"programme": client.town.stamps, "count": act.asked["given"], "again": "True"}
    return f"/c/card/{act.asked['card']}/stamp/", fields


def earn(client: Client, card: Card | None = None) -> Act:
    code = (card or client.card()).code
    act = client.act("earn", card=code, given=client.dice.randint(1, 9))
    return client.at_till(act, *earning(client, act))


def earning(client: Client, act: Act) -> tuple[str, dict[str, Any]]:
    paid = act.asked["given"] * 10  # kroner, of which ten are a point
    fields = {"programme": client.town.points, "amount": paid, "again": "True"}
    return f"/c/card/{act.asked['card']}/points/", fields


def choose(client: Client) -> Act:
    card = client.card()
    act = client.act("claim", card=card.code)
    path = f"/m/{card.private}/rewards/{client.town.reward}/"
    return client.phone.insist(act, path, {}, lose=LOST)


def hand_over(client: Client) -> Act:
    common = client.common
    with common.lock:
        if not common.claims:
            known = None
        else:
            code, claim = client.dice.choice(common.claims)
            known = common.code_now(code), claim
    if known is None:
        return stamp(client)
    act = client.act("hand over", card=known[0], claim=known[1])
    return client.at_till(act, f"/c/card/{known[0]}/reward/", {"claim": known[1]})


def undo(client: Client) -> Act:
    if not client.mine:
        return stamp(client)
    deed = client.dice.choice(client.mine)
    act = client.act("undo", card=deed.asked["card"], deed=deed.keys[-1])
    return client.at_till(act, f"/c/undo/{deed.keys[-1]}/", {})


def refund(client: Client) -> Act:
    with client.common.lock:
        deed = client.dice.choice(client.common.deeds) if client.common.deeds else None
    if deed is None:
        return earn(client)
    member = looked_up(lambda: Membership.objects.get(counter_code=deed.asked["card"]).pk)
    operation = looked_up(lambda: Operation.objects.get(key=deed.keys[-1]).pk)
    act = client.act("refund", card=deed.asked["card"], deed=deed.keys[-1])
    path = f"/o/{client.town.shop.slug}/members/{member}/take-back/{operation}/"
    return client.owner.insist(act, path, {"reason": "refund"}, lose=LOST)


def reserve(client: Client) -> Act:
    card = client.card()
    act = client.act("reserve", card=card.code)
    path = f"/m/{card.private}/early/{client.town.drop}/"
    client.phone.insist(act, path, {"ask": "reserve"}, lose=LOST)
    if act.done and (kept := looked_up(lambda: _reserved_by(act))):
        with client.common.lock:
            client.common.held.append(Held(card.code, card.private, kept.pk, kept.claim_id))
            client.common.claims.append((card.code, kept.claim_id))
    return act


def _reserved_by(act: Act) -> Reservation | None:
    return Reservation.objects.filter(operation__key=act.keys[-1]).first()


def let_go(client: Client) -> Act:
    """Of something that may have been handed out, or let go of, meanwhile."""
    with client.common.lock:
        held = client.dice.choice(client.common.held) if client.common.held else None
    if held is None:
        return reserve(client)
    act = client.act("let go", card=held.code, claim=held.claim)
    path = f"/m/{held.private}/early/{client.town.drop}/"
    asked = {"ask": "let_go", "reservation": held.reservation}
    return client.phone.insist(act, path, asked, lose=LOST)


def merge(client: Client) -> Act:
    """Two cards become one, and somebody new joins: the shop stays as full as it was."""
    with client.common.lock:
        kept, gone = client.dice.sample([*client.common.cards, *client.common.gone], 2)
    act = client.act("merge", card=kept.code, gone=gone.code)
    path = f"/c/card/{kept.code}/merge/{gone.code}/"
    client.at_till(act, path, {"keep": kept.code})
    if act.done:
        with client.common.lock:
            client.common.became[gone.code] = kept.code
            client.common.cards.remove(gone)
            client.common.gone.append(gone)
        if card := join(client, f"/j/{client.town.shop.slug}/"):
            with client.common.lock:
                client.common.cards.append(card)
    return act


def refer(client: Client) -> Act:
    """A friend joins with an invitation, and buys; then they are in the game as well.

    That purchase may be taken back like any other, and then the thanks for it are.
    """
    with client.common.lock:
        member = client.dice.choice([card for card in client.common.cards if card.friend_code])
    card = join(client, f"/r/{member.friend_code}/", friend_of=member.code)
    joined = client.acts[-1]
    if card and (bought := earn(client, card)).done:
        learn(client, bought)
        with client.common.lock:
            client.common.friends = [*client.common.friends, card][-MOST_FRIENDS:]
    return joined


def join(client: Client, path: str, *, friend_of: str = "") -> Card | None:
    act = client.act("join", friend_of=friend_of)
    address = ".".join(str(client.dice.randint(1, 250)) for _ in range(4))
    client.phone.insist(act, path, {}, lose=LOST, **{"X-Forwarded-For": address})
    found = PRIVATE.search(act.reply.location) if act.reply else None
    if found is None:
        return None
    card = looked_up(lambda: Membership.objects.get(private=found[1]))
    return Card(card.counter_code, card.private, "" if friend_of else card.friend_code)


def looked_up(ask: Callable[[], T]) -> T:
    """An address people would read off a page: the database is asked again while it is away."""
    for _try in range(PATIENCE * 10):
        try:
            with scopes_disabled():
                return ask()
        except Error:
            connection.close()
            threading.Event().wait(0.1)
    raise RuntimeError("The database did not come back")


WISHES: list[tuple[Callable[[Client], Act], int]] = [
    (stamp, 30),
    (earn, 22),
    (choose, 12),
    (hand_over, 13),
    (undo, 8),
    (refund, 5),
    (reserve, 4),
    (let_go, 2),
    (merge, 2),
    (refer, 2),
]


def learn(client: Client, act: Act) -> None:
    """What an answer tells is everybody's."""
    if not act.done or act.reply is None:
        return
    if act.kind in ("stamp", "earn", "hand over"):
        client.mine.append(act)
    with client.common.lock:
        if act.kind in ("stamp", "earn", "claim") and act.asked["card"]:
            client.common.deeds.append(act)
        found = CLAIM.findall(act.reply.text) if act.kind == "stamp" else []
        if act.kind == "claim":
            found = CLAIM_PAGE.findall(act.reply.location)
        client.common.claims.extend((act.asked["card"], int(claim)) for claim in found)


def key_of_another(client: Client, act: Act) -> tuple[str, dict[str, Any]] | None:
    """The same key with other content (L5). None: this act has none that is worth trying."""
    if act.kind not in ("stamp", "earn"):
        return None
    other = Act(act.kind, uuid4(), {**act.asked, "given": act.asked["given"] + 1})
    asked = stamping if act.kind == "stamp" else earning
    path, fields = asked(client, other)
    return path, {**fields, "key": act.key}
