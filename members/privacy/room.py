"""What privacy answers when the house asks."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from members.models import Membership
from members.privacy import erasures, operations
from members.privacy.models import Erasure

SOMETHING_LEFT = (
    Q(person__isnull=False)
    | Q(birth_day__isnull=False)
    | ~Q(name="", phone="", note="")
    | Q(service_mail=True)
    | Q(consents__withdrawn_at=None, consents__isnull=False)
)


def tick(now: datetime) -> None:
    operations.erase_due(now)
    erasures.note(now)


def audit() -> Iterator[str]:
    """A card that was erased has no owner any more, and stays out of use."""
    erased = Membership.objects.filter(erased_at__isnull=False)
    for card in erased.filter(SOMETHING_LEFT).distinct():
        yield f"membership {card.pk} is erased and says whose it was"
    for card in erased.filter(leaving_since=None):
        yield f"membership {card.pk} is erased and in use"
    for asked in Erasure.objects.filter(erased_at__isnull=False, membership__erased_at=None):
        yield f"erasure {asked.pk} says what was not done"
