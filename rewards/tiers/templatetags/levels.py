"""What a level takes, in words."""

from django import template

from rewards.tiers import telling

register = template.Library()


@register.simple_tag
def measured(n: int, unit: list[str]) -> str:
    """2 visits; 300 kr. `unit`: as `telling.unit_of` gives it."""
    return telling.amount(n, unit)
