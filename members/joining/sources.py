"""Which way a member came: the poster says so in its address (`?p=a4`)."""

from members.models import Membership

POSTERS = ("a4", "a5", "tent", "display", "cards", "window", "staff", "flyer")
TILL = "till"  # the join code on a counter's screen
LONGEST = 20

Source = Membership.Source


def source_of(detail: str) -> tuple[Membership.Source, str]:
    """The source and what is kept of its detail. Words nobody printed count as other."""
    if not detail:
        return Source.LINK, ""
    if detail in POSTERS:
        return Source.POSTER, detail
    if detail == TILL:
        return Source.COUNTER, ""
    return Source.OTHER, ""
