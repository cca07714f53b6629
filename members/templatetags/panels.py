"""Shows the parts of a page that kinds and rooms upstairs bring along."""

from django import template
from django.template import Context, Engine
from django.utils.safestring import SafeString

from members.rooms import Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def show(context: Context, panel: Panel) -> SafeString:
    """A panel with what it needs, and with what every form needs."""
    part = Engine.get_default().get_template(panel.template)
    always = {name: context.get(name) for name in ("request", "csrf_token")}
    return part.render(context.new({**always, **panel.needs}))
