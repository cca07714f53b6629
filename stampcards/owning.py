"""What an owner does to a stamp card: starts it, changes it, pauses it."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Shop
from loyalty.refusals import Refused
from members import programmes
from members.ledger import accounts
from members.ledger.models import Account
from members.models import Programme, RuleVersion
from stampcards.rules import MOST_STAMPS, StampRules

DOUBLE_TAP = timedelta(minutes=1)


class CardTooSmall(Refused):
    """The welcome would fill the card: `need` stamps against `welcome` from the shop."""

    code = "card_too_small"

    def __str__(self) -> str:
        return _("Give fewer welcome stamps than the card has places.")


class CardOutOfRange(Refused):
    """Stamps needed must be a whole number from 2 to `most`."""

    code = "card_out_of_range"

    def __str__(self) -> str:
        return _("A card has from 2 to %(most)d stamps.") % self.values


class EndsBeforeItStarts(Refused):
    """The last day of stamping lies before the first."""

    code = "ends_before_it_starts"

    def __str__(self) -> str:
        return _("Choose a last day after the first.")


class SameName(Refused):
    """Members tell the cards of a shop apart by their names."""

    code = "card_has_same_name"

    def __str__(self) -> str:
        return _("You have a card with this name. Choose another one.")


@transaction.atomic
def start_card(*, name: str, rules: StampRules, actor: Actor) -> Programme:
    """A new stamp card with its first rules.

    Refused: CardTooSmall, CardOutOfRange, EndsBeforeItStarts.
    """
    check(rules)
    return programmes.start(kind="stamps", name=name, rules=rules.stored(), actor=actor)


@transaction.atomic
def add_card(*, name: str, rules: StampRules, actor: Actor) -> Programme:
    """A stamp card beside those the shop has. A double tap adds one.

    Refused: SameName, CardTooSmall, CardOutOfRange, EndsBeforeItStarts.
    """
    Shop.objects.lock(actor.shop)
    same = Programme.objects.filter(kind="stamps", name=name).first()
    if same is None:
        return start_card(name=name, rules=rules, actor=actor)
    if clock.now() - same.created_at > DOUBLE_TAP or not has_rules(same, rules):
        raise SameName
    return same


def has_rules(programme: Programme, rules: StampRules) -> bool:
    newest = RuleVersion.objects.filter(programme=programme).latest("number")
    return StampRules.read(newest.rules) == rules


@transaction.atomic
def change_card(*, programme: Programme, name: str, rules: StampRules, actor: Actor) -> int:
    """Write a new version of the rules, for new cards. Cards in progress keep their promise.

    Returns how many cards in progress keep older rules. The same rules again write nothing.
    Refused: CardTooSmall, CardOutOfRange, EndsBeforeItStarts.
    """
    check(rules)
    locked = programmes.lock(programme)
    programmes.rename(locked, name, actor)
    newest = RuleVersion.objects.filter(programme=locked).latest("number")
    before = StampRules.read(newest.rules)  # older ones were stored with fewer fields
    if before != rules:
        was, is_now = before.stored(), rules.stored()
        journal.write(actor, "programme_rules", about=name, before=was, after=is_now)
        newest = programmes.write(locked, newest.number + 1, rules.stored(), actor)
        accounts.renew_empty(locked, newest)
    return cards_on_older_rules(locked, newest)


def cards_on_older_rules(programme: Programme, newest: RuleVersion) -> int:
    """Cards with at least one stamp that were begun before the newest rules."""
    begun = Account.objects.filter(programme=programme, balance__gt=0)
    return begun.exclude(rule_version=newest).count()


def check(rules: StampRules) -> None:
    """Can a card keep this promise? Refused: CardOutOfRange, CardTooSmall, EndsBeforeItStarts."""
    if not 2 <= rules.need <= MOST_STAMPS:
        raise CardOutOfRange(most=MOST_STAMPS)
    if rules.welcome >= rules.need:
        raise CardTooSmall(need=rules.need, welcome=rules.welcome)
    if rules.starts_on and rules.ends_on and rules.ends_on < rules.starts_on:
        raise EndsBeforeItStarts
