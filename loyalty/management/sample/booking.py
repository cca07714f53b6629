"""What the operations would have written for a history, reckoned in plain Python.

One shop at a time, in order. A row is written as soon as nothing can change it any more, so what is
kept in memory is what members have left: lots, rewards that wait, balances.
"""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from loyalty import codes, keys
from loyalty.actors import Channel
from loyalty.calendar import months_after
from loyalty.management.sample.history import NAMED, NAMES, SOURCES, Visit
from loyalty.management.sample.loading import Tables
from loyalty.management.sample.shops import SampleShop
from loyalty.models import Shop
from members.models import Membership
from members.operations import LINK_BITS
from stampcards.operations import CARD_FULL, EXTRA, WELCOME

NOTHING_ELSE = "items=0, actions=(), bought=True, attended=False"  # of a Purchase


@dataclass
class Reward:
    """A claim that may still change."""

    row: list[Any]
    message: list[Any]
    until: date  # the last good day


@dataclass
class Card:
    """A member with one account, and what may still change of it."""

    membership: int
    account: int
    cycle: int = 0
    balance: int = 0
    lifetime: int = 0
    seq: int = 0
    lots: deque[list[Any]] = field(default_factory=deque)  # with something left, oldest first
    waiting: deque[Reward] = field(default_factory=deque)


class Now(NamedTuple):
    """When something is done, and who is on duty; None: nobody, on the member's own page."""

    at: int  # seconds of the epoch
    when: str  # as both engines read it
    day: date
    location: int | None = None
    counter: int | None = None
    staff: int | None = None


