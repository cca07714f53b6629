"""A PIN: set, asked for, and guessed at."""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty import clock, pins
from loyalty.models import StaffMember
from loyalty.operations import choose_staff, put_on_the_till
from loyalty.pins import NotAPin, PinNeeded, PinPaused, WrongPin
from tests.factories import StaffMemberFactory, as_owner

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


@pytest.fixture
def nora(in_shop):
    """Has the PIN 2580."""
    nora = StaffMemberFactory(shop=in_shop, name="Nora")
    pins.set_pin(nora, pin="2580", actor=as_owner(nora.shop))
    return nora


def guess(staff, times, pin="0000"):
    """Wrong ones, and what the last of them was told."""
    for _try in range(times):
        with pytest.raises((WrongPin, PinPaused)) as refused:
            pins.check(staff, pin)
        staff.refresh_from_db()
    return str(refused.value)


def test_it_works(nora, counter):
    choose_staff(counter, nora, pin="2580")

    counter.refresh_from_db()
    assert counter.staff == nora


def test_only_a_slow_hash_is_stored(nora):
    assert "2580" not in str(StaffMember.objects.values())
    assert nora.pin_hash.startswith(("pbkdf2_", "md5$"))  # the tests' own is quick


@pytest.mark.parametrize("pin", ["0000", "012345", "98765"])
def test_four_to_six_digits_are_one(ola, in_shop, pin):
    pins.set_pin(ola, pin=pin, actor=as_owner(ola.shop))
    pins.check(ola, pin)


@pytest.mark.parametrize("pin", ["", "123", "1234567", "12a4", "١٢٣٤", "1234\n", " 1234", "-123"])
def test_anything_else_is_none(ola, in_shop, pin):
    with pytest.raises(NotAPin, match=r"^A PIN has 4 to 6 digits\.$"):
        pins.set_pin(ola, pin=pin, actor=as_owner(ola.shop))
    assert ola.pin_hash == ""


def test_without_a_pin_nothing_is_asked(ola, counter, in_shop):
    choose_staff(counter, ola)
    choose_staff(counter, ola, pin="1234")


def test_it_is_asked_for(nora, counter, ola):
    with pytest.raises(PinNeeded, match=r"^Type your PIN\.$"):
        choose_staff(counter, nora)

    counter.refresh_from_db()
    assert counter.staff == ola
    nora.refresh_from_db()
    assert nora.pin_misses == 0


def test_a_wrong_one_puts_nobody_on_the_till(nora, counter, ola):
    with pytest.raises(WrongPin, match=r"^That PIN does not match\. 4 tries left\.$"):
        choose_staff(counter, nora, pin="2581")

    counter.refresh_from_db()
    assert counter.staff == ola


def test_one_try_is_said_as_one(nora):
    assert guess(nora, 4) == "That PIN does not match. 1 try left."


def test_who_has_signed_in_as_themselves_is_not_asked(nora, counter):
    put_on_the_till(counter, nora)

    counter.refresh_from_db()
    assert counter.staff == nora


def test_five_wrong_ones_make_a_pause_of_five_minutes(nora, in_shop):
    with clock.at(NOON):
        assert guess(nora, 5).startswith("Too many wrong PINs. Try again at ")
    with clock.at(NOON + timedelta(minutes=4, seconds=59)), pytest.raises(PinPaused):
        pins.check(nora, "2580")
    with clock.at(NOON + timedelta(minutes=5)):
        pins.check(nora, "2580")


def test_the_pause_is_said_before_anything_is_typed(nora, counter):
    guess(nora, 5)

    with pytest.raises(PinPaused):
        choose_staff(counter, nora)


def test_while_it_lasts_nothing_is_tried_or_counted(nora):
    guess(nora, 5)
    guess(nora, 3, pin="2580")

    assert nora.pin_misses == 5


def test_every_further_five_double_it(nora):
    moment = NOON
    for minutes in (5, 10, 20, 40):
        with clock.at(moment):
            guess(nora, 5)
        assert nora.pin_locked_until == moment + timedelta(minutes=minutes)
        moment = nora.pin_locked_until


def test_a_right_one_starts_the_count_again(nora):
    guess(nora, 4)
    pins.check(nora, "2580")
    guess(nora, 4)

    assert nora.pin_locked_until is None


def test_a_new_pin_ends_the_pause(nora):
    guess(nora, 5)
    pins.set_pin(nora, pin="1357", actor=as_owner(nora.shop))

    pins.check(nora, "1357")


def test_no_pin_any_more_ends_it_too(nora, counter):
    guess(nora, 5)
    pins.remove_pin(nora, actor=as_owner(nora.shop))

    choose_staff(counter, nora)


def test_the_owner_is_told_once_for_every_pause(nora, in_shop, mailoutbox):
    with clock.at(NOON):
        guess(nora, 8)
    [mail] = mailoutbox

    assert mail.to == [in_shop.contact_email]
    assert "Nora" in mail.subject
    assert "0000" not in mail.body
    with clock.at(NOON + timedelta(minutes=5)):
        guess(nora, 5)
    assert len(mailoutbox) == 2


def test_everybody_else_goes_on(nora, in_shop, counter, ola):
    guess(nora, 5)
    pins.set_pin(ola, pin="1111", actor=as_owner(ola.shop))

    choose_staff(counter, ola, pin="1111")


def test_a_stranger_of_that_name_has_a_pin_of_their_own(nora, next_door):
    namesake = StaffMemberFactory(shop=next_door, name="Nora")
    guess(nora, 5)

    namesake.refresh_from_db()
    assert (namesake.pin_hash, namesake.pin_misses) == ("", 0)
