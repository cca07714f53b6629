"""The small pieces every page is made of: icons, stamps of a colour, error summaries."""

from functools import cache

from django import template
from django.forms import BaseForm
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from loyalty import colours

register = template.Library()


@register.simple_tag
@cache  # a page has dozens, of a few names that templates know
def icon(name: str) -> SafeString:
    """An icon of the sprite, silent for screen readers: the words stand beside it."""
    return format_html(
        '<svg class="bi" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def stamp(colour: str, icon: str = "") -> SafeString:
    """A round stamp of any colour, with an icon if one is named.

    Colours are attributes of the drawing: a style attribute would break the security policy.
    """
    fill = colours.tokens(colour)["fill"] if icon else colour
    return format_html(
        '<svg class="stamp" viewBox="0 0 32 32" aria-hidden="true">'
        '<circle cx="16" cy="16" r="16" fill="{}"/>{}</svg>',
        fill,
        _drawn(icon, colours.on(fill) or colours.WHITE) if icon else "",
    )


def _drawn(icon: str, colour: str) -> SafeString:
    return format_html(
        '<use href="{}#{}" x="8" y="8" width="16" height="16" fill="{}"/>',
        static("img/icons.svg"),
        icon,
        colour,
    )


@register.inclusion_tag("_error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """What is wrong with a form, one line per field, each leading to its field.

    Crispy forms bring it by themselves (templates/bootstrap5/errors.html).
    """
    lines = [("", error) for error in form.non_field_errors()]
    for field in form:
        # A group of radios has no id of its own: go to its first.
        target = "" if field.is_hidden else field.id_for_label or f"{field.auto_id}_0"
        lines += [(target, error) for error in field.errors]
    return {"lines": lines}
