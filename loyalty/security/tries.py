"""A mailed code has three tries, however many are sent at once and to however many processes."""

from datetime import datetime, timedelta

from django.db.models import F

from loyalty import keys
from loyalty.models import TriedCode

MOST = 3  # as allauth counts them one after the other, in the session
REMEMBERED = timedelta(days=1)  # codes live for ten minutes


def take(code: str) -> bool:
    """Count one more try of `code`, named together with the session it was mailed for.

    False: there was none left, and the code must not be compared. The database decides in one
    conditional statement, before anybody looks whether the code is right.
    """
    digest = keys.hashed(code)
    TriedCode.objects.bulk_create([TriedCode(digest=digest)], ignore_conflicts=True)
    left = TriedCode.objects.filter(digest=digest, tries__lt=MOST)
    return bool(left.update(tries=F("tries") + 1))


def forget_old(now: datetime) -> None:
    """The codes are long dead, and so need no count."""
    TriedCode.objects.filter(first_at__lt=now - REMEMBERED).delete()
