"""The shop that is measured: one counter, some cards to hold up, and a crowd in the drawer."""

from dataclasses import dataclass

from django_scopes import scope

from loyalty import clock, codes, keys
from loyalty.models import Counter, Shop
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership
from members.operations import LINK_BITS
from tests.factories import (
    CounterFactory,
    LocationFactory,
    MembershipFactory,
    ProgrammeFactory,
    ShopFactory,
    StaffMemberFactory,
)


@dataclass(frozen=True)
class BenchShop:
    shop: Shop
    counter: Counter
    device: str  # the secret of the paired browser
    cards: list[Membership]  # joined as customers do, with their welcome stamp
    crowd: list[Membership]  # written in one go: cards nobody has used yet

    def stamps(self) -> tuple[int, int]:
        """How many stamps were asked for and answered, and how many entries stand for them."""
        with scope(shop=self.shop):
            given = Operation.objects.filter(kind="add_stamps", counter=self.counter)
            entries = LedgerEntry.objects.filter(operation__in=given, kind="earn", amount=1)
            return given.count(), entries.count()


def open_shop(*, cards: int, crowd: int) -> BenchShop:
    shop = ShopFactory(name="Kaffe & Benk", slug="kaffe-benk")
    ProgrammeFactory(shop=shop)
    counter = CounterFactory(
        shop=shop,
        location=LocationFactory(shop=shop, name="Grünerløkka"),
        staff=StaffMemberFactory(shop=shop, name="Ola"),
    )
    held_up = [MembershipFactory(shop=shop, name=f"Guest {n}") for n in range(1, cards + 1)]
    taken = {card.short_code for card in held_up}
    return BenchShop(shop, counter, counter.device, held_up, fill_drawer(shop, crowd, taken))


def fill_drawer(shop: Shop, crowd: int, taken: set[str]) -> list[Membership]:
    """Memberships alone, since ten thousand joins would take minutes. They have no account and no
    entry, so no balance is written by hand: their first stamp opens the account, as it does for a
    card that is older than its programme."""
    now = clock.now()
    free: set[str] = set()
    while len(free) < crowd:
        free |= {codes.short_code()} - taken
    rows = [
        Membership(
            shop=shop,
            private=keys.secret(bits=LINK_BITS),
            counter_code=codes.counter_code(),
            short_code=short,
            language=shop.language,
            source=Membership.Source.POSTER,
            joined_at=now,
            accepted_rules_at=now,
        )
        for short in sorted(free)
    ]
    with scope(shop=shop):
        return Membership.objects.bulk_create(rows, batch_size=1000)
