"""A stamp card at the counter: its part of the sheet, the form, and what is said after it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import clock, money
from loyalty.actors import Actor
from members.ledger import accounts
from members.ledger.models import Account, Operation
from members.models import Membership, Programme, RuleVersion
from members.paper.operations import stored
from members.rooms import Panel
from rewards.points.operations import must_be_sure
from stampcards import telling
from stampcards.counter.stamp_forms import SaveForm, StampForm
from stampcards.operations import (
    ANY_PURCHASE,
    Stamped,
    add_stamps,
    stamp_card,
    stamped_lately,
)
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


def counter_form(account: Account, data: Any) -> StampForm:
    """What a counter or a device sent."""
    rules = StampRules.read(account.rule_version.rules)
    return StampForm(data, rules=rules, auto_id=f"card{account.programme_id}_%s")


def give(account: Account, form: StampForm, actor: Actor) -> Stamped:
    """Stamp the account's card. The same form again asks the same question, whoever sends it.

    A paper card that nobody has becomes a member's with it; one that may not be stamped now stays
    nobody's. Refused: whatever `add_stamps` refuses, and ShopPaused.
    """
    asked = form.cleaned_data
    if account.membership.pk is None:
        _refuse_for_nobody(account, form, actor)
        account.membership = stored(account.membership, key=asked["key"], actor=actor)
    fields = ("count", "reason", "extra", "again")
    wish: dict[str, Any] = {name: asked[name] for name in fields if name in asked}
    if form.purchase:
        wish |= {"purchase": form.purchase, "sure": form.is_sure}
    return add_stamps(
        membership=account.membership,
        programme=account.programme,
        actor=actor,
        key=asked["key"],
        **wish,
    )


def _refuse_for_nobody(account: Account, form: StampForm, actor: Actor) -> None:
    rules = StampRules.read(account.rule_version.rules)
    if shut := not_open(account.programme, rules, actor.shop, actor.at or clock.now()):
        raise shut
    must_be_sure(actor.shop, form.purchase or ANY_PURCHASE, form.is_sure)


def book(op: Operation, membership: Membership, programme: Programme, form: StampForm) -> Stamped:
    """The same as part of another operation, when nobody can be asked any more."""
    return stamp_card(
        op,
        membership=membership,
        programme=programme,
        count=form.cleaned_data["count"],
        extra=bool(form.cleaned_data.get("extra")),
        again=True,
        reason="other",
        purchase=form.purchase or ANY_PURCHASE,
        sure=True,
    )


def saving_panel(programme: Programme, now: datetime) -> Panel | None:
    """The form a counter saves without a connection. None: no card can be stamped now."""
    rules = StampRules.read(accounts.newest_rules(programme, now).rules)
    if not_open(programme, rules, programme.shop, now):
        return None
    auto_id = f"offline{programme.pk}_%s"
    form = SaveForm(rules=rules, initial={"programme": programme.pk}, auto_id=auto_id)
    return Panel("counter/_save_stamps.html", {"name": programme.name, "form": form})


def asked_words(version: RuleVersion, form: StampForm) -> str:
    """What a saved form asked for: 1 stamp; and what was paid, if that is known."""
    stamps = telling.amount(form.cleaned_data["count"])
    if form.purchase is None:
        return stamps
    paid = money.shown(form.cleaned_data["amount"], version.programme.shop.currency)
    return _("%(what)s, %(amount)s") % {"what": stamps, "amount": paid}


def told(part: dict[str, Any]) -> str:
    """What an operation gave, and where the card stands now."""
    extra = part.get("extra", "")
    n = part["given"] - bool(extra)
    words = {"n": n, "extra": extra, "done": part["after"], "need": part["need"]}
    if extra:
        sentence = ngettext(
            "%(n)d stamp, %(extra)s +1. Now %(done)d of %(need)d.",
            "%(n)d stamps, %(extra)s +1. Now %(done)d of %(need)d.",
            n,
        )
    else:
        sentence = ngettext(
            "%(n)d stamp. Now %(done)d of %(need)d.",
            "%(n)d stamps. Now %(done)d of %(need)d.",
            n,
        )
    return sentence % words


def deed(part: dict[str, Any]) -> str:
    """1 stamp."""
    return telling.amount(part["given"])
