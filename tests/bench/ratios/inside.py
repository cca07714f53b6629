"""Statements and the database's milliseconds of what the table asks about, as JSON: on the
database that DATABASE_URL names."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from loyalty import clock, keys
from loyalty.access import COUNTER_COOKIE
from loyalty.models import Role, Shop
from members.ledger import audit
from members.ledger.models import LedgerEntry, Operation, Visit, local_day
from rewards.figures import facts, touched

TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
TIMES = 5


def look(folder: Path) -> None:
    print(json.dumps(looked(folder)))


def looked(folder: Path) -> dict[str, Any]:
    with scopes_disabled():
        shop = Shop.objects.order_by("pk").first()
        assert shop  # the largest is the first
        owner = Role.objects.get(shop=shop, level=Role.Level.OWNER).person
    agent = Client(headers={"accept-language": "en-gb"}, HTTP_HOST=settings.ALLOWED_HOSTS[0])
    card = line_of(folder, "card")[1]
    agent.get(card)  # the first visit asks more: the browser does not know the card
    told = {"stamps": stamps_of_the_load(), "card": asked(lambda: agent.get(card))}
    told |= of_a_stamp(folder)
    agent.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    week = reverse("owner:week", args=[shop.slug])
    insights = reverse("owner:insights", args=[shop.slug])
    told["week"] = asked(lambda: agent.get(week))
    told["insights"] = asked(lambda: agent.get(insights, {"period": "12-months"}))
    told["from the ledger"] = asked(lambda: count_from_the_ledger(shop))
    told["wrong"] = list(audit.disagreements())
    return told


def stamps_of_the_load() -> dict[str, int]:
    """What the load left: stamps given since the sample, which ends yesterday."""

    with scopes_disabled():
        given = Operation.objects.filter(kind="add_stamps", answer__refused__isnull=True)
        lately = given.filter(recorded_at__gte=clock.now() - timedelta(hours=2))
        visits = Visit.objects.filter(operation__in=lately)
        return {"operations": lately.count(), "visits": visits.count()}


def line_of(folder: Path, name: str) -> list[str]:
    return (folder / name).read_text().splitlines()[0].split("\t")


def of_a_stamp(folder: Path) -> dict[str, Any]:
    """A stamp, and the same key again, many times: the statements, and how many entries came."""

    _method, path, device, programme = line_of(folder, "hot")
    till = Client(headers={"hx-request": "true"}, HTTP_HOST=settings.ALLOWED_HOSTS[0])
    till.cookies[COUNTER_COOKIE] = device
    key = keys.new()
    wish = {"count": 1, "again": "True", "programme": programme, "key": str(key)}
    first = asked(lambda: till.post(path, {**wish, "key": str(keys.new())}))
    once = asked(lambda: till.post(path, wish), times=1)
    again = asked(lambda: till.post(path, wish))
    with scopes_disabled():
        made = Operation.objects.filter(key=key).count()
        entries = LedgerEntry.objects.filter(operation__key=key, kind="earn").count()
    wrong = (
        [] if (made, entries) == (1, 1) else [f"one key made {made} operations, {entries} entries"]
    )
    return {
        "stamp": {**first, "statements": min(first["statements"], once["statements"])},
        "replay": again,
        "replays wrong": wrong,
    }


def count_from_the_ledger(shop: Any) -> None:
    """What the year's figures are counted from, when there are no rollups."""

    today = local_day(shop, clock.now())
    with scope(shop=shop):
        months = list(touched.months_between(today - timedelta(days=365), today))
        facts.add_up(shop, months, today)


def asked(do: Callable[[], Any], times: int = TIMES) -> dict[str, float]:
    """Statements without those of the transaction, and the median of the database's time."""
    spent, count = [], 0
    for _time in range(times):
        with CaptureQueriesContext(connection) as captured:
            answer = do()
        if getattr(answer, "status_code", 200) != 200:
            raise RuntimeError(f"Answer {answer.status_code}: {answer.content[:400]!r}")
        told = [query for query in captured if not query["sql"].startswith(TRANSACTION)]
        count = len(told)
        spent.append(sum(float(query["time"]) for query in told) * 1000)
    return {"statements": count, "ms": round(median(spent), 2)}
