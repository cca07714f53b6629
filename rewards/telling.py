"""A reward is ready: the card shows it by itself, and a mail says it to who chose that."""

from members.messages import operations as messages
from rewards.models import Claim

# Points, early access and what a level gives are asked for by their members, who are looking at
# it; what a friend brought is told by the room of friends.
TOLD = {Claim.Source.CARD, Claim.Source.BIRTHDAY}


def tell_ready(claim: Claim) -> None:
    """As part of the operation that earned it. On the card it would stand twice, so it is over."""
    if claim.source not in TOLD:
        return
    messages.tell(
        claim.membership,
        template="rewards/mail/ready",
        values={
            "title": claim.title,
            "expires_on": claim.last_day.isoformat() if claim.last_day else "",
        },
        purpose=messages.Purpose.SERVICE,
        once=once(claim),
        at=claim.issued_at,
        until=claim.issued_at,
    )


def tell_no_more(claim: Claim) -> None:
    """It was used or taken back: a mail that waits for the morning does not go out, and nobody is
    reminded of what they have collected."""
    if claim.source in TOLD:
        messages.take_off(claim.membership, once(claim))
    elif claim.source == Claim.Source.EARLY:
        messages.take_off(claim.membership, reminder(claim))


def once(claim: Claim) -> str:
    return f"claim-{claim.pk}"


def reminder(claim: Claim) -> str:
    """Under which early access reminds of what it keeps."""
    return f"lapses-{claim.pk}"
