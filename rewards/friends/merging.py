"""Two cards become one: friends follow the card that is kept, and nobody brings themselves.

The card that was there first decides: whoever came as a friend with a second card was a customer
already. So nobody gets round in a circle either, as every circle closes with an older card.
"""

from typing import TypedDict

from django.db.models import Q

from members.ledger.models import Operation
from members.models import Membership
from rewards.friends.doubts import customer_since
from rewards.friends.models import Inviting, Referral, Thanked, Thanks
from rewards.friends.operations import PAYS_AGAIN, ask_back, refuse

Pays, Side, State = Inviting.Pays, Thanks.Side, Referral.State


class Was(TypedDict):
    """A referral before the merge."""

    referral: int
    friend: int
    member: int
    state: str


def merged(op: Operation, gone: Membership, kept: Membership) -> list[Was]:
    """Let friends follow the kept card. Returns how everything was."""
    found = _of(gone, kept)
    before = [_was(referral) for referral in found]
    refused = [referral for referral in found if _was_here(referral, gone, kept)]
    for referral in refused:  # first, as a friend comes through one member
        if referral.state != State.REFUSED:
            refuse(op, referral)
    for referral in found:
        if referral not in refused:
            _follow(referral, gone, kept)
    return before


def _was(referral: Referral) -> Was:
    return {
        "referral": referral.pk,
        "friend": referral.friend_id,
        "member": referral.member_id,
        "state": referral.state,
    }


def _of(gone: Membership, kept: Membership) -> list[Referral]:
    """All of both cards, under their locks: locked alone, and read again with their friends."""
    both = [gone, kept]
    found = Referral.objects.filter(Q(friend__in=both) | Q(member__in=both)).order_by("pk")
    held = list(found.select_for_update(of=("self",)).values_list("pk", flat=True))
    return list(Referral.objects.filter(pk__in=held).select_related("friend").order_by("pk"))


def _was_here(referral: Referral, gone: Membership, kept: Membership) -> bool:
    """Is the friend the member themselves, or had they the other card before this one?"""
    both = {gone.pk, kept.pk}
    if referral.friend_id not in both:
        return False
    first = min(customer_since(gone), customer_since(kept))
    return referral.member_id in both or first < customer_since(referral.friend)


def _follow(referral: Referral, gone: Membership, kept: Membership) -> None:
    if referral.friend_id == gone.pk:
        referral.friend = kept
    if referral.member_id == gone.pk:
        referral.member = kept
    referral.save(update_fields=["friend", "member"])


def parted(op: Operation, before: list[Was]) -> None:
    """The two cards are two again: each has its friends back, and nothing was taken for it yet."""
    referrals = Referral.objects.in_bulk([was["referral"] for was in before])
    for was in sorted(before, key=lambda was: was["state"] == State.REFUSED):
        _go_back(op, referrals[was["referral"]], was)


def _go_back(op: Operation, referral: Referral, was: Was) -> None:
    referral.friend_id, referral.member_id = was["friend"], was["member"]
    if referral.state == State.REFUSED != was["state"]:
        referral.state = _state_again(referral, State(was["state"]))
        _ask_again(op, referral)
    referral.save(update_fields=["friend", "member", "state"])


def _state_again(referral: Referral, state: Referral.State) -> Referral.State:
    """As it was, but for what was undone meanwhile: their purchase, or what the member got."""
    if referral.pays == Pays.PURCHASE and state in PAYS_AGAIN and referral.bought_id is None:
        return State.JOINED
    own = Thanked.objects.filter(referral=referral, side=Side.MEMBER)
    if state == State.REWARDED and own.exists() and not own.standing().exists():
        return State.TAKEN_BACK
    return state


def _ask_again(op: Operation, referral: Referral) -> None:
    """Whoever was no customer of old keeps what they got, unless their purchase was undone."""
    Thanked.objects.standing().filter(referral=referral).update(asked_back_by=None)
    if referral.state == State.JOINED:
        ask_back(op, referral, Side.MEMBER)
