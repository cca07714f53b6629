"""Who became a member when, who left, and who of them bought in which month since.

Counted afresh each time: it takes one look at the shop's cards and one at their months.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from loyalty.models import Shop
from members.family import merged_cards, now_part_of
from members.ledger.models import local_day
from members.models import Membership
from rewards.figures.facts import Place
from rewards.figures.models import MemberMonth, MembersDay, ShopCohort
from rewards.figures.touched import first_of


@dataclass
class Member:
    """Since when, by which source, and when they left. None: they are one still."""

    joined: date
    source: str
    left: date | None = None


def members_of(shop: Shop, through: date) -> dict[int, Member]:
    """Everybody who joined up to a day, by the pk of the card they have now.

    Whoever had two cards that became one joined with the first of them: the second was no new
    member. Who left stays in what they were counted in (requirements 7.1).
    """
    merged = merged_cards(shop)
    found: dict[int, Member] = {}
    cards = Membership.objects.filter(shop=shop).order_by("joined_at", "pk")
    fields = ("pk", "joined_at", "source", "leaving_since", "erased_at")
    for card, at, source, leaving, erased in cards.values_list(*fields).iterator():
        now = now_part_of(card, merged)
        member = found.setdefault(now, Member(local_day(shop, at), source))
        if now == card:
            member.left = _day(shop, leaving or erased, through)
    return {card: member for card, member in found.items() if member.joined <= through}


def _day(shop: Shop, moment: datetime | None, through: date) -> date | None:
    day = local_day(shop, moment) if moment else None
    return day if day and day <= through else None


def days_of(shop: Shop, members: dict[int, Member]) -> list[MembersDay]:
    """Rows of the days on which somebody joined or left, not saved yet."""
    joined = Counter((member.joined, member.source) for member in members.values())
    left = Counter((member.left, member.source) for member in members.values() if member.left)
    return [
        MembersDay(shop=shop, day=day, source=by, joined=joined[day, by], left=left[day, by])
        for day, by in sorted({*joined, *left})
    ]


def cohorts_of(shop: Shop, members: dict[int, Member]) -> list[ShopCohort]:
    """Rows of each month in which somebody joined, not saved yet: of that month itself, and of
    every later one in which any of them bought. A purchase from before they joined is of no month.
    """
    cohorts = {card: first_of(member.joined) for card, member in members.items()}
    size, came = Counter(cohorts.values()), Counter(_came(shop, cohorts))
    first_months = {(cohort, cohort, None) for cohort in size}
    return [
        ShopCohort(
            shop=shop,
            joined=cohort,
            month=month,
            location_id=place,
            size=size[cohort],
            came=came[cohort, month, place],
        )
        for cohort, month, place in sorted({*came, *first_months}, key=_in_order)
    ]


def _came(shop: Shop, cohorts: dict[int, date]) -> Iterator[tuple[date, date, Place]]:
    """Once for each member, month and place; and once for each member and month, anywhere."""
    bought = MemberMonth.objects.filter(shop=shop, purchases__gt=0)
    anywhere: set[tuple[int, date]] = set()
    for card, month, place in bought.values_list("membership", "month", "location").iterator():
        cohort = cohorts.get(card)  # none: it became part of another since; that is found next time
        if cohort is None or cohort > month:
            continue
        if place is not None:
            yield cohort, month, place
        if (card, month) not in anywhere:
            anywhere.add((card, month))
            yield cohort, month, None


def _in_order(key: tuple[date, date, Place]) -> tuple[date, date, int]:
    cohort, month, place = key
    return cohort, month, place or 0
