"""The shops of a sample: opened by the operations, as their owners would."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django_scopes import scope

from loyalty import clock
from loyalty.actors import Actor, Channel
from loyalty.management.sample.history import HOURS
from loyalty.models import Counter, Person, Shop, StaffMember
from loyalty.operations import go_live, offer_pairing, open_shop, pair
from members.models import Programme, RuleVersion
from stampcards import trades
from stampcards.owning import start_card
from stampcards.rules import StampRules

COUNTRIES = (Shop.Country.NORWAY, Shop.Country.DENMARK, Shop.Country.BRITAIN)
LANGUAGES = {"NO": "nb", "DK": "da", "GB": "en-gb"}
PEOPLE = ("Ola", "Nora", "Emil", "Freja", "Jack")
CARDS_PER_COUNTER = 1500


@dataclass(frozen=True)
class SampleShop:
    shop: Shop
    programme: Programme
    version: RuleVersion
    rules: StampRules
    staff: list[StaffMember]
    counters: list[Counter]
    devices: list[str]  # the secrets of the paired browsers, in the order of the counters

    def duty(self, shift: float) -> tuple[Counter, StaffMember]:
        """Whoever is on the till: the first counter does most, and everybody some."""
        counter = self.counters[int(shift * shift * len(self.counters))]
        return counter, self.staff[int(shift * 1000) % len(self.staff)]

    def on_duty(self, shift: float) -> Actor:
        counter, staff = self.duty(shift)
        return Actor(self.shop, Channel.COUNTER, staff=staff, counter=counter)


def open_sample_shop(place: int, *, members: int, opened: datetime) -> SampleShop:
    """The shop at a place of the list, with a card as its trade proposes."""
    country = COUNTRIES[place % len(COUNTRIES)]
    trade = list(HOURS)[place % len(HOURS)]
    with clock.at(opened):
        owner = an_owner(place, LANGUAGES[country])
        shop = open_shop(
            person=owner,
            name=f"Sample {place + 1}",
            country=country,
            language=LANGUAGES[country],
            trade=trade,
        )
        actor = Actor(shop, Channel.OWNER, person=owner)
        with scope(shop=shop):
            name, rules = trades.proposal(trade, currency=shop.currency, language=shop.language)
            programme = start_card(name=name, rules=rules, actor=actor)
            StaffMember.objects.bulk_create(
                StaffMember(shop=shop, name=person) for person in PEOPLE[: 2 + members // 1000]
            )
            devices = [
                pair(
                    offer_pairing(location=shop.locations.get(), name=f"Till {n}", actor=actor).once
                )
                for n in range(1, 2 + members // CARDS_PER_COUNTER)
            ]
            go_live(actor)
            return SampleShop(
                shop=shop,
                programme=programme,
                version=programme.versions.get(),
                rules=rules,
                staff=list(StaffMember.objects.filter(shop=shop).order_by("pk")),
                counters=[counter for counter, _device in devices],
                devices=[device for _counter, device in devices],
            )


def an_owner(place: int, language: str) -> Person:
    email = f"owner{place + 1}@sample.example"
    person = Person.objects.create_user(email, name=f"Owner {place + 1}", language=language)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person
