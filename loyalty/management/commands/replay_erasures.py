from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from loyalty import clock
from members.privacy.erasures import replay


class Command(BaseCommand):
    help = "Erase once more what a restored database does not know to be erased."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", type=Path, default=settings.ERASURES_FILE, dest="file", help="the journal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"])
        if not file.exists():
            raise CommandError(f"There is no journal of erasures at {file}.")
        done = replay(file, clock.now())
        self.stdout.write(
            f"Deleted {done.left}, erased {done.erased}, brought back {done.back}; "
            f"{done.unknown} are not in this database."
        )
