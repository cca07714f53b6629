from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loyalty.models import Person
from loyalty.models.people import tidy_email
from loyalty.security import factors


class Command(BaseCommand):
    help = (
        "Take away somebody's second factor when phone and recovery codes are gone, sign them out "
        "everywhere, and tell them by mail. Be sure that it is them who ask."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email", help="the address they sign in with")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        person = Person.objects.filter(email=tidy_email(email) or "").first()
        if person is None:
            raise CommandError(f"Nobody signs in as {email}.")
        if not factors.reset(person):
            raise CommandError(f"{person.email} has no second factor.")
        self.stdout.write(f"{person.email} signs in with a mailed code now, and was told by mail.")
