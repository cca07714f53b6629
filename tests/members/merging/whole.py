"""All there is to know about some cards, to compare before and after."""

from members.ledger.models import Account, Lot
from members.models import Membership, RetiredCode
from rewards.models import Claim

ACCOUNT = ["pk", "membership", "balance", "lifetime", "cycle", "rule_version", "shortfall"]


def everything(*cards):
    """Everything but how many lines the history has, which an undo makes longer."""
    accounts = Account.objects.filter(membership__in=cards).order_by("pk")
    lots = Lot.objects.filter(account__membership__in=cards).left().order_by("pk")
    claims = Claim.objects.exclude(state="cancelled").order_by("pk")
    return {
        "cards": list(
            Membership.objects.filter(pk__in=[c.pk for c in cards]).order_by("pk").values()
        ),
        "codes": list(RetiredCode.objects.order_by("pk").values()),
        "accounts": list(
            accounts.values_list(*ACCOUNT, named=True),
        ),
        "lots": list(lots.values_list("pk", "account", "remaining", "expires_on")),
        "claims": list(claims.values_list("pk", "membership", "state", "expires_on")),
    }


def balance(member):
    return member.accounts.get().balance
