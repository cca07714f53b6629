"""Phone numbers as people of five countries write them."""

import pytest

from loyalty import phones
from loyalty.models import Shop


@pytest.mark.parametrize(
    ("country", "typed", "phone"),
    [
        ("NO", "40612345", "+4740612345"),
        ("NO", " 406 12 345 ", "+4740612345"),
        ("NO", "40\u00a061\u00a023\u00a045", "+4740612345"),
        ("NO", "+47 406 12 345", "+4740612345"),
        ("NO", "0047 40612345", "+4740612345"),
        ("NO", "(+47) 406-12-345", "+4740612345"),
        ("NO", "22 12 34 56", "+4722123456"),  # no mobile, and still theirs
        ("NO", "+45 34 41 23 45", "+4534412345"),
        ("DK", "34 41 23 45", "+4534412345"),
        ("SE", "070-123 45 67", "+46701234567"),
        ("GB", "07400 123456", "+447400123456"),
        ("IE", "085 012 3456", "+353850123456"),
    ],
)
def test_it_works(country, typed, phone):
    assert phones.read(typed, country) == phone


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "4061234",
        "406123456",
        "12345678",
        "110",
        "+47",
        "++4740612345",
        "40612345 ext. 5",
        "40612345;ext=5",
        "406 FLOWER",
        "٤٠٦١٢٣٤٥",
        "4" * 4000,
        "<b>",
    ],
)
def test_what_no_number_looks_like_says_what_one_looks_like(typed):
    with pytest.raises(phones.NotAPhone, match=r"^Check the number\. It looks like 40 61 23 45\.$"):
        phones.read(typed, "NO")


@pytest.mark.parametrize("country", Shop.Country.values)
def test_every_country_has_an_example_that_can_be_read_back(country):
    typed = phones.example(country)

    assert phones.shown(phones.read(typed, country), country) == typed


def test_a_number_from_abroad_is_shown_with_its_country():
    assert phones.shown("+4740612345", "NO") == "40 61 23 45"
    assert phones.shown("+4740612345", "DK") == "+47 40 61 23 45"
    assert phones.shown("", "NO") == ""


def test_a_masked_number_keeps_its_last_four_digits():
    assert phones.masked("+4740612345") == "•• •• 23 45"
    assert phones.masked("+447400123456") == "•• •• 34 56"
    assert phones.masked("") == ""
