"""Who may give which role to whom, and how roles change.

Nobody gives more than they have. An owner looks after everybody; a manager after the staff of the
places they look after themselves. A shop always has an owner.
"""

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Location, Person, Role, Shop, StaffMember
from loyalty.refusals import Refused

Level = Role.Level


class LastOwner(Refused):
    """A shop keeps one owner at least."""

    code = "last_owner"

    def __str__(self) -> str:
        return _("You are the only owner, so you can't remove yourself.")


class NeedsAnOwner(Refused):
    """The only owner would become something else."""

    code = "needs_an_owner"

    def __str__(self) -> str:
        return _("You are the only owner. Make somebody else an owner first.")


class MoreThanYours(Refused):
    """Nobody gives a role, or a place, that they have not got."""

    code = "more_than_yours"

    def __str__(self) -> str:
        return _("You can only give what you have yourself.")


class ChooseAPlace(Refused):
    """Without a place it would be all of them, and the giver has not got all."""

    code = "choose_a_place"

    def __str__(self) -> str:
        return _("Choose at least one place.")


class NameTaken(Refused):
    """Somebody on the staff has that name, and the counter could not tell the two apart."""

    code = "name_taken"

    def __str__(self) -> str:
        return _("Somebody here has that name. Add a letter.")


# --- Who may? ------------------------------------------------------------------------------


def places_in(role: Role) -> set[int] | None:
    """The pks of the places it holds for; None: all there are. Reads what was prefetched."""
    if role.level == Level.OWNER:
        return None
    return {place.pk for place in role.locations.all()} or None


def within(places: set[int] | None, others: set[int] | None) -> bool:
    """Are these no more than those?"""
    return others is None or (places is not None and places <= others)


def may_look_after(giver: Role, other: Role | None) -> bool:
    """May they change, remove and take back this colleague? None: one without a sign-in."""
    if giver.level != Level.MANAGER or other is None:
        return giver.covers(Level.MANAGER)
    return other.level == Level.STAFF and within(places_in(other), places_in(giver))


def may_see(reader: Role, other: Role | None) -> bool:
    """Do they work at a place the reader looks after? Who has no sign-in works at any."""
    own = places_in(reader)
    theirs = places_in(other) if other else None
    return own is None or theirs is None or bool(own & theirs)


def levels_of(giver: Role) -> list[Role.Level]:
    """What they may give."""
    if giver.level == Level.OWNER:
        return list(Level)
    return [Level.STAFF] if giver.level == Level.MANAGER else []


def refuse_more_than(giver: Role, level: Role.Level, locations: Iterable[Location]) -> None:
    """Refused: MoreThanYours, ChooseAPlace."""
    own, given = places_in(giver), list(locations)
    wanted = {place.pk for place in given} or None
    elsewhere = any(place.shop_id != giver.shop_id for place in given)
    if elsewhere or level not in levels_of(giver):
        raise MoreThanYours
    if own is not None and wanted is None:
        raise ChooseAPlace
    if not within(wanted, own):
        raise MoreThanYours


# --- What happens --------------------------------------------------------------------------


@transaction.atomic
def change_role(
    role: Role, *, level: Role.Level, locations: Collection[Location], giver: Role, actor: Actor
) -> None:
    """From their next request on they may do this, at these places; none: everywhere.

    Refused: MoreThanYours, ChooseAPlace, NeedsAnOwner.
    """
    owners = owners_of(role.shop)
    read_again(giver, role)
    if not (giver.active and role.active and may_look_after(giver, role)):
        raise MoreThanYours
    refuse_more_than(giver, level, locations)
    if level != Level.OWNER and owners == {role.pk}:
        raise NeedsAnOwner
    before = facts(role)
    write(role, level, locations)
    if (after := facts(role)) != before:
        journal.write(actor, "role_changed", before=before, after=after | of_whom(role))


@transaction.atomic
def hand_over_shop(heir: Role, *, giver: Role, actor: Actor) -> None:
    """They own the shop from now on, and whoever gives it away is a manager.

    Both are changed under the lock of the shop, so it is never without an owner.
    Refused: MoreThanYours.
    """
    owners = owners_of(heir.shop)
    read_again(heir)
    if giver.pk not in owners or heir.pk == giver.pk or not heir.active:
        raise MoreThanYours
    write(heir, Level.OWNER, [])
    write(giver, Level.MANAGER, [])
    journal.write(actor, "shop_handed_over", after=of_whom(heir))


def give_role(
    shop: Shop, person: Person, *, level: Role.Level, locations: Collection[Location]
) -> Role:
    """Their role in the shop: a new one, or the one they had before they left."""
    role, _made = Role.objects.update_or_create(
        shop=shop, person=person, defaults={"level": level, "active": True}
    )
    write(role, level, locations)
    return role


@transaction.atomic
def rename(staff: StaffMember, *, name: str, actor: Actor) -> None:
    """What they are called at the counter and wherever they did something. Refused: NameTaken."""
    if staff.name == name:
        return
    staff.name = name
    try:
        with transaction.atomic():
            staff.save(update_fields=["name"])
    except IntegrityError:
        raise NameTaken from None
    journal.write(actor, "staff_renamed", after={"staff": staff.pk})


def write(role: Role, level: Role.Level, locations: Collection[Location]) -> None:
    """An owner's role holds everywhere, whatever was ticked."""
    role.level = level
    role.save(update_fields=["level"])
    role.locations.set([] if level == Level.OWNER else locations)


def is_last_owner(role: Role) -> bool:
    """Is theirs the only owner's role? Until the end of the transaction it stays as it is."""
    return owners_of(role.shop) == {role.pk}


def owners_of(shop: Shop) -> set[int]:
    """The owners' roles, under the lock of the shop: whoever changes who owns it waits.

    Locking the roles would not do: who becomes an owner meanwhile is not among them.
    """
    Shop.objects.lock(shop)
    owners = Role.objects.active().filter(shop=shop, level=Level.OWNER)
    return set(owners.values_list("pk", flat=True))


def read_again(*known: Role) -> None:
    """As they are now, under the lock: they may have changed since the page was made."""
    for role in known:
        role.refresh_from_db(fields=["level", "active"])


def facts(role: Role) -> dict[str, object]:
    """As the journal keeps a role."""
    return {"level": int(role.level), "places": [place.name for place in role.locations.all()]}


def of_whom(role: Role) -> dict[str, int]:
    staff = StaffMember.objects.filter(role=role).first()
    return {"staff": staff.pk} if staff else {}
