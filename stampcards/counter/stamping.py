"""A stamp card's part of the sheet: where it stands, and the form to stamp it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from members.ledger.models import Account
from stampcards.counter.stamp_forms import StampForm
from stampcards.operations import stamped_lately
from stampcards.refusals import asks_first, not_open
from stampcards.rules import StampRules


def panel(account: Account, now: datetime) -> dict[str, Any]:
    """What `counter/_stamps.html` needs, and when the card was stamped `last`."""
    rules = StampRules.read(account.rule_version.rules)
    lately = stamped_lately(account, account.shop, now)
    question = asks_first(rules, now, **lately)
    form = StampForm(
        rules=rules,
        initial={"programme": account.programme_id, "again": bool(question)},
        auto_id=f"card{account.programme_id}_%s",
    )
    # A paper card that nobody has is no member's yet, but promises the welcome like any other.
    done = account.balance if account.membership_id else rules.welcome
    told = {"card": account.programme.name, "done": done, "need": rules.need}
    return {
        "facts": _("%(card)s · %(done)d of %(need)d") % told,
        "form": form,
        "question": question,
        "closed": not_open(account.programme, rules, account.shop, now),
        "last": lately["last"],
    }
