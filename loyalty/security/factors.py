"""Who has a second factor, who must have one, and what becomes of a lost one."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from loyalty.models import Person, Role
from loyalty.outbox import operations as outbox

Type = Authenticator.Type


def factors_of(person: Person) -> QuerySet[Authenticator]:
    """Their passkeys and their app. Recovery codes are what stands in for one."""
    mine = Authenticator.objects.filter(user=person).exclude(type=Type.RECOVERY_CODES)
    return mine.order_by("type", "created_at", "pk")


def must_have_one(person: Person) -> bool:
    """Whoever owns a shop that has started; it is not asked for before."""
    owned = Role.objects.active().filter(person=person, level=Role.Level.OWNER)
    return owned.filter(shop__live_since__isnull=False).exists()


@transaction.atomic
def reset(person: Person) -> int:
    """Take every second factor away, sign them out everywhere, and tell them. Returns how many.

    For whoever runs the site, when phone and recovery codes are gone. They sign in with a mailed
    code and set up a new one.
    """
    gone, _by_model = Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    if gone:
        tell(person, "reset")
    return gone


def tell(person: Person, happened: str) -> None:
    """By mail, so that whoever did not do it themselves learns of it."""
    if person.email:
        outbox.post(
            to=person.email,
            template="account/email/second_factor",
            values={"happened": happened},
            language=person.language or settings.LANGUAGE_CODE,
        )
