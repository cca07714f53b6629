from typing import Any

from django.core.management.base import BaseCommand

from loyalty import clock
from loyalty.models import Shop
from rewards.figures.rollup import rebuild


class Command(BaseCommand):
    help = "Count the figures of every shop again, from the first day on. They stay the same."

    def handle(self, *args: Any, **options: Any) -> None:
        for shop in Shop.objects.exclude(live_since=None).order_by("pk"):
            rebuild(shop, clock.now())
            self.stdout.write(shop.name)
