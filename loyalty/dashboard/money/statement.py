"""The statement as the owner sees it: what is outstanding today, and the months as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.downloads import Cell
from loyalty.models import Shop
from members import kinds
from members.ledger import accounts
from members.ledger.models import Account, local_day
from members.ledger.statements import Statement
from members.models import Programme
from rewards.worth import Waiting, waiting_rewards


@dataclass(frozen=True)
class Outstanding:
    """What members can still ask for, at cost price in minor units, and how it comes about."""

    name: str
    minor: int
    worth: str  # the same, as the reader's language writes it
    lines: list[str]


def outstanding(shop: Shop, now: datetime) -> list[Outstanding]:
    """A line for each programme with something outstanding, and for rewards of no programme."""
    cards = _begun()
    rewards = waiting_rewards(local_day(shop, now))
    waiting = [
        _of_programme(shop, each, cards.get(each.pk, (0, 0)), rewards.get(each.pk), now)
        for each in Programme.objects.in_order()
        if each.pk in cards or each.pk in rewards
    ]
    if gifts := rewards.get(None):
        waiting.append(_told(shop, _("Other rewards"), gifts.minor, [_rewards(shop, gifts)]))
    return waiting


def outstanding_in(programme: Programme, now: datetime) -> Outstanding:
    """The same of one programme, with nothing in it as well."""
    shop, begun = programme.shop, _begun().get(programme.pk, (0, 0))
    rewards = waiting_rewards(local_day(shop, now)).get(programme.pk)
    return _of_programme(shop, programme, begun, rewards, now)


def _begun() -> dict[int, tuple[int, int]]:
    """How many cards have something on them, and how much together, by programme (pk)."""
    begun = Account.objects.filter(balance__gt=0).order_by().values_list("programme")
    return {pk: (n, amount) for pk, n, amount in begun.annotate(Count("pk"), Sum("balance"))}


def _of_programme(
    shop: Shop,
    programme: Programme,
    cards: tuple[int, int],
    rewards: Waiting | None,
    now: datetime,
) -> Outstanding:
    minor = rewards.minor if rewards else 0
    lines = [_rewards(shop, rewards)] if rewards else []
    n, amount = cards
    if n:
        kind = kinds.kind(programme.kind)
        in_progress = kind.outstanding_minor(programme, now)
        minor += in_progress
        version = accounts.newest_rules(programme, now)
        told = _cards(shop, kind.amount_words(version, amount), n, in_progress)
        lines = [line for line in (told, kind.reckoning(programme, now), *lines) if line]
    return _told(shop, programme.name, minor, lines)


def _told(shop: Shop, name: str, minor: int, lines: list[str]) -> Outstanding:
    return Outstanding(name, minor, money.shown(minor, shop.currency), lines)


def _cards(shop: Shop, amount: str, n: int, minor: int) -> str:
    """412 stamps on 96 cards, worth 1 830 kr."""
    return ngettext(
        "%(amount)s on %(n)d card, worth %(worth)s",
        "%(amount)s on %(n)d cards, worth %(worth)s",
        n,
    ) % {"amount": amount, "n": n, "worth": money.shown(minor, shop.currency)}


def _rewards(shop: Shop, rewards: Waiting) -> str:
    return ngettext(
        "%(n)d reward ready, worth %(worth)s",
        "%(n)d rewards ready, worth %(worth)s",
        rewards.n,
    ) % {"n": rewards.n, "worth": money.shown(rewards.minor, shop.currency)}


def rows(statements: list[Statement]) -> Iterator[list[Cell]]:
    """The same numbers as on the page, a line for each programme and month, under their names."""
    yield [
        *(_("Programme"), _("Month"), _("Opening"), _("Earned"), _("Restored")),
        *(_("Redeemed"), _("Expired"), _("Adjusted"), _("Closing")),
    ]
    for statement in statements:
        for month in statement.months:
            yield [
                *(statement.programme.name, month.first_day, month.opening, month.earned),
                *(month.restored, month.redeemed, month.expired, month.adjusted, month.closing),
            ]
