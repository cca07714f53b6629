from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from loyalty.halts.operations import resume
from loyalty.management.halting import name_a_switch, throw


class Command(BaseCommand):
    help = "Take back what `halt` stopped: the same words, and why it may go on."

    def add_arguments(self, parser: CommandParser) -> None:
        name_a_switch(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("It goes on." if throw(resume, options) else "It was not halted.")
