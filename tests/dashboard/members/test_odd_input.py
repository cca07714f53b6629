"""What no page of ours sends: days without a day after, numbers no database has, old addresses."""

import pytest
from django.urls import reverse

from loyalty import keys
from members.merging import merge
from members.opening.models import OpeningFile
from members.privacy.operations import leave
from tests.factories import MembershipFactory, as_owner, stamp
from tests.support.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]
HUGE = 10**30


@pytest.fixture
def at(shop):
    return lambda name, *more: reverse(f"owner:{name}", args=[shop.slug, *more])


@pytest.mark.both_engines
@pytest.mark.parametrize(
    "asked",
    [
        {"first": "0001-01-01"},
        {"last": "9999-12-31"},
        {"first": "0001-01-01", "last": "9999-12-31"},
        {"q": "\0"},
        {"q": "9" * 60},
        {"q": "'" * 60},
        {"least": HUGE},
        {"least": "-1"},
        {"most": "NaN"},
        {"level": HUGE},
        {"on": HUGE},
        {"group": "nobody"},
        {"source": "\0"},
        {"held": "x"},
        {"sort": "x"},
        {"page": HUGE},
        {"page": "-1"},
        {"page": "x"},
    ],
)
def test_the_list_answers_whatever_it_is_asked(ingrid, at, member, asked):
    assert ingrid.get(at("members"), asked).status_code in (200, 422)
    assert ingrid.get(at("export_members"), asked).status_code in (200, 422)
    assert ingrid.get(at("merge", member.pk), asked).status_code in (200, 422)
    assert ingrid.get(at("member", member.pk), asked).status_code == 200


@pytest.mark.parametrize("name", ["member", "merge", "card_pdf", "delete_member", "import_file"])
def test_a_number_no_row_has(ingrid, at, member, name):
    for number in (0, HUGE):
        assert ingrid.get(at(name, number)).status_code == 404


@pytest.mark.both_engines
def test_a_sheet_that_is_not_there(ingrid, at, shop, in_shop, member):
    file = OpeningFile.objects.create(shop=shop)
    for number in (0, 2, HUGE):
        assert ingrid.get(at("import_cards", file.pk, number)).status_code == 404
    for number in (0, HUGE):
        assert ingrid.get(at("merge_with", member.pk, number)).status_code == 404


@pytest.mark.parametrize("amount", ["9" * 5000, "1e3", "NaN", str(HUGE), f"-{HUGE}", "0", "−", "+"])
def test_a_correction_of_no_number(ingrid, at, member, card, amount):
    asked = {"key": keys.new(), "programme": card.pk, "amount": amount, "reason": "mistake"}

    assert ingrid.post(at("correct_balance", member.pk), asked).status_code == 422


def test_the_digits_of_a_deleted_card_merge_with_nothing(ingrid, at, member, shop, in_shop):
    gone = MembershipFactory(shop=shop, name="Kari")
    leave(gone)

    answer = ingrid.get(at("merge", member.pk), {"q": gone.short_code}, follow=True)

    assert answer.status_code == 200
    assert "This card was deleted on" in words_of(answer)
    assert "Kari" not in words_of(answer)


def test_visits_of_a_card_that_became_another_by_way_of_a_third(ingrid, at, shop, in_shop, counter):
    one, two, three = MembershipFactory.create_batch(3, shop=shop)
    stamp(one, counter=counter)
    owner = as_owner(shop)
    merge(kept=two, gone=one, key=keys.new(), actor=owner)
    merge(kept=three, gone=two, key=keys.new(), actor=owner)

    listed = ingrid.get(at("members")).context["rows"]
    assert [row.last_here is not None for row in listed] == [True]
    assert ingrid.get(at("member", three.pk)).context["visits"] == 1
