"""What an owner does to bringing a friend: starts it, changes it, switches it off."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Shop
from loyalty.refusals import Refused
from rewards.friends import words
from rewards.friends.models import Inviting, Thanks
from rewards.friends.thanking import can_give

FIELDS = ("pays", "minimum_minor", "most_a_month")
USUAL = 5  # friends a month


@dataclass(frozen=True)
class Scheme:
    """How it works, and what each side gets. No thanks for a side: nothing."""

    inviting: Inviting
    thanks: list[Thanks] = field(default_factory=list)


class NothingForAnybody(Refused):
    """Neither side gets anything."""

    code = "friends_nothing_for_anybody"

    def __str__(self) -> str:
        return _("Choose something for one of the two at least.")


class NothingToPutItOn(Refused):
    """Stamps or points for a `side`, where no programme of that kind is on."""

    code = "friends_nothing_to_put_it_on"

    def __str__(self) -> str:
        if self.values["behaviour"] == Thanks.Behaviour.STAMPS:
            return _("Stamps are given only while a stamp card of yours is on.")
        return _("Points are given only while your points scheme is on.")


@transaction.atomic
def keep_scheme(scheme: Scheme, *, actor: Actor) -> bool:
    """Give this from now on; what was given keeps its promise. Both sides of it are `thanks`.

    Friends who have joined and not bought get what holds when they buy. True: it is the shop's
    first, and is on at once. Refused: NothingForAnybody, NothingToPutItOn.
    """
    shop = scheme.inviting.shop
    if not scheme.thanks:
        raise NothingForAnybody
    for thanks in scheme.thanks:
        if not can_give(shop, thanks.behaviour):
            raise NothingToPutItOn(behaviour=str(thanks.behaviour), side=str(thanks.side))
    wanted = {name: getattr(scheme.inviting, name) for name in FIELDS}
    known = scheme_of_owner(shop)
    before = _as_facts(known) if known.inviting.pk else None
    journal.write(actor, "friends", before=before, after=_as_facts(scheme))
    kept, first = Inviting.objects.update_or_create(shop=shop, defaults=wanted)
    Thanks.objects.filter(inviting=kept).delete()
    for thanks in scheme.thanks:
        thanks.inviting = kept
        thanks.save(force_insert=True)
    return first


def _as_facts(scheme: Scheme) -> dict[str, Any]:
    """For the journal."""
    thanks = {f"thanks_{each.side}": words.kept(each) for each in scheme.thanks}
    return {**{name: getattr(scheme.inviting, name) for name in FIELDS}, **thanks}


@transaction.atomic
def switch_off(actor: Actor) -> None:
    """Nobody is invited from now on. Rewards on a card stay, and what was earned is still paid."""
    on = Inviting.objects.filter(shop=actor.shop, off_since=None)
    if on.update(off_since=clock.now()):
        journal.write(actor, "friends_off")


@transaction.atomic
def switch_on(actor: Actor) -> None:
    """Friends who joined before can pay again."""
    off = Inviting.objects.filter(shop=actor.shop).exclude(off_since=None)
    if off.update(off_since=None):
        journal.write(actor, "friends_on")


def scheme_of_owner(shop: Shop) -> Scheme:
    """What the shop gives, or what most shops would. A proposal has no number yet."""
    inviting = Inviting.objects.select_related("shop").filter(shop=shop).first()
    if inviting is None:
        return proposal(shop)
    thanks = list(Thanks.objects.filter(inviting=inviting).order_by("-side"))
    for each in thanks:
        each.shop = shop
    return Scheme(inviting, thanks)


def proposal(shop: Shop) -> Scheme:
    """A stamp for each; without a stamp card, 10 % off one purchase. Not stored."""
    if can_give(shop, Thanks.Behaviour.STAMPS):
        what: dict[str, object] = {"behaviour": Thanks.Behaviour.STAMPS, "n": 1}
    else:
        what = {"behaviour": Thanks.Behaviour.PERCENT, "percent": 10}
    thanks = [Thanks(shop=shop, side=side, **what) for side in Thanks.Side]
    return Scheme(Inviting(shop=shop, most_a_month=USUAL), thanks)
