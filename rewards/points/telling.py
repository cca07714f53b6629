"""What happened to somebody's points, in words for them."""

from typing import Any

from django.utils.translation import gettext as _

from loyalty import money
from loyalty.models import Shop
from members.ledger import posting
from members.ledger.models import Account, LedgerEntry, Visit
from rewards.catalogue.operations import CANCELLING, LAPSING
from rewards.points import rules_text
from rewards.points.rules import PointRules

Kind = LedgerEntry.Kind


def earning(shop: Shop, rules: PointRules) -> list[str]:
    """How to earn, with a purchase as an example."""
    lines = [" ".join(rules_text.other_ways(rules))]
    if rules.by_amount:
        paid = _("You get %(points)s for every %(amount)s you pay.")
        told = paid % rules_text.per_amount(shop, rules)
        lines.insert(0, f"{told} {rules_text.example(shop, rules)}")
    return [line for line in lines if line]


def owed(account: Account, rules: PointRules) -> str:
    """8 points are owed after a correction. "": nothing is."""
    if not account.shortfall:
        return ""
    told = {"amount": rules.words(account.shortfall)}
    return _("Owed after a correction: %(amount)s. It is taken from what you earn next.") % told


# --- One line of the history --------------------------------------------------------------


def line(entry: LedgerEntry) -> str:
    """One earning or spending. "": a correction the shop made."""
    rules = PointRules.read(entry.rule_version.rules)
    match entry.kind:
        case Kind.SPEND:
            return _("Reward chosen: %(reward)s") % {"reward": title(entry)}
        case Kind.REVERSE:
            return _given_back(entry)
        case Kind.EARN if entry.visit is None:
            return _("%(points)s from us") % {"points": rules.words(entry.amount)}
        case Kind.EARN:
            return _earned(entry, rules.words(entry.amount))
    return ""


def _earned(entry: LedgerEntry, points: str) -> str:
    visit = entry.visit
    told = {"points": points, "place": place(entry)}
    if visit and visit.amount_minor:
        amount = money.shown(visit.amount_minor, entry.account.shop.currency)
        return _("%(points)s from %(place)s, %(amount)s") % {**told, "amount": amount}
    if done := _done(entry):
        return _("%(points)s from %(place)s: %(what)s") % {**told, "what": ", ".join(done)}
    if visit and visit.kind == Visit.Kind.ATTENDANCE:
        return _("%(points)s from %(place)s, for coming by") % told
    return _("%(points)s from %(place)s") % told


def _done(entry: LedgerEntry) -> list[str]:
    """What was done for these points, by name: own cup."""
    parts: list[dict[str, Any]] = (entry.operation.answer or {}).get("also", [])
    own = [part for part in parts if part.get("programme") == entry.account.programme_id]
    return own[0].get("done", []) if own else []


def _given_back(entry: LedgerEntry) -> str:
    told = {"reward": title(entry)}
    if entry.operation.kind == CANCELLING:
        return _("Changed your mind: %(reward)s") % told
    if entry.operation.kind == LAPSING:
        return _("Ran out unused: %(reward)s") % told
    return ""


def _taken_back(entry: LedgerEntry) -> bool:
    """Did its owner, or its last day, take a reward back, and not the shop?"""
    return entry.operation.kind in (CANCELLING, LAPSING)


def title(entry: LedgerEntry) -> str:
    """The reward a spending was for, as it was called on that day."""
    spent = entry.reverses or entry
    return (spent.operation.answer or {}).get("title", "")


def place(entry: LedgerEntry) -> str:
    """Where it was given: the location, or the shop itself."""
    location = entry.visit and entry.visit.location
    return location.name if location else entry.account.shop.name


# --- What just happened -------------------------------------------------------------------


def news(account: Account, rules: PointRules, entries: list[LedgerEntry]) -> str:
    """7 points from Storgata. Now 71 points. The latest entry decides what is said."""
    paid = -sum(entry.amount for entry in entries if entry.reason == posting.OWED)
    told = [entry for entry in entries if entry.reason != posting.OWED] or entries
    now = rules.words(account.balance)
    if told[-1].kind in (Kind.REVERSE, Kind.ADJUST) and not _taken_back(told[-1]):
        sentences = [_("Corrected by the shop: %(now)s.") % {"now": now}]
    else:
        sentences = [
            _happened(told, rules),
            _paid_off(rules, paid),
            _("Now %(now)s.") % {"now": now},
        ]
    return " ".join(filter(None, [*sentences, owed(account, rules)]))


def _happened(entries: list[LedgerEntry], rules: PointRules) -> str:
    """ "": they came from another card, or went to one."""
    latest = entries[-1]
    points = rules.words(abs(sum(own.amount for own in entries if own.kind == latest.kind)))
    match latest.kind:
        case Kind.EARN:
            return _("%(points)s from %(place)s.") % {"points": points, "place": place(latest)}
        case Kind.SPEND:
            return _("Chosen: %(reward)s.") % {"reward": title(latest)}
        case Kind.EXPIRE:
            return _("Ran out: %(points)s.") % {"points": points}
        case Kind.REVERSE:
            return _("Back on your card: %(points)s.") % {"points": points}
    return ""


def _paid_off(rules: PointRules, n: int) -> str:
    return _("Taken for a correction: %(points)s.") % {"points": rules.words(n)} if n else ""
