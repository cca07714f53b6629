"""Moments as people say them."""

from datetime import datetime

from django import template

from rewards.vip import moments

register = template.Library()


@register.filter
def moment(at: datetime | str) -> str:
    """Thu 09:00; 3 December 09:00, if that is a week away or longer ago."""
    return moments.in_words(at)


@register.filter
def moment_in_full(at: datetime | str) -> str:
    """Thursday 09:00, for a sentence of its own."""
    return moments.in_words(at, in_full=True)


@register.simple_tag
def moment_in(at: datetime | str, zone: str) -> str:
    """The same, in a time zone by its name: for mail, which is written nowhere."""
    return moments.in_words(at, in_full=True, zone=zone)
