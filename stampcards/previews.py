"""A card nobody has yet, as it would look and what it would cost."""

from dataclasses import dataclass

from loyalty import colours
from loyalty.models import Shop
from stampcards import cost_text, kind
from stampcards.faces import CardFace
from stampcards.owner_forms import CardForm
from stampcards.owning import check
from stampcards.rules import StampRules


@dataclass(frozen=True)
class CardPreview(colours.Shown):
    """What the editor shows beside the form. `accent` is what was chosen, `fill` what is shown."""

    face: CardFace
    accent: str
    cost: list[str]


def of_rules(shop: Shop, *, name: str, accent: str, rules: StampRules) -> CardPreview:
    """The preview of one set of rules. Refused: CardTooSmall, CardOutOfRange."""
    check(rules)
    return CardPreview(kind.preview(shop, name, rules), accent, cost_text.lines(shop, rules))


def of_form(shop: Shop, form: CardForm) -> CardPreview:
    """The preview of a form that is valid. Refused: CardTooSmall, CardOutOfRange."""
    return of_rules(shop, name=form.name, accent=form.accent, rules=form.rules())
