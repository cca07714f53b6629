from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "members.ledger"
    label = "ledger"
    verbose_name = "ledger"

    def ready(self) -> None:
        from members.ledger.triggers import guard

        guard.stand(self)
