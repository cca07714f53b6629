"""Insights in words and drawings for the reader, and the same numbers as rows of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.calendar import dated, months_after
from loyalty.dashboard.charts import Bar, Chart, bars
from loyalty.dashboard.defined import Defined
from loyalty.dashboard.insights.reading import Insights
from loyalty.dashboard.insights.told import Told, members, purchases, rewards
from loyalty.dashboard.insights.worth import exact, not_told, of_what, worths
from loyalty.downloads import Cell
from loyalty.numbers import NOTHING, figure, percent, ratio
from members.models import Membership
from rewards.figures.cohorts import Cohort
from rewards.figures.periods import Period, Span
from rewards.figures.reading import FEW, Figure
from rewards.figures.words import Name

COUNTS = {Name.BUYERS, Name.REACTIVATED, Name.VISITS, Name.SIGN_UPS}
RATIOS = {Name.FREQUENCY, Name.VISIT_FREQUENCY}
MONEY = {Name.AOV, Name.PER_BUYER, Name.SO_FAR}
COMPARED = {Name.RETENTION, Name.CHURN, Name.RETENTION_FORMULA}
SOURCES = dict(Membership.Source.choices)
LINKED = {"month": "LLLL y", "quarter": "QQQQ y", "year": "y"}


def named(period: Period) -> str:
    """July 2026; 3rd quarter 2026; 2026; August 2025 – July 2026."""
    if period.span == Span.TWELVE:
        last = months_after(period.after, -1)
        return f"{dated(period.first, 'LLLL y')} – {dated(last, 'LLLL y')}"
    return dated(period.first, LINKED[period.span])


# --- Figures ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Figures that belong together, under a heading."""

    key: str
    title: str
    figures: list[Defined]
    note: str = ""


def groups(found: Insights, told: Told) -> list[Group]:
    """Everything that was read, in the order of the page; what is empty is left out."""
    all_of_them = [
        Group("customers", _("Coming back"), [_defined(found, each) for each in found.customers]),
        Group(
            "purchases", _("How often, and for how much"), _bought(found, told), _unpriced(found)
        ),
        Group("rewards", _("Rewards"), [_defined(found, each) for each in rewards(found, told)]),
        Group("members", _("Members"), [_defined(found, each) for each in members(found, told)]),
    ]
    return [group for group in all_of_them if group.figures]


def _bought(found: Insights, told: Told) -> list[Defined]:
    figures = [found.visits, *purchases(found, told)]
    return [*(_defined(found, each) for each in figures), *worths(found, told)]


def _defined(found: Insights, each: Figure) -> Defined:
    meaning = each.meaning
    title = str(meaning.title)
    if each.of:
        title = _("%(figure)s: %(programme)s") % {"figure": title, "programme": each.of.name}
    return Defined(
        title=title,
        value=value_of(found, each),
        part=_counted(str(meaning.part), _number(found, each, each.part)),
        whole="" if each.whole is None else _counted(str(meaning.whole), _whole(each)),
        definition=str(meaning.definition),
        compared=_remark(found, each),
        beside=_out_of(each),
    )


def _remark(found: Insights, each: Figure) -> str:
    if each.blank:
        return _("The period is not over yet.")
    if each.unknown:
        return not_told()
    if each.name == Name.SO_FAR:
        return of_what(each.margin)
    if each.name in COMPARED and not each.whole:
        return _("Nobody bought in the period before.")
    if each.name == Name.BREAKAGE and each.of and each.of.pk in found.lasting:
        return _("Nothing here ever runs out.")
    return ""


def value_of(found: Insights, each: Figure) -> str:
    """As the page and the file write it; – where there is nothing to divide by."""
    if each.value is None:
        return NOTHING
    if each.name in COUNTS:
        return figure(each.part)
    if each.name in MONEY:
        return exact(found, each.value)
    if each.name in RATIOS:
        return ratio(each.value)
    return percent(each.value, 1)


def _whole(each: Figure) -> str:
    return NOTHING if each.unknown else figure(each.whole or 0)


def _number(found: Insights, each: Figure, n: int) -> str:
    if each.unknown and each.name == Name.BREAKAGE_EXPECTED:
        return NOTHING
    return money.shown(n, found.shop.currency) if each.name in MONEY else figure(n)


def _counted(what: str, n: str) -> str:
    return _("%(what)s: %(n)s") % {"what": what, "n": n}


