"""A sample from a seed: the shops, their year, and the figures counted from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django_scopes import scopes_disabled

from loyalty.management.sample import history
from loyalty.management.sample.booking import Books
from loyalty.management.sample.loading import Tables, loading
from loyalty.management.sample.shops import SampleShop, open_sample_shop
from members.ledger.models import local_day
from rewards.figures.rollup import count_days
from rewards.operations import expire_claims

SEED = 1905


@dataclass(frozen=True)
class Filled:
    shops: list[SampleShop]  # the largest first
    rows: dict[str, int]  # written, by table


def fill(
    *,
    shops: int,
    members: int,
    entries: int,
    now: datetime,
    seed: int = SEED,
    say: Callable[[str], object] = lambda words: None,
) -> Filled:
    """Fill a database with so many shops, members and about so many entries, in a year until now.

    The same seed makes the same history; keys to cards are as secret as any.
    """
    opened = now - timedelta(days=history.YEAR + 3)
    sizes = history.sizes(shops, members, entries)
    say(f"Opening {shops} shops.")
    made = [
        open_sample_shop(place, members=size.members, opened=opened)
        for place, size in enumerate(sizes)
    ]
    say("Booking a year.")
    with scopes_disabled(), loading() as tables:
        for sample, size in zip(made, sizes, strict=True):
            book(sample, size, tables, now, seed)
        say("Making indexes and foreign keys again.")
    say("Letting run out what nobody used.")
    expire_claims(now)
    say("Counting the days.")
    count_days(now)
    return Filled(made, {name: table.written for name, table in tables.all.items()})


def book(sample: SampleShop, size: history.Size, tables: Tables, now: datetime, seed: int) -> None:
    random = Random(f"{seed} {sample.shop.slug}")  # noqa: S311 (the same made-up year every time)
    visits = history.a_year(sample.shop, sample.rules, size, local_day(sample.shop, now), random)
    books = Books(sample, tables, random)
    for visit in visits:
        history.serve(books, visit)
    books.close()
