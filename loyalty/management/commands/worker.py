from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from loyalty.checks import refuse_unsafe
from loyalty.management.working import Work


def seconds(typed: str) -> float:
    if float(typed) < 1:
        raise ArgumentTypeError("must be 1 or more: each look for tasks may lock all of SQLite")
    return float(typed)


class Command(BaseCommand):
    help = "Send mail, do tasks and periodic jobs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--interval", type=seconds, default=1.0, help="seconds of rest between two looks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe()
        work = Work(interval=options["interval"])
        work.end_on_signals()
        work.run()
