"""A stamp card's part of the sheet: where it stands, and the form to stamp it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from members.ledger.models import Account
from stampcards.counter.stamp_forms import StampForm
from stampcards.operations import stamps_of
from stampcards.refusals import not_open, too_soon
from stampcards.rules import StampRules


def panel(account: Account, now: datetime) -> dict[str, Any]:
    """What `counter/_stamps.html` needs."""
    rules = StampRules.read(account.rule_version.rules)
    last = stamps_of(account.pk).values_list("operation__occurred_at", flat=True).first()
    recent = too_soon(last, rules, now)
    form = StampForm(
        rules=rules,
        initial={"programme": account.programme_id, "again": bool(recent)},
        auto_id=f"card{account.programme_id}_%s",
    )
    told = {"card": account.programme.name, "done": account.balance, "need": rules.need}
    return {
        "facts": _("%(card)s · %(done)d of %(need)d") % told,
        "form": form,
        "recent": recent,
        "closed": not_open(account.programme, rules, account.shop, now),
    }
