"""What each trade usually gives, so that an owner only has to say yes. Source: ux-journeys 6.3.

What it costs the shop is a round sum per currency, not converted.
"""

from django.utils import translation
from django.utils.translation import gettext_noop

from loyalty.models import Shop, Trade
from loyalty.money import MINOR_PER_UNIT
from rewards.birthday.models import BirthdayTreat

CURRENCIES = ("NOK", "DKK", "SEK", "EUR", "GBP")

TREATS: dict[Trade, tuple[str, tuple[int, int, int, int, int]]] = {
    Trade.CAFE: (gettext_noop("A bun"), (15, 12, 15, 2, 1)),
    Trade.SALON: (gettext_noop("10 % that week"), (60, 45, 60, 6, 5)),
    Trade.BAKERY: (gettext_noop("A bun"), (10, 8, 10, 1, 1)),
    Trade.BARBER: (gettext_noop("Beard oil sample"), (30, 20, 30, 3, 2)),
    Trade.CAR_WASH: (gettext_noop("Interior wipe"), (50, 35, 50, 5, 4)),
    Trade.RESTAURANT: (gettext_noop("Dessert"), (40, 30, 35, 4, 3)),
    Trade.GYM: (gettext_noop("Guest pass"), (0, 0, 0, 0, 0)),
    Trade.FLORIST: (gettext_noop("A rose"), (20, 15, 20, 2, 2)),
}


def proposal(shop: Shop) -> BirthdayTreat:
    """The treat its trade usually gives, in the shop's language. Not stored."""
    title, costs = TREATS[Trade(shop.trade)]
    cost = costs[CURRENCIES.index(shop.currency)]
    with translation.override(shop.language):
        words = translation.gettext(title)
    return BirthdayTreat(shop=shop, title=words, value_minor=cost * MINOR_PER_UNIT)
