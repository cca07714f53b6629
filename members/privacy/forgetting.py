"""What erasing takes off a card. Each room takes off its own, when it is asked to `forget`."""

from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from loyalty import codes, keys
from members import rooms
from members.card_codes import free_short_code
from members.ledger import posting
from members.ledger.models import Lot, Operation
from members.models import Consent, Membership, PaperCard, RetiredCode
from members.operations import LINK_BITS
from members.privacy.models import Erasure


def forget_card(op: Operation, card: Membership) -> None:
    """Nothing on the card leads to anybody, and nothing on it can be used."""
    for forget in rooms.answering("forget"):
        forget(op, card, op.occurred_at)
    _let_everything_run_out(op, card)
    RetiredCode.objects.filter(membership=card).delete()
    _give_paper_other_codes(card)
    _empty(op, card)


def _let_everything_run_out(op: Operation, card: Membership) -> None:
    """What nobody can spend is not owed: the books say when it went."""
    left = Lot.objects.filter(account__membership=card).left()
    for lot in left.select_related("account__rule_version").order_by("pk"):
        posting.expire(op, lot)


def _give_paper_other_codes(card: Membership) -> None:
    """The sheet still counts it; what is printed on it is nobody's code."""
    for paper in PaperCard.objects.filter(membership=card):
        paper.counter_code, paper.short_code = codes.counter_code(), free_short_code()
        paper.save(update_fields=["counter_code", "short_code"])


def _empty(op: Operation, card: Membership) -> None:
    """What stays is when and by which way it was made, for the shop's figures."""
    blank = {
        "name": "",
        "phone": "",
        "birthday": None,
        "note": "",
        "person": None,
        "service_mail": False,
        "named": True,  # nobody is asked for it
        "unclaimed": False,  # nor may anybody take it over
        "language": op.shop.language,
        "private": keys.secret(bits=LINK_BITS),
        "counter_code": codes.counter_code(),
        "short_code": free_short_code(),
        "friend_code": codes.friend_code(),
    }
    for name, nothing in blank.items():
        setattr(card, name, nothing)
    if card.source == Membership.Source.FRIEND:
        card.source_detail = ""  # which was somebody's code
    card.leaving_since = card.leaving_since or op.occurred_at  # of a card that was merged
    card.erased_at = op.occurred_at
    card.save()


def proof_of(erasure: Erasure, cards: Iterable[Membership]) -> str:
    """That this address said yes to mail once, for who knows it. "": nobody ever did."""
    if not Consent.objects.filter(membership__in=list(cards)).exists():
        return ""
    person = erasure.membership.person
    if person is None or not person.email:
        return ""
    told = f"{erasure.pseudonym} {person.email}"
    return salted_hmac("members.privacy.proof", told, algorithm="sha256").hexdigest()
