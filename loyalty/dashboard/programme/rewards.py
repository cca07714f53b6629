"""The catalogue as its owner needs it: what each reward asks of members, and what it gives back."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import partial

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import clock, money
from loyalty.models import Shop, Trade
from loyalty.pictures.forms import PictureForm
from loyalty.refusals import Refused
from members.ledger import accounts
from members.ledger.models import Account, local_day
from members.models import Programme
from members.templatetags.days import day as in_words
from members.visits import Purchase
from rewards.catalogue import for_whom, owning, reach_text, shelves
from rewards.catalogue.models import Reward
from rewards.catalogue.owner_forms import RewardForm, price_of
from rewards.catalogue.reach import LONG_DAYS, Pace, Reach, pace_of, reach
from rewards.catalogue.whom import Whom
from rewards.models import Claim
from rewards.points import cost
from rewards.points.rules import PointRules
from stampcards import cost_text, trades
from stampcards.rules import StampRules


@dataclass(frozen=True)
class Facts:
    """What a reward means, in sentences; `warnings` are worth a second thought."""

    lines: list[str]
    warnings: list[str]


@dataclass(frozen=True)
class PointsScale:
    """What a price in points means in this shop."""

    shop: Shop
    rules: PointRules
    pace: Pace

    def price(self, reward: Reward) -> str:
        return self.rules.words(reward.cost or 0)

    def reach(self, reward: Reward) -> Reach | None:
        return reach(reward.cost or 0, self.pace)

    def gives_back(self, reward: Reward) -> list[str]:
        if not reward.value_minor:
            return []
        told = cost.words(self.shop, self.rules, reward.cost or 0, reward.value_minor)
        return [f"{told}."] if told else []

    def warning(self, reward: Reward) -> str:
        share = cost.give_back(self.rules, reward.cost or 0, reward.value_minor)
        return cost.warning(self.rules) if cost.gives_much(self.rules, share) else ""

    def guess(self) -> str:
        usual = money.shown(usual_purchase(self.shop), self.shop.currency)
        return _(
            "Reckoned from your rules and a purchase of %(amount)s, until there are visits."
        ) % {"amount": usual}


@dataclass(frozen=True)
class CardScale:
    """What a full card means in this shop."""

    shop: Shop
    programme: Programme
    rules: StampRules
    pace: Pace

    def price(self, reward: Reward) -> str:
        return price_of(self.programme)

    def reach(self, reward: Reward) -> Reach | None:
        return reach(self.rules.need, self.pace)

    def gives_back(self, reward: Reward) -> list[str]:
        if not reward.value_minor:
            return []
        return cost_text.lines(
            self.shop,
            replace(self.rules, reward=reward.name, reward_value_minor=reward.value_minor),
        )

    def warning(self, reward: Reward) -> str:
        return ""

    def guess(self) -> str:
        return _("Reckoned with one stamp a visit, until there are visits.")


Scale = PointsScale | CardScale


def scale_of(programme: Programme, now: datetime) -> Scale:
    """What prices in a programme mean today. A handful of queries, however many rewards."""
    shop, version = programme.shop, accounts.newest_rules(programme, now)
    if programme.kind == "points":
        rules = PointRules.read(version.rules)
        return PointsScale(shop, rules, pace_of(programme, now, expected=_expected(shop, rules)))
    pace = pace_of(programme, now, expected=Fraction(1))
    return CardScale(shop, programme, StampRules.read(version.rules), pace)


def _expected(shop: Shop, rules: PointRules) -> Fraction:
    """What the usual purchase of this trade would earn; else, what coming by does."""
    bought = rules.points_for(Purchase(amount_minor=usual_purchase(shop), items=1))
    return Fraction(bought or rules.points_for(Purchase(bought=False, attended=True)))


def usual_purchase(shop: Shop) -> int:
    """What customers of this trade usually spend, in minor units."""
    usual = trades.proposal(Trade(shop.trade), currency=shop.currency, language=shop.language)[1]
    return usual.average_purchase_minor


def facts_of(reward: Reward, scale: Scale) -> Facts:
    """How far away it is for a typical member, and what it gives back. Also before it is kept."""
    far = scale.reach(reward)
    lines = [*_far_away(far, scale), *scale.gives_back(reward)]
    if not reward.value_minor:
        lines.append(_("Type what it costs you, and you see what it gives back."))
    warnings = [_too_long()] if far and far.long else []
    return Facts(lines, [line for line in (*warnings, scale.warning(reward)) if line])


def _far_away(far: Reach | None, scale: Scale) -> list[str]:
    if far is None:
        return [_("A purchase earns nothing here, so it can't be said how long it takes.")]
    told = reach_text.sentence(far)
    return [told] if far.measured else [told, scale.guess()]


def _too_long() -> str:
    return ngettext(
        "That is longer than %(n)d day. Few members keep collecting for so long.",
        "That is longer than %(n)d days. Few members keep collecting for so long.",
        LONG_DAYS,
    ) % {"n": LONG_DAYS}


# --- As members see it ------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """A reward as a member sees it who can have it, and what it means. None: it can't be that."""

    offer: shelves.Offer | None
    facts: Facts


