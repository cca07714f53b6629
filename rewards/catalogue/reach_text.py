"""How far away a reward is, in plain words for its owner."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rewards.catalogue.reach import Reach


def sentence(reach: Reach) -> str:
    """A typical member reaches it in about 12 visits, 7 weeks."""
    visits = ngettext("%(n)d visit", "%(n)d visits", reach.visits) % {"n": reach.visits}
    if reach.visits == 1:
        return _("A typical member reaches it in one visit.")
    if not reach.days:
        return _("A typical member reaches it in about %(visits)s.") % {"visits": visits}
    told = {"visits": visits, "time": span(reach.days)}
    return _("A typical member reaches it in about %(visits)s, %(time)s.") % told


def span(days: int) -> str:
    """7 weeks: as exact as such a guess can be."""
    if days < 14:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days <= 90:
        weeks = round(days / 7)
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    if days < 2 * 365:
        months = round(days / 30)
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = round(days / 365)
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}
