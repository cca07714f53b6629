import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tests.bench import counter, insights


class Command(BaseCommand):
    help = "Measure on this machine: the till with a camera, or the page of figures with a year."
    requires_system_checks = ()  # the database is made, and thrown away, by the benchmark itself

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", nargs="?", choices=["counter", "insights"], default="counter")
        parser.add_argument("--stamps", type=int, default=24, help="by camera, and by code")
        parser.add_argument("--members", type=int, default=10_000)
        parser.add_argument("--json", type=Path, metavar="PATH", help="the figures, for a machine")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["part"] == "insights":
            sys.exit(insights.bench())
        stamps, members = options["stamps"], options["members"]
        if not 0 < stamps < members:
            raise CommandError("At least one stamp, and more members than stamps.")
        sys.exit(counter.bench(stamps=stamps, members=members, file=options["json"]))
