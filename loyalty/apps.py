from django.apps import AppConfig
from django.core import checks


class LoyaltyConfig(AppConfig):
    name = "loyalty"
    verbose_name = "people and shops"

    def ready(self) -> None:
        from loyalty import checks as ours
        from loyalty.security import events

        events.listen()
        checks.register(ours.programme_kinds)
        checks.register(ours.switches)
        checks.register(ours.sqlite, checks.Tags.database)
        checks.register(ours.postgres, checks.Tags.database)
