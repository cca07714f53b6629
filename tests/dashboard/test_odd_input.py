"""What nobody types with good intent gets an answer all the same: said beside its field, or 404."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]

ODD = [
    *("", " ", "\0", "a\0b", "-1", "0", "1e400", "NaN", "sNaN", "-Infinity", "1_0", "½", "٣", "+"),
    *("9" * 30, "9" * 5_000, "1e-30", "0x10", "2026-W99", "9999-W52", "9999-12-31", "0001-01-01"),
    *("<b>", "'", "\ud7ff", "🙂" * 300, "1\n2", "None", "[]"),
]

TYPED = ["", "a\0b", "NaN", "9" * 30, "9999-12-31", "0001-01-01", "🙂" * 300]


@pytest.mark.parametrize("asked", ["week", "place"])
def test_it_works_in_addresses(ingrid, at, asked):
    for odd in ODD:
        answer = ingrid.get(at("week_csv"), {asked: odd})
        assert answer.status_code in {200, 404}, odd


@pytest.mark.parametrize("field", ["members", "visits", "basket", "margin"])
def test_in_a_month_to_come(ingrid, at, field):
    typed = {"members": 1, "visits": 1, "basket": 1, "joining": 1, "friends": 1, "margin": 1}
    for odd in ODD:
        answer = ingrid.get(at("money"), {**typed, field: odd})
        assert answer.status_code in {200, 422}, odd


@pytest.mark.parametrize("field", ["what", "target", "until"])
def test_in_a_goal(ingrid, at, field):
    typed = {"what": "members", "target": "100", "until": "2099-12-24"}
    for odd in (*TYPED, "2100-01-01"):
        answer = ingrid.post(at("goal"), {**typed, field: odd})
        assert answer.status_code in {302, 422}, odd
    assert ingrid.get(at("week")).status_code == 200


@pytest.mark.parametrize("field", ["name", "contact_email", "address", "language", "time_zone"])
def test_in_the_settings(ingrid, at, shop, field):
    known = ("name", "contact_email", "address", "language", "time_zone", "currency")
    typed = {name: getattr(shop, name) for name in known}
    for odd in TYPED:
        answer = ingrid.post(at("settings"), {**typed, field: odd})
        assert answer.status_code in {302, 422}, odd
    assert ingrid.get(at("settings")).status_code == 200


@pytest.mark.parametrize("field", ["collects_until", "honoured_until"])
def test_in_the_days_of_an_end(ingrid, at, card, field):
    days = {"collects_until": "2099-02-28", "honoured_until": "2099-05-31"}
    for odd in TYPED:
        assert ingrid.post(at("end", card.pk), {**days, field: odd}).status_code == 422, odd


def test_pages_of_no_programme_are_not_found(ingrid, at):
    for pk in (0, 999_999, 2**63, 10**30):
        assert ingrid.get(at("end", pk)).status_code == 404
        assert ingrid.post(at("call_off_end", pk)).status_code == 404
