"""Everything an owner needs less often than once a week, each with a line that says what it is."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from loyalty import access
from loyalty.dashboard.pages import page
from loyalty.models import Role

STAFF, MANAGER, OWNER = Role.Level.STAFF, Role.Level.MANAGER, Role.Level.OWNER


@dataclass(frozen=True)
class Way:
    """A page, and who may open it."""

    name: str  # of the address, in `owner`
    icon: str
    title: "str | Promise"
    line: "str | Promise"
    level: Role.Level


WAYS = [
    Way(
        "messages",
        "envelope",
        _("Messages"),
        _("What members were told, and by which way."),
        MANAGER,
    ),
    Way(
        "insights",
        "graph-up",
        _("Insights"),
        _("Who comes back, how often, and what it is worth."),
        STAFF,
    ),
    Way("money", "cash-coin", _("Money"), _("What it costs you, and what you owe."), MANAGER),
    Way("log", "clock-history", _("Log"), _("Who did what, when, where and why."), STAFF),
    Way("statement", "receipt", _("Statement"), _("Every programme, month by month."), MANAGER),
    Way("people", "shop", _("People"), _("Who works here, counters and places."), MANAGER),
    Way(
        "flags",
        "shield-check",
        _("Worth a look"),
        _("What is out of the ordinary at the counter."),
        MANAGER,
    ),
    Way(
        "settings",
        "gear",
        _("Settings"),
        _("Your shop, its look and its privacy page; pause it, or take everything along."),
        OWNER,
    ),
]


@require_safe
def more(request: HttpRequest, shop: str) -> HttpResponse:
    """Where else there is something to see or to set."""
    role = access.role_for(request, shop, level=STAFF)
    ways = [way for way in WAYS if role.covers(way.level)]
    return page(request, role, "owner/more.html", nav="more", ways=ways)