def _out_of(each: Figure) -> str:
    """5 of 8, beside a share."""
    if each.value is None or each.whole is None or each.name in MONEY | RATIOS:
        return ""
    return _("%(part)s of %(whole)s") % {"part": figure(each.part), "whole": figure(each.whole)}


def _unpriced(found: Insights) -> str:
    n = found.unpriced
    if not n or not found.lifetime:
        return ""
    return ngettext(
        "%(n)s purchase has no amount and is left out of the spend per purchase.",
        "%(n)s purchases have no amount and are left out of the spend per purchase.",
        n,
    ) % {"n": figure(n)}


# --- Drawings and tables ------------------------------------------------------------------


def visits_chart(found: Insights) -> Chart:
    """The twelve months that end with the period."""
    every = [_month_bar(found, month) for month in _twelve_months(found)]
    return bars(_("Visits by month"), every, (_("Month"), _("Visits")))


def _twelve_months(found: Insights) -> list[date]:
    return [months_after(found.choice.period.after, n) for n in range(-12, 0)]


def _month_bar(found: Insights, month: date) -> Bar:
    """What is not counted yet draws nothing."""
    to_come = month > found.choice.through
    n = None if to_come else found.months.within(month, months_after(month, 1)).visits
    words = NOTHING if n is None else figure(n)
    return Bar(dated(month, "LLL yy"), n, words, name=dated(month, "LLLL y"))


def sources_chart(found: Insights) -> Chart | None:
    """Where members came from; None where nobody joined."""
    if not found.sign_ups:
        return None
    ranked = sorted(found.sign_ups.items(), key=lambda pair: (-pair[1], pair[0]))
    return bars(
        _("Sign-ups by source"),
        [Bar(str(SOURCES[source]), n, figure(n)) for source, n in ranked],
        (_("Source"), _("Sign-ups")),
    )


@dataclass(frozen=True)
class CohortRow:
    """May 2026, 16 members: 56.3 %, –, 43.8 %, and "" for months that are not over."""

    month: str
    size: str
    shares: list[str]


def cohort_rows(cohorts: list[Cohort]) -> list[CohortRow]:
    """As many shares in each row; newest first."""
    longest = max((len(cohort.came) for cohort in cohorts), default=0)
    return [
        CohortRow(
            dated(cohort.month, "LLL y"),
            figure(cohort.size),
            [percent(n, cohort.size) for n in cohort.came] + [""] * (longest - len(cohort.came)),
        )
        for cohort in reversed(cohorts)
    ]


def few_words(found: Insights) -> str:
    """Honest words where a member more or less moves every figure a lot; "" where not."""
    if not 0 < found.buyers < FEW:
        return ""
    return ngettext(
        "Only %(n)d member bought in this period. With so few, one more or less moves the figures"
        " a lot: read them as a hint.",
        "Only %(n)d members bought in this period. With so few, one more or less moves the figures"
        " a lot: read them as a hint.",
        found.buyers,
    ) % {"n": found.buyers}


# --- The file -----------------------------------------------------------------------------


def _plain(each: Figure) -> list[Cell]:
    """What was counted, and out of what: whole numbers; of money, two decimals after a point."""
    if each.unknown:
        return ["" if each.name == Name.BREAKAGE_EXPECTED else each.part, ""]
    money_paid = f"{Decimal(each.part) / money.MINOR_PER_UNIT:.2f}"
    part = money_paid if each.name in MONEY else each.part
    return [part, "" if each.whole is None else each.whole]


def rows(found: Insights, told: Told) -> Iterator[list[Cell]]:
    """What stands on the page, a line for each number: what it is, how it reads, and its parts."""
    yield [_("Figure"), _("Of"), _("Value"), _("Counted"), _("Out of")]
    bought = [found.visits, *purchases(found, told)]
    for each in [*found.customers, *bought, *rewards(found, told), *members(found, told)]:
        of = each.of.name if each.of else ""
        yield [str(each.meaning.title), of, value_of(found, each), *_plain(each)]
    for worth in worths(found, told):
        yield [worth.title, "", worth.value, "", ""]
    for source, n in found.sign_ups.items():
        yield [_("Sign-ups by source"), str(SOURCES[source]), figure(n), n, ""]
    for month in _twelve_months(found):
        bar = _month_bar(found, month)
        yield [_("Visits by month"), month, bar.words, "" if bar.value is None else bar.value, ""]
    for cohort in found.cohorts:
        for n, came in enumerate(cohort.came):
            name = _("Month %(n)d after joining") % {"n": n}
            yield [name, cohort.month, percent(came, cohort.size), came, cohort.size]
