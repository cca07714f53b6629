"""A week in words: the sentence above it, its charts, and all of it as a file."""

from collections.abc import Iterator
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.dashboard.charts import Bar, Chart, bars
from loyalty.dashboard.places import Places
from loyalty.dashboard.week.figures import Figure, Week
from loyalty.dashboard.week.joining import Joined
from loyalty.dashboard.week.readings import Reading, cells
from loyalty.dashboard.week.weeks import day_words, weekday
from loyalty.downloads import Cell
from loyalty.models import Shop
from loyalty.numbers import NOTHING, figure
from members.models import Membership


def sentence(week: Week) -> str:
    """The week in one line: what rose most. A bad week says so."""
    visits, n = week.visits, week.visits.now
    if not n:
        return _("No visits that week") if week.stretch.over else _("No visits yet this week")
    if visits.before and visits.change < 0:
        return _quieter(week) % {"n": figure(n)}
    rises = [
        (Fraction(each.change, each.before or 1), said, each.now)
        for each, said in _told_first(week)
        if each.before is not None and each.change > 0
    ]
    if not rises:
        return _plain(week) % {"n": figure(n)}
    _rise, said, most = max(rises, key=lambda rise: rise[0])
    return said % {"n": figure(most)}


def _quieter(week: Week) -> str:
    if week.stretch.over:
        return ngettext(
            "Quieter than the week before: %(n)s visit",
            "Quieter than the week before: %(n)s visits",
            week.visits.now,
        )
    return ngettext(
        "Quieter than last week: %(n)s visit so far",
        "Quieter than last week: %(n)s visits so far",
        week.visits.now,
    )


def _plain(week: Week) -> str:
    n = week.visits.now
    if week.stretch.over:
        return ngettext("%(n)s visit that week", "%(n)s visits that week", n)
    return ngettext("%(n)s visit so far this week", "%(n)s visits so far this week", n)


def _told_first(week: Week) -> Iterator[tuple[Figure, str]]:
    """What a good week may be good for. Of two that rose alike, the first is told."""
    if week.came_back:
        back = week.came_back.part
        yield (
            back,
            ngettext(
                "A good week: %(n)s member came back",
                "A good week: %(n)s members came back",
                back.now,
            ),
        )
    if week.joined:
        new = Figure(week.joined.now, week.joined.before)
        yield (
            new,
            ngettext("A good week: %(n)s new member", "A good week: %(n)s new members", new.now),
        )
    n = week.visits.now
    yield (
        week.visits,
        ngettext("A good week: %(n)s visit", "A good week: %(n)s visits", n)
        if week.stretch.over
        else ngettext("A good week: %(n)s visit so far", "A good week: %(n)s visits so far", n),
    )


def visits_per_day(week: Week) -> Chart:
    """Seven bars. A day that is still to come has none."""
    return bars(
        _("Visits per day"),
        [
            Bar(
                weekday(day),
                None if day > week.stretch.last else week.of_day(day).now,
                "" if day > week.stretch.last else figure(week.of_day(day).now),
                day_words(day),
                _words(week.of_day(day).before),
            )
            for day in week.stretch.days
        ],
        heads=(_("Day"), _("Visits"), _("A week before")),
    )


def sign_ups_by_source(week: Week) -> Chart | None:
    """None: nobody joined, in this week or the one before."""
    joined = week.joined
    if joined is None or not (joined.now or joined.before):
        return None
    return bars(
        _("Sign-ups by source"),
        [
            Bar(label, found.now, figure(found.now), before=_words(found.before))
            for label, found in _sources(joined)
        ],
        heads=(_("Source"), _("Sign-ups"), _("A week before")),
    )


def _sources(joined: Joined) -> Iterator[tuple[str, Figure]]:
    """Every way anybody came in either week."""
    now, before = joined.by_source, joined.by_source_before
    for source, label in Membership.Source.choices:
        if now.get(source) or (before or {}).get(source):
            then = None if before is None else before.get(source, 0)
            yield str(label), Figure(now.get(source, 0), then)


def _words(n: int | None) -> str:
    return NOTHING if n is None else figure(n)


def rows(week: Week, listed: list[Reading], shop: Shop, places: Places) -> Iterator[list[Cell]]:
    """The same numbers as on the page, under their names."""
    yield [
        *(_("From"), _("To"), _("Place"), _("Figure"), _("Counted"), _("Out of"), _("Value")),
        *(_("Counted a week before"), _("Out of a week before"), _("Value a week before")),
        _("Definition"),
    ]
    of: list[Cell] = [week.stretch.monday, week.stretch.last, places.name or shop.name]
    for each in listed:
        now, before = zip(each.counted, each.out_of, each.value, strict=True)
        yield [*of, each.shown.title, *now, *before, each.shown.definition]
    for title, counted in _parts(week):
        now, before = zip(cells(counted), ("", ""), ("", ""), strict=True)
        yield [*of, title, *now, *before, ""]


def _parts(week: Week) -> Iterator[tuple[str, Figure]]:
    """What two of the figures are made of: a source each, and a day each."""
    if week.joined:
        for label, found in _sources(week.joined):
            yield f"{_('Sign-ups')}: {label}", found
    for day in week.stretch.days:
        if day <= week.stretch.last:
            yield f"{_('Visits')}: {day_words(day)}", week.of_day(day)
