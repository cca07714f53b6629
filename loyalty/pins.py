"""A PIN that somebody behind the counter may have: who says a name must then know four digits.

So few digits are quickly guessed, so every try is counted, and the count decides before the PIN
does. Counting is one short transaction on the person's row; the slow hash runs outside it, so a
guesser keeps nobody waiting. See promises 3.6.
"""

import re
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import StaffMember
from loyalty.outbox import operations as outbox
from loyalty.refusals import Refused

PIN = re.compile(r"[0-9]{4,6}")
TRIES = 5  # wrong ones before a pause, and again before each longer one
PAUSE = timedelta(minutes=5)  # the first; every further one is twice as long


class NotAPin(Refused):
    """Something else than four to six digits."""

    code = "not_a_pin"

    def __str__(self) -> str:
        return _("A PIN has 4 to 6 digits.")


class PinNeeded(Refused):
    """This person has a PIN, and nobody has typed one."""

    code = "pin_needed"

    def __str__(self) -> str:
        return _("Type your PIN.")


class WrongPin(Refused):
    """That is not it; so many tries are `left`."""

    code = "wrong_pin"

    def __str__(self) -> str:
        n = self.values["left"]
        return ngettext(
            "That PIN does not match. %(n)d try left.",
            "That PIN does not match. %(n)d tries left.",
            n,
        ) % {"n": n}


class PinPaused(Refused):
    """Too many wrong ones; this person's PIN waits `until` (ISO)."""

    code = "pin_paused"

    def __str__(self) -> str:
        until = timezone.localtime(datetime.fromisoformat(self.values["until"]))
        told = {"time": formats.time_format(until, "TIME_FORMAT")}
        return _("Too many wrong PINs. Try again at %(time)s.") % told


@sensitive_variables("pin")
def set_pin(staff: StaffMember, *, pin: str, actor: Actor) -> None:
    """From now on this person is asked for it. A pause of the old one is over. Refused: NotAPin."""
    if not PIN.fullmatch(pin):
        raise NotAPin
    _change(staff, make_password(pin), "pin_set", actor)


def remove_pin(staff: StaffMember, *, actor: Actor) -> None:
    """The name alone is enough again."""
    _change(staff, "", "pin_removed", actor)


@transaction.atomic
def _change(staff: StaffMember, pin_hash: str, what: str, actor: Actor) -> None:
    """The slow hash is made before the transaction begins."""
    _write(staff, pin_hash=pin_hash, pin_misses=0, pin_locked_until=None)
    journal.write(actor, what, after={"staff": staff.pk})


@sensitive_variables("pin")
def check(staff: StaffMember, pin: str) -> None:
    """Is it really them? Refused: PinNeeded, PinPaused, WrongPin."""
    if not staff.pin_hash:
        return
    _refuse_while_paused(staff)
    if not pin:
        raise PinNeeded
    tried = _count_try(staff)
    if check_password(pin, tried.pin_hash):
        _write(tried, pin_misses=0, pin_locked_until=None)
    elif tried.pin_locked_until is None:
        raise WrongPin(left=TRIES - tried.pin_misses % TRIES)
    else:
        _tell_the_owner(tried)
        raise PinPaused(until=tried.pin_locked_until.isoformat())


def _count_try(staff: StaffMember) -> StaffMember:
    """Count a try as wrong, until it turns out right. Refused: PinPaused.

    Under the row's lock, so that many at once are counted as one after the other. The one that
    could be the last begins the pause.
    """
    with transaction.atomic():
        people = StaffMember.objects.select_for_update(no_key=True, of=("self",))
        tried = people.select_related("shop").get(pk=staff.pk)
        _refuse_while_paused(tried)
        misses = tried.pin_misses + 1
        until = None if misses % TRIES else clock.now() + PAUSE * 2 ** (misses // TRIES - 1)
        _write(tried, pin_misses=misses, pin_locked_until=until)
    return tried


def _refuse_while_paused(staff: StaffMember) -> None:
    if staff.pin_locked_until and staff.pin_locked_until > clock.now():
        raise PinPaused(until=staff.pin_locked_until.isoformat())


def _write(staff: StaffMember, **fields: object) -> None:
    for name, value in fields.items():
        setattr(staff, name, value)
    staff.save(update_fields=list(fields))


def _tell_the_owner(staff: StaffMember) -> None:
    shop = staff.shop
    if shop.contact_email:
        outbox.post(
            to=shop.contact_email,
            template="counter/mail/pin_paused",
            values={"shop": shop.name, "name": staff.name, "tries": TRIES},
            language=shop.language,
        )
