"""A sample, and the requests for wrk: on the database that DATABASE_URL names."""

from pathlib import Path
from random import Random

from django.urls import reverse
from django_scopes import scopes_disabled

from loyalty import clock
from loyalty.management.sample.filling import fill
from loyalty.management.sample.shops import SampleShop
from loyalty.models import Counter
from members.models import Membership

MOST = 2000  # cards one file names


def prepare(folder: Path, shops: int, members: int, entries: int) -> None:
    filled = fill(shops=shops, members=members, entries=entries, now=clock.now())
    with scopes_disabled():
        for sample in filled.shops:
            for place, counter in enumerate(sample.counters):
                staff = sample.staff[place % len(sample.staff)]
                Counter.objects.filter(pk=counter.pk).update(staff=staff)
        largest, *others = filled.shops
        few = max(1, MOST // shops)
        write(folder, "spread", [line for shop in (largest, *others) for line in stamps(shop, few)])
        write(folder, "hot", stamps(largest, MOST))
        write(
            folder, "plain", [line.replace("/c/card/", "/plain/") for line in stamps(largest, MOST)]
        )
        links = [card.private for card in cards(largest, MOST)]
        write(folder, "card", [f"GET\t{reverse('card:card', args=[link])}" for link in links])
        write(folder, "plain-card", [f"GET\t/plain/{link}/" for link in links])
        write(folder, "hello", ["GET\t/hello/"])


def cards(sample: SampleShop, most: int) -> list[Membership]:
    """Some of a shop's members, whatever their place in its list."""
    found = list(sample.shop.memberships.order_by("pk"))
    return Random(1).sample(found, min(most, len(found)))


def stamps(sample: SampleShop, most: int) -> list[str]:
    device = sample.devices[0]
    programme = sample.programme.pk
    return [
        f"POST\t{reverse('counter:stamp', args=[card.counter_code])}\t{device}\t{programme}"
        for card in cards(sample, most)
    ]


def write(folder: Path, name: str, lines: list[str]) -> None:
    (folder / name).write_text("\n".join(lines) + "\n")
