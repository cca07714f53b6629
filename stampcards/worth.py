"""What stamps cost the shop: those on part-filled cards, and those of a month to come."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from math import ceil

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.numbers import figure
from members.kinds import Busy, Giving
from members.ledger import accounts
from members.ledger.models import Account
from members.models import Programme, RuleVersion
from stampcards.rules import StampRules


def outstanding_minor(programme: Programme) -> int:
    """All stamps of a programme at cost price, in minor units: 4 of 9 towards 45 kr are 20 kr.

    Each card counts under its own rules, its welcome stamps too. Rounded up, once.
    """
    begun = Account.objects.filter(programme=programme, balance__gt=0)
    stamps = dict(begun.values_list("rule_version").annotate(Sum("balance")))
    versions = RuleVersion.objects.in_bulk(stamps)
    shares = (_share(StampRules.read(versions[pk].rules), n) for pk, n in stamps.items())
    return ceil(sum(shares, Fraction()))


def _share(rules: StampRules, stamps: int | Fraction) -> Fraction:
    return Fraction(stamps) * rules.reward_value_minor / rules.need


def givings(programme: Programme, busy: Busy, now: datetime) -> Iterator[Giving]:
    """A stamp a purchase, and what a new card begins with, as if every stamp ends in a reward."""
    rules = StampRules.read(accounts.newest_rules(programme, now).rules)
    counts = busy.basket_minor >= rules.minimum_minor
    stamps = busy.purchases if counts else Fraction()
    yield Giving(programme.name, _share(rules, stamps), _how(programme, rules, stamps), rises=True)
    if rules.welcome and busy.joining:
        joined = ngettext("%(n)s new member", "%(n)s new members", busy.joining)
        minor = _share(rules, rules.welcome * busy.joining)
        yield Giving(_("Welcome stamps"), minor, joined % {"n": figure(busy.joining)})


def _how(programme: Programme, rules: StampRules, stamps: Fraction) -> str:
    return ngettext(
        "%(n)s stamp; %(need)d make a reward that costs you %(worth)s",
        "%(n)s stamps; %(need)d make a reward that costs you %(worth)s",
        ceil(stamps),
    ) % {
        "n": figure(ceil(stamps)),
        "need": rules.need,
        "worth": money.shown(rules.reward_value_minor, programme.shop.currency),
    }
