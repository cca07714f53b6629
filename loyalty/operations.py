"""What happens to a shop: opened, started; its counters paired and revoked; its staff chosen."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_scopes import scope, scopes_disabled

from loyalty import clock, keys, pins
from loyalty.actors import Actor, Channel
from loyalty.invitations import operations as invitations
from loyalty.journal import operations as journal
from loyalty.models import Counter, Location, Person, Role, Shop, StaffMember, Trade
from loyalty.refusals import Refused
from loyalty.roles import LastOwner, NameTaken, is_last_owner

PAIRING_LIFE = timedelta(minutes=10)

# What a country usually brings along. Every one of them may be changed.
COUNTRIES = {
    Shop.Country.NORWAY: (Shop.Currency.NOK, "nb", "Europe/Oslo"),
    Shop.Country.DENMARK: (Shop.Currency.DKK, "da", "Europe/Copenhagen"),
    Shop.Country.SWEDEN: (Shop.Currency.SEK, "en-gb", "Europe/Stockholm"),
    Shop.Country.BRITAIN: (Shop.Currency.GBP, "en-gb", "Europe/London"),
    Shop.Country.IRELAND: (Shop.Currency.EUR, "en-gb", "Europe/Dublin"),
}
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "ae", "Ø": "o", "Å": "a"})


class PairingOver(Refused):
    """The pairing code was used, or its ten minutes are over."""

    code = "pairing_over"

    def __str__(self) -> str:
        return _("This pairing code has run out. Ask for a new one.")


class NotOnTheStaff(Refused):
    """Nobody active of this shop."""

    code = "not_on_the_staff"

    def __str__(self) -> str:
        return _("Choose somebody who works here.")


@transaction.atomic
def open_shop(
    *, person: Person, name: str, country: Shop.Country, language: str, trade: Trade = Trade.CAFE
) -> Shop:
    """Register a shop with its owner, one location, and the owner on the staff. Not live yet."""
    currency, _language, zone = COUNTRIES[country]
    shop = Shop.objects.create(
        name=name,
        slug=free_slug(name),
        trade=trade,
        country=country,
        currency=currency,
        language=language,
        time_zone=zone,
        accent="#1f5e4b",
        contact_email=person.email or "",
    )
    Location.objects.create(shop=shop, name=name)
    role = Role.objects.create(shop=shop, person=person, level=Role.Level.OWNER)
    with scope(shop=shop):
        first_name = person.name or (person.email or "").split("@")[0]
        StaffMember.objects.create(shop=shop, name=first_name[:40] or name[:40], role=role)
    journal.write(Actor(shop, Channel.OWNER, person=person), "shop_opened", about=name)
    return shop


def free_slug(name: str) -> str:
    """An address for a shop, readable and free: a taken one gets a number."""
    base = slugify(name.translate(LETTERS))[:50].strip("-") or "shop"
    taken = set(Shop.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def go_live(actor: Actor) -> None:
    """Customers can join from now on. A second start changes nothing."""
    shop = actor.shop
    if Shop.objects.filter(pk=shop.pk, live_since=None).update(live_since=clock.now()):
        journal.write(actor, "live")
    shop.refresh_from_db(fields=["live_since"])


@transaction.atomic
def ask_for_saved_card(actor: Actor, *, first: bool) -> None:
    """Hand rewards out to saved cards only, or to everybody again. Stamps are not concerned."""
    shop = actor.shop
    others = Shop.objects.filter(pk=shop.pk).exclude(saved_card_first=first)
    if others.update(saved_card_first=first):
        journal.write(actor, "card_first" if first else "card_not_first")
    shop.saved_card_first = first


@dataclass(frozen=True)
class Pairing:
    """A counter waiting for its device. `once` is the secret of the link, shown this one time."""

    counter: Counter
    once: str


@transaction.atomic
def offer_pairing(*, location: Location, name: str, actor: Actor) -> Pairing:
    """A new counter and the single-use link that makes a device of it, good for ten minutes."""
    once = keys.secret()
    counter = Counter.objects.create(
        shop=actor.shop,
        location=location,
        name=name,
        pairing_hash=keys.hashed(once),
        pairing_ends=clock.now() + PAIRING_LIFE,
    )
    journal.write(actor, "counter_added", about=name, location=location)
    return Pairing(counter, once)


def waiting_counter(once: str) -> Counter:
    """The counter this link would pair. Refused: PairingOver."""
    with scopes_disabled():
        waiting = Counter.objects.waiting_to_pair(clock.now()).select_related("shop", "location")
        counter = waiting.filter(pairing_hash=keys.hashed(once)).first()
    if counter is None:
        raise PairingOver
    return counter


@transaction.atomic
def pair(once: str) -> tuple[Counter, str]:
    """Make this device the counter; the string is its secret, for its cookie. Refused: PairingOver.

    The conditional update decides between two phones that scanned the same code.
    """
    counter = waiting_counter(once)
    device = keys.secret()
    with scope(shop=counter.shop):
        won = Counter.objects.filter(pk=counter.pk, pairing_hash=keys.hashed(once)).update(
            pairing_hash=None, device_hash=keys.hashed(device), paired_at=clock.now()
        )
    if not won:
        raise PairingOver
    device_itself = Actor(counter.shop, Channel.COUNTER, counter=counter)
    journal.write(device_itself, "counter_paired", about=counter.name)
    return counter, device


@transaction.atomic
def revoke(counter: Counter, *, actor: Actor) -> None:
    """The device is dead from its next request on. Its name stays on what it did."""
    counter.revoked_at = clock.now()
    counter.pairing_hash = None
    counter.save(update_fields=["revoked_at", "pairing_hash"])
    journal.write(actor, "counter_off", about=counter.name, location=counter.location)


@transaction.atomic
def bring_back(counter: Counter, *, actor: Actor) -> None:
    """Take a revocation back."""
    counter.revoked_at = None
    counter.save(update_fields=["revoked_at"])
    journal.write(actor, "counter_back", about=counter.name, location=counter.location)


@sensitive_variables("pin")
def choose_staff(counter: Counter, staff: StaffMember, *, pin: str = "") -> None:
    """From now on this person is on the till; one who has a PIN proves it.

    Refused: NotOnTheStaff, PinNeeded, PinPaused, WrongPin.
    """
    _refuse_strangers(counter, staff)
    pins.check(staff, pin)
    put_on_the_till(counter, staff)


def put_on_the_till(counter: Counter, staff: StaffMember) -> None:
    """As `choose_staff`, for somebody who has signed in as themselves. Refused: NotOnTheStaff."""
    _refuse_strangers(counter, staff)
    counter.staff = staff
    counter.save(update_fields=["staff"])


def _refuse_strangers(counter: Counter, staff: StaffMember) -> None:
    if staff.shop_id != counter.shop_id or not staff.active:
        raise NotOnTheStaff


@transaction.atomic
def rename_location(location: Location, *, name: str, actor: Actor) -> None:
    """What customers and staff call this place from now on."""
    before, location.name = location.name, name
    location.save(update_fields=["name"])
    told: dict[str, Any] = {"before": {"name": before}, "after": {"name": name}}
    journal.write(actor, "location_renamed", location=location, **told)


def take_on(*, name: str, actor: Actor) -> StaffMember:
    """Somebody new behind the counter, without a sign-in of their own. Refused: NameTaken."""
    try:
        with transaction.atomic():
            staff = StaffMember.objects.create(shop=actor.shop, name=name)
            journal.write(actor, "staff_added", after={"staff": staff.pk})
    except IntegrityError:
        raise NameTaken from None
    return staff


@transaction.atomic
def dismiss(staff: StaffMember, *, actor: Actor) -> None:
    """Out at the next request: no till, no sign-in to this shop, and none by an invitation.

    A second tap changes nothing. Refused: LastOwner.
    """
    if not _is_active(staff):
        return
    if staff.role is not None:
        if is_last_owner(staff.role):
            raise LastOwner
        staff.role.active = False
        staff.role.save(update_fields=["active"])
    staff.active = False
    staff.save(update_fields=["active"])
    journal.write(actor, "staff_removed", after={"staff": staff.pk})
    invitations.withdraw_those_of(staff, actor=actor)


def _is_active(staff: StaffMember) -> bool:
    """Read again under the shop's lock: they may be accepting an invitation at this moment."""
    Shop.objects.lock(staff.shop)
    staff.refresh_from_db(fields=["role", "active"])
    return staff.active


def take_on_again(staff: StaffMember, *, actor: Actor) -> None:
    """Take a dismissal back; a second tap changes nothing.

    Refused: NameTaken, by somebody who came meanwhile.
    """
    try:
        with transaction.atomic():
            if _is_active(staff):
                return
            if staff.role is not None:
                staff.role.active = True
                staff.role.save(update_fields=["active"])
            staff.active = True
            staff.save(update_fields=["active"])
            journal.write(actor, "staff_back", after={"staff": staff.pk})
    except IntegrityError:
        raise NameTaken from None
