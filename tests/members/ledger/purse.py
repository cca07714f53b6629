"""An account moved by the ledger's own functions, without any programme's rules."""

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger import accounts, posting, reversing
from members.ledger.models import Account, LedgerEntry, Lot, Operation

Kind = LedgerEntry.Kind


@posting.operation("test")
def do(op, *, membership, programme, step, key, actor):
    step(op, accounts.find(op, membership, programme))
    return {}


class Purse:
    def __init__(self, membership, programme):
        self.membership, self.programme = membership, programme
        self.actor = Actor(membership.shop, Channel.JOB)

    def do(self, step):
        """Run one step as an operation, and return the operation."""
        key = keys.new()
        do(
            membership=self.membership,
            programme=self.programme,
            step=step,
            key=key,
            actor=self.actor,
        )
        return Operation.objects.get(key=key)

    def earn(self, amount, until=None):
        return self.do(
            lambda op, account: posting.post(
                op, posting.Line(account, Kind.EARN, amount, amount, expires_on=until)
            )
        )

    def spend(self, amount):
        return self.do(
            lambda op, account: posting.post(op, posting.Line(account, Kind.SPEND, -amount))
        )

    def reverse(self, undone, *, owe=False):
        return self.do(lambda op, account: reversing.reverse(op, undone, owe=owe))

    @property
    def account(self):
        return Account.objects.get(membership=self.membership, programme=self.programme)

    @property
    def balance(self):
        return self.account.balance

    @property
    def lots(self):
        """What is left, and until when, in the order of earning."""
        lots = Lot.objects.filter(account=self.account).left().order_by("pk")
        return list(lots.values_list("remaining", "expires_on"))

    @property
    def entries(self):
        entries = LedgerEntry.objects.filter(account=self.account)
        return list(entries.values_list("seq", "kind", "amount"))
