"""What staff see of a card: who it is, what waits to be handed out, and each programme's part."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Counter
from members import kinds, rooms
from members.family import together
from members.giving import GivingForm
from members.ledger.models import Account, Operation, Visit, local_day
from members.models import Membership, Programme
from rewards.models import Claim
from rewards.vip import at_counter
from stampcards.counter import finding, redeeming, telling
from stampcards.counter.forms import HandOutForm

MOST_TAGS = 2


@dataclass(frozen=True)
class Reward:
    """Something to hand out."""

    title: str
    form: HandOutForm
    note: str = ""  # what staff must know first: "From 200 kr"
    is_seat: bool = False  # reserved at an event: nothing is handed out, somebody comes in


@dataclass(frozen=True)
class Sheet:
    membership: Membership
    name: str
    last_visit: str  # "last visit 2 days ago", or "" for somebody new
    rewards: list[Reward]
    panels: list[rooms.Panel]
    told: list[str]  # by the rooms, to stand beside the name: "Birthday"
    within_reach: list[redeeming.WithinReach]  # for points
    besides: list[rooms.Panel]  # of the rooms: what the level of a customer gives
    reserved: list[Reward]
    sales: list[str]  # open to them, and not to everybody yet

    @property
    def tags(self) -> list[str]:
        """What is special about this card today, and no more than can be read at once. (W7)"""
        paper = [_("Paper card")] if self.on_paper else []
        return [*self.told, *paper][: MOST_TAGS - self.is_new]

    @property
    def is_new(self) -> bool:
        """Never here before: the first tag says so."""
        return not self.last_visit and not self.is_blank

    @property
    def on_paper(self) -> bool:
        return self.membership.unclaimed and self.membership.source == Membership.Source.PAPER

    @property
    def is_blank(self) -> bool:
        """A paper card that nobody has yet: looking makes no member."""
        return self.membership.pk is None

    @property
    def known(self) -> list[str]:
        """What staff should know of this customer: Offer water."""
        return [word for panel in self.besides for word in panel.needs.get("known", [])]

    @property
    def several(self) -> bool:
        """Is each card a part of its own?"""
        return len(self.panels) > 1

    @property
    def nothing_else(self) -> bool:
        """Is what is reserved all there is to do?"""
        return not self.rewards and all(panel.needs["closed"] for panel in self.panels)

    @property
    def first(self) -> Reward | None:
        return self.rewards[0] if self.rewards else None

    @property
    def more_rewards(self) -> int:
        return len(self.rewards) - 1


def of_card(
    counter: Counter, membership: Membership, now: datetime, *, refused: GivingForm | None = None
) -> Sheet:
    """Everything the sheet shows. `refused` is the form the rules just said no to."""
    ready = Claim.objects.ready(local_day(counter.shop, now)).filter(membership=membership.pk)
    claims = list(ready.select_related("shop", "reservation__drop__shop"))
    kept = [each for each in claims if each.source == Claim.Source.EARLY]
    rewards = [reward(claim, membership) for claim in claims if claim not in kept]
    accounts = _accounts(counter, membership)
    panels = [_panel(account, now, refused) for account in accounts]
    panels.sort(key=_place)
    ask_once(panels)
    for panel in panels if rewards else panels[1:]:  # one thing is loud, and it comes first
        panel.needs["form"].step_back(for_reward=len(panels) == 1)
    return Sheet(
        membership=membership,
        name=telling.name_of(membership),
        last_visit=last_visit(membership, now),
        rewards=rewards,
        panels=panels,
        told=list(_told(membership, now)),
        within_reach=redeeming.within_reach(membership, accounts) if membership.pk else [],
        besides=list(_besides(membership, now)),
        reserved=[reward(claim, membership) for claim in kept if _is_due(claim, now)],
        sales=at_counter.sales_open_to(membership, now) if membership.pk else [],
    )


def _is_due(claim: Claim, now: datetime) -> bool:
    """Of what is reserved: can it be handed out now?"""
    return claim.can_be_used(now) and at_counter.is_due(claim.reservation.drop, now)


def rewards_of(operation: Operation, membership: Membership, now: datetime) -> list[Reward]:
    """What an operation put on the card and is still there."""
    earned = Claim.objects.earned().filter(operation=operation)
    ready = earned.ready(local_day(operation.shop, now))
    ready = ready.select_related("shop")
    return [reward(claim, membership) for claim in ready]


def reward(claim: Claim, membership: Membership) -> Reward:
    form = HandOutForm(of=membership, initial={"claim": claim.pk}, auto_id=f"claim{claim.pk}_%s")
    return Reward(claim.title, form, redeeming.of_claim(claim), telling.is_seat(claim))


def last_visit(membership: Membership, now: datetime) -> str:
    """When the customer was here last, in days as the shop counts them."""
    # Also with a card that became part of this one. A blank card has no number, and no visits.
    card = Membership.objects.filter(pk=membership.pk or 0)
    visits = Visit.objects.filter(membership__in=together(card), voided_by=None).order_by("-at")
    at = visits.values_list("at", flat=True).first()
    if at is None:
        return ""
    days = (timezone.localdate(now) - timezone.localdate(at)).days
    if days == 0:
        return _("last visit today")
    if days == 1:
        return _("last visit yesterday")
    return ngettext("last visit %(n)d day ago", "last visit %(n)d days ago", days) % {"n": days}


def _told(membership: Membership, now: datetime) -> Iterator[str]:
    if membership.pk is None:  # a blank card: nobody's
        return
    today = local_day(membership.shop, now)
    for tags in rooms.answering("tags"):
        yield from tags(membership, today)


def _besides(membership: Membership, now: datetime) -> Iterator[rooms.Panel]:
    if membership.pk is None:
        return
    panels = (counter_panel(membership, now) for counter_panel in rooms.answering("counter_panel"))
    yield from filter(None, panels)


def _accounts(counter: Counter, membership: Membership) -> list[Account]:
    """One of every programme that is on; one younger than the card has none stored yet.

    What is switched off stands here only while there is something in it.
    """
    stored = membership.accounts.all() if membership.pk else Account.objects.none()
    known = stored.select_related("programme", "rule_version")
    opened = {account.programme_id: account for account in known}
    accounts = [
        opened.get(programme.pk) or finding.unopened(membership, programme)
        for programme in Programme.objects.on().in_order()
    ]
    accounts += [each for each in known if each.programme.off_since and each.balance]
    for account in accounts:
        account.shop = counter.shop  # known already
    return accounts


def _panel(account: Account, now: datetime, refused: GivingForm | None) -> rooms.Panel:
    panel = kinds.kind(account.programme.kind).counter_sheet(account, now)
    if refused and refused.data.get("programme") == str(account.programme_id):
        panel.needs["form"] = refused
    return panel


def _place(panel: rooms.Panel) -> tuple[bool, bool, bool, float]:
    """What was just refused stands first, then what was given last; the closed come last."""
    needs, last = panel.needs, panel.needs["last"]
    ago = -last.timestamp() if last else 0
    return not needs["form"].is_bound, bool(needs["closed"]), follows(panel), ago


def follows(panel: rooms.Panel) -> bool:
    """Does it stand after others, because they ask for the same purchase?"""
    return panel.needs.get("follows", False)


def ask_once(panels: list[rooms.Panel]) -> None:
    """Let the loud form ask what another programme wants to know of the same purchase."""
    open_ones = [panel.needs["form"] for panel in panels[1:] if not panel.needs.get("closed")]
    if figures := [form.figure for form in open_ones if form.figure]:
        panels[0].needs["form"].ask_also(figures[0])
