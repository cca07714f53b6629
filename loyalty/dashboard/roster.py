"""Who stands at the counters of a shop, and which devices the counters are."""

from datetime import datetime, timedelta

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from loyalty.models import Counter, Shop, StaffMember
from members.ledger.models import Operation
from stampcards.counter.finding import MISSES, PAUSE
from stampcards.counter.models import CodeMiss

BRING_BACK = timedelta(days=14)  # how long a removed counter can be brought back


def staff_of(shop: Shop) -> QuerySet[StaffMember]:
    """Everybody who is or was on the staff, with their sign-in."""
    return StaffMember.objects.filter(shop=shop).select_related("role")


def counters_in_use(shop: Shop) -> QuerySet[Counter]:
    """Paired devices, with when each was used last: `last_used`, None for never."""
    done = Operation.objects.filter(counter=OuterRef("pk")).order_by("-pk")
    counters = Counter.objects.usable().filter(shop=shop, paired_at__isnull=False)
    return counters.select_related("location", "staff").annotate(
        last_used=Subquery(done.values("occurred_at")[:1])
    )


def counters_removed(shop: Shop, now: datetime) -> QuerySet[Counter]:
    """Devices that were switched off lately and can be brought back."""
    return Counter.objects.filter(
        shop=shop, revoked_at__gt=now - BRING_BACK, device_hash__isnull=False
    )


def locked_counters(shop: Shop, now: datetime) -> QuerySet[CodeMiss, dict]:
    """Counters where so many wrong codes were typed that typing is locked: somebody guesses."""
    misses = CodeMiss.objects.filter(shop=shop).since(now - PAUSE)
    counted = misses.values("counter__name").annotate(wrong=Count("pk"), last=Max("at"))
    return counted.filter(wrong__gte=MISSES).order_by("counter__name")
