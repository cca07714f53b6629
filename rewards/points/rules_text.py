"""The rules of a points scheme in plain words, made from the live settings. Six lines at most.

The shop's own word for a point is never bent: where a sentence would have to, it says "what you
earn".
"""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.models import Shop
from members.visits import Purchase
from rewards.law import exception
from rewards.points.rules import Expiry, PointRules
from rewards.points.units import Unit

# A purchase that shows what happens to parts of a point: 7.95 times the round sum of a currency.
EXAMPLE_MINOR = {"NOK": 7950, "DKK": 7950, "SEK": 7950, "EUR": 795, "GBP": 795}


def lines(shop: Shop, rules: PointRules) -> list[str]:
    """What a member accepts with points, in the reader's language."""
    told = [
        f"{_paid(shop, rules)} {_minimum(shop, rules)}".strip(),
        " ".join(other_ways(rules)),
        example(shop, rules),
        f"{_spending(rules)} {exception(shop)}".strip(),
        expiry(rules),
        _("We may change these rules from a day on. What you have earned stays as it was earned."),
    ]
    return [line for line in told if line]


def headline(shop: Shop, rules: PointRules) -> str:
    """The promise in one line, for posters and the join page: 1 point for every 10 kr."""
    for line in _promises(shop, rules):
        return line
    return shop.name


def invitation() -> str:
    """What one gets for joining."""
    return _("Free to join.")


def summary(shop: Shop, rules: PointRules) -> str:
    """One version of the rules, short enough for a list."""
    return " · ".join(_promises(shop, rules))


def other_ways(rules: PointRules) -> list[str]:
    """What earns beside the amount, a sentence each."""
    ways = [
        (rules.per_visit, _("You get %(points)s for each purchase."), ""),
        (rules.per_item, _("You get %(points)s for each of these: %(what)s."), rules.item),
        (
            rules.per_attendance,
            _("You get %(points)s for coming by, once a day. No purchase needed."),
            "",
        ),
        *(
            (done.points, _("You get %(points)s for: %(what)s."), done.name)
            for done in rules.actions
        ),
    ]
    return [words % {"points": rules.words(n), "what": what} for n, words, what in ways if n]


def example(shop: Shop, rules: PointRules) -> str:
    """A purchase of 79,50 kr gives 7 points. Parts of a point are not kept.

    "" where the amount earns nothing.
    """
    if not rules.by_amount:
        return ""
    amount = _example_minor(shop, rules)
    told = _("A purchase of %(amount)s gives %(points)s.") % {
        "amount": money.shown(amount, shop.currency),
        "points": rules.words(rules.points_for(Purchase(amount_minor=amount))),
    }
    return f"{told} {_parts(rules)}"


def expiry(rules: PointRules) -> str:
    """When what was earned runs out."""
    months = rules.expires_months
    match rules.expiry:
        case Expiry.NEVER:
            return _("What you earn does not run out.")
        case Expiry.EARNED:
            return ngettext(
                "What you earn lasts %(n)d month from the day you get it.",
                "What you earn lasts %(n)d months from the day you get it.",
                months,
            ) % {"n": months}
        case Expiry.IDLE:
            return ngettext(
                "What you have runs out %(n)d month after your last visit or reward.",
                "What you have runs out %(n)d months after your last visit or reward.",
                months,
            ) % {"n": months}


def per_amount(shop: Shop, rules: PointRules) -> dict[str, str]:
    """Whole points and the whole sum that earns them: a half for 10 kr is one for 20 kr."""
    rate = Fraction(rules.rate)
    return {
        "points": rules.words(rate.numerator),
        "amount": money.shown(rate.denominator * rules.every_minor, shop.currency),
    }


def _promises(shop: Shop, rules: PointRules) -> list[str]:
    found = []
    if rules.by_amount:
        found.append(_("%(points)s for every %(amount)s") % per_amount(shop, rules))
    ways = [
        (rules.per_visit, _("%(points)s for each purchase"), ""),
        (rules.per_item, _("%(points)s each: %(what)s"), rules.item),
        (rules.per_attendance, _("%(points)s for coming by"), ""),
        *((done.points, _("%(points)s for: %(what)s"), done.name) for done in rules.actions),
    ]
    for n, words, what in ways:
        if n:
            found.append(words % {"points": rules.words(n), "what": what})
    return found


def _paid(shop: Shop, rules: PointRules) -> str:
    if not rules.by_amount:
        return ""
    return _("You get %(points)s for every %(amount)s you pay.") % per_amount(shop, rules)


def _minimum(shop: Shop, rules: PointRules) -> str:
    if not rules.minimum_minor:
        return ""
    least = money.shown(rules.minimum_minor, shop.currency)
    return _("A purchase counts from %(amount)s.") % {"amount": least}


def _example_minor(shop: Shop, rules: PointRules) -> int:
    """The example of the currency, ten times as much while it earns nothing."""
    amount = EXAMPLE_MINOR[shop.currency]
    while amount < rules.minimum_minor or not rules.points_for(Purchase(amount_minor=amount)):
        amount *= 10
    return amount


def _parts(rules: PointRules) -> str:
    match rules.unit:
        case Unit.POINTS:
            return _("Parts of a point are not kept.")
        case Unit.STARS:
            return _("Parts of a star are not kept.")
        case Unit.CLIPS:
            return _("Parts of a clip are not kept.")
        case Unit.OWN:
            return _("It is rounded down, and the rest is not kept.")


def _spending(rules: PointRules) -> str:
    own = _("You choose a reward yourself. It is for you and has no cash value.")
    if rules.returns:
        back = _("If it runs out before you use it, you get back what you paid for it.")
    else:
        back = _("If it runs out before you use it, what you paid for it is gone.")
    return f"{own} {back}"
