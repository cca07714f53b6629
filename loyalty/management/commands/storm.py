import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tests.storm import commanding, faults


class Command(BaseCommand):
    help = "Prove on this machine that nothing is lost or doubled while servers are killed."
    requires_system_checks = ()  # the database is made, and thrown away, by the storm itself

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--engine", choices=commanding.ENGINES, default=commanding.BOTH)
        parser.add_argument("--operations", type=int, default=10_000)
        parser.add_argument("--clients", type=int, default=16)
        parser.add_argument("--seed", type=int, help="of an earlier storm; left out: a new one")
        parser.add_argument("--control", choices=faults.ALL, help="a planted fault: must exit 1")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(
            commanding.command(
                engine=options["engine"],
                operations=options["operations"],
                clients=options["clients"],
                seed=options["seed"],
                control=options["control"] or "",
            )
        )
