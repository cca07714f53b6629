"""Points spent at the counter: what the customer can have here and now, for one tap."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from loyalty.forms import KeyedForm
from members.ledger.models import Account
from members.models import Membership
from rewards import tickets
from rewards.catalogue import shelves
from rewards.catalogue.models import Reward
from rewards.models import Claim


class RedeemForm(KeyedForm):
    """One reward of the catalogue, paid with points and handed over at once."""

    reward: "forms.ModelChoiceField[Reward]" = forms.ModelChoiceField(
        Reward.objects.none(), widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for_points = Reward.objects.exclude(cost=None).select_related("programme")
        cast(forms.ModelChoiceField, self.fields["reward"]).queryset = for_points


@dataclass(frozen=True)
class WithinReach:
    """A reward the balance covers."""

    title: str
    price: str  # 100 points
    note: str
    form: RedeemForm


def within_reach(membership: Membership, accounts: Iterable[Account]) -> list[WithinReach]:
    """What can be had for points right now, cheapest first. One query, or two with limits."""
    collecting = [each for each in accounts if each.programme.kind == "points" and each.balance]
    if not collecting:
        return []
    found = shelves.offers(membership, collecting)
    return [_shown(offer) for offer in found if offer.can_choose]


def _shown(offer: shelves.Offer) -> WithinReach:
    reward = offer.reward
    form = RedeemForm(initial={"reward": reward.pk}, auto_id=f"reward{reward.pk}_%s")
    note = conditions(offer.gives, offer.minimum, reward.terms)
    return WithinReach(reward.name, offer.price, note, form)


def of_claim(claim: Claim) -> str:
    """What staff must know before they hand a reward out. Needs claim.shop."""
    shop = claim.shop
    least = shelves.minimum(claim.minimum_minor, shop.currency)
    return conditions(tickets.gives(claim), least, claim.terms)


def conditions(*said: str) -> str:
    return " · ".join(filter(None, said))
