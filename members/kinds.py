"""What a kind of programme answers. Each is one module, named in PROGRAMME_KINDS.

A system check compares every module with this list, so that a kind that misses something fails
when the site starts and not in front of a customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db.models import QuerySet

from loyalty.actors import Actor
from loyalty.models import Shop
from members.giving import GivingForm
from members.ledger.models import Account, LedgerEntry, Operation
from members.models import Membership, Programme, RuleVersion
from members.rooms import News, Panel


@dataclass(frozen=True)
class Prize:
    """Something that can be got, and what it takes: 9 stamps, 100 points."""

    name: str
    price: str


@dataclass(frozen=True)
class Busy:
    """A month as an owner expects it. Money in minor units of the shop's currency."""

    purchases: Fraction
    basket_minor: int  # what a purchase brings
    joining: int  # new members


@dataclass(frozen=True)
class Giving:
    """One of the things a shop gives, and what it costs in such a month, at cost price."""

    name: str
    minor: Fraction
    how: str  # "420 stamps; 9 make a reward that costs you 40 kr"
    rises: bool = False  # a higher level gets more of it


class Kind(Protocol):
    """A stamp card, a points scheme."""

    # --- On the customer's pages ----------------------------------------------------------

    def card_panel(self, account: Account, *, new: int = 0, latest_reason: str = "") -> Panel:
        """What the card page shows of an account; `new` has just landed."""

    def standing(self, account: Account) -> str:
        """How far it is, short: "4 of 9"."""

    def nearest(self, account: Account) -> str:
        """What comes next: "3 to go: free hot drink", or ""."""

    def good_to_know(self, account: Account) -> list[str]:
        """Lines under the card: how to earn."""

    def news(self, account: Account, entries: list[LedgerEntry]) -> News | None:
        """What just happened to it."""

    def history_words(self, entry: LedgerEntry) -> str:
        """One line of the history; "": a correction like any other."""

    def amount_words(self, version: RuleVersion, n: int) -> str:
        """2 stamps."""

    # --- Before anybody joins, and in the rules -------------------------------------------

    def headline(self, shop: Shop, version: RuleVersion) -> str:
        """The promise in one line."""

    def small_print(self, shop: Shop, version: RuleVersion) -> str:
        """What must stand wherever the promise stands, or ""."""

    def invitation(self, shop: Shop, version: RuleVersion) -> str:
        """Free to join, and what one starts with."""

    def joining_panel(self, shop: Shop, programme: Programme, version: RuleVersion) -> Panel:
        """What the join page shows of it."""

    def prizes(self, shop: Shop, programme: Programme, version: RuleVersion) -> list[Prize]:
        """What everybody can get for it, cheapest first. No query after `joining_panel`."""

    def rules_lines(self, shop: Shop, version: RuleVersion) -> list[str]:
        """The rules as plain sentences."""

    # --- At the counter -------------------------------------------------------------------

    DEEDS: tuple[str, ...]  # the kinds of operation that give something at a counter

    def counter_sheet(self, account: Account, now: datetime) -> Panel:
        """What staff see of an account.

        It needs `facts`, `form`, `closed` (why nothing can be given, or None) and when something
        was given `last`.
        """

    def counter_form(self, account: Account, data: Any) -> GivingForm:
        """The form of that sheet, bound to what a counter or a device sent."""

    def give(self, account: Account, form: Any, actor: Actor) -> Any:
        """Do what the valid form asked for. The operation's answer."""

    def book(self, op: Operation, membership: Membership, programme: Programme, form: Any) -> Any:
        """The same as part of an operation, when nobody can be asked any more."""

    def saving_panel(self, programme: Programme, now: datetime) -> Panel | None:
        """The form a counter saves without a connection. None: nothing can be saved now."""

    def asked_words(self, version: RuleVersion, form: Any) -> str:
        """What a saved form asked for: "1 stamp"."""

    def told(self, part: dict[str, Any]) -> str:
        """What an answer, or a part of its `also`, gave: "1 stamp. Now 5 of 9."."""

    def deed(self, part: dict[str, Any]) -> str:
        """The same in the last ten: "1 stamp"."""

    # --- In the books ---------------------------------------------------------------------

    def rules_for_more(self, account: Account, at: datetime) -> RuleVersion:
        """The version under which something is added at a moment."""

    def nearly_there(self, programme: Programme, now: datetime) -> QuerySet[Account]:
        """Its accounts that are one unit away from a reward: a stamp, a usual purchase."""

    def lasts_until(self, version: RuleVersion, day: date) -> date | None:
        """The last good day of what is added on a day. None: it does not run out."""

    def outstanding_minor(self, programme: Programme, now: datetime) -> int:
        """What all its balances would cost the shop today, at cost price.

        In whole minor units, rounded up once; rewards that are ready are counted apart.
        """

    def reckoning(self, programme: Programme, now: datetime) -> str:
        """How that was reckoned, in a sentence, or ""."""

    def givings(self, programme: Programme, busy: Busy, now: datetime) -> list[Giving]:
        """What it gives in such a month, as if all of it were used."""


class ReadsAhead(Protocol):
    """A kind whose answers need more than the account may read it for many at once."""

    def read_ahead(self, accounts: Sequence[Account]) -> None:
        """Read what the answers about these accounts need."""


@cache
def kind(name: str) -> Kind:
    """The room of a programme kind."""
    return cast(Kind, import_module(settings.PROGRAMME_KINDS[name]))


def read_ahead(accounts: Sequence[Account]) -> None:
    """Let the kinds read for many accounts what they would read for each."""
    for name in {account.programme.kind for account in accounts}:
        if ask := getattr(kind(name), "read_ahead", None):
            ask([account for account in accounts if account.programme.kind == name])
