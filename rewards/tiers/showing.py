"""What the pages of a card and the till show of levels."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from loyalty import clock
from loyalty.forms import KeyedForm
from members.ledger.models import Account
from members.models import Membership
from members.rooms import HistoryLine, Panel
from rewards.tiers import perks, progress, standing, telling, words
from rewards.tiers.forms import PerkForm
from rewards.tiers.models import Standing, TierMove, TierPerk
from rewards.tiers.progress import Progress


@dataclass(frozen=True)
class ToHave:
    """Something a member can ask for, and the form that does."""

    perk: TierPerk
    words: str  # A bag of coffee, 2 times a year
    left: str  # 1 left; or when there is more
    form: KeyedForm | None  # None: they have had it


@dataclass(frozen=True)
class AtHand:
    """The same at the counter."""

    perk: TierPerk
    left: str
    form: PerkForm


def to_have(own: Progress) -> list[ToHave]:
    """All that a member's level lets them ask for, each with a key of its own."""
    return [
        ToHave(
            perk=each.perk,
            words=telling.often(each.perk),
            left=words.left(each.left, each.again),
            form=KeyedForm(auto_id=f"perk{each.perk.pk}_%s") if each.left else None,
        )
        for each in own.own
    ]


def card_shelf(membership: Membership, accounts: list[Account]) -> Panel | None:
    """The level of a member below their cards, and its name on the cards themselves."""
    own = progress.of_member(membership, clock.now())
    if own is None:
        return None
    needs = {"progress": own, "membership": membership, "to_have": to_have(own)}
    return Panel("rewards/tiers/_level.html", needs, mark=own.level.name)


def marks(memberships: "QuerySet[Membership]") -> Iterator[tuple[int, str]]:
    """Who has climbed how high, among cards of any shops. One query."""
    climbed = Standing.objects.filter(membership__in=memberships, tier__threshold__gt=0)
    on = climbed.filter(tier__ladder__off_since=None)
    yield from on.values_list("membership", "tier__name")


def tags(membership: Membership, today: date) -> Iterator[str]:
    """The level, once it is more than everybody's."""
    level = standing.tier_of(membership)
    if level and level.threshold:
        yield level.name


def counter_panel(membership: Membership, now: datetime) -> Panel | None:
    """What staff should know of a customer, and what they can hand out for their level."""
    level = standing.tier_of(membership)
    given = perks.perks_of(level) if level else []
    left = [own for own in perks.left_of(membership, given, now) if own.left]
    known = [perk.title for perk in given if perk.kind == TierPerk.Kind.TAG]
    if level is None or not (left or known):
        return None
    shown = [
        AtHand(own.perk, words.left(own.left, own.again), PerkForm.of(own.perk)) for own in left
    ]
    needs = {"level": level.name, "known": known, "perks": shown, "membership": membership}
    return Panel("rewards/tiers/_till.html", needs)


def history(
    membership: Membership, *, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    """Every move that stands, also to stay for another while."""
    after = Q(at__gte=since) if since else Q()
    within = after & Q(at__lt=until) if until else after
    moves = TierMove.objects.filter(within, membership=membership).stands()
    for move in moves.select_related("tier", "before"):
        yield HistoryLine(move.at, words.of_move(move))