def drawn(form: RewardForm, picture: PictureForm) -> Drawn | None:
    """The reward as typed, with the picture the page shows. None: not enough is typed yet."""
    if not form.is_bound or not form.is_valid():
        return None
    wanted = form.offer()
    reward = Reward(shop=form.shop, stock=form.left().now, **wanted.stored())
    reward.picture = picture.initial.get("picture")
    try:
        owning.check(wanted)
    except Refused as refusal:
        return Drawn(None, Facts([str(refusal)], []))
    return drawn_as_kept(reward)


def drawn_as_kept(reward: Reward) -> Drawn:
    """The reward as it is."""
    now = clock.now()
    facts = facts_of(reward, scale_of(reward.programme, now))
    return Drawn(_as_offered(reward), _with_whom(facts, reward, now))


def _with_whom(facts: Facts, reward: Reward, now: datetime) -> Facts:
    """And how many of the shop's members it is for."""
    if reward.is_for_everybody:
        return facts
    if n := for_whom.how_many(reward, now):
        lines = [f"{for_whom.words(reward)}.", for_whom.sentence(n)]
        return replace(facts, lines=[*facts.lines, *lines])
    nobody = _("Nobody could choose it today.")
    return replace(facts, warnings=[*facts.warnings, nobody])


def _as_offered(reward: Reward) -> shelves.Offer:
    now = clock.now()
    version = accounts.newest_rules(reward.programme, now)
    collected = Account(
        shop=reward.shop,
        programme=reward.programme,
        rule_version=version,
        balance=reward.cost or 0,
    )
    today = local_day(reward.shop, now)
    return shelves.Offer(reward, collected, had=0, today=today, whom=Whom.fit_for(reward))


# --- The list ---------------------------------------------------------------------------------


class Look(StrEnum):
    """How the state of an offer is coloured."""

    GOOD = "good"
    WARN = "warn"
    PLAIN = ""


@dataclass(frozen=True)
class Listed:
    """A reward in the owner's list. `left`: how many, in words, or ""."""

    reward: Reward
    price: str
    whom: str  # "For Gold or higher"; "": for everybody
    left: str
    taken: str
    state: str
    look: Look
    facts: Facts


def listed(shop: Shop, now: datetime) -> tuple[list[Listed], list[Listed]]:
    """What is in the catalogue, cheapest first; and what was taken out, the latest first."""
    rewards = list(_counted(shop))
    programmes = {reward.programme for reward in rewards}
    scales = {programme.pk: scale_of(programme, now) for programme in programmes}
    today = local_day(shop, now)
    told = [_listed(reward, scales[reward.programme_id], today) for reward in rewards]
    gone = [one for one in told if one.reward.retired_at]
    gone.sort(key=lambda one: one.reward.retired_at or now, reverse=True)
    return [one for one in told if not one.reward.retired_at], gone


def _counted(shop: Shop) -> "QuerySet[Reward]":
    standing = Q(claims__state__in=[Claim.State.READY, Claim.State.HANDED_OVER])
    used = Q(claims__state=Claim.State.HANDED_OVER)
    count = partial(Count, "claims")
    rewards = Reward.objects.filter(shop=shop).select_related("programme__shop", "picture", "tier")
    return (
        rewards.defer("picture__data")
        .annotate(chosen=count(filter=standing), used=count(filter=used))
        .cheapest_first()
    )


def _listed(reward: Reward, scale: Scale, today: date) -> Listed:
    state, look = _state(reward, today)
    return Listed(
        reward=reward,
        price=scale.price(reward),
        whom=for_whom.words(reward),
        left=_left(reward),
        taken=_taken(reward.chosen, reward.used),  # type: ignore[attr-defined]
        state=state,
        look=look,
        facts=facts_of(reward, scale),
    )


def _left(reward: Reward) -> str:
    if not reward.stock:
        return ""
    return ngettext("%(n)d left", "%(n)d left", reward.stock) % {"n": reward.stock}


def _taken(chosen: int, used: int) -> str:
    if not chosen:
        return _("Nobody has chosen it yet")
    return ngettext(
        "Chosen %(n)d time, used %(used)d", "Chosen %(n)d times, used %(used)d", chosen
    ) % {"n": chosen, "used": used}


def _state(reward: Reward, today: date) -> tuple[str, Look]:
    starts, ends = reward.starts_on, reward.ends_on
    if reward.retired_at:
        return _("Not on offer"), Look.PLAIN
    if starts and starts > today:
        return _("From %(day)s") % {"day": in_words(starts)}, Look.PLAIN
    if ends and ends < today:
        return _("Was on offer until %(day)s") % {"day": in_words(ends)}, Look.PLAIN
    if reward.sold_out:
        return _("None left"), Look.WARN
    if ends and ends - shelves.LAST_DAYS < today:
        return _("Last days, until %(day)s") % {"day": in_words(ends)}, Look.WARN
    if ends:
        return _("Until %(day)s") % {"day": in_words(ends)}, Look.GOOD
    return _("On offer"), Look.GOOD
