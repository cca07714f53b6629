"""What the law leaves out of a reward, wherever its promise stands."""

from django.utils.translation import gettext as _

from loyalty.models import Shop, Trade


def exception(shop: Shop) -> str:
    """The sentence that must stand beside the promise, or ""."""
    # Norway's Alcohol Act forbids rebates on alcohol; see ux-journeys section 4.
    if shop.country == Shop.Country.NORWAY and shop.trade == Trade.RESTAURANT:
        return _("Does not apply to alcohol.")
    return ""
