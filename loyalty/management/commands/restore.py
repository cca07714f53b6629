from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from loyalty.management.restoring import restore


class Command(BaseCommand):
    help = "Put a copy made by `backup` into an empty database, and prove every balance in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("copy", type=Path, help="the file that `backup` wrote")
        parser.add_argument(
            "--replace", action="store_true", help="although there is a database already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = restore(options["copy"], replace=options["replace"])
        self.stdout.write(
            f"Restored {done.shops} shops with {done.entries} entries. Every balance agrees with "
            f"its entries. Everybody is signed out; {done.mail_called_off} mails were called off."
        )
        if done.erased is None:
            self.stderr.write(
                "There is no journal of erasures: who had a card erased since the copy is back. "
                "Fetch it and run `replay_erasures` before anybody can look."
            )
        else:
            self.stdout.write(f"Erased {done.erased.erased} cards once more.")
        self.stdout.write(
            f"{done.counters} counters are paired as they were then: switch off again those that "
            "were switched off since."
        )
