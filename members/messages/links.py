"""The link in a mail that stops such mail: no sign-in, no last day, and nothing personal in it."""

from django.conf import settings
from django.core import signing
from django.http import Http404
from django.urls import reverse
from django_scopes import scopes_disabled

from members.messages.models import Message
from members.models import Membership

_signer = signing.Signer(salt="members.messages.stop")


class UnknownLink(Http404):
    """Not a link of ours, or one that was cut off on its way."""


def stop_link(card: Membership, purpose: Message.Purpose) -> str:
    """The whole address, for a mail."""
    return settings.PUBLIC_URL + reverse("messages:stop", args=[signed(card, purpose)])


def signed(card: Membership, purpose: Message.Purpose) -> str:
    return _signer.sign(f"{card.pk}.{purpose}")


def opened(link: str) -> tuple[Membership, Message.Purpose]:
    """Whose mail of which purpose. The card may have become another since."""
    try:
        pk, purpose = _signer.unsign(link).split(".")
    except signing.BadSignature as wrong:
        raise UnknownLink from wrong
    with scopes_disabled():
        card = Membership.objects.select_related("shop").filter(pk=pk).first()
        if card is None:
            raise UnknownLink
        return card, Message.Purpose(purpose)
