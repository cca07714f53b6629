"""What `manage.py halt` and `manage.py resume` have in common: naming one switch."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django_scopes import scopes_disabled

from loyalty.halts.models import Halt
from loyalty.models import Counter, Shop

What = Halt.What


def name_a_switch(parser: CommandParser) -> None:
    parser.add_argument("what", choices=What.values)
    parser.add_argument("--shop", help="its address, as in /o/<shop>/; without: in all shops")
    parser.add_argument("--counter", help="its name, as the shop's people page shows it")
    parser.add_argument("--reason", required=True, help="for whoever looks after this later")


def throw(switch: Callable[..., bool], options: dict[str, Any]) -> bool:
    """Throw it one way or the other. False: it stood so already. CommandError: there is none."""
    what = What(options["what"])
    if not options["reason"].strip():
        raise CommandError("Say why, in --reason.")
    if (what == What.COUNTER) != bool(options["counter"]):
        raise CommandError("A counter is halted by `counter --shop … --counter …`.")
    with scopes_disabled():
        shop = _shop(options["shop"]) if options["shop"] else None
        counter = _counter(shop, options["counter"]) if what == What.COUNTER else None
        return switch(what, shop=shop, counter=counter, reason=options["reason"])


def _shop(slug: str) -> Shop:
    found = Shop.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"No shop has the address {slug}.")
    return found


def _counter(shop: Shop | None, name: str) -> Counter:
    if shop is None:
        raise CommandError("Say which shop the counter is in, with --shop.")
    found = list(Counter.objects.filter(shop=shop, name=name))
    if len(found) != 1:
        raise CommandError(f"{len(found)} counters of this shop are called {name}.")
    return found[0]
