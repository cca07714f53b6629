import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tests.drill import failover
from tests.running.postgres import Unavailable


class Command(BaseCommand):
    help = "Kill the database under a site of our own, and prove that nothing done is lost."
    requires_system_checks = ()  # the databases are made, and thrown away, by the drill itself

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=["failover"], help="what to rehearse")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sys.exit(failover.drill())
        except Unavailable as cure:
            raise CommandError(f"There is no PostgreSQL to kill; cure: {cure}") from None
