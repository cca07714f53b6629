import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tests.mutants.trying import try_mutants
from tests.running.whole import whole


class Command(BaseCommand):
    help = "Check everything: linters, then every suite on SQLite and PostgreSQL, browser included."
    requires_system_checks = ()  # checking is a stage of its own

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fast", action="store_true", help="SQLite only; no linters, no browser"
        )
        parser.add_argument("--long", action="store_true", help="also the tests marked long")
        parser.add_argument(
            "--mutants", action="store_true", help="plant faults, and see that the suite notices"
        )
        parser.add_argument("--ha", action="store_true", help="also several machines, on loopback")
        parser.add_argument("words", nargs="*", help="goes to pytest; put -- before its switches")

    def handle(self, *args: Any, **options: Any) -> None:
        words = tuple(options["words"])
        if options["mutants"]:
            sys.exit(try_mutants(words))
        asked = {name: options[name] for name in ("fast", "long", "ha")}
        sys.exit(whole(**asked, words=words))
