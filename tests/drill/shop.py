"""The shop that is stamped in. Made in a process of its own, where DATABASE_URL says."""

import json

from django.core.management import call_command
from django_scopes import scope

from members.models import Programme
from tests.bench.shop import open_shop

CARDS = 400


def opened() -> str:
    """The tables, and the shop in them; what its counter must know, as JSON."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    made = open_shop(cards=1, crowd=CARDS)
    with scope(shop=made.shop):
        programme = Programme.objects.get().pk
    codes = [card.counter_code for card in made.crowd]
    return json.dumps({"device": made.device, "programme": programme, "codes": codes})
