"""The same figures once more: slowly, from the facts alone, as section 7 of the requirements
defines them. Nothing here knows the rows, or asks a database to add anything up."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from members.ledger.models import LedgerEntry, Visit
from members.models import Membership
from rewards.models import Claim, HandOver

NET = {"earn": "issued", "opening": "issued", "adjust": "issued"}
GONE = {"spend": "redeemed", "expire": "expired", "transfer": "expired"}


@dataclass(frozen=True)
class Bought:
    member: int
    day: date
    place: int | None
    amount: int | None


class Slow:
    """A shop's life through the last day that is over."""

    def __init__(self, shop, through):
        self.zone, self.through = ZoneInfo(shop.time_zone), through
        self.cards = {card.pk: card for card in Membership.objects.all()}
        self.read_visits()
        self.read_entries()
        self.read_rewards()
        self.read_members()

    def day(self, moment):
        return moment.astimezone(self.zone).date()

    def member(self, pk):
        while self.cards[pk].merged_into_id:
            pk = self.cards[pk].merged_into_id
        return pk

    def read_visits(self):
        stand = [visit for visit in Visit.objects.all() if visit.voided_by_id is None]
        self.visits = [
            (
                visit.kind,
                Bought(
                    self.member(visit.membership_id), day, visit.location_id, visit.amount_minor
                ),
            )
            for visit in stand
            if (day := self.day(visit.at)) <= self.through
        ]
        self.purchases = [bought for kind, bought in self.visits if kind == "purchase"]

    def read_entries(self):
        everything = list(
            LedgerEntry.objects.select_related("operation__counter", "account").order_by("pk")
        )
        by_pk = {entry.pk: entry for entry in everything}
        undone = {entry.reverses_id for entry in everything if entry.reverses_id}
        self.booked, self.earners, self.redeemers = [], [], []
        for entry in everything:
            first = by_pk[entry.reverses_id] if entry.reverses_id else entry
            if (day := self.day(first.operation.occurred_at)) > self.through:
                continue
            what = NET.get(first.kind) or GONE[first.kind]
            amount = entry.amount if first.kind in NET else -entry.amount
            self.booked.append((entry.account.programme_id, what, day, amount))
            counter = entry.operation.counter
            did = (self.member(entry.account.membership_id), day, counter and counter.location_id)
            if entry.pk not in undone and entry.kind == "earn" and entry.visit_id:
                self.earners.append(did)
            if entry.pk not in undone and entry.kind == "spend":
                self.redeemers.append(did)

    def read_rewards(self):
        claims = [claim for claim in Claim.objects.all() if claim.source != "early"]
        issued = [claim for claim in claims if claim.state != "cancelled"]
        self.issued = [self.day(claim.issued_at) for claim in issued]
        owners = {claim.pk: self.member(claim.membership_id) for claim in claims}
        self.used = [
            (owners[used.claim_id], self.day(used.at), used.counter and used.counter.location_id)
            for used in HandOver.objects.select_related("counter")
            if used.undone_by_id is None and used.claim_id in owners
        ]

    def read_members(self):
        self.joined = {}
        for card in sorted(self.cards.values(), key=lambda card: (card.joined_at, card.pk)):
            self.joined.setdefault(self.member(card.pk), (self.day(card.joined_at), card.source))
        self.left = {
            pk: self.day(card.leaving_since or card.erased_at)
            for pk, card in self.cards.items()
            if (card.leaving_since or card.erased_at) and not card.merged_into_id
        }

    # --- The figures ----------------------------------------------------------------------

    def customers(self, period, places):
        return {each.member for each in self.bought(period, places)}

    def bought(self, period, places):
        return [
            each
            for each in self.purchases
            if period.first <= each.day <= period.last and here(each.place, places)
        ]

    def counts(self, period, places):
        """What `Customers` says, by name."""
        now, before = self.customers(period, places), self.customers(period.before, places)
        ever = {
            each.member
            for each in self.purchases
            if each.day < period.first and here(each.place, places)
        }
        times = [each.member for each in self.bought(period, places)]
        came = {
            b.member for _kind, b in self.visits if within(b.day, period) and here(b.place, places)
        }
        redeemed = self.did(self.redeemers, period, places)
        return {
            "before": len(before),
            "now": len(now),
            "again": len(now & before),
            "twice": len([member for member in now if times.count(member) >= 2]),
            "first": len(now - ever),
            "ever": len(now | ever),
            "came": len(came),
            "active": len(came | redeemed | self.did(self.used, period, places)),
            "earned": len(self.did(self.earners, period, places)),
            "redeemed": len(redeemed),
        }

    def did(self, deeds, period, places):
        return {
            member
            for member, day, place in deeds
            if within(day, period) and day <= self.through and here(place, places)
        }

    def reactivated(self, period, places):
        now, before = self.customers(period, places), self.customers(period.before, places)
        earlier = {
            each.member
            for each in self.purchases
            if each.day < period.before.first and here(each.place, places)
        }
        return len((now - before) & earlier)

    def done(self, period, places):
        bought = self.bought(period, places)
        priced = [each.amount for each in bought if each.amount is not None]
        attended = [
            b
            for kind, b in self.visits
            if kind != "purchase" and within(b.day, period) and here(b.place, places)
        ]
        return (len(bought), len(priced), sum(priced), len(attended))

    def rewards(self, period):
        days = [day for day in self.issued if day <= self.through]
        used = [day for _who, day, _where in self.used if day <= self.through]
        return (
            len([day for day in days if within(day, period)]),
            len([day for day in used if within(day, period)]),
        )

    def amounts(self, period, programme):
        return tuple(
            sum(
                amount
                for which, column, day, amount in self.booked
                if which == programme and column == what and within(day, period)
            )
            for what in ("issued", "redeemed", "expired")
        )

    def members_at_end(self, period):
        last = min(period.last, self.through)
        there = [pk for pk, (day, _source) in self.joined.items() if day <= last]
        return len([pk for pk in there if not (self.left.get(pk) and self.left[pk] <= last)])

    def sign_ups(self, period):
        sources = [
            source
            for day, source in self.joined.values()
            if within(day, period) and day <= self.through
        ]
        return {source: sources.count(source) for source in set(sources)}

    def joined_by(self, last):
        return len([pk for pk, (day, _source) in self.joined.items() if day <= last])

    def came(self, joined_in, month, places):
        """Of those who joined in one month, how many bought in another."""
        cohort = {pk for pk, (day, _source) in self.joined.items() if within(day, joined_in)}
        return len(cohort & self.customers(month, places))


def within(day, period):
    return period.first <= day <= period.last


def here(place, places):
    return places is None or place in places
