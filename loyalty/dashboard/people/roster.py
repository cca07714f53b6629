"""Who stands at the counters of a shop, and which devices the counters are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, prefetch_related_objects

from loyalty import roles
from loyalty.invitations.models import Invitation
from loyalty.models import Counter, Role, Shop, StaffMember
from loyalty.refusals import Refused
from members.ledger.models import Operation
from stampcards.counter.finding import MISSES, PAUSE
from stampcards.counter.models import CodeMiss

BRING_BACK = timedelta(days=14)  # how long a removed counter can be brought back


@dataclass(frozen=True)
class Colleague:
    """Somebody on the staff, as the reader sees them."""

    staff: StaffMember
    places: list[str]  # none: everywhere
    may_change: bool
    is_reader: bool

    @property
    def role(self) -> Role | None:
        return self.staff.role


def colleagues(reader: Role) -> list[Colleague]:
    """Everybody who is or was on the staff at the places the reader looks after."""
    prefetch_related_objects([reader], "locations")  # looked at beside every one of them
    everybody = StaffMember.objects.filter(shop=reader.shop).select_related("role__person")
    return [
        Colleague(
            staff,
            places=names_of_places(staff.role) if staff.role else [],
            may_change=roles.may_look_after(reader, staff.role) or staff.role_id == reader.pk,
            is_reader=staff.role_id == reader.pk,
        )
        for staff in everybody.prefetch_related("role__locations")
        if roles.may_see(reader, staff.role)
    ]


def names_of_places(role: Role) -> list[str]:
    """Where a role holds; none: everywhere."""
    if role.level == Role.Level.OWNER:
        return []
    return sorted(place.name for place in role.locations.all())


@dataclass(frozen=True)
class Invited:
    """Somebody who has not answered yet."""

    invitation: Invitation
    places: list[str]
    has_run_out: bool


def invited(reader: Role, now: datetime, *, staff: StaffMember | None = None) -> list[Invited]:
    """Invitations without an answer that the reader may send again; `staff`: one colleague's."""
    prefetch_related_objects([reader], "locations")
    waiting = Invitation.objects.filter(shop=reader.shop).unanswered()
    if staff:
        waiting = waiting.filter(staff=staff)
    return [
        Invited(each, [place.name for place in each.locations.all()], each.has_run_out(now))
        for each in waiting.select_related("staff").prefetch_related("locations")
        if may_send(reader, each)
    ]


def may_send(reader: Role, invitation: Invitation) -> bool:
    """Could they have sent it themselves?"""
    try:
        level = Role.Level(invitation.level)
        roles.refuse_more_than(reader, level, invitation.locations.all())
    except Refused:
        return False
    return True


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
    counted = misses.values("counter", "counter__name").annotate(wrong=Count("pk"), last=Max("at"))
    return counted.filter(wrong__gte=MISSES).order_by("counter__name", "counter")
