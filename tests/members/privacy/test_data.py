"""Download my data: complete, and nobody else's (PRV-03, D3)."""

import json

import pytest
from django.urls import reverse

from loyalty import clock, keys
from loyalty.models import Shop
from members.access import holder_of
from members.merging import merge
from members.models import Membership
from members.opening.models import OpeningFile, OpeningLine
from tests.factories import MembershipFactory, stamp
from tests.members.privacy.conftest import MAIL, NAME, NOTE
from tests.people import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def download(quintilla):
    return reverse("my_data:download", args=[quintilla.private])


@pytest.fixture
def file(download, person):
    return browser_of(person).get(download).json()


def test_it_works(visitor, download, quintilla):
    answer = visitor.get(download)

    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="kaffe-kardemomme.json"'
    assert "no-store" in answer["Cache-Control"]
    told = answer.json()
    assert told["Shop"]["Name"] == "Kaffe & Kardemomme"
    assert told["Your card"]["First name"] == NAME
    assert told["Your card"]["Mobile number"] == "99 88 77 66"
    assert told["Your card"]["Birthday"] == "29 February"
    assert told["Your card"]["What the shop noted about you"] == NOTE
    assert len(told["Visits"]) == 2
    assert told["Cards that became part of it"][0]["First name"] == "Quinnie"
    assert [reward["Reward"] for reward in told["Rewards and reservations"]] == [
        "Summer roast",
        "Any hot drink",
    ]


def test_every_consent_with_its_words_and_its_time(file):
    [said] = file["What you agreed to"]

    assert said["What"] == "News and early access by e-mail"
    assert said["What you read"].startswith("Send me news and early access by e-mail. Kaffe")
    assert (said["Yes on"], said["Taken back on"]) == ("2027-03-01T11:00:00Z", None)


def test_nobody_else_is_in_it(file, ola, counter):
    told = json.dumps(file, ensure_ascii=False)

    assert "Friends who joined through you" in file
    for stranger in ("Nora", "Ola", counter.name):
        assert stranger not in told
    nora = Membership.objects.get(name="Nora Nordmann")
    assert {nora.short_code, nora.counter_code, nora.friend_code} & set(told.split('"')) == set()


def test_nora_does_not_read_who_brought_her(quintilla, visitor):
    nora = Membership.objects.get(name="Nora Nordmann")
    told = visitor.get(reverse("my_data:download", args=[nora.private])).content.decode()

    assert "You joined through a friend" in told
    assert NAME not in told
    assert quintilla.friend_code not in told


def test_who_only_has_the_link_does_not_read_the_address(visitor, download, file):
    told = visitor.get(download)

    assert MAIL not in told.content.decode()
    assert told.json()["Your card"]["E-mail"] == "quintilla.planted@…"
    assert "Your sign-in" not in told.json()
    assert file["Your card"]["E-mail"] == MAIL
    assert file["Your sign-in"]["E-mail"] == MAIL


def test_the_page_says_the_same(visitor, quintilla):
    page = visitor.get(reverse("my_data:data", args=[quintilla.private])).content.decode()

    for words in (NAME, "29 February", NOTE, "99 88 77 66", "Visits (2)", "Summer roast"):
        assert words in page
    assert "Your e-mail is shown in full when you are signed in with it." in page


def test_it_opens_no_card(file, quintilla):
    told = json.dumps(file)

    for key in (quintilla.private, quintilla.counter_code, quintilla.friend_code):
        assert key not in told


def test_a_new_card_has_little_to_tell(visitor, member):
    told = visitor.get(reverse("my_data:download", args=[member.private])).json()

    assert set(told) == {"Shop", "Written on", "Your card", "Stamps, points and corrections"}


def test_many_visits_cost_no_more_questions(
    visitor, in_shop, card, counter, django_assert_max_num_queries
):
    member = MembershipFactory(shop=in_shop)
    address = reverse("my_data:download", args=[member.private])
    for _ in range(4):
        stamp(member, counter=counter, key=keys.new())

    with django_assert_max_num_queries(30):
        assert len(visitor.get(address).json()["Visits"]) == 4


def test_also_what_stayed_with_a_card_that_became_part_of_it(visitor, in_shop, card):
    old, new = MembershipFactory.create_batch(2, shop=in_shop)
    file = OpeningFile.objects.create(shop=in_shop, asked_at=clock.now())
    of_old = {"membership": old, "email": MAIL, "made": True, "state": "brought_in"}
    OpeningLine.objects.create(shop=in_shop, file=file, number=2, **of_old)
    merge(kept=new, gone=old, key=keys.new(), actor=holder_of(new))

    told = visitor.get(reverse("my_data:download", args=[new.private])).json()

    [line] = told["Brought over from the shop's own list"]
    assert line["E-mail"] == "quintilla.planted@…"


def test_a_shop_whose_name_has_no_latin_letter(visitor, member):
    Shop.objects.filter(pk=member.shop_id).update(name="寿司")

    answer = visitor.get(reverse("my_data:download", args=[member.private]))

    assert answer["Content-Disposition"] == f'attachment; filename="{member.shop.slug}.json"'