class Books:
    """The till of one shop that writes rows instead of calling operations."""

    def __init__(self, sample: SampleShop, tables: Tables, random: Random) -> None:
        self.sample, self.tables, self.random = sample, tables, random
        self.shop, self.rules = sample.shop.pk, sample.rules
        self.version, self.programme = sample.version.pk, sample.programme.pk
        self.cards: dict[int, Card] = {}
        self.short_codes: set[str] = set()

    # --- What a till can do ------------------------------------------------------------------

    def knows(self, card: int) -> bool:
        return card in self.cards

    def has_reward(self, at: int, card: int) -> bool:
        waiting = self.cards[card].waiting
        while waiting and waiting[0].until < day_of(at, self.sample.shop):
            self._leave(waiting.popleft())  # too late: the night's job lets it run out
        return bool(waiting)

    def could_slip(self, card: int) -> bool:
        return self.cards[card].balance + 1 < self.rules.need

    def join(self, at: int, visit: Visit) -> None:
        source = self.random.choice(SOURCES)
        now = self._now(at, visit.shift if source == Membership.Source.COUNTER else None)
        member = self._member(now, source)
        content = {"source": source, "source_detail": detail(source)}
        told = json.dumps({**content, "language": self.sample.shop.language})
        op = self._operation(now, "join", told, json.dumps({"membership": member}))
        card = self.cards[visit.card] = Card(member, self.tables.account.take())
        if self.rules.welcome:
            self._earn(now, card, op, self.rules.welcome, reason=WELCOME)

    def hand_over(self, at: int, visit: Visit) -> None:
        card, now = self.cards[visit.card], self._now(at, visit.shift)
        reward = card.waiting.popleft()
        claim, title = reward.row[0], reward.row[4]
        content = f'{{"membership": {named(card)}, "claim": ["rewards.Claim", {claim}]}}'
        answer = json.dumps({"claim": claim, "title": title}, ensure_ascii=False)
        op = self._operation(now, "hand_over", content, answer, member=card.membership)
        pk = self.tables.hand_over.take()
        self.tables.hand_over.add((pk, self.shop, claim, op, now.when, now.counter, now.staff))
        reward.row[-3] = "handed_over"
        reward.message[-2] = now.when  # it is taken off the card
        self._leave(reward)

    def slip(self, at: int, visit: Visit) -> None:
        """A stamp on the wrong card, noticed and undone."""
        card = self.cards[visit.card]
        wrong = visit._replace(stamps=1, extra=False, amount_minor=None)
        op, key = self._stamp(self._now(at, visit.shift), card, wrong, voided=True)
        now = self._now(at + 25, visit.shift)
        content = f'{{"membership": {named(card)}, "undone": ["ledger.Operation", {op}]}}'
        answer = json.dumps({"undone": str(UUID(key))})
        undo = self._operation(now, "undo", content, answer, member=card.membership)
        lot = card.lots.pop()
        entry = self._entry(
            card, undo, "reverse", -1, qualifying=-1, reason="undo", reverses=lot[3]
        )
        self._allocate(entry, lot, 1)
        self.tables.lot.add(tuple(lot))

    def stamp(self, at: int, visit: Visit) -> None:
        self._stamp(self._now(at, visit.shift), self.cards[visit.card], visit)

    def close(self) -> None:
        """Write what could have changed until now."""
        for card in self.cards.values():
            for lot in card.lots:
                self.tables.lot.add(tuple(lot))
            for reward in card.waiting:
                self._leave(reward)
            sums = (card.balance, card.lifetime, 0, card.cycle, card.seq)
            whose = (card.account, self.shop, card.membership, self.programme, self.version)
            self.tables.account.add((*whose, *sums))

    # --- Rows --------------------------------------------------------------------------------

    def _now(self, at: int, shift: float | None) -> Now:
        when, day = moment(at), day_of(at, self.sample.shop)
        if shift is None:
            return Now(at, when, day)
        counter, staff = self.sample.duty(shift)
        return Now(at, when, day, counter.location_id, counter.pk, staff.pk)

    def _member(self, now: Now, source: str) -> int:
        short = codes.short_code()
        while short in self.short_codes:
            short = codes.short_code()
        self.short_codes.add(short)
        name = self.random.choice(NAMES) if self.random.random() < NAMED else ""
        pk = self.tables.membership.take()
        secret = (keys.secret(bits=LINK_BITS), codes.counter_code(), short)
        how = (self.sample.shop.language, source, detail(source), now.when, now.when)
        rest = ("", 0, 1, 0, codes.friend_code(), "")
        self.tables.membership.add((pk, self.shop, name, *secret, *how, *rest))
        return pk

    def _operation(
        self,
        now: Now,
        kind: str,
        content: str,
        answer: str,
        *,
        member: int | None = None,
        key: str = "",
    ) -> int:
        pk = self.tables.operation.take()
        told = f'["{kind}", {now.counter or "null"}, {content}]'
        fingerprint = sha256(told.encode()).hexdigest()
        row = (pk, self.shop, key or self._key(now), fingerprint, kind, answer, member)
        channel = str(Channel.COUNTER if now.counter else Channel.CARD)
        self.tables.operation.add((*row, now.staff, now.counter, channel, now.when, now.when))
        return pk

    def _stamp(
        self, now: Now, card: Card, visit: Visit, *, voided: bool = False
    ) -> tuple[int, str]:
        """The operation and its key. `voided`: the next operation undoes it."""
        key, before, need = self._key(now), card.balance, self.rules.need
        given = visit.stamps + visit.extra
        filled, after = divmod(before + given, need)
        # As json.dumps would write them, and ten times as quick: there are a million.
        content = (
            f'{{"membership": {named(card)}, "programme": ["members.Programme",'
            f' {self.programme}], "count": {visit.stamps}, "extra": {str(visit.extra).lower()},'
            f' "purchase": "Purchase(amount_minor={visit.amount_minor}, {NOTHING_ELSE})"}}'
        )
        answer = (
            f'{{"given": {given}, "before": {before}, "filled": {filled}, "after": {after},'
            f' "need": {need}, "reward": "{self.rules.reward}",'
            f' "extra": "{self.rules.extra_for if visit.extra else ""}",'
            ' "again": false, "also": []}'
        )
        op = self._operation(now, "add_stamps", content, answer, member=card.membership, key=key)
        came = self.tables.visit.take()
        who = (came, self.shop, card.membership, op, now.location, now.counter, now.staff)
        what = ("purchase", visit.amount_minor, now.when, op + 1 if voided else None)
        self.tables.visit.add((*who, *what))
        self._earn(now, card, op, visit.stamps, visit=came)
        if visit.extra:
            self._earn(now, card, op, 1, visit=came, reason=EXTRA)
        for _time in range(filled):
            self._turn(now, card, op)
        return op, key

    def _earn(
        self,
        now: Now,
        card: Card,
        op: int,
        amount: int,
        *,
        visit: int | None = None,
        reason: str = "",
    ) -> None:
        qualifying = 0 if reason == WELCOME else amount
        entry = self._entry(
            card, op, "earn", amount, qualifying=qualifying, visit=visit, reason=reason
        )
        months = self.rules.expires_months
        until = last_day(now.day, months).isoformat() if months else None
        pk = self.tables.lot.take()
        card.lots.append([pk, self.shop, card.account, entry, amount, amount, until])

    def _turn(self, now: Now, card: Card, op: int) -> None:
        """The card is full: its stamps are spent on a reward, and the next card begins."""
        need = self.rules.need
        debit = self._entry(card, op, "spend", -need, reason=CARD_FULL)
        while need:
            lot = card.lots[0]
            bite = min(lot[5], need)
            self._allocate(debit, lot, bite)
            need -= bite
            if not lot[5]:
                self.tables.lot.add(tuple(card.lots.popleft()))
        self._reward(now, card, op)
        card.cycle += 1

    def _reward(self, now: Now, card: Card, op: int) -> None:
        pk, rules, when = self.tables.claim.take(), self.rules, now.when
        until = last_day(now.day, rules.reward_months or 0)
        last, title = until.isoformat(), rules.reward
        what = [pk, self.shop, card.membership, "card", title, "", rules.reward_value_minor, 0]
        row = [*what, card.account, card.cycle, 0, op, "ready", when, last]
        told = json.dumps({"title": title, "expires_on": last}, ensure_ascii=False)
        about = [self.tables.message.take(), self.shop, card.membership, "service", f"claim-{pk}"]
        message = [*about, "rewards/mail/ready", told, when, when, None, "no_address"]
        card.waiting.append(Reward(row, message, until))

    def _leave(self, reward: Reward) -> None:
        self.tables.claim.add(tuple(reward.row))
        self.tables.message.add(tuple(reward.message))

    def _entry(
        self,
        card: Card,
        op: int,
        kind: str,
        amount: int,
        *,
        qualifying: int = 0,
        visit: int | None = None,
        reason: str = "",
        reverses: int | None = None,
    ) -> int:
        card.seq += 1
        card.balance += amount
        card.lifetime += qualifying
        pk = self.tables.entry.take()
        what = (pk, self.shop, card.account, card.seq, kind, amount, qualifying, op)
        self.tables.entry.add((*what, visit, reverses, self.version, reason))
        return pk

    def _allocate(self, debit: int, lot: list[Any], amount: int) -> None:
        lot[5] -= amount
        row = (self.tables.allocation.take(), self.shop, debit, lot[0], amount)
        self.tables.allocation.add(row)

    def _key(self, now: Now) -> str:
        """As `keys.new()` makes them, but of that moment, so that neighbours are neighbours."""
        number = (now.at * 1000 << 80) | self.random.getrandbits(80)
        number = (number & ~(0xF << 76)) | (0x7 << 76)
        return f"{(number & ~(0x3 << 62)) | (0x2 << 62):032x}"


def named(card: Card) -> str:
    """As a fingerprint names its member."""
    return f'["members.Membership", {card.membership}]'


@lru_cache(8)  # one visit asks for it several times
def day_of(at: int, shop: Shop) -> date:
    return datetime.fromtimestamp(at, shop.zone).date()


last_day = lru_cache(1000)(months_after)


def detail(source: str) -> str:
    return "till" if source == "poster" else ""


def moment(at: int) -> str:
    """As either engine reads it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
