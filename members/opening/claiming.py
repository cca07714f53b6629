"""Who proves the e-mail that a file had for a card gets the card."""

from contextlib import suppress

from allauth.account.models import EmailAddress

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.models import Person, Shop
from loyalty.refusals import Refused
from members.models import Membership
from members.opening.models import OpeningLine
from members.operations import save_card
from members.paper.operations import move_to_phone


def claim(shop: Shop, person: Person) -> Membership | None:
    """The card that was brought in for somebody who is signed in, tied to them from now on.

    None: there is none, or somebody has it already or was quicker.
    """
    if not _proved(person):
        return None
    lines = OpeningLine.objects.brought_in().filter(shop=shop, email=person.email, made=True)
    free = lines.filter(
        membership__unclaimed=True,
        membership__merged_into=None,
        membership__leaving_since=None,
        membership__person=None,
    )
    line = free.select_related("membership__shop").order_by("pk").first()
    if line is None or line.membership is None:
        return None
    with suppress(Refused):
        return _hand_over(line.membership, person)
    return None


def _proved(person: Person) -> bool:
    return EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists()


def _hand_over(card: Membership, person: Person) -> Membership:
    """As a paper card moves to a phone: new codes and a new link; then saved with the e-mail."""
    actor = Actor(card.shop, Channel.CARD, person=person)
    key = keys.derived("claim_opening", card.pk, person.pk)
    language = person.language or card.language
    moved = move_to_phone(membership=card, own=None, language=language, key=key, actor=actor)
    save_card(membership=moved, person=person, key=keys.derived("save", key), actor=actor)
    return moved


def forget(card: Membership) -> None:
    """The card is erased: no line leads to its owner."""
    lines = OpeningLine.objects.filter(membership=card)
    lines.update(name="", phone="", email="", code="")
