"""What staff see of a card: who it is, what waits to be handed out, and each programme's part."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Counter
from members import rooms
from members.ledger.models import Account, Operation, Visit, local_day
from members.models import Membership, Programme
from rewards.models import Claim
from stampcards.counter import finding, telling
from stampcards.counter.forms import HandOutForm
from stampcards.counter.stamp_forms import StampForm


@dataclass(frozen=True)
class Reward:
    """Something to hand out."""

    title: str
    form: HandOutForm


@dataclass(frozen=True)
class Sheet:
    membership: Membership
    name: str
    last_visit: str  # "last visit 2 days ago", or "" for somebody new
    rewards: list[Reward]
    panels: list[rooms.Panel]

    @property
    def on_paper(self) -> bool:
        return self.membership.unclaimed and self.membership.source == Membership.Source.PAPER

    @property
    def is_blank(self) -> bool:
        """A paper card that nobody has yet: looking makes no member."""
        return self.membership.pk is None

    @property
    def several(self) -> bool:
        """Is each card a part of its own?"""
        return len(self.panels) > 1

    @property
    def first(self) -> Reward | None:
        return self.rewards[0] if self.rewards else None

    @property
    def more_rewards(self) -> int:
        return len(self.rewards) - 1


def of_card(
    counter: Counter, membership: Membership, now: datetime, *, refused: StampForm | None = None
) -> Sheet:
    """Everything the sheet shows. `refused` is the form the rules just said no to."""
    ready = Claim.objects.ready(local_day(counter.shop, now)).filter(membership=membership.pk)
    rewards = [reward(claim, membership) for claim in ready]
    panels = [_panel(account, now, refused) for account in _accounts(counter, membership)]
    panels.sort(key=_place)
    for panel in panels if rewards else panels[1:]:  # one thing is loud, and it comes first
        panel.needs["form"].step_back(for_reward=len(panels) == 1)
    return Sheet(
        membership=membership,
        name=telling.name_of(membership),
        last_visit=last_visit(membership, now),
        rewards=rewards,
        panels=panels,
    )


def rewards_of(operation: Operation, membership: Membership, now: datetime) -> list[Reward]:
    """What an operation put on the card and is still there."""
    ready = Claim.objects.ready(local_day(operation.shop, now)).filter(operation=operation)
    return [reward(claim, membership) for claim in ready]


def reward(claim: Claim, membership: Membership) -> Reward:
    form = HandOutForm(of=membership, initial={"claim": claim.pk}, auto_id=f"claim{claim.pk}_%s")
    return Reward(title=claim.title, form=form)


def last_visit(membership: Membership, now: datetime) -> str:
    """When the customer was here last, in days as the shop counts them."""
    # Also with a card that became part of this one. A blank card has no number, and no visits.
    cards = Membership.objects.filter(Q(pk=membership.pk) | Q(merged_into=membership.pk or 0))
    visits = Visit.objects.filter(membership__in=cards, voided_by=None).order_by("-at")
    at = visits.values_list("at", flat=True).first()
    if at is None:
        return ""
    days = (timezone.localdate(now) - timezone.localdate(at)).days
    if days == 0:
        return _("last visit today")
    if days == 1:
        return _("last visit yesterday")
    return ngettext("last visit %(n)d day ago", "last visit %(n)d days ago", days) % {"n": days}


def _accounts(counter: Counter, membership: Membership) -> list[Account]:
    """One of every programme; a programme younger than the card has none stored yet."""
    stored = membership.accounts.all() if membership.pk else Account.objects.none()
    known = stored.select_related("programme", "rule_version")
    opened = {account.programme_id: account for account in known}
    accounts = [
        opened.get(programme.pk) or finding.unopened(membership, programme)
        for programme in Programme.objects.in_order()
    ]
    for account in accounts:
        account.shop = counter.shop  # known already
    return accounts


def _panel(account: Account, now: datetime, refused: StampForm | None) -> rooms.Panel:
    panel = rooms.kind(account.programme.kind).counter_sheet(account, now)
    if refused and refused.data.get("programme") == str(account.programme_id):
        panel.needs["form"] = refused
    return panel


def _place(panel: rooms.Panel) -> tuple[bool, bool, float]:
    """What was just refused stands first, then what was stamped last; the closed come last."""
    needs, last = panel.needs, panel.needs["last"]
    return not needs["form"].is_bound, bool(needs["closed"]), -last.timestamp() if last else 0
