"""People, shops, and the devices on their counters."""

from loyalty.models.counters import Counter, StaffMember
from loyalty.models.people import Person
from loyalty.models.shops import Location, Role, Shop, Trade

__all__ = ["Counter", "Location", "Person", "Role", "Shop", "StaffMember", "Trade"]
