"""Of which places figures are shown: all the reader may see, or the one they chose."""

from dataclasses import dataclass

from django.http import HttpRequest

from loyalty import access
from loyalty.models import Location, Role


@dataclass(frozen=True)
class Places:
    """The places of a role. `chosen`: one of them; None: all together."""

    every: list[Location]
    chosen: Location | None
    whole_shop: bool = True  # False: there are places of the shop they do not see

    @property
    def several(self) -> bool:
        """Is there something to choose? Otherwise no page shows a switch."""
        return len(self.every) > 1

    @property
    def counted(self) -> list[int] | None:
        """The pks figures are narrowed to; None: the whole shop, visits of no place included."""
        if self.chosen:
            return [self.chosen.pk]
        return None if self.whole_shop else [place.pk for place in self.every]

    @property
    def name(self) -> str:
        """Of the one, or of those that are counted; "": the whole shop."""
        if self.chosen:
            return self.chosen.name
        return "" if self.whole_shop else ", ".join(place.name for place in self.every)


def places_of(request: HttpRequest, role: Role) -> Places:
    """What the address asks for (`?place=<id>`). Another shop's, or not theirs: 404."""
    every = list(role.places())
    asked = request.GET.get("place", "")
    chosen = access.of_shop(role.shop, role.places(), pk=asked) if asked else None
    return Places(every=every, chosen=chosen, whole_shop=sees_all(role))


def sees_all(role: Role) -> bool:
    """Does it hold for the whole shop, and not for some of its places?"""
    return not role.shop.locations.exclude(pk__in=role.places()).exists()
