"""Was somebody a customer before they came as a friend? (REF-05, F6)

Much of it is known only later: a name stands on no card, a number and an e-mail come when they
come. So it is asked when they join and again before anything is paid.
"""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from members.family import cards_of
from members.models import Membership
from rewards.friends.mailboxes import domains, mailbox
from rewards.friends.models import Referral


def known_before(referral: Referral) -> bool:
    """Is the friend the member themselves, or had they a card here before? Needs both cards.

    Whoever goes round in a circle had a card before, too: a friend's friend brings nobody back.
    """
    card = referral.friend.became
    own = cards_of(card)
    if referral.member.became == card or any(_is_older(each, referral) for each in own):
        return True
    earlier = Membership.objects.filter(shop=referral.shop_id, joined_at__lt=referral.joined_at)
    return _same_number(earlier, card, own) or _same_mailbox(earlier, card, own)


def customer_since(card: Membership) -> tuple[object, int]:
    """When the first of its cards was made. Older ones come first."""
    return min((each.joined_at, each.pk) for each in cards_of(card))


def _is_older(card: Membership, referral: Referral) -> bool:
    return card.pk != referral.friend_id and card.joined_at < referral.joined_at


def _same_number(earlier: QuerySet[Membership], card: Membership, own: list[Membership]) -> bool:
    if not card.phone:
        return False
    return earlier.filter(phone=card.phone).exclude(pk__in=_ids(own)).exists()


def _same_mailbox(earlier: QuerySet[Membership], card: Membership, own: list[Membership]) -> bool:
    email = card.person.email if card.person else None
    if not email:
        return False
    there = reduce(or_, (Q(person__email__iendswith=f"@{one}") for one in domains(email)))
    alike = earlier.filter(there, person__email__istartswith=email[0])
    addresses = alike.exclude(pk__in=_ids(own)).values_list("person__email", flat=True)
    return any(mailbox(other) == mailbox(email) for other in addresses if other)


def _ids(cards: list[Membership]) -> list[int]:
    return [card.pk for card in cards]
