from typing import Any

from django.core.management.base import BaseCommand

from loyalty.languages import compile_languages


class Command(BaseCommand):
    help = "Compile the translations that changed."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        written = compile_languages()
        self.stdout.write(f"{len(written)} compiled." if written else "Nothing had changed.")
