import os
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from loyalty import clock
from loyalty.languages import compile_languages
from loyalty.management.demo import databases, links, seed, serving


class Command(BaseCommand):
    help = "A believable shop in one command: makes what is missing, serves it on this machine."
    requires_system_checks = ()  # there may be no database yet; the worker runs them all

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="forget everything and start over")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--members", type=int, default=40, help="of each shop, at first")

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        self.refuse_what_cannot_work(port)
        base = self.choose_address(port)
        if options["fresh"]:
            databases.forget()
        self.make(clock.now(), members=options["members"])
        self.serve(port, base)

    def refuse_what_cannot_work(self, port: int) -> None:
        if not settings.DEMO:
            raise CommandError(
                "These settings are not a demo's, so nothing was touched. "
                "The demo wants DEMO=true, in .env or in the environment."
            )
        if not serving.is_free(port):
            raise CommandError(f"Port {port} is taken. Try: manage.py demo --port {port + 1}")

    def choose_address(self, port: int) -> str:
        """What the children go by, unless the settings say otherwise."""
        base = os.environ.setdefault("PUBLIC_URL", f"http://{serving.HOST}:{port}")
        os.environ.setdefault("EMAIL_URL", "dummymail://")  # the worker logs the codes in it
        return base.rstrip("/")

    def make(self, now: datetime, *, members: int) -> None:
        compile_languages()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if seed.is_empty():
            self.stdout.write("Making three shops and a year of visits; about 15 seconds, once.")
            self.stdout.flush()
            try:
                seed.seed(now, members=members)
            except KeyboardInterrupt:
                raise CommandError("Stopped half-way. Start over: manage.py demo --fresh") from None
        elif seed.was_interrupted():
            raise CommandError("An earlier start was cut short. Try: manage.py demo --fresh")

    def serve(self, port: int, base: str) -> None:
        household = serving.Household(port)
        household.start()
        try:
            household.wait_until_it_answers()
            self.tell(base)
            connection.close()
            gone = household.live()
        finally:
            household.end()
        if gone:
            raise CommandError(f"The {gone} ended by itself; what it said stands above.")
        self.stdout.write("Stopped.")

    def tell(self, base: str) -> None:
        self.stdout.write(f"\nStamkunde is at {base} (Ctrl-C stops it)\n\n")
        for line in links.doors(base):
            self.stdout.write(line)
        self.stdout.write("E-mail goes nowhere in the demo: its codes appear here.\n")
        self.stdout.flush()
