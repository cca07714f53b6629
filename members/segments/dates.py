"""Who joined when, and whose visits say what. Days are days in shop time."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import TruncDate
from django_scopes import get_scope

from loyalty.calendar import midnight
from loyalty.models import Shop
from members.family import Cards, card_of, together
from members.ledger.models import Visit, local_day
from members.models import Membership

LAST_DAYS = 30  # whole days before today; today counts as well
REGULAR_VISITS = 4
USED_TO_COME = 3  # visits; fewer show no habit
LONG = 2  # times their usual gap


def new(cards: Cards, now: datetime) -> Q:
    """Joined lately, and not with an older card that became part of this one."""
    since = _begin(now)
    older = Membership.objects.filter(merged_into__isnull=False, joined_at__lt=since)
    had_one = older.annotate(card=card_of("pk", "merged_into")).values("card")
    return Q(joined_at__gte=since, joined_at__lte=now) & ~Q(pk__in=had_one)


def regulars(cards: Cards, now: datetime) -> Q:
    """Came often lately."""
    lately = _visits(cards, now).filter(at__gte=_begin(now)).alias(n=Count("pk"))
    return Q(pk__in=lately.filter(n__gte=REGULAR_VISITS).values("card"))


def gone_quiet(cards: Cards, now: datetime) -> Q:
    """Came often enough to have a usual gap, the mean of theirs, and has been away for long."""
    shop = _shop()
    seen = _visits(cards, now).alias(
        n=Count("pk"),
        first=TruncDate(Min("at"), tzinfo=shop.zone),
        last=TruncDate(Max("at"), tzinfo=shop.zone),
    )
    # away > LONG x (last - first) / (n - 1), without a division
    away = Value(local_day(shop, now)) - F("last")
    often = seen.filter(n__gte=USED_TO_COME).alias(
        waited=ExpressionWrapper(away * (F("n") - 1), DurationField()),
        usual=ExpressionWrapper((F("last") - F("first")) * LONG, DurationField()),
    )
    quiet = often.filter(last__lt=_first_day(now), waited__gt=F("usual"))
    return Q(pk__in=quiet.values("card"))


def _begin(now: datetime) -> datetime:
    """The first moment of the last 30 days."""
    return midnight(_first_day(now), _shop().zone)


def _first_day(now: datetime) -> date:
    return local_day(_shop(), now) - timedelta(days=LAST_DAYS)


def _shop() -> Shop:
    return cast(Shop, get_scope()["shop"])


def _visits(cards: Cards, now: datetime) -> QuerySet[Any]:
    """Visits that stand, by `card`: where they count now."""
    ours = Visit.objects.filter(membership__in=together(cards), voided_by=None, at__lte=now)
    return ours.order_by().annotate(card=card_of("pk")).values("card")
