"""Whatever happens to a shop, its weeks say what the facts say, counted slowly and one by one."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from loyalty.dashboard.week.figures import week_of
from members.ledger.models import LedgerEntry, Visit
from members.models import Membership
from rewards.models import Claim, HandOver
from tests.rewards.figures.life import Life

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# Far from Greenwich; the clocks change on 1 November, in a week that is looked at.
ZONE, FIRST_DAY = "America/Los_Angeles", date(2026, 9, 21)


class Slow:
    """A week from the facts alone, as ux-screens W14 defines it; nothing is added up elsewhere."""

    def __init__(self, shop, now, monday, places):
        self.zone, self.places = ZoneInfo(shop.time_zone), places
        start = datetime.combine(monday, time.min, self.zone)
        whole = start + 7 * DAY
        local = now.astimezone(self.zone)
        self.span = (start, min(whole, local))
        self.before = (start - 7 * DAY, min(start, local - 7 * DAY))
        self.cards = {card.pk: card for card in Membership.objects.all()}

    def member(self, pk):
        while self.cards[pk].merged_into_id:
            pk = self.cards[pk].merged_into_id
        return pk

    def both(self, moments):
        """How many of them are in this week, and how many in the one before."""
        moments = list(moments)
        return tuple(
            sum(n for moment, n in moments if start <= moment <= end and moment != start + 7 * DAY)
            for start, end in (self.span, self.before)
        )

    def here(self, place):
        return self.places is None or place in self.places

    def visits(self):
        return [
            visit
            for visit in Visit.objects.all()
            if visit.voided_by_id is None and self.here(visit.location_id)
        ]

    def spend(self):
        paid = [each for each in self.visits() if each.kind == "purchase"]
        paid = [(each.at, each.amount_minor) for each in paid if each.amount_minor is not None]
        return self.both(paid), self.both((at, 1) for at, _minor in paid)

    def given(self, kind):
        entries = LedgerEntry.objects.select_related("visit", "account__programme")
        undone = {entry.reverses_id for entry in entries}
        return self.both(
            (entry.visit.at, entry.amount)
            for entry in entries
            if entry.kind == "earn" and entry.pk not in undone and entry.visit
            if entry.account.programme.kind == kind and self.here(entry.visit.location_id)
        )

    def rewards(self):
        used = self.both((used.at, 1) for used in self.used())
        claims = Claim.objects.select_related("operation__counter")
        earned = self.both(
            (claim.issued_at, 1)
            for claim in claims
            if claim.source != "early" and claim.state != "cancelled"
            if self.here(place_of(claim.operation.counter))
        )
        return used, earned

    def used(self):
        return [
            used
            for used in HandOver.objects.select_related("counter", "claim")
            if used.undone_by_id is None and used.claim.source != "early"
            if self.here(place_of(used.counter))
        ]

    def active(self):
        """Who did something when."""
        for visit in self.visits():
            yield self.member(visit.membership_id), visit.at
        for used in self.used():
            yield self.member(used.claim.membership_id), used.at
        entries = LedgerEntry.objects.select_related("operation__counter", "account")
        undone = {entry.reverses_id for entry in entries}
        for entry in entries:
            spent = entry.kind == "spend" and entry.pk not in undone
            if spent and self.here(place_of(entry.operation.counter)):
                yield self.member(entry.account.membership_id), entry.operation.occurred_at

    def came_back(self):
        found = []
        for _start, end in (self.span, self.before):
            last = (end - timedelta(microseconds=1)).astimezone(self.zone).date()
            lately, earlier = set(), set()
            for member, moment in self.active():
                ago = (last - moment.astimezone(self.zone).date()).days
                if 0 <= ago < 30 and moment <= end:
                    lately.add(member)
                elif 30 <= ago < 60:
                    earlier.add(member)
            found.append((len(lately & earlier), len(earlier)))
        return tuple(zip(*found, strict=True))

    def joined(self):
        first = {}
        for card in sorted(self.cards.values(), key=lambda card: (card.joined_at, card.pk)):
            first.setdefault(self.member(card.pk), card)
        stayed = [
            (card.joined_at, card.source)
            for now, card in first.items()
            if not (left := self.cards[now].leaving_since)
            or left.astimezone(self.zone).date() != card.joined_at.astimezone(self.zone).date()
        ]
        by_source = [
            dict(Counter(source for at, source in stayed if self.both([(at, 1)])[n]))
            for n in (0, 1)
        ]
        members = [
            sum(
                card.joined_at < end
                and not ((left := self.cards[now].leaving_since) and left < end)
                for now, card in first.items()
            )
            for _start, end in (self.span, self.before)
        ]
        return by_source, members


def place_of(counter):
    return counter.location_id if counter else None


def pair(figure):
    return figure.now, figure.before


def test_the_weeks_say_what_the_facts_say():
    """One life: a shop takes seconds to live."""
    life = Life(ZONE, seed=f"weeks of {ZONE}", first_day=FIRST_DAY)
    with scope(shop=life.shop):
        life.live(days=66, deeds=2)
        life.shop.live_since = datetime.combine(FIRST_DAY, time.min, life.shop.zone)
        here = life.counters[0].location_id
        now = life.now + timedelta(hours=13)
        there_was_everything()
        for weeks_ago in (0, 3, 4, 7):
            monday = life.day - timedelta(days=life.day.weekday()) - 7 * weeks_ago * DAY
            for places in (None, [here]):
                the_same(life.shop, now, monday, places)


def the_same(shop, now, monday, places):
    week, slow = week_of(shop, now, monday=monday, places=places), Slow(shop, now, monday, places)

    assert pair(week.visits) == slow.both((visit.at, 1) for visit in slow.visits())
    assert pair(week.stamps) == slow.given("stamps")
    assert pair(week.points) == slow.given("points")
    assert (pair(week.rewards.part), pair(week.rewards.whole)) == slow.rewards()
    assert (pair(week.came_back.part), pair(week.came_back.whole)) == slow.came_back()
    if week.spend:
        assert (pair(week.spend.part), pair(week.spend.whole)) == slow.spend()
    assert sum(week.of_day(day).now for day in week.stretch.days) == week.visits.now
    if places is None:
        by_source = [week.joined.by_source, week.joined.by_source_before]
        members = [week.joined.members, week.joined.members_before]
        assert (by_source, members) == slow.joined()


def there_was_everything():
    """Else the rest would prove little."""
    assert Visit.objects.exclude(voided_by=None).exists()
    assert Membership.objects.exclude(merged_into=None).exists()
    assert HandOver.objects.exists()
    assert Claim.objects.filter(state="cancelled").exists()
