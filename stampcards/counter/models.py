"""What the till remembers beside the ledger: codes that were typed wrong."""

from datetime import datetime
from typing import Self

from django.db import models
from django_scopes import ScopedManager

from loyalty.models import Counter, Shop


class CodeMissQuerySet(models.QuerySet["CodeMiss"]):
    def since(self, moment: datetime) -> Self:
        return self.filter(at__gt=moment)


class CodeMiss(models.Model):
    """A short code that was no card: guesses are counted in rows, which no cache forgets (F3)."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="misses")
    at = models.DateTimeField()

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(CodeMissQuerySet), shop="shop"
    )

    class Meta:
        indexes = [models.Index(fields=["counter", "-at"], name="misses_at_a_counter")]

    def __str__(self) -> str:
        return f"miss at counter {self.counter_id}"
