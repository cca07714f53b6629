"""Everything kept about one member, by headings, for their own eyes: on a page and in a file.

Nothing of anybody else stands in it: no colleague of the shop, no friend by name, and of others'
codes none. A card may be shared by its link, and a sign-in may not: what belongs to the sign-in
is told to whoever is signed in with it.
"""

from datetime import date
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from loyalty import money, phones
from loyalty.models import Person
from loyalty.models.people import masked
from members import rooms
from members.card.happenings import in_words
from members.card.history import words_of
from members.family import cards_of
from members.ledger.models import LedgerEntry, Visit
from members.models import Consent, Membership

Told = dict[str, Any]
LEAP_YEAR = 2000  # nobody is asked for the year


def everything_about(membership: Membership, reader: Person | AnonymousUser) -> Told:
    """By headings: a dict of facts, or a list of such. Moments, days and numbers as they are."""
    cards = cards_of(membership)
    told: Told = {
        _("Your card"): _card(membership, reader),
        _("Cards that became part of it"): [_card(card, reader) for card in cards[1:]],
        **_sign_in(membership.person, reader),
        _("What you agreed to"): [_consent(said) for said in _consents(cards)],
        _("Visits"): [_visit(visit) for visit in _visits(cards)],
        _("Stamps, points and corrections"): [_entry(entry) for entry in _entries(cards)],
    }
    for card in cards:
        for personal_data in rooms.answering("personal_data"):
            for heading, lines in (personal_data(card) or {}).items():
                known = told.setdefault(heading, [])
                known += [line for line in lines if line not in known]
    return {heading: facts for heading, facts in told.items() if facts}


def _card(card: Membership, reader: Person | AnonymousUser) -> Told:
    paper = getattr(card, "paper", None)
    return {
        _("First name"): card.name,
        _("E-mail"): _address(card.person, reader),
        _("Mobile number"): phones.shown(card.phone, card.shop.country),
        _("Birthday"): _birthday(card),
        _("Language"): card.get_language_display(),
        _("E-mail about your card"): card.service_mail,
        _("What the shop noted about you"): card.note,
        _("Code"): card.spoken_code,
        _("Made on"): card.joined_at,
        _("How you came"): _way(card),
        _("You accepted the club rules on"): card.accepted_rules_at,
        _("Paper card printed on"): paper and paper.printed_at,
    }


def _address(person: Person | None, reader: Person | AnonymousUser) -> str:
    """In full to whoever has proved it is theirs; who holds the link of the card has not."""
    if person is None or not person.email:
        return ""
    return person.email if person == reader else masked(person.email)


def _birthday(card: Membership) -> str:
    if card.birthday is None:
        return ""
    day, month = card.birthday
    return formats.date_format(date(LEAP_YEAR, month, day), "MONTH_DAY_FORMAT")


def _way(card: Membership) -> str:
    """Poster, a4. A friend's code is the friend's."""
    words = [card.get_source_display()]
    if card.source_detail and card.source != Membership.Source.FRIEND:
        words.append(card.source_detail)
    return ", ".join(words)


def _sign_in(person: Person | None, reader: Person | AnonymousUser) -> Told:
    if person is None or person != reader:
        return {}
    sessions = UserSession.objects.filter(user=person).order_by("-created_at")
    return {
        _("Your sign-in"): {
            _("First name"): person.name,
            _("E-mail"): person.email,
            _("Language"): person.get_language_display(),
            _("Made on"): person.created_at,
            _("Signed in last"): person.last_login,
        },
        _("Where you are signed in"): [
            {_("Since"): each.created_at, _("Browser"): each.user_agent, _("Address"): each.ip}
            for each in sessions
        ],
    }


def _consents(cards: list[Membership]) -> "QuerySet[Consent]":
    return Consent.objects.filter(membership__in=cards).order_by("-pk")


def _consent(said: Consent) -> Told:
    return {
        _("What"): said.get_purpose_display(),
        _("What you read"): said.words,
        _("Yes on"): said.given_at,
        _("Where"): said.get_given_by_display(),
        _("Taken back on"): said.withdrawn_at,
    }


def _visits(cards: list[Membership]) -> "QuerySet[Visit]":
    visits = Visit.objects.filter(membership__in=cards)
    return visits.select_related("location", "shop").order_by("-at", "-pk")


def _visit(visit: Visit) -> Told:
    paid = visit.amount_minor
    return {
        _("When"): visit.at,
        _("Where"): visit.location.name if visit.location else "",
        _("Amount"): "" if paid is None else money.shown(paid, visit.shop.currency),
        _("Taken back"): visit.voided_by_id is not None or None,
    }


def _entries(cards: list[Membership]) -> "QuerySet[LedgerEntry]":
    entries = LedgerEntry.objects.filter(account__membership__in=cards)
    return in_words(entries).order_by("-pk")


def _entry(entry: LedgerEntry) -> Told:
    return {
        _("When"): entry.operation.occurred_at,
        _("Programme"): entry.account.programme.name,
        _("What"): words_of(entry),
        _("Change"): entry.amount,
    }
