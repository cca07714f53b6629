"""Which of a shop's programmes is its points scheme."""

from members.models import Programme
from members.models.programmes import ProgrammeQuerySet


def points_scheme() -> ProgrammeQuerySet:
    """The one there is, or none. It may be on pause or switched off: ask on."""
    return Programme.objects.filter(kind="points").in_order()
