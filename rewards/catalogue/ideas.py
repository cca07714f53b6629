"""Ready-made texts: an owner taps one, and only the price is missing (RWD-01).

Every text is a proposal. It is translated into the shop's language once, when it is chosen, as
what a shop says is its own from then on.
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rewards.catalogue.models import Reward


@dataclass(frozen=True)
class Idea:
    """`label` stands on the button, for the owner; name and text are for members."""

    label: "str | Promise"
    name: str
    text: str

    def texts(self, language: str) -> dict[str, str]:
        """What it puts into the form, in the shop's language."""
        with translation.override(language):
            said = {"name": translation.gettext(self.name), "text": translation.gettext(self.text)}
        return {**said, "behaviour": Reward.Behaviour.THING}


IDEAS: dict[str, Idea] = {
    "free-product": Idea(
        _("Free product"),
        gettext_noop("A free product"),
        gettext_noop("Choose one at the counter."),
    ),
    "gift": Idea(_("Gift"), gettext_noop("A gift from us"), gettext_noop("Wrapped and ready.")),
    "gift-card": Idea(
        _("Gift card"),
        gettext_noop("A gift card"),
        gettext_noop("For yourself, or for somebody you like."),
    ),
    "free-shipping": Idea(
        _("Free shipping"),
        gettext_noop("Free shipping"),
        gettext_noop("We send your next order at our expense."),
    ),
    "priority": Idea(
        _("Priority service"),
        gettext_noop("Priority service"),
        gettext_noop("No queue: your turn comes first."),
    ),
    "early-access": Idea(
        _("Exclusive access"),
        gettext_noop("Exclusive access"),
        gettext_noop("See what is new before everybody else."),
    ),
    "event": Idea(
        _("Experience or event"),
        gettext_noop("An evening with us"),
        gettext_noop("One place at our next event."),
    ),
    "breakfast": Idea(
        _("Free breakfast"),
        gettext_noop("Free breakfast"),
        gettext_noop("On any morning we are open."),
    ),
    "room-upgrade": Idea(
        _("Room upgrade"),
        gettext_noop("A room upgrade"),
        gettext_noop("A better room at the same price, if one is free."),
    ),
    "health-check": Idea(
        _("Free health check"),
        gettext_noop("A free health check"),
        gettext_noop("Half an hour with one of us."),
    ),
}
