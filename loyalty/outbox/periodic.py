"""Who does a periodic job, and when it was done. Which jobs there are is said on the roof."""

from datetime import datetime, timedelta

from django.db.models import Q

from loyalty.outbox.models import PeriodicJob

LEASE = timedelta(minutes=15)  # a worker silent for so long is gone, and another one takes over


def take(name: str, *, since: datetime, now: datetime) -> bool:
    """Lease a job that was not done since a moment, unless another worker was a moment quicker."""
    PeriodicJob.objects.get_or_create(name=name)
    due = Q(last_run=None) | Q(last_run__lt=since)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return PeriodicJob.objects.filter(due, free, name=name).update(lease_until=now + LEASE) == 1


def finish(name: str, *, began: datetime, found: str = "") -> None:
    """The job is done until its next moment comes. `found` says what it found wrong."""
    PeriodicJob.objects.filter(name=name).update(last_run=began, lease_until=None, found=found)
