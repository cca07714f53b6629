"""Who the demo's shops are. Everybody in here is made up."""

from dataclasses import dataclass
from datetime import time

from loyalty.models import Shop, Trade

Day = tuple[time, time, time]  # opens, is busiest, closes

CLOSED = None


def hours(opens: float, busiest: float, closes: float) -> Day:
    def clock_time(hour: float) -> time:
        return time(int(hour), int(hour % 1 * 60))

    return clock_time(opens), clock_time(busiest), clock_time(closes)


def _names(several: str) -> tuple[str, ...]:
    return tuple(several.split())


@dataclass(frozen=True)
class DemoShop:
    """A shop and the town around it. Members are called by these names, the first one is shown."""

    slug: str
    name: str
    trade: Trade
    country: Shop.Country
    language: str
    town: str
    street: str
    owner: str
    mail: str  # where everybody here has their address
    staff: tuple[str, str]
    counters: tuple[str, ...]
    week: tuple[Day | None, ...]  # Monday first
    crowd: tuple[int, ...]  # how full the days are, against each other
    pace: int  # days between two visits of a regular
    own_bring: float  # how often somebody earns the extra stamp
    shown: int  # stamps on the card that is shown, beside a reward that waits
    names: tuple[str, ...]
    points: bool = False  # collects points beside stamps
    lunch: bool = False  # has a second stamp card
    levels: bool = False  # Bronze, Silver and Gold, and some things that open early for them
    friends: bool = False  # a stamp for whoever brings one; the card that is shown got it once


CAFE = DemoShop(
    slug="kaffe-kardemomme",
    name="Kaffe & Kardemomme",
    trade=Trade.CAFE,
    country=Shop.Country.NORWAY,
    language="nb",
    town="Oslo",
    street="Markveien",
    owner="Ingrid",
    mail="example.no",
    staff=("Ola", "Nora"),
    counters=("Disken", "Luka"),
    week=(
        *(hours(7.5, 9, 18),) * 5,
        hours(9, 11.5, 17),
        hours(10, 12.5, 16),
    ),
    crowd=(9, 9, 10, 10, 13, 12, 6),
    pace=10,
    own_bring=0.12,
    shown=7,
    lunch=True,
    friends=True,
    levels=True,
    names=_names("""
        Maja Emil Sofie Jakob Nora Filip Amina Henrik Ida Lars Thea Magnus Astrid Yusuf
        Silje Even Hedda Oskar Linnea Torstein Farah Kristian Solveig Mathias Marte
        Aksel Vilde Jonas Fatima Sindre Tuva Eirik Runa Anders Selma Brage Live Trygve
        Zahra Espen
    """),
)

SALON = DemoShop(
    slug="salon-sondergaard",
    name="Salon Søndergaard",
    trade=Trade.SALON,
    country=Shop.Country.DENMARK,
    language="da",
    town="Copenhagen",
    street="Værnedamsvej",
    owner="Sofie",
    mail="salon.example",
    staff=("Emil", "Freja"),
    counters=("Receptionen",),
    week=(
        CLOSED,
        *(hours(10, 15, 18),) * 2,
        hours(10, 17, 20),
        hours(10, 15, 18),
        hours(9, 11, 15),
        CLOSED,
    ),
    crowd=(0, 6, 8, 11, 12, 10, 0),
    pace=26,
    own_bring=0.15,
    shown=3,
    points=True,
    names=_names("""
        Karen Mikkel Astrid Rasmus Laura Magnus Ida Bo Clara Jeppe Alma Kasper Signe
        Malthe Zeynep Josefine Søren Liva Tobias Anna Frederik Mathilde Aksel Caroline
        Nanna Ali Johanne Viggo Emma Kirsten Lærke Oliver Maren Asger Sara Villads Tove
        Storm Isabella Niels
    """),
)

CAR_WASH = DemoShop(
    slug="shine-car-wash",
    name="Shine Car Wash",
    trade=Trade.CAR_WASH,
    country=Shop.Country.BRITAIN,
    language="en-gb",
    town="Ludlow, England",
    street="Station Road",
    owner="Grace",
    mail="shine.example",
    staff=("Jack", "Amir"),
    counters=("Kiosk",),
    week=(*(hours(8, 16, 18.5),) * 5, hours(8, 11, 18.5), hours(10, 12, 16)),
    crowd=(5, 5, 6, 7, 11, 18, 12),
    pace=18,
    own_bring=0.2,
    shown=4,
    names=_names("""
        Holly Oliver Priya George Amelia Callum Sophie Tariq Emily Rhys Chloe Harry
        Jasmine Ben Poppy Liam Zara Ethan Megan Arjun Lucy Owen Freya Nathan Alice Dylan
        Ruby Sanjay Hannah Toby Imogen Isaac Bethan Marcus Ellie Finlay Nadia Joe Martha
        Lewis
    """),
)

SHOPS = (CAFE, SALON, CAR_WASH)
