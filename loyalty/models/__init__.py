"""People, shops, and the devices on their counters."""

from loyalty.models.codes import TriedCode
from loyalty.models.counters import Counter, StaffMember
from loyalty.models.people import Person
from loyalty.models.shops import Location, OpeningHours, Role, Shop, Trade

__all__ = [
    "Counter",
    "Location",
    "OpeningHours",
    "Person",
    "Role",
    "Shop",
    "StaffMember",
    "Trade",
    "TriedCode",
]
