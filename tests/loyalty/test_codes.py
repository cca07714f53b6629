"""Codes on a card: short ones find every slip, long ones fit a QR's dense mode."""

import pytest

from loyalty import codes

SAMPLES = [codes.short_code() for _sample in range(200)]


def test_it_works():
    for short in SAMPLES:
        assert len(short) == 6
        assert codes.is_plausible(short)


def test_every_single_slip_is_found():
    for short in SAMPLES[:50]:
        for place in range(6):
            for digit in "0123456789":
                if digit != short[place]:
                    assert not codes.is_plausible(short[:place] + digit + short[place + 1 :])


def test_every_swap_of_neighbours_is_found():
    for short in SAMPLES:
        for place in range(5):
            a, b = short[place : place + 2]
            if a != b:
                swapped = short[:place] + b + a + short[place + 2 :]
                assert not codes.is_plausible(swapped)


def test_the_check_digit_of_the_textbook():
    assert codes._damm("572") == 4  # Damm's own example


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "------"])
def test_what_is_no_code_is_not_plausible(typed):
    assert not codes.is_plausible(typed)


def test_a_counter_code_has_ten_letters_nobody_misreads():
    for _sample in range(200):
        code = codes.counter_code()
        assert len(code) == 10
        assert not set(code) & set("ILOU")
        assert code == code.upper()


def test_codes_differ():
    assert len({codes.counter_code() for _sample in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("482 913", "482913"),
        ("482-913", "482913"),
        (" 482913\n", "482913"),
        ("k7m2 x9q4 tb", "K7M2X9Q4TB"),
        ("4829\N{NO-BREAK SPACE}13", "482913"),
        ("<b>1</b>", "B1B"),
        ("é٣", ""),
        ("", ""),
    ],
)
def test_spaces_dashes_and_small_letters_do_not_matter(typed, meant):
    assert codes.tidy(typed) == meant
