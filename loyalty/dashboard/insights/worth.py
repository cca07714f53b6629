"""Lifetime value in words: what a member may be worth, and the same in money of today."""

from fractions import Fraction

from django.utils.translation import gettext as _

from loyalty import money
from loyalty.dashboard.defined import Defined
from loyalty.dashboard.insights.reading import Insights
from loyalty.dashboard.insights.told import Told
from loyalty.numbers import NOTHING, percent, ratio
from rewards.figures.lifetimes import Lifetime, discounted
from rewards.figures.reading import ALL

A_YEAR = 12  # months


def worths(found: Insights, told: Told) -> list[Defined]:
    """None without amounts; the discounted one of twelve months only."""
    if not found.lifetime:
        return []
    estimates = [_lifetime(found, found.lifetime, told.margin)]
    if found.choice.period.span.months == A_YEAR:
        estimates.append(_discounted(found, told))
    return estimates


def exact(found: Insights, minor: Fraction) -> str:
    return money.shown(money.half_up(minor), found.shop.currency)


def of_what(margin: Fraction) -> str:
    if margin == ALL:
        return _("In revenue, no margin entered.")
    return _("At a margin of %(percent)s.") % {"percent": percent(margin, 1)}


def not_told() -> str:
    return _("Type it under “Numbers only you know”.")


def _rounded(found: Insights, minor: Fraction) -> str:
    """An estimate in whole units of the currency: its decimals would say more than is known."""
    whole = money.half_up(minor / money.MINOR_PER_UNIT)
    return money.shown(whole * money.MINOR_PER_UNIT, found.shop.currency)


# --- Spend × purchases × months they stay -------------------------------------------------


def _lifetime(found: Insights, lifetime: Lifetime, margin: Fraction) -> Defined:
    return Defined(
        title=_("Lifetime value"),
        value=_worth(found, lifetime, margin),
        part=_what_they_pay(found, lifetime),
        whole=_what_is_lost(lifetime),
        definition=_(
            "What a member may be worth: spend per purchase × purchases a month × months they"
            " stay, which is 1 ÷ monthly loss. Reckoned from the last three months: the lower end"
            " with the month that lost most, the upper end with the one that lost least."
        ),
        compared=_why_none(lifetime) or of_what(margin),
    )


def _worth(found: Insights, lifetime: Lifetime, margin: Fraction) -> str:
    """1 260–2 520 kr; 1 260 kr or more, where a month lost nobody; – where too little is known."""
    least, most = lifetime.ends(margin)
    if least is None:
        return NOTHING
    if most is None:
        return _("%(amount)s or more") % {"amount": _rounded(found, least)}
    low, high = _rounded(found, least), _rounded(found, most)
    if low == high:
        return low
    after = money.beside(found.shop.currency)[1]  # 1,511–2,014 kr, and £15–£20
    return f"{low.removesuffix(after).rstrip() if after else low}–{high}"


def _what_they_pay(found: Insights, lifetime: Lifetime) -> str:
    if not lifetime.priced or not lifetime.buyers:
        return NOTHING
    return _("%(spend)s a purchase × %(n)s purchases a month") % {
        "spend": exact(found, Fraction(lifetime.revenue_minor, lifetime.priced)),
        "n": ratio(Fraction(lifetime.purchases, lifetime.buyers)),
    }


def _what_is_lost(lifetime: Lifetime) -> str:
    lost = [percent(each.lost, each.before) for each in lifetime.months]
    return _("Monthly loss: %(months)s") % {"months": "; ".join(lost)}


def _why_none(lifetime: Lifetime) -> str:
    if not lifetime.enough:
        return _("It takes 90 days of purchases with amounts.")
    if not any(each.lost for each in lifetime.months):
        return _("Nobody stayed away in these three months.")
    return ""


# --- In money of today --------------------------------------------------------------------


def _discounted(found: Insights, told: Told) -> Defined:
    a_year, stay = _a_year(found, told.margin), _stay(found)
    later, all_of_it = None, None
    if a_year is not None and stay is not None and told.discount is not None:
        later, all_of_it = discounted(a_year, stay, told.discount)
    return Defined(
        title=_("Lifetime value, discounted"),
        value=NOTHING if later is None else _rounded(found, later),
        part=_("What a member brings in a year: %(amount)s")
        % {"amount": NOTHING if a_year is None else exact(found, a_year)},
        whole=_("Share that comes back the year after: %(share)s")
        % {"share": NOTHING if stay is None else percent(stay, 1)},
        definition=_(
            "What a member may be worth from the second year on, in money of today: what one brings"
            " in a year × r ÷ (1 + d − r). r is the share that comes back the year after, d your"
            " discount rate."
        ),
        compared=_why_not_discounted(found, told, stay)
        or _with_the_first(found, told.margin, all_of_it),
    )


def _a_year(found: Insights, margin: Fraction) -> Fraction | None:
    """Minor units, of a member who bought."""
    return Fraction(found.done.revenue_minor, found.buyers) * margin if found.buyers else None


def _stay(found: Insights) -> Fraction | None:
    before = found.counted.before if found.counted else 0
    if not found.choice.over or not found.counted or not before:
        return None
    return Fraction(found.counted.again, before)


def _why_not_discounted(found: Insights, told: Told, stay: Fraction | None) -> str:
    if not found.choice.over:
        return _("The period is not over yet.")
    if stay is None:
        return _("Nobody bought in the period before.")
    return not_told() if told.discount is None else ""


def _with_the_first(found: Insights, margin: Fraction, all_of_it: Fraction | None) -> str:
    if all_of_it is None:
        return ""
    first = _("With the first year: %(amount)s.") % {"amount": _rounded(found, all_of_it)}
    return f"{first} {of_what(margin)}"
