"""What a shop notes about a member. They read it with their data."""

from django.db import transaction

from loyalty.actors import Actor
from loyalty.journal import operations as journal
from members.messages.operations import locked
from members.models import Membership


@transaction.atomic
def note(*, membership: Membership, text: str, actor: Actor) -> None:
    """Keep a note, or with "" none. The log says who and when, never what it says.

    Of a card that became part of another one meanwhile, it stands there; a card that was deleted
    meanwhile gets none.
    """
    card = locked(membership)
    if card.note == text or card.leaving_since:
        return
    card.note = text
    card.save(update_fields=["note"])
    journal.write(actor, "member_note", after={"member": card.pk})
