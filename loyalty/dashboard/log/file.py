"""The log as rows for a spreadsheet. Members stand there by their code, not by name: a file is
passed on, and nobody can erase a name in it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.dashboard.deeds import Part
from loyalty.dashboard.log.facts import Fact
from loyalty.dashboard.log.lines import Line

Row = list[str]


def rows(lines: Iterable[Line]) -> Iterator[Row]:
    """A heading, and a row for each line."""
    yield [
        *(_("When"), _("Happened"), _("Who"), _("Where"), _("What"), _("About"), _("Card")),
        *(_("Paid"), _("Why"), _("Since then")),
    ]
    for line in lines:
        yield [
            _moment(line.at),
            _moment(line.happened) if line.happened else "",
            line.who,
            line.where,
            "; ".join([*map(_part, line.parts), *map(_fact, line.facts)]),
            line.about,
            line.member.short_code if line.member else "",
            line.paid,
            line.why,
            line.undone,
        ]


def _moment(at: datetime) -> str:
    """In shop time: the page's own."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def _part(part: Part) -> str:
    return " ".join(filter(None, [part.change, part.words, part.programme]))


def _fact(fact: Fact) -> str:
    change = f"{fact.was} → {fact.now}" if fact.was else fact.now
    return f"{fact.name}: {change}"
