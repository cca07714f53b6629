"""What a points scheme shows of itself: on the card page, at the counter, in the rules."""

from members.ledger.models import Account
from members.models import RuleVersion
from rewards.points.rules import PointRules


def standing(account: Account) -> str:
    """64 points."""
    return amount_words(account.rule_version, account.balance)


def amount_words(version: RuleVersion, n: int) -> str:
    """7 points."""
    return PointRules.read(version.rules).words(n)
