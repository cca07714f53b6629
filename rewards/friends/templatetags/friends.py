"""What somebody got for bringing a friend, in the words of whoever reads it."""

from typing import Any

from django import template

from rewards.friends import words

register = template.Library()


@register.simple_tag
def in_words(told: dict[str, Any]) -> str:
    """3 stamps; A bun."""
    return words.in_words(told)
