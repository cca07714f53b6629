from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from loyalty import clock
from loyalty.management.backups import back_up


def at_least_one(typed: str) -> int:
    if int(typed) < 1:
        raise ArgumentTypeError("must be 1 or more")
    return int(typed)


class Command(BaseCommand):
    help = "Copy the database into a dated file, prove the copy, keep the newest ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=settings.BASE_DIR / "backups", help="a folder"
        )
        parser.add_argument(
            "--keep", type=at_least_one, default=settings.BACKUPS_KEPT, help="how many copies"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made = back_up(options["to"], now=clock.now(), keep=options["keep"])
        self.stdout.write(f"Wrote {made} ({made.stat().st_size / 1_000_000:.1f} MB).")
