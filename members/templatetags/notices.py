"""What a notice says, made when it is sent."""

from datetime import date

from django import template

from members.notices.operations import sentences

register = template.Library()


@register.simple_tag
def runs_out(membership: int, days: list[str]) -> list[str]:
    """The lines of a mail: what runs out on those days (ISO). None: it was used meanwhile."""
    return sentences(membership, [date.fromisoformat(day) for day in days])
