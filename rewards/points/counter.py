"""Points at the counter: their part of the sheet, the form, and what is said after it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from loyalty import clock, money
from loyalty.actors import Actor
from members.ledger import accounts
from members.ledger.models import Account, Operation
from members.models import Membership, Programme, RuleVersion
from members.paper.operations import stored
from members.refusals import closed
from members.rooms import Panel
from members.visits import Purchase
from rewards.points import operations, units
from rewards.points.counter_forms import PointsForm, SavePointsForm
from rewards.points.operations import Earned
from rewards.points.refusals import NothingEarned
from rewards.points.rules import PointRules
from rewards.tiers import standing
from rewards.tiers.models import PLAIN

DEEDS = ("earn_points",)


def counter_sheet(account: Account, now: datetime) -> Panel:
    """What staff see of the points, and the form to give more."""
    rules = _rules(account.programme, now)
    last = operations.earned_lately(account)
    question = operations.asks_first(last, now)
    form = PointsForm(
        rules=rules,
        shop=account.shop,
        percent=_percent(account),
        initial={"programme": account.programme_id, "again": bool(question)},
        auto_id=f"card{account.programme_id}_%s",
    )
    needs = {
        "facts": rules.words(account.balance),
        "form": form,
        "question": question,
        "closed": closed(account.programme, account.shop, now),
        "last": last,
        "follows": True,  # the quieter one beside stamps, whose form asks for the amount as well
    }
    return Panel("counter/_points.html", needs)


def counter_form(account: Account, data: Any) -> PointsForm:
    """What a counter or a device sent."""
    rules = _rules(account.programme, clock.now())
    auto_id = f"card{account.programme_id}_%s"
    return PointsForm(
        data, rules=rules, shop=account.shop, percent=_percent(account), auto_id=auto_id
    )


def give(account: Account, form: PointsForm, actor: Actor) -> Earned:
    """The points of one visit. A paper card that nobody has becomes a member's with them; one
    that may not earn them now stays nobody's.

    Refused: whatever `earn_points` refuses, and ShopPaused.
    """
    key, purchase = form.cleaned_data["key"], form.purchase
    if account.membership.pk is None:
        _refuse_for_nobody(account.programme, purchase, form.is_sure, actor)
        account.membership = stored(account.membership, key=key, actor=actor)
    return operations.earn_points(
        membership=account.membership,
        programme=account.programme,
        purchase=purchase,
        again=form.cleaned_data["again"],
        sure=form.is_sure,
        key=key,
        actor=actor,
    )


def book(op: Operation, membership: Membership, programme: Programme, form: PointsForm) -> Earned:
    """The same as part of another operation, when nobody can be asked any more."""
    return operations.earn(
        op,
        membership=membership,
        programme=programme,
        purchase=form.purchase,
        again=True,
        sure=True,
    )


def _refuse_for_nobody(programme: Programme, purchase: Purchase, sure: bool, actor: Actor) -> None:
    if shut := closed(programme, actor.shop, actor.at):
        raise shut
    operations.must_be_sure(actor.shop, purchase, sure)
    if not _rules(programme, actor.at or clock.now()).points_for(purchase):
        raise NothingEarned


def saving_panel(programme: Programme, now: datetime) -> Panel | None:
    """The form a counter saves without a connection. None: nothing can be earned now."""
    if closed(programme, programme.shop, now):
        return None
    form = SavePointsForm(
        rules=_rules(programme, now),
        shop=programme.shop,
        at_least=standing.any_multiplies(),
        initial={"programme": programme.pk},
        auto_id=f"offline{programme.pk}_%s",
    )
    return Panel(
        "counter/_save_points.html", {"name": programme.name, "form": form, "follows": True}
    )


def asked_words(version: RuleVersion, form: PointsForm) -> str:
    """What a saved form asked for: 7 points, 74,50 kr."""
    purchase, rules = form.purchase, PointRules.read(version.rules)
    points = rules.words(rules.points_for(purchase))
    if purchase.amount_minor is None:
        return points
    amount = money.shown(purchase.amount_minor, version.programme.shop.currency)
    return _("%(what)s, %(amount)s") % {"what": points, "amount": amount}


def told(part: dict[str, Any]) -> str:
    """What an operation gave, and where the card stands now."""
    words = {"points": _words(part, part["given"]), "after": _words(part, part["after"])}
    return _("%(points)s. Now %(after)s.") % words


def deed(part: dict[str, Any]) -> str:
    """7 points."""
    return _words(part, part["given"])


def _words(part: dict[str, Any], n: int) -> str:
    return units.words(n, *part["unit"])


def _percent(account: Account) -> int:
    """What the member's level makes of a point. A card that nobody has is at no level."""
    return standing.multiplier_percent(account.membership) if account.membership_id else PLAIN


def _rules(programme: Programme, at: datetime) -> PointRules:
    return PointRules.read(accounts.newest_rules(programme, at).rules)
