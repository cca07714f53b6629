"""What happens to a shop: opened, started; its counters paired and revoked; its staff chosen."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_scopes import scope, scopes_disabled

from loyalty import clock, keys, pins
from loyalty.models import Counter, Location, Person, Role, Shop, StaffMember, Trade
from loyalty.refusals import Refused

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


class LastOwner(Refused):
    """A shop keeps one owner at least."""

    code = "last_owner"

    def __str__(self) -> str:
        return _("You are the only owner, so you can't remove yourself.")


class NameTaken(Refused):
    """Somebody on the staff has that name, and the counter could not tell the two apart."""

    code = "name_taken"

    def __str__(self) -> str:
        return _("Somebody here has that name. Add a letter.")


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
    return shop


def free_slug(name: str) -> str:
    """An address for a shop, readable and free: a taken one gets a number."""
    base = slugify(name.translate(LETTERS))[:50].strip("-") or "shop"
    taken = set(Shop.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def go_live(shop: Shop) -> None:
    """Customers can join from now on. A second start changes nothing."""
    Shop.objects.filter(pk=shop.pk, live_since=None).update(live_since=clock.now())
    shop.refresh_from_db(fields=["live_since"])


def ask_for_saved_card(shop: Shop, *, first: bool) -> None:
    """Hand rewards out to saved cards only, or to everybody again. Stamps are not concerned."""
    shop.saved_card_first = first
    shop.save(update_fields=["saved_card_first"])


@dataclass(frozen=True)
class Pairing:
    """A counter waiting for its device. `once` is the secret of the link, shown this one time."""

    counter: Counter
    once: str


def offer_pairing(*, shop: Shop, location: Location, name: str) -> Pairing:
    """A new counter and the single-use link that makes a device of it, good for ten minutes."""
    once = keys.secret()
    counter = Counter.objects.create(
        shop=shop,
        location=location,
        name=name,
        pairing_hash=keys.hashed(once),
        pairing_ends=clock.now() + PAIRING_LIFE,
    )
    return Pairing(counter, once)


def waiting_counter(once: str) -> Counter:
    """The counter this link would pair. Refused: PairingOver."""
    with scopes_disabled():
        waiting = Counter.objects.waiting_to_pair(clock.now()).select_related("shop", "location")
        counter = waiting.filter(pairing_hash=keys.hashed(once)).first()
    if counter is None:
        raise PairingOver
    return counter


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
    return counter, device


def revoke(counter: Counter) -> None:
    """The device is dead from its next request on. Its name stays on what it did."""
    counter.revoked_at = clock.now()
    counter.pairing_hash = None
    counter.save(update_fields=["revoked_at", "pairing_hash"])


def bring_back(counter: Counter) -> None:
    """Take a revocation back."""
    counter.revoked_at = None
    counter.save(update_fields=["revoked_at"])


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


def rename_location(location: Location, *, name: str) -> None:
    """What customers and staff call this place from now on."""
    location.name = name
    location.save(update_fields=["name"])


def take_on(*, shop: Shop, name: str) -> StaffMember:
    """Somebody new behind the counter, without a sign-in of their own. Refused: NameTaken."""
    try:
        with transaction.atomic():
            return StaffMember.objects.create(shop=shop, name=name)
    except IntegrityError:
        raise NameTaken from None


def dismiss(staff: StaffMember) -> None:
    """Out at the next request: no till, no sign-in to this shop. Refused: LastOwner."""
    with transaction.atomic():
        if staff.role is not None:
            owners = Role.objects.active().filter(shop=staff.shop, level=Role.Level.OWNER)
            if set(owners.select_for_update().values_list("pk", flat=True)) == {staff.role_id}:
                raise LastOwner
            staff.role.active = False
            staff.role.save(update_fields=["active"])
        staff.active = False
        staff.save(update_fields=["active"])


def take_on_again(staff: StaffMember) -> None:
    """Take a dismissal back. Refused: NameTaken, by somebody who came meanwhile."""
    try:
        with transaction.atomic():
            if staff.role is not None:
                staff.role.active = True
                staff.role.save(update_fields=["active"])
            staff.active = True
            staff.save(update_fields=["active"])
    except IntegrityError:
        raise NameTaken from None
