"""How many may join from one address: a shop's Wi-Fi is one, and so is a robot."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from loyalty import keys
from loyalty.refusals import Refused

JOINS_PER_ADDRESS_AND_HOUR = 60
HOUR = 3600


class TooManyJoins(Refused):
    """More cards were made from this address within the hour than a full shop would need."""

    code = "too_many_joins"

    def __str__(self) -> str:
        return _("Many new cards came from here just now. Try again in an hour, or ask staff.")


def count_join(request: HttpRequest, now: datetime) -> None:
    """Count one more from this address. Refused: TooManyJoins.

    Kept in the cache: a miss under load lets one more through, and nothing hangs on it. Not with
    `incr`, which fails on what the cache forgot and, in a database, forgets after five minutes.
    """
    address = keys.hashed(get_adapter().get_client_ip(request))
    name = f"joins:{now:%Y%m%d%H}:{address}"
    joins = cache.get(name, 0) + 1
    cache.set(name, joins, HOUR)
    if joins > JOINS_PER_ADDRESS_AND_HOUR:
        raise TooManyJoins
