"""What an owner does to a reward: offers it, changes it, takes it out and offers it again.

Claims hold what they promise themselves, so nothing here touches what members have chosen.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.pictures.encoding import Encoded
from loyalty.pictures.models import Picture
from loyalty.pictures.operations import change_picture
from loyalty.refusals import Refused
from members import programmes
from members.models import Programme
from rewards.catalogue.models import Reward
from rewards.points.scheme import points_scheme
from rewards.tiers.models import Tier

Behaviour = Reward.Behaviour
A_DOUBLE_TAP = timedelta(seconds=10)  # the same once more within it was asked for once
# What else has to be said of each; a thing or service speaks for itself.
SAYS = {Behaviour.PERCENT: "percent", Behaviour.AMOUNT: "amount_minor", Behaviour.BONUS: "bonus"}


@dataclass(frozen=True)
class Offer:
    """A reward as its owner wants it. Money in minor units; None: no limit, or not asked."""

    programme: Programme
    name: str
    behaviour: Behaviour
    cost: int | None = None  # in points; None: one full card
    text: str = ""
    terms: str = ""
    percent: int | None = None
    amount_minor: int | None = None
    bonus: int | None = None
    value_minor: int = 0
    minimum_minor: int = 0
    per_member: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    use_within_days: int | None = None
    tier: Tier | None = None  # who is at this level or above
    segment: str = ""  # who is in this group when they choose it

    def stored(self) -> dict[str, Any]:
        """As the model has it: nothing of the behaviours that were not chosen."""
        all_of_it = {field.name: getattr(self, field.name) for field in fields(self)}
        others = (says for behaviour, says in SAYS.items() if behaviour != self.behaviour)
        return {**all_of_it, **dict.fromkeys(others)}


@dataclass(frozen=True)
class Left:
    """How many are left: `now` as the owner wants it, `before` as they saw it. None: not counted.

    What members chose in between is counted, too.
    """

    now: int | None = None
    before: int | None = None

    def after(self, stock: int | None) -> int | None:
        """What is left when there are `stock` of them by now."""
        if self.now is None or self.before is None or stock is None:
            return self.now
        return max(0, stock + self.now - self.before)


class WrongPrice(Refused):
    """Points are priced, and a card is given as a whole. `kind` is what the programme is."""

    code = "reward_wrong_price"

    def __str__(self) -> str:
        if self.values["kind"] == "points":
            return _("Type a price of at least 1.")
        return _("A full card has no other price. Leave the number empty.")


class PercentOutOfRange(Refused):
    """More than all, or nothing at all."""

    code = "reward_percent_out_of_range"

    def __str__(self) -> str:
        return _("Type a percentage from 1 to 100.")


class AmountTooSmall(Refused):
    """Nothing off is no reward."""

    code = "reward_amount_too_small"

    def __str__(self) -> str:
        return _("Type an amount above zero.")


class BonusTooSmall(Refused):
    """No bonus is no reward."""

    code = "reward_bonus_too_small"

    def __str__(self) -> str:
        return _("Type at least 1.")


class GivesMoreThanItCosts(Refused):
    """Points bought with fewer points: members could go on for ever."""

    code = "reward_gives_more_than_it_costs"

    def __str__(self) -> str:
        return _("Give fewer points than it costs, or members could do it over and over.")


class NoPointsToGive(Refused):
    """Bonus points need a points scheme to arrive in."""

    code = "reward_no_points_scheme"

    def __str__(self) -> str:
        return _("You have no points scheme yet. Choose something else.")


class OfferEndsBeforeItStarts(Refused):
    """The last day lies before the first."""

    code = "offer_ends_before_it_starts"

    def __str__(self) -> str:
        return _("Choose a last day after the first.")


class AtLeastOne(Refused):
    """A limit of none would keep everybody out. `what`: the field it is about."""

    code = "reward_at_least_one"

    def __str__(self) -> str:
        return _("Type at least 1, or leave it empty.")


@transaction.atomic
def add_reward(
    *,
    offer: Offer,
    left: Left = Left(),
    picture: Encoded | Picture | None = None,
    actor: Actor,
) -> Reward:
    """A reward members can choose from now on, or from its first day. A double tap adds one.

    Refused: WrongPrice, PercentOutOfRange, AmountTooSmall, BonusTooSmall, GivesMoreThanItCosts,
    NoPointsToGive, OfferEndsBeforeItStarts, AtLeastOne.
    """
    check(offer)
    programmes.lock(offer.programme)  # the second tap waits, and finds what the first one made
    since = clock.now() - A_DOUBLE_TAP
    twin = Reward.objects.filter(created_at__gt=since, retired_at=None, **offer.stored()).first()
    if twin:
        return twin
    reward = Reward.objects.create(shop=actor.shop, stock=left.now, **offer.stored())
    change_picture(reward, picture)
    journal.write(actor, "reward_added", about=reward.name)
    return reward


@transaction.atomic
def change_reward(
    *,
    reward: Reward,
    offer: Offer,
    left: Left,
    picture: Encoded | Picture | None,
    actor: Actor,
) -> Reward:
    """What whoever chooses it from now on gets. Whoever has chosen it keeps what was promised.

    Refused: as `add_reward`.
    """
    check(offer)
    locked = lock(reward)
    wanted = {**offer.stored(), "stock": left.after(locked.stock)}
    before = {name: getattr(locked, name) for name in (*wanted, "picture")}
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(wanted))
    change_picture(locked, picture)
    after = {**wanted, "picture": locked.picture}
    journal.write(actor, "reward_changed", about=locked.name, before=before, after=after)
    return locked


@transaction.atomic
def retire_reward(*, reward: Reward, actor: Actor) -> None:
    """Out of the catalogue. Whoever has chosen it still gets it."""
    on_offer = Reward.objects.filter(pk=reward.pk, retired_at=None)
    if on_offer.update(retired_at=clock.now()):
        journal.write(actor, "reward_retired", about=reward.name)


@transaction.atomic
def offer_again(*, reward: Reward, actor: Actor) -> None:
    """Back into the catalogue, as it was."""
    retired = Reward.objects.filter(pk=reward.pk).exclude(retired_at=None)
    if retired.update(retired_at=None):
        journal.write(actor, "reward_back", about=reward.name)


def lock(reward: Reward) -> Reward:
    """The reward as it is now; whoever takes one meanwhile waits.

    A member takes the last but one while the owner counts: without it, that one would be
    counted as still there.
    """
    return Reward.objects.select_for_update(no_key=True, of=("self",)).get(pk=reward.pk)


def check(offer: Offer) -> None:
    """Can the shop promise this? Refused: as `add_reward`."""
    _check_price(offer)
    _check_behaviour(offer)
    if offer.starts_on and offer.ends_on and offer.ends_on < offer.starts_on:
        raise OfferEndsBeforeItStarts
    for limit in ("per_member", "use_within_days"):
        if getattr(offer, limit) is not None and getattr(offer, limit) < 1:
            raise AtLeastOne(what=limit)


def _check_price(offer: Offer) -> None:
    kind = offer.programme.kind
    fits = (offer.cost or 0) > 0 if kind == "points" else offer.cost is None
    if not fits:
        raise WrongPrice(kind=kind)


def _check_behaviour(offer: Offer) -> None:
    match offer.behaviour:
        case Behaviour.PERCENT if not 1 <= (offer.percent or 0) <= 100:
            raise PercentOutOfRange
        case Behaviour.AMOUNT if (offer.amount_minor or 0) <= 0:
            raise AmountTooSmall
        case Behaviour.BONUS:
            _check_bonus(offer)


def _check_bonus(offer: Offer) -> None:
    if (offer.bonus or 0) < 1:
        raise BonusTooSmall
    if not points_scheme().on().exists():
        raise NoPointsToGive
    if offer.cost is not None and (offer.bonus or 0) >= offer.cost:
        raise GivesMoreThanItCosts
