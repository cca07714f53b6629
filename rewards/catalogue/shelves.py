"""What the catalogue holds for one member: what it costs them, and what is missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import clock, money
from loyalty.numbers import figure
from members.ledger.accounts import newest_rules
from members.ledger.models import Account
from members.models import Membership
from rewards.catalogue.models import Reward
from rewards.catalogue.refusals import EnoughOfIt, NotInGroup, NotYourLevel, SoldOut
from rewards.catalogue.whom import Whom, asked_by
from rewards.models import Claim
from rewards.points.rules import PointRules

NEW_FOR = timedelta(days=14)  # from its first day on
LAST_DAYS = timedelta(days=7)  # before it goes


@dataclass(frozen=True)
class Offer:
    """One reward as one member sees it on a day. `had`: how many of it they have or had; `whom`:
    what they are, of what it asks."""

    reward: Reward
    account: Account
    had: int
    today: date
    whom: Whom

    @property
    def price(self) -> str:
        """100 points, or: a full card."""
        return _("A full card") if self.reward.cost is None else self._words(self.reward.cost)

    @property
    def standing(self) -> str:
        """64 points: what there is."""
        return self._words(self.account.balance)

    @property
    def left(self) -> str:
        """14 points: what there will be."""
        return self._words(self.account.balance - (self.reward.cost or 0))

    def _words(self, n: int) -> str:
        return PointRules.read(self.account.rule_version.rules).words(n)

    @property
    def missing(self) -> int:
        """Points that are missing; of a card that is to be filled, none are counted."""
        return max(0, (self.reward.cost or 0) - self.account.balance)

    @property
    def missing_words(self) -> str:
        """36 more needed"""
        n = self.missing
        told = {"n": figure(n)}
        return ngettext("%(n)s more needed", "%(n)s more needed", n) % told if n else ""

    @property
    def hindrance(self) -> str:
        """Why nobody, or not this member, can have it now, whatever it costs. "": nothing."""
        if not self.whom.belongs(self.reward):
            return str(NotInGroup())
        if self.level:
            return str(NotYourLevel(level=self.level))
        if self.reward.sold_out:
            return str(SoldOut())
        if self.reward.per_member is not None and self.had >= self.reward.per_member:
            return str(EnoughOfIt(most=self.reward.per_member))
        return ""

    @property
    def level(self) -> str:
        """Gold, which it takes and this member has not reached. "": nothing like that."""
        tier = self.reward.tier
        return tier.name if tier and not self.whom.reaches(self.reward) else ""

    @property
    def is_shown(self) -> bool:
        """Is it any business of this member?"""
        return self.whom.sees(self.reward)

    @property
    def is_over(self) -> bool:
        """Not on offer any more."""
        return self.account.programme.ended(self.today) or not self.reward.is_offered(self.today)

    @property
    def can_choose(self) -> bool:
        """Do points buy it, here and now?"""
        enough = self.reward.cost is not None and not self.missing
        return enough and not self.hindrance and not self.is_over

    @property
    def gives(self) -> str:
        """20 % off; "": what its name says."""
        reward = self.reward
        return off(reward.percent, reward.amount_minor, self.account.shop.currency)

    @property
    def minimum(self) -> str:
        """From 200 kr. "": from nothing."""
        return minimum(self.reward.minimum_minor, self.account.shop.currency)

    @property
    def fits_a_card(self) -> bool:
        """Can a full card be this, here and now?"""
        return self.reward.cost is None and not self.hindrance and not self.is_over

    @property
    def is_new(self) -> bool:
        start = self.reward.starts_on
        return start is not None and start <= self.today < start + NEW_FOR

    @property
    def goes_soon(self) -> bool:
        end = self.reward.ends_on
        return end is not None and self.today <= end < self.today + LAST_DAYS

    @property
    def near(self) -> tuple[bool, int, int, int]:
        """What can be had comes before what is missing something, and that before what is gone."""
        return bool(self.hindrance), self.missing, self.reward.cost or 0, self.reward.pk


def on_offer(account: Account) -> list[Reward]:
    """What a programme offers today for what is collected in it, cheapest first.

    One query, once for an account; none after `read_ahead`.
    """
    read_ahead([account])
    today = clock.today(account.shop.zone)
    # Read into the programme, so that its card, its news and the shelf below share it.
    found: list[Reward] = account.programme.offers  # type: ignore[attr-defined]
    ended = account.programme.ended(today)
    return [reward for reward in found if reward.is_offered(today) and not ended]


def read_ahead(accounts: Sequence[Account]) -> None:
    """Read at once what all these accounts' programmes offer."""
    rewards = with_pictures(Reward.objects.filter(retired_at=None).cheapest_first())
    asked = Prefetch("programme__rewards", rewards, to_attr="offers")
    prefetch_related_objects(list(accounts), asked)


