from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "members.ledger"
    label = "ledger"
    verbose_name = "ledger"

    def ready(self) -> None:
        from members.ledger import triggers

        # SQLite silently loses triggers when a migration rebuilds a table.
        post_migrate.connect(triggers.arm_after_migrate, sender=self)
        checks.register(triggers.check_armed, checks.Tags.database)
