"""What the stamps on part-filled cards would cost the shop."""

from fractions import Fraction
from math import ceil

from django.db.models import Sum

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


def _share(rules: StampRules, stamps: int) -> Fraction:
    return Fraction(stamps * rules.reward_value_minor, rules.need)