def with_pictures(rewards: "QuerySet[Reward]") -> "QuerySet[Reward]":
    """With the address of their pictures, and without their bytes; and with their levels."""
    return rewards.select_related("picture", "tier").defer("picture__data")


def offers(membership: Membership, accounts: Sequence[Account]) -> list[Offer]:
    """Everything on offer to a member for what they collect in these accounts, nearest first."""
    today = clock.today(membership.shop.zone)
    found = [(account, reward) for account in accounts for reward in on_offer(account)]
    rewards = [reward for _account, reward in found]
    had, whom = _had(membership, rewards), asked_by(rewards, membership, clock.now())
    told = [Offer(reward, account, had[reward.pk], today, whom) for account, reward in found]
    return sorted((offer for offer in told if offer.is_shown), key=lambda offer: offer.near)


def by_programme(membership: Membership, accounts: Sequence[Account]) -> list[list[Offer]]:
    """Everything on offer, a list for each of these accounts that anything is chosen for."""
    read_ahead(accounts)
    told = offers(membership, accounts)
    of_each = ([offer for offer in told if offer.account is account] for account in accounts)
    return [found for found in of_each if found]


def offer_of(membership: Membership, reward: Reward) -> Offer:
    """One reward, whether it is on offer or not."""
    account = account_in(membership, reward)
    had = _had(membership, [reward])[reward.pk]
    whom = asked_by([reward], membership, clock.now())
    return Offer(reward, account, had, clock.today(membership.shop.zone), whom)


def account_in(membership: Membership, reward: Reward) -> Account:
    """Where the member collects for it. One not stored yet, if they never did."""
    own = Account.objects.filter(membership=membership, programme=reward.programme)
    account = own.select_related("programme", "rule_version").first()
    if account is None:
        rules = newest_rules(reward.programme, clock.now())
        account = Account(programme=reward.programme, rule_version=rules)
    account.membership, account.shop = membership, membership.shop
    return account


def _had(membership: Membership, rewards: Sequence[Reward]) -> Counter[int]:
    """How many of each that has a limit a member has or had. No query where none has one."""
    limited = [reward.pk for reward in rewards if reward.per_member is not None]
    if not limited:
        return Counter()
    claims = Claim.objects.filter(membership=membership, reward__in=limited).standing()
    return Counter(claims.values_list("reward_id", flat=True))


def shown_to_members(today: date) -> "QuerySet[Reward]":
    """What a member may look at: also what is over, but nothing before its first day."""
    begun = Q(starts_on=None) | Q(starts_on__lte=today)
    return with_pictures(Reward.objects.filter(begun).select_related("programme"))


def for_a_full_card(membership: Membership, claim: Claim) -> list[Offer]:
    """What else the full card behind a claim can be. Nothing, if it is no card's."""
    account = claim.account
    if claim.cycle is None or account is None:
        return []
    account.membership, account.shop = membership, membership.shop
    others = offers(membership, [account])
    return [offer for offer in others if offer.fits_a_card and offer.reward.pk != claim.reward_id]


def off(percent: int | None, off_minor: int | None, currency: str) -> str:
    """20 % off, or 50 kr off; "": neither."""
    if percent:
        return _("%(percent)d %% off") % {"percent": percent}
    if off_minor:
        return _("%(amount)s off") % {"amount": money.shown(off_minor, currency)}
    return ""


def minimum(least_minor: int, currency: str) -> str:
    """From 200 kr: the least purchase to use a reward with. "": any."""
    if not least_minor:
        return ""
    return _("From %(amount)s") % {"amount": money.shown(least_minor, currency)}
