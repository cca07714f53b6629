"""The page of figures in a shop with a year of 200 000 entries, on PostgreSQL.

It makes a server of its own and a year in it, and throws both away.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import clock
from loyalty.languages import compile_languages
from loyalty.models import Role, Shop
from members.ledger.models import Account
from members.models import Programme
from rewards.figures.models import MemberMonth, ShopDay
from rewards.figures.rollup import bring_up_to_date, rebuild
from tests.bench import machine
from tests.bench.figures import Series, against, row
from tests.bench.shop import BenchShop, open_shop
from tests.factories import PersonFactory, RoleFactory
from tests.running import postgres

BUDGET = 50  # milliseconds of the server for a year (issue 6)
MEMBERS, ENTRIES, TIMES = 4000, 200_000, 20
PERIODS = ("12-months", "2026", "")  # what an address asks for; nothing: the last month
# Regulars come more often than others, and nobody comes at night. One in four has no amount.
YEAR = """
INSERT INTO ledger_operation (shop_id, key, fingerprint, kind, answer, membership_id, counter_id,
                              channel, occurred_at, recorded_at)
SELECT %(shop)s, gen_random_uuid(), 'bench', 'add_stamps', '{}',
       (%(cards)s::bigint[])[1 + floor(power(random(), 2) * %(members)s)::int], %(counter)s,
       'counter', moment, moment
  FROM (SELECT date_trunc('day', %(now)s::timestamptz) - (n %% 365 + 1) * interval '1 day'
               + interval '7 hours' + random() * interval '10 hours' AS moment
          FROM generate_series(1, %(entries)s) n) AS moments;
INSERT INTO ledger_visit (shop_id, membership_id, operation_id, location_id, counter_id, kind,
                          amount_minor, at)
SELECT shop_id, membership_id, id, %(place)s, counter_id, 'purchase',
       CASE WHEN random() < .75 THEN (2000 + random() * 20000)::bigint END, occurred_at
  FROM ledger_operation WHERE fingerprint = 'bench';
INSERT INTO ledger_ledgerentry (shop_id, account_id, seq, kind, amount, qualifying, operation_id,
                                visit_id, rule_version_id, reason)
SELECT o.shop_id, a.id, 100 + row_number() OVER (PARTITION BY a.id ORDER BY o.occurred_at), 'earn',
       1, 1, o.id, v.id, a.rule_version_id, ''
  FROM ledger_operation o
  JOIN ledger_account a ON a.membership_id = o.membership_id
  JOIN ledger_visit v ON v.operation_id = o.id
 WHERE o.fingerprint = 'bench'
"""


def bench() -> int:
    """Measure and tell; the exit code. Where there is no PostgreSQL yet, start one and go there."""
    if connection.vendor == "postgresql":
        return measure()
    with postgres.running() as address:
        there = {**os.environ, "DATABASE_URL": address}
        again = [sys.executable, "-m", "django", "bench", "insights"]
        return subprocess.run(again, env=there).returncode


def measure() -> int:
    compile_languages()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    page = Page.of(a_year())
    print(f"{MEMBERS} members, {ENTRIES} entries in a year. Load {machine.load()}.")
    print(f"  counted from the first day on in {page.count_all():.1f} s")
    print(f"  and one day more in {page.count_a_day():.1f} s: {page.rows()}")
    print(f"  {'':<44}{'median':>8}{'p95':>8}  ms")
    slowest = max(page.measured(period) for period in PERIODS)
    print(f"  {page.statements(PERIODS[0])} statements. Load {machine.load()}.")
    return 0 if slowest <= BUDGET else 1


def a_year() -> BenchShop:
    """The members as cards nobody has used, and their year written in one go."""
    made = open_shop(cards=1, crowd=MEMBERS)
    opened = clock.now() - timedelta(days=366)
    with scope(shop=made.shop):
        programme = Programme.objects.get()
        version = programme.versions.get()
        Account.objects.bulk_create(
            Account(shop=made.shop, membership=card, programme=programme, rule_version=version)
            for card in made.crowd
        )
        made.shop.memberships.update(joined_at=opened)
    told: dict[str, Any] = {
        "shop": made.shop.pk,
        "cards": [card.pk for card in made.crowd],
        "members": len(made.crowd),
        "counter": made.counter.pk,
        "place": made.counter.location_id,
        "entries": ENTRIES,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        for statement in YEAR.split(";"):
            cursor.execute(statement, told)
        cursor.execute("ANALYZE")
    return made


@dataclass(frozen=True)
class Page:
    """The page, and the owner's browser."""

    shop: Shop
    browser: Client

    @classmethod
    def of(cls, made: BenchShop) -> "Page":
        owner = RoleFactory(shop=made.shop, person=PersonFactory(), level=Role.Level.OWNER).person
        browser = Client(headers={"accept-language": "en-gb"}, HTTP_HOST=settings.ALLOWED_HOSTS[0])
        browser.force_login(owner, "django.contrib.auth.backends.ModelBackend")
        return cls(made.shop, browser)

    def count_all(self) -> float:
        return seconds(lambda: rebuild(self.shop, clock.now() - timedelta(days=1)))

    def count_a_day(self) -> float:
        return seconds(lambda: bring_up_to_date(self.shop, clock.now()))

    def rows(self) -> str:
        with scope(shop=self.shop):
            return (
                f"{MemberMonth.objects.count()} months of members, {ShopDay.objects.count()} days"
            )

    def measured(self, period: str) -> float:
        """Milliseconds, and a line about them."""
        self.open(period)
        both = [self.timed(period) for _time in range(TIMES)]
        wall, ours = (Series.of(each) for each in zip(*both, strict=True))
        words = f"insights, {period or 'last month'}"
        print(row(words, wall, against(BUDGET, wall.median)))
        print(row("  of it, our own processor", ours))
        return wall.median

    def timed(self, period: str) -> tuple[float, float]:
        ours = time.process_time()
        taken = seconds(lambda: self.open(period))
        return taken * 1000, (time.process_time() - ours) * 1000

    def open(self, period: str) -> None:
        answer = self.browser.get(
            reverse("owner:insights", args=[self.shop.slug]), {"period": period}
        )
        if answer.status_code != 200 or b"figures" not in answer.content:
            raise RuntimeError(f"the page answered {answer.status_code}")

    def statements(self, period: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.open(period)
        return len(asked)


def seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
