"""The eight trades: a whole stamp card filled in, so that an owner only has to say yes.

Every value is a proposal. Amounts are round sums per currency, not converted.
Source: ux-journeys 6.3.
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from loyalty.models import Trade
from stampcards.rules import Counts, StampRules

CURRENCIES = ("NOK", "DKK", "SEK", "EUR", "GBP")
Amounts = tuple[int, int, int, int, int]  # in whole units, in the order of CURRENCIES
NOTHING: Amounts = (0, 0, 0, 0, 0)


@dataclass(frozen=True)
class TradeCard:
    """What a trade usually does. Texts are translated into the shop's language once."""

    name: str
    icon: str
    colour: str
    need: int
    reward: str
    every: "str | Promise"  # the headline while the reward is the trade's own
    extra_for: str
    worth: Amounts
    average: Amounts
    counts: Counts = Counts.PURCHASE
    minimum: Amounts = NOTHING
    wait_minutes: int = 60
    expires_months: int = 12


CARDS: dict[Trade, TradeCard] = {
    Trade.CAFE: TradeCard(
        name=gettext_noop("Coffee card"),
        icon="cup-hot-fill",
        colour="#7b3f2a",
        need=9,
        reward=gettext_noop("Any hot drink"),
        every=_("Every %(nth)s coffee is on us"),
        extra_for=gettext_noop("Own cup"),
        worth=(40, 35, 40, 4, 3),
        average=(50, 45, 50, 5, 4),
        minimum=(25, 25, 25, 3, 2),
    ),
    Trade.SALON: TradeCard(
        name=gettext_noop("Treatment card"),
        icon="scissors",
        colour="#7a2e52",
        need=5,
        # xgettext:no-python-format
        reward=gettext_noop("A treatment or 20 % off"),
        every=_("Every %(nth)s visit brings a treat"),
        extra_for=gettext_noop("Returning empty bottles"),
        worth=(250, 200, 250, 25, 20),
        average=(600, 450, 600, 60, 45),
        counts=Counts.VISIT,
        wait_minutes=24 * 60,
        expires_months=24,
    ),
    Trade.BAKERY: TradeCard(
        name=gettext_noop("Bread card"),
        icon="bread",
        colour="#c2571a",
        need=7,
        reward=gettext_noop("Loaf of the day"),
        every=_("Every %(nth)s loaf is on us"),
        extra_for=gettext_noop("Own bag"),
        worth=(60, 45, 55, 5, 4),
        average=(80, 65, 75, 8, 6),
        minimum=(40, 35, 40, 4, 3),
    ),
    Trade.BARBER: TradeCard(
        name=gettext_noop("Cut card"),
        icon="pole",
        colour="#1d3557",
        need=7,
        reward=gettext_noop("Beard trim"),
        every=_("A beard trim after every 7 cuts"),
        extra_for=gettext_noop("Off-peak visit"),
        worth=(250, 180, 250, 20, 15),
        average=(450, 300, 400, 35, 25),
        counts=Counts.VISIT,
        wait_minutes=24 * 60,
        expires_months=24,
    ),
    Trade.CAR_WASH: TradeCard(
        name=gettext_noop("Wash card"),
        icon="car-front-fill",
        colour="#0b6fa4",
        need=5,
        reward=gettext_noop("Same wash, free"),
        every=_("Every %(nth)s wash is on us"),
        extra_for=gettext_noop("Eco wash"),
        worth=(200, 130, 180, 15, 12),
        average=(200, 130, 180, 15, 12),
        counts=Counts.WASH,
        wait_minutes=12 * 60,
    ),
    Trade.RESTAURANT: TradeCard(
        name=gettext_noop("Table card"),
        icon="fork-knife",
        colour="#8c1c13",
        need=4,
        reward=gettext_noop("Starter or dessert"),
        every=_("A starter or dessert every %(nth)s time"),
        extra_for=gettext_noop("Vegetarian main"),
        worth=(110, 85, 100, 9, 7),
        average=(350, 280, 300, 32, 25),
        counts=Counts.MAIN_COURSE,
        wait_minutes=4 * 60,
    ),
    Trade.GYM: TradeCard(
        name=gettext_noop("Training card"),
        icon="dumbbell",
        colour="#d4f23a",
        need=11,
        reward=gettext_noop("Guest pass"),
        every=_("Bring a guest every %(nth)s time"),
        extra_for=gettext_noop("Training with a friend"),
        worth=(150, 100, 150, 12, 10),
        average=(60, 45, 55, 6, 5),
        counts=Counts.CHECK_IN,
        wait_minutes=6 * 60,
        expires_months=6,
    ),
    Trade.FLORIST: TradeCard(
        name=gettext_noop("Flower card"),
        icon="flower1",
        colour="#2f6b3c",
        need=5,
        reward=gettext_noop("Half-price bouquet"),
        every=_("Every %(nth)s bouquet at half price"),
        extra_for=gettext_noop("Returning a pot"),
        worth=(150, 110, 140, 13, 11),
        average=(300, 220, 280, 26, 22),
        minimum=(100, 80, 100, 9, 8),
        wait_minutes=12 * 60,
        expires_months=18,
    ),
}


def proposal(trade: Trade, *, currency: str, language: str) -> tuple[str, StampRules]:
    """The name of the card and its rules, as the trade usually has them, in the shop's language."""
    card = CARDS[trade]
    place = CURRENCIES.index(currency)
    with translation.override(language):
        return translation.gettext(card.name), StampRules(
            need=card.need,
            reward=translation.gettext(card.reward),
            reward_value_minor=card.worth[place] * 100,
            average_purchase_minor=card.average[place] * 100,
            counts=card.counts,
            minimum_minor=card.minimum[place] * 100,
            wait_minutes=card.wait_minutes,
            expires_months=card.expires_months,
            extra_for=translation.gettext(card.extra_for),
        )


def headline(trade: str, rules: StampRules) -> str:
    """The promise in one line, for posters and the join page, in the reader's language.

    The trade's own line while reward and size are the trade's own; once the owner has changed
    either, a line that is true of any card.
    """
    card = CARDS[Trade(trade)]
    if rules.need == card.need and rules.reward in _in_every_language(card.reward):
        return str(card.every) % {"nth": ordinal(rules.need + 1)}
    return translation.ngettext(
        "%(n)d stamp, and you get: %(reward)s",
        "%(n)d stamps, and you get: %(reward)s",
        rules.need,
    ) % {"n": rules.need, "reward": rules.reward}


def ordinal(number: int) -> str:
    """10th in English, 10. in Norwegian and Danish."""
    if not (translation.get_language() or "en").startswith("en"):
        return f"{number}."
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return str(number) + {1: "st", 2: "nd", 3: "rd"}.get(last, "th")


def _in_every_language(text: str) -> set[str]:
    found = set()
    for language in ("en-gb", "nb", "da"):
        with translation.override(language):
            found.add(translation.gettext(text))
    return found
