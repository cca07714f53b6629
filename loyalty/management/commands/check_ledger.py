from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loyalty.patience import unhurried
from members.ledger import audit


class Command(BaseCommand):
    help = "Prove every balance from its entries, or name the accounts and exit 1."

    def handle(self, *args: Any, **options: Any) -> None:
        with unhurried():
            wrong = list(audit.disagreements())
        if wrong:
            raise CommandError("Entries and balance disagree: " + ", ".join(wrong))
        self.stdout.write("Every balance agrees with its entries.")
