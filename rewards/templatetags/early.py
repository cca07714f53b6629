"""Early access in a sentence."""

from django import template

from rewards.vip import words
from rewards.vip.looks import Look

register = template.Library()


@register.filter
def stands(look: Look) -> str:
    """Opens to you Thu 09:00: for a line of a list."""
    return words.sentence(look)


@register.filter
def stands_in_full(look: Look) -> str:
    """Opens to you Thursday 09:00: for its own page."""
    return words.sentence(look, in_full=True)
