"""The rules of a stamp card in plain words, made from the live settings. Six lines at most."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.models import Shop
from rewards.law import exception
from stampcards.rules import Counts, StampRules


def lines(shop: Shop, rules: StampRules) -> list[str]:
    """What a member accepts with the card, in the reader's language."""
    return [
        f"{earning(shop, rules)} {_waiting(rules)}".strip(),
        *(
            [_("1 extra stamp for: %(what)s.") % {"what": rules.extra_for}]
            if rules.extra_for
            else []
        ),
        f"{_reward(rules)} {_welcome(rules)} {exception(shop)}".replace("  ", " ").strip(),
        f"{_expiry(rules)} {_season(rules)}".strip(),
        _claim(rules),
        _("We may change these rules for new cards; cards in progress keep their promise."),
    ]


def earning(shop: Shop, rules: StampRules) -> str:
    """How to get a stamp."""
    if rules.counts == Counts.PURCHASE and rules.minimum_minor:
        amount = money.shown(rules.minimum_minor, shop.currency)
        return _("You get 1 stamp for each purchase of %(amount)s or more.") % {"amount": amount}
    return {
        Counts.PURCHASE: _("You get 1 stamp for each purchase."),
        Counts.VISIT: _("You get 1 stamp for each visit."),
        Counts.WASH: _("You get 1 stamp for each wash."),
        Counts.MAIN_COURSE: _("You get 1 stamp for each main course."),
        Counts.CHECK_IN: _("You get 1 stamp each time you check in. No purchase needed."),
    }[rules.counts]


def _waiting(rules: StampRules) -> str:
    if not rules.wait_minutes:
        return ""
    if rules.wait_minutes % (24 * 60) == 0:
        n = rules.wait_minutes // (24 * 60)
        return ngettext("At most once a day.", "At most once every %(n)d days.", n) % {"n": n}
    if rules.wait_minutes % 60 == 0:
        n = rules.wait_minutes // 60
        return ngettext("At most once an hour.", "At most once every %(n)d hours.", n) % {"n": n}
    n = rules.wait_minutes
    return ngettext("At most once a minute.", "At most once every %(n)d minutes.", n) % {"n": n}


def _reward(rules: StampRules) -> str:
    return ngettext(
        "You need %(n)d stamp. Then you get: %(reward)s.",
        "You need %(n)d stamps. Then you get: %(reward)s.",
        rules.need,
    ) % {"n": rules.need, "reward": rules.reward}


def _welcome(rules: StampRules) -> str:
    if not rules.welcome:
        return ""
    return ngettext(
        "The first stamp is from us.", "The first %(n)d stamps are from us.", rules.welcome
    ) % {"n": rules.welcome}


def _expiry(rules: StampRules) -> str:
    if not rules.expires_months:
        return _("Stamps do not run out.")
    return ngettext(
        "Stamps last %(n)d month from the day you get them.",
        "Stamps last %(n)d months from the day you get them.",
        rules.expires_months,
    ) % {"n": rules.expires_months}


def _season(rules: StampRules) -> str:
    starts, ends = (
        formats.date_format(day) if day else "" for day in (rules.starts_on, rules.ends_on)
    )
    if starts and ends:
        return _("The card runs from %(starts)s to %(ends)s.") % {"starts": starts, "ends": ends}
    if starts:
        return _("The card starts on %(starts)s.") % {"starts": starts}
    return _("The card ends on %(ends)s.") % {"ends": ends} if ends else ""


def _claim(rules: StampRules) -> str:
    if not rules.reward_months:
        return _("A reward is for you, has no cash value, and does not run out.")
    return ngettext(
        "A reward is for you, has no cash value, and lasts %(n)d month.",
        "A reward is for you, has no cash value, and lasts %(n)d months.",
        rules.reward_months,
    ) % {"n": rules.reward_months}
