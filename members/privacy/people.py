"""What goes with somebody's sign-in, once it is needed for nothing any more."""

import json
import re
from contextlib import suppress
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import ProtectedError
from django_scopes import scopes_disabled

from loyalty.models import Person, Role
from loyalty.outbox.models import OutboxMessage
from members.models import Membership

store = import_module(settings.SESSION_ENGINE).SessionStore


def is_needed(person: int) -> bool:
    """Have they a card anywhere that is not erased, a role in a shop, or do they run the site?"""
    with scopes_disabled():
        has_card = Membership.objects.filter(person=person).exists()
    runs_the_site = Person.objects.filter(pk=person, is_staff=True).exists()
    return has_card or works_in_a_shop(person) or runs_the_site


def works_in_a_shop(person: int) -> bool:
    """Now or once: what they did there stands in the shop's log."""
    return Role.objects.filter(person=person).exists()


def forget_unless_needed(person: int) -> None:
    """Within a transaction: no sign-in, no address, no name is left; nor who they were."""
    found = Person.objects.select_for_update(no_key=True).filter(pk=person).first()
    if found is None or is_needed(person):
        return
    addresses = _addresses_of(found)
    for address in addresses:
        OutboxMessage.objects.filter(to__iexact=address).delete()
    _end_sessions(found, addresses)
    for what in (EmailAddress, Authenticator, UserSession):
        what.objects.filter(user=found).delete()
    _empty(found)


def _addresses_of(person: Person) -> set[str]:
    own = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return {address.lower() for address in (person.email, *own) if address}


def _end_sessions(person: Person, addresses: set[str]) -> None:
    """Where they are signed in, and where their address was only typed. Sessions are few: most
    customers have none, and they end by themselves after two weeks."""
    for session in Session.objects.iterator():
        kept = session.get_decoded()
        told = json.dumps(kept, ensure_ascii=False, default=str).lower()
        if kept.get(SESSION_KEY) == str(person.pk) or any(_names(told, each) for each in addresses):
            store(session.session_key).delete()  # from the cache as well


def _names(told: str, address: str) -> bool:
    """Is it this address, and not the end of a longer one?"""
    return re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", told) is not None


def _empty(person: Person) -> None:
    """What they did stays in the books, done by nobody; without that, not even the row stays."""
    person.email, person.name, person.language = None, "", ""
    person.is_active, person.last_login = False, None
    person.set_unusable_password()
    person.save()
    with suppress(ProtectedError):
        person.delete()
