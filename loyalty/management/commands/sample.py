import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from loyalty import clock
from loyalty.management.sample import filling
from loyalty.models import Shop


class Command(BaseCommand):
    help = (
        "Fill an empty database with made-up shops and a year of visits, skewed like life: what "
        "measurements and plans need. Everything ties, as if it had been booked one by one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shops", type=int, default=200)
        parser.add_argument("--members", type=int, default=50_000)
        parser.add_argument("--entries", type=int, default=1_000_000, help="about so many")
        parser.add_argument("--seed", type=int, default=filling.SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        shops, members, entries = options["shops"], options["members"], options["entries"]
        if not 0 < shops <= members <= entries // 2:
            raise CommandError("A member for every shop at least, and two entries for each member.")
        if Shop.objects.exists():
            raise CommandError("There are shops already; a sample is for an empty database.")
        began = time.monotonic()

        def say(words: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:6.1f} s  {words}")

        filled = filling.fill(
            shops=shops,
            members=members,
            entries=entries,
            seed=options["seed"],
            now=clock.now(),
            say=say,
        )
        for table, rows in filled.rows.items():
            self.stdout.write(f"  {rows:>9} × {table}")
        say("Done.")
