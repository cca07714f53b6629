"""The same shop in plain Python: what each act must do to it, and when it may be refused.

It knows the promises and nothing of the product's code. Stamps never run out here; points do.
What is booked is said as (account, kind, amount), in the order it stands on each account.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tests.storm.shop import BRINGS, COMES, COST, NEED, PER_MEMBER, WELCOME

Name = tuple[str, str]
Line = tuple[Name, str, int]
ClaimName = tuple[UUID, int]

READY, HANDED, CANCELLED = "ready", "handed_over", "cancelled"
CARD_FULL, OWED, FROM_US = "card_full", "owed", "welcome"


class Illegal(Exception):
    """What was accepted must not have been."""


@dataclass(eq=False)
class Lot:
    amount: int
    left: int
    until: date | None  # the last good day; None: never
    from_us: bool
    ran_out: int = 0

    def __lt__(self, other: "Lot") -> bool:
        """Soonest to run out first, and then first come."""
        return (self.until or date.max) < (other.until or date.max)


@dataclass(eq=False)
class Entry:
    account: "Account"
    kind: str
    amount: int
    why: str = ""
    lot: Lot | None = None  # of a credit
    eaten: list[tuple[Lot, int]] = field(default_factory=list)  # by a debit
    undone: bool = False


@dataclass(eq=False)
class Account:
    name: Name
    lots: list[Lot] = field(default_factory=list)
    owed: int = 0
    entries: list[Entry] = field(default_factory=list)

    @property
    def balance(self) -> int:
        return sum(lot.left for lot in self.lots)

    def eat(self, entry: Entry, amount: int, first: Lot | None = None) -> None:
        lots = sorted(self.lots)  # stable: first come, first eaten
        if first is not None:
            lots = [first, *(lot for lot in lots if lot is not first)]
        for lot in lots:
            if bite := min(lot.left, amount):
                lot.left, amount = lot.left - bite, amount - bite
                entry.eaten.append((lot, bite))
        if amount:
            raise Illegal(f"{self.name} has {amount} too few")


@dataclass(eq=False)
class Card:
    code: str
    stamps: Account
    points: Account
    became: "Card | None" = None
    reserved: int = 0


@dataclass(eq=False)
class Friend:
    """Somebody who came by an invitation, and who brought them."""

    member: Card
    bought: UUID | None = None  # their first purchase, while it stands
    is_paid: bool = False  # was the member thanked for it?
    thanks: "Deed | None" = None  # what the member got, while it stands
    asked_back: bool = False  # its purchase does not stand


@dataclass(eq=False)
class Claim:
    card: Card
    state: str = READY
    by: UUID | None = None  # whose hand-over stands


@dataclass(eq=False)
class Deed:
    """An operation that was done: what it booked and issued."""

    key: UUID
    kind: str
    card: Card | None
    day: date
    entries: list[Entry] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    handed: Claim | None = None
    undone: bool = False

    @property
    def lines(self) -> list[Line]:
        return [(entry.account.name, entry.kind, entry.amount) for entry in self.entries]


class Model:
    """The shop. `places`: how many of the drop there are."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.cards: dict[str, Card] = {}
        self.deeds: dict[UUID, Deed] = {}
        self.friends: dict[str, Friend] = {}

    # --- What may be done -----------------------------------------------------------------

    def join(self, deed: Deed, code: str, friend_of: str) -> None:
        card = Card(code, Account((code, "stamps")), Account((code, "points")))
        self.cards[code] = card
        self._earn(deed, card.stamps, WELCOME, why=FROM_US)
        if friend_of:
            self.friends[code] = Friend(self.now(self.cards[friend_of]))

    def stamp(self, deed: Deed, card: str, given: int, until: date) -> None:
        account = self._own(deed, card).stamps
        self._earn(deed, account, given)
        self._fill(deed, account)
        self._buy(deed, self.cards[card], until)

    def earn(self, deed: Deed, card: str, given: int, until: date) -> None:
        own = self._own(deed, card)
        self._earn(deed, own.points, given, until)
        self._buy(deed, own, until)

    def claim(self, deed: Deed, card: str) -> None:
        own = self._own(deed, card)
        if own.points.balance < COST:
            raise Illegal(f"{card} had {own.points.balance} points for a reward of {COST}")
        self._take(deed, own.points, "spend", COST)
        deed.claims.append(Claim(own))

    def hand_over(self, deed: Deed, card: str, claim: ClaimName) -> None:
        own, found = self._own(deed, card), self.claim_of(claim)
        if found.state != READY or found.card is not own:
            raise Illegal(f"a reward of {found.card.code} was {found.state}, handed to {card}")
        found.state, found.by, deed.handed = HANDED, deed.key, found

    def reserve(self, deed: Deed, card: str) -> None:
        own = self._own(deed, card)
        if not self.places or own.reserved >= PER_MEMBER:
            raise Illegal(f"{card} has {own.reserved}, and {self.places} are left")
        self.places, own.reserved = self.places - 1, own.reserved + 1
        deed.claims.append(Claim(own))

    def let_go(self, deed: Deed, card: str, claim: ClaimName) -> None:
        own, found = self._own(deed, card), self.claim_of(claim)
        if found.state != READY or found.card is not own:
            raise Illegal(f"{card} let go of what was {found.state} on {found.card.code}")
        found.state = CANCELLED
        self.places, own.reserved = self.places + 1, own.reserved - 1

    def merge(self, deed: Deed, card: str, gone: str) -> None:
        kept, other = self._own(deed, card), self.cards[gone]
        if other.became or kept is other:
            raise Illegal(f"{gone} was part of another card")
        for claim in self._claims():
            if claim.card is other:
                claim.card = kept
        kept.reserved += other.reserved
        self._transfer(deed, other.points, kept.points)
        self._drop_welcome(deed, other.stamps)
        self._transfer(deed, other.stamps, kept.stamps)
        self._fill(deed, kept.stamps)
        other.became = kept

    def expire(self, deed: Deed, account: Name, entry: int) -> None:
        """The lot of an account's entry, by its number, runs out."""
        found = self.account(account)
        lot = found.entries[entry - 1].lot
        if lot is None or lot.until is None or lot.until >= deed.day or not lot.left:
            raise Illegal(f"what {account} got by its entry {entry} has not run out")
        booked = self._book(deed, found, "expire", -lot.left)
        booked.eaten.append((lot, lot.left))
        lot.ran_out, lot.left = lot.ran_out + lot.left, 0

    def thank(self, deed: Deed, card: str, code: str, until: date) -> None:
        """For a friend's first purchase; thanks for an earlier one that still stand are enough."""
        friend, deed.card = self.friends[code], self.cards[card]
        if not friend.bought or friend.is_paid or self.now(friend.member) is not deed.card:
            raise Illegal(f"{card} was thanked for a purchase that was no friend's first")
        friend.is_paid, friend.asked_back = True, False
        if not friend.thanks:
            self._earn(deed, deed.card.points, BRINGS, until)
            friend.thanks = deed

    def take_thanks_back(self, deed: Deed, card: str, code: str) -> None:
        """After the refund of a friend's first purchase."""
        friend, into = self.friends[code], self.cards[card].points
        if not (friend.thanks and friend.asked_back) or self.now(friend.member).code != card:
            raise Illegal(f"{card} kept its thanks, and had them taken back")
        paid, friend.thanks, friend.asked_back = friend.thanks, None, False
        for account in self._reverse(deed, paid, owe=True):
            if account is not into:
                self._transfer(deed, account, into)
            self._settle(deed, account)

    def take_back(self, deed: Deed, undone: UUID, *, owe: bool) -> None:
        """Undo at a till; with `owe` the refund of an owner, which takes what was spent as well."""
        done = self.deeds.get(undone)
        if done is None or (why := next(self.why_not_back(done, owe=owe), None)):
            raise Illegal(f"{undone} was taken back: {why if done else 'it was never done'}")
        deed.card = done.card
        if done.handed:
            done.undone = True
            done.handed.state, done.handed.by, done.handed = READY, None, None
            return
        for claim in done.claims:
            claim.state = CANCELLED
        touched = self._reverse(deed, done, owe=owe)
        for account in touched:
            self._settle(deed, account)
        for account in touched:
            self._fill(deed, account)
        for friend in self.friends.values():
            if friend.bought == undone:  # their next purchase is the first
                friend.bought, friend.asked_back = None, friend.thanks is not None

    def _buy(self, deed: Deed, card: Card, until: date) -> None:
        """A friend's first purchase, whatever was given for it, is thanked."""
        friend = self.friends.get(card.code)
        if friend and friend.bought is None:
            self._earn(deed, card.points, COMES, until)
            friend.bought, friend.is_paid = deed.key, False

    def _reverse(self, deed: Deed, done: Deed, *, owe: bool) -> list[Account]:
        """Book everything the other way round, latest first. Returns the accounts."""
        done.undone, touched = True, list[Account]()
        for entry in reversed(done.entries):
            entry.undone = True
            if entry.account not in touched:
                touched.append(entry.account)
            if entry.amount < 0:
                self._give_back(deed, entry)
            else:
                self._take_away(deed, entry, owe=owe)
        return touched

    def why_not_back(self, done: Deed, *, owe: bool) -> Iterator[str]:
        """Every reason for which a deed can't be taken back."""
        if done.undone or done.kind in ("undo", "refund", "merge"):
            yield "nothing_to_undo"
        if any(claim.state == HANDED for claim in done.claims):
            yield "already_used"
        if done.card and done.card.became and done.entries:
            yield "already_spent"
        if any(self._turned_since(entry, done) for entry in done.entries):
            yield "already_spent"
        if not owe and any(self._touched(entry, done) for entry in done.entries):
            yield "already_spent"

    def _turned_since(self, entry: Entry, done: Deed) -> bool:
        """Was a card filled after the one this entry filled?"""
        if entry.why != CARD_FULL:
            return False
        place = entry.account.entries.index(entry)
        later = entry.account.entries[place + 1 :]
        return any(
            each.why == CARD_FULL and not each.undone and each not in done.entries for each in later
        )

    def _touched(self, entry: Entry, done: Deed) -> bool:
        """Was something taken from what this entry gave, but by the deed itself?"""
        if entry.lot is None:
            return False
        own = sum(bite for each in done.entries for lot, bite in each.eaten if lot is entry.lot)
        return entry.lot.left + own < entry.amount

    # --- What can be asked of it ------------------------------------------------------------

    def now(self, card: Card) -> Card:
        while card.became:
            card = card.became
        return card

    @property
    def due(self) -> list[str]:
        """Friends for whom somebody is to be thanked, or no longer."""
        found = self.friends.items()
        return [code for code, f in found if f.asked_back or (f.bought and not f.is_paid)]

    def account(self, name: Name) -> Account:
        card = self.cards[name[0]]
        return card.stamps if name[1] == "stamps" else card.points

    def claim_of(self, name: ClaimName) -> Claim:
        key, number = name
        return self.deeds[key].claims[number]

    def issued(self, name: ClaimName) -> bool:
        return name[0] in self.deeds and name[1] < len(self.deeds[name[0]].claims)

    def _claims(self) -> Iterator[Claim]:
        for deed in self.deeds.values():
            yield from deed.claims

    def _own(self, deed: Deed, card: str) -> Card:
        own = self.cards[card]
        if own.became:
            raise Illegal(f"{card} was part of {own.became.code} by then")
        deed.card = own
        return own

    # --- The ledger -------------------------------------------------------------------------

    def _book(self, deed: Deed, account: Account, kind: str, amount: int, why: str = "") -> Entry:
        entry = Entry(account, kind, amount, why)
        account.entries.append(entry)
        deed.entries.append(entry)
        return entry

    def _earn(
        self, deed: Deed, account: Account, n: int, until: date | None = None, why: str = ""
    ) -> None:
        self._credit(deed, account, n, until, why=why)
        self._settle(deed, account)

    def _credit(
        self,
        deed: Deed,
        account: Account,
        n: int,
        until: date | None,
        *,
        why: str = "",
        kind: str = "earn",
    ) -> None:
        entry = self._book(deed, account, kind, n, why)
        entry.lot = Lot(n, n, until, from_us=why == FROM_US)
        account.lots.append(entry.lot)

    def _take(self, deed: Deed, account: Account, kind: str, n: int, why: str = "") -> None:
        account.eat(self._book(deed, account, kind, -n, why), n)

    def _settle(self, deed: Deed, account: Account) -> None:
        """Whoever owes has nothing to spend."""
        if due := min(account.owed, account.balance):
            account.owed -= due
            self._take(deed, account, "adjust", due, OWED)

    def _fill(self, deed: Deed, account: Account) -> None:
        while account.name[1] == "stamps" and account.balance >= NEED:
            self._take(deed, account, "spend", NEED, CARD_FULL)
            deed.claims.append(Claim(self.cards[account.name[0]]))

    def _transfer(self, deed: Deed, out_of: Account, into: Account) -> None:
        out_of.owed, into.owed = 0, into.owed + out_of.owed
        moving = [(lot, lot.left) for lot in sorted(out_of.lots) if lot.left]
        if moving:
            away = self._book(deed, out_of, "transfer", -out_of.balance)
            for lot, left in moving:
                away.eaten.append((lot, left))
                lot.left = 0
            for lot, left in moving:
                self._credit(deed, into, left, lot.until, kind="transfer")
        self._settle(deed, into)

    def _drop_welcome(self, deed: Deed, account: Account) -> None:
        """Everybody was welcomed here, so the second welcome goes."""
        if ours := next((lot for lot in account.lots if lot.from_us and lot.left), None):
            self._take(deed, account, "adjust", ours.left)

    def _give_back(self, deed: Deed, entry: Entry) -> None:
        account = entry.account
        if entry.why == OWED:
            account.owed -= entry.amount
        self._book(deed, account, "reverse", -entry.amount)
        for lot, bite in entry.eaten:
            lot.left += bite

    def _take_away(self, deed: Deed, entry: Entry, *, owe: bool) -> None:
        account, lot = entry.account, entry.lot
        if lot is None:
            raise Illegal("a credit without a lot")
        there = due = entry.amount - (lot.ran_out if owe else 0)
        if owe:
            there = min(due, account.balance)
            account.owed += due - there
        account.eat(self._book(deed, account, "reverse", -there), there, first=lot)
