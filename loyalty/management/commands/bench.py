import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tests.bench import counter, insights
from tests.bench.ratios import whole

USUAL = whole.Size(200, 10_000, 200_000, rounds=4, seconds=2, patience=130)
FULL = whole.Size(200, 50_000, 1_000_000, rounds=10, seconds=5, patience=1800)


class Command(BaseCommand):
    help = (
        "Measure on this machine. Without a word: the table of ratios, in about five minutes, with "
        "200 000 entries (--full: with a million, and longer). `till`: the counter with a camera. "
        "`insights`: the page of figures with a year. Databases and servers are its own, and gone "
        "afterwards."
    )
    requires_system_checks = ()  # the database is made, and thrown away, by the benchmark itself

    def add_arguments(self, parser: CommandParser) -> None:
        parts = ["ratios", "till", "insights"]
        parser.add_argument("part", nargs="?", choices=parts, default="ratios")
        parser.add_argument("--full", action="store_true", help="ratios: with a million entries")
        parser.add_argument("--seed", type=int, default=1, help="ratios: of the order of loads")
        parser.add_argument("--stamps", type=int, default=24, help="till: by camera, and by code")
        parser.add_argument("--members", type=int, default=10_000, help="till: of its shop")
        parser.add_argument("--json", type=Path, metavar="PATH", help="the figures, for a machine")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["part"] == "insights":
            sys.exit(insights.bench())
        if options["part"] == "ratios":
            size = FULL if options["full"] else USUAL
            sys.exit(whole.bench(size, seed=options["seed"], file=options["json"]))
        stamps, members = options["stamps"], options["members"]
        if not 0 < stamps < members:
            raise CommandError("At least one stamp, and more members than stamps.")
        sys.exit(counter.bench(stamps=stamps, members=members, file=options["json"]))
