from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "loyalty.journal"
    label = "journal"
    verbose_name = "journal"

    def ready(self) -> None:
        from loyalty.journal.triggers import guard

        guard.stand(self)
