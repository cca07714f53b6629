"""What a points scheme shows of itself: on the card page, at the counter, in the rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from loyalty.models import Shop
from members.kinds import Prize
from members.ledger import accounts
from members.ledger.models import Account, LedgerEntry
from members.models import Programme, RuleVersion
from members.rooms import News, Panel
from rewards.catalogue import shelves
from rewards.law import exception
from rewards.points import counter, faces, near, rules_text, telling, worth
from rewards.points.faces import Goal, PointsFace
from rewards.points.rules import PointRules

# What staff see and do at the counter.
DEEDS, counter_sheet, counter_form = counter.DEEDS, counter.counter_sheet, counter.counter_form
give, book = counter.give, counter.book
saving_panel, asked_words = counter.saving_panel, counter.asked_words
told, deed = counter.told, counter.deed

nearly_there = near.nearly_there
outstanding_minor, reckoning, givings = worth.outstanding_minor, worth.reckoning, worth.givings


def read_ahead(accounts: Sequence[Account]) -> None:
    """What all the answers about these accounts need, read at once."""
    shelves.read_ahead(accounts)


def card_panel(account: Account, *, new: int = 0, latest_reason: str = "") -> Panel:
    """The points, and how far the next reward is. `new` points have just landed.

    Needs account.programme and rule_version.
    """
    return _card(face_of(account, new=new))


def standing(account: Account) -> str:
    """64 points."""
    return amount_words(account.rule_version, account.balance)


def amount_words(version: RuleVersion, n: int) -> str:
    """7 points."""
    return PointRules.read(version.rules).words(n)


def rules_for_more(account: Account, at: datetime) -> RuleVersion:
    """Whatever is added follows the rules of that moment."""
    return accounts.newest_rules(account.programme, at)


def lasts_until(version: RuleVersion, day: date) -> date | None:
    """The last good day of points given on this one. None: they do not run out."""
    return PointRules.read(version.rules).until(day)


def nearest(account: Account) -> str:
    """36 to go: Free lunch. "": there is nothing to collect for, or enough for everything."""
    face = face_of(account)
    return faces.to_go(face.next, face.balance) if face.next else ""


def good_to_know(account: Account) -> list[str]:
    """How to earn, with an example."""
    return telling.earning(account.shop, rules_of(account))


def news(account: Account, entries: list[LedgerEntry]) -> News | None:
    """What just happened: points that landed or were spent, ran out or were corrected.

    Entries in order, with operation, visit and rule_version.
    """
    given = sum(entry.amount for entry in entries)
    face = face_of(account, new=max(0, min(given, account.balance)))
    return News(telling.news(account, rules_of(account), entries), _card(face))


def history_words(entry: LedgerEntry) -> str:
    """One earning or spending, for the history; "" for what the shop corrected."""
    return telling.line(entry)


def joining_panel(shop: Shop, programme: Programme, version: RuleVersion) -> Panel:
    """Points as they begin, and what they are collected for."""
    account = Account(shop=shop, programme=programme, rule_version=version)
    return _card(replace(face_of(account), id=f"card-programme-{programme.pk}"))


def prizes(shop: Shop, programme: Programme, version: RuleVersion) -> list[Prize]:
    """What points are collected for."""
    account = Account(shop=shop, programme=programme, rule_version=version)
    return [Prize(goal.name, goal.price) for goal in face_of(account).goals]


def rules_lines(shop: Shop, version: RuleVersion) -> list[str]:
    """The rules in plain sentences."""
    return rules_text.lines(shop, PointRules.read(version.rules))


def headline(shop: Shop, version: RuleVersion) -> str:
    """The promise in one line."""
    return rules_text.headline(shop, PointRules.read(version.rules))


def small_print(shop: Shop, version: RuleVersion) -> str:
    """What must stand wherever the promise stands, or ""."""
    return exception(shop)


def invitation(shop: Shop, version: RuleVersion) -> str:
    """Free to join."""
    return rules_text.invitation()


def face_of(account: Account, *, new: int = 0) -> PointsFace:
    rules = rules_of(account)
    goals = (reward for reward in shelves.on_offer(account) if reward.is_for_everybody)
    priced = [(reward, reward.cost) for reward in goals if not reward.sold_out]
    return PointsFace(
        name=account.programme.name,
        shop=account.shop.name,
        balance=account.balance,
        amount=rules.words(account.balance),
        goals=tuple(Goal(to.name, cost, rules.words(cost)) for to, cost in priced if cost),
        new=new,
        owed=telling.owed(account, rules),
        id=f"card-{account.pk}",
    )


def rules_of(account: Account) -> PointRules:
    return PointRules.read(account.rule_version.rules)


def _card(face: PointsFace) -> Panel:
    return Panel("rewards/points/_card.html", {"face": face})
