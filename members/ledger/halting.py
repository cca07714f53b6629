"""What stops an operation in an emergency; see `loyalty/halts/models.py`."""

from django.db.models import QuerySet

from loyalty.actors import Channel
from loyalty.halts.models import Halt
from loyalty.halts.refusals import Halted
from members.ledger.models import Operation


def halts_on(op: Operation) -> "QuerySet[Halt]":
    """Those that stop what it turned out to do.

    What a rule of time does (an end, a treat that is due) is not halted: nobody asked for it.
    """
    if op.channel == Channel.JOB:
        return Halt.objects.none()
    return Halt.objects.concerning(
        shop=op.shop, counter=op.counter, earns=op.earns, redeems=op.redeems
    )


def why(halts: "QuerySet[Halt]") -> Halted:
    """It may have been taken back a moment ago."""
    return Halted(halts.values_list("what", flat=True).first() or Halt.What.EVERYTHING)
