from typing import Any

from django.core.management.commands import migrate

from loyalty.patience import unhurried


class Command(migrate.Command):
    """Django's own, which no `statement_timeout` for visitors cuts off half-way."""

    def handle(self, *args: Any, **options: Any) -> None:
        with unhurried(options["database"]):
            super().handle(*args, **options)
