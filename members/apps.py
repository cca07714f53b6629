from django.apps import AppConfig
from django.core import checks


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "members"

    def ready(self) -> None:
        from members.checks import kinds_answer

        checks.register(kinds_answer)
