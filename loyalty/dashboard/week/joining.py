"""How many members there are, and who joined in a week, by which way.

A member is the card they have now. Whoever had two cards that became one joined with the first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from loyalty.dashboard.week.weeks import Span, Stretch
from loyalty.models import Shop
from members.family import now_part_of
from members.ledger.models import local_day
from members.models import Membership


@dataclass(frozen=True)
class Member:
    """When and how they joined, when they got the card they have now, and when they left."""

    joined: datetime
    source: str
    card_since: datetime
    left: datetime | None


@dataclass(frozen=True)
class Joined:
    """At the end of a stretch and of the one before. `before`: None: there was no shop then."""

    members: int
    members_before: int | None
    by_source: dict[str, int]
    by_source_before: dict[str, int] | None

    @property
    def now(self) -> int:
        return sum(self.by_source.values())

    @property
    def before(self) -> int | None:
        then = self.by_source_before
        return None if then is None else sum(then.values())


def joined_in(shop: Shop, stretch: Stretch, compares: bool) -> Joined:
    """Two statements, however many members there are."""
    found = list(_members(shop, stretch.either("joined_at")))
    now, before = _counts(found, [stretch.now.end, stretch.before.end])
    return Joined(
        now,
        before if compares else None,
        _by_source(shop, found, stretch.now),
        _by_source(shop, found, stretch.before) if compares else None,
    )


def members_at(shop: Shop, moments: Sequence[datetime]) -> list[int]:
    """How many members there were at each moment. Two statements."""
    return _counts(list(_members(shop, Q(pk__in=[]))), moments)


def _by_source(shop: Shop, members: Iterable[Member], span: Span) -> dict[str, int]:
    """New members, but those who deleted their card the same day."""
    joined = (each for each in members if span.start <= each.joined < span.end)
    stayed = (each for each in joined if not _left_at_once(shop, each))
    return dict(Counter(each.source for each in stayed))


def _left_at_once(shop: Shop, member: Member) -> bool:
    left = member.left
    return left is not None and local_day(shop, left) == local_day(shop, member.joined)


def _members(shop: Shop, which: Q) -> "Iterable[Member]":
    """Those of some cards, and everybody who ever had two."""
    ours = Membership.objects.filter(shop=shop)
    parts = ours.filter(merged_into__isnull=False)
    cards = ours.filter(
        which | Q(merged_into__isnull=False) | Q(pk__in=parts.values("merged_into"))
    )
    fields = ("pk", "merged_into", "joined_at", "source", "leaving_since")
    rows = list(cards.order_by("joined_at", "pk").values_list(*fields))
    merged = {pk: into for pk, into, *_ in rows if into}
    first: dict[int, tuple[datetime, str]] = {}
    for pk, _into, joined, source, _left in rows:
        first.setdefault(now_part_of(pk, merged), (joined, source))
    for pk, into, since, _source, left in rows:
        if into is None:
            joined, source = first[pk]
            yield Member(joined, source, since, left)


def _counts(members: Iterable[Member], moments: Sequence[datetime]) -> list[int]:
    """By their cards; and those whose first card is older than the one they have now."""
    cards = Membership.objects.filter(merged_into=None)
    here = {f"n{n}": Count("pk", filter=_in_use(moment)) for n, moment in enumerate(moments)}
    counted = cards.aggregate(**here)
    return [
        counted[f"n{n}"] + sum(_had_another(each, moment) for each in members)
        for n, moment in enumerate(moments)
    ]


def _in_use(moment: datetime) -> Q:
    here_still = Q(leaving_since=None) | Q(leaving_since__gte=moment)
    return here_still & Q(joined_at__lt=moment)


def _had_another(member: Member, moment: datetime) -> bool:
    return member.joined < moment <= member.card_since and (
        member.left is None or member.left >= moment
    )
