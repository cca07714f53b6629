"""What becomes of acts that many try at once."""

from django.db import IntegrityError

from loyalty import keys
from loyalty.refusals import Refused
from members.ledger import posting
from tests.factories import stamp


def outcome(act, *, says="done", **wish):
    """What becomes of an act; a busy database is asked again, with the same key."""

    def tried():
        for _try in range(40):
            try:
                act(**wish)
            except posting.Busy:
                continue
            except Refused as refusal:
                return type(refusal).__name__
            except IntegrityError:
                return "stopped"
            return says
        raise AssertionError("the database never answered")

    return tried


def stamping(member, counter):
    return outcome(stamp, membership=member, counter=counter, key=keys.new())
