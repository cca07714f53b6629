"""What a member wants to be mailed about: chosen, and taken back, by themselves alone."""

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.models import Shop
from members.messages import mailing
from members.messages.models import Message
from members.messages.operations import Purpose, locked
from members.models import Consent, Membership


def question(shop: Shop) -> str:
    """What stands beside the box for news: asked in these words, and kept with the answer."""
    return f"{question_itself()}. {terms(shop)}"


def question_itself() -> str:
    return _("Send me news and early access by e-mail")


def terms(shop: Shop) -> str:
    """Who sends, by which channel, to whom which, and how to stop."""
    return _(
        "%(shop)s sends them, at most two e-mails a week, and may choose by your visits what you "
        "get. I am 15 or older. You can withdraw this at any time, here or with one tap in each "
        "e-mail."
    ) % {"shop": shop.name}


@transaction.atomic
def start_mail(
    card: Membership, purpose: Message.Purpose, *, way: Consent.Way, words: str = ""
) -> None:
    """A member chose mail of a purpose. `words`: what was read; empty: as at the last time."""
    card = locked(card)
    if purpose == Purpose.SERVICE:
        card.service_mail = True
        card.save(update_fields=["service_mail"])
        return
    said = Consent.objects.filter(membership=card, purpose=Consent.Purpose.NEWS)
    if said.stands().exists():
        return
    latest = said.order_by("-pk").first()
    Consent.objects.create(
        shop=card.shop,
        membership=card,
        purpose=Consent.Purpose.NEWS,
        words=words or (latest.words if latest else question(card.shop)),
        given_at=clock.now(),
        given_by=way,
    )


@transaction.atomic
def stop_mail(card: Membership, purpose: Message.Purpose, *, way: Consent.Way) -> None:
    """A member wants no more mail of a purpose: none is posted, and what waits does not go out.

    By a link of a card that became another it is stopped on both: they may be two again.
    """
    kept = locked(card)
    cards = Membership.objects.filter(pk__in=[card.pk, kept.pk])
    if purpose == Purpose.SERVICE:
        cards.update(service_mail=False)
    else:
        said = Consent.objects.filter(membership__in=cards, purpose=Consent.Purpose.NEWS)
        said.stands().update(withdrawn_at=clock.now(), withdrawn_by=way)
    mailing.call_off(kept, purpose)
