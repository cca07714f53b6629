from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from loyalty.halts.operations import halt
from loyalty.management.halting import name_a_switch, throw


class Command(BaseCommand):
    help = (
        "Stop earning, redeeming, one counter or everything at once, in a shop or all shops, until "
        "`resume`. Cards and pages can still be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        name_a_switch(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Halted." if throw(halt, options) else "It was halted already.")
