"""Balances out of a file, on the owner's pages: looked at, brought in, told."""

import csv
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from loyalty.journal.models import Change
from members.ledger.models import LedgerEntry
from members.models import Membership
from members.opening import operations
from members.opening.models import OpeningFile
from tests.dashboard.members.reading import address
from tests.support.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]
FILE = "Name;Phone;Coffee card;Shoe size\nMaja;40612345;5;39\nKari;;six;40\n"


@pytest.fixture
def choose(ingrid, shop):
    """Choose a file; what is read next."""

    def choose(content=FILE, by=ingrid, follow=True):
        upload = content if isinstance(content, bytes) else content.encode()
        file = SimpleUploadedFile("members.csv", upload, content_type="text/csv")
        return by.post(at(shop, "import_members"), {"file": file}, follow=follow)

    return choose


def at(shop, name, *more):
    return reverse(f"owner:{name}", args=[shop.slug, *more])


@pytest.fixture
def file(choose):
    choose()
    return OpeningFile.objects.get()


def test_it_works(choose, ingrid, shop):
    page = words_of(choose())
    assert "1 line can be brought in" in page
    assert "1 line is refused." in page
    assert "Nothing is booked yet." in page
    assert "These columns are not used: Shoe size." in page
    assert "2 Maja Coffee card: 5 New card" in page
    assert not Membership.objects.exists()

    file = OpeningFile.objects.get()
    page = words_of(ingrid.post(at(shop, "bring_in", file.pk), follow=True))
    assert "1 line was brought in" in page
    assert "1 new card was made. 1 line was refused." in page
    assert Membership.objects.get().accounts.get().balance == 5


def test_the_page_says_what_a_file_looks_like(ingrid, shop):
    page = words_of(ingrid.get(at(shop, "import_members")))

    assert "Coffee card The balance: a whole number." in page
    assert "Nobody has said yes to news by standing in your file." in page


def test_refused_lines_stand_with_their_reasons(ingrid, shop, file):
    page = words_of(ingrid.get(at(shop, "import_file", file.pk), {"show": "refused"}))

    assert "3 Kari Coffee card: “six” is no whole number." in page
    assert "Maja" not in page


def test_a_second_tap_changes_nothing(ingrid, shop, file):
    for _tap in range(2):
        ingrid.post(at(shop, "bring_in", file.pk))

    assert LedgerEntry.objects.count() == 1
    assert Change.objects.count() == 1


def test_the_report_lies_beside_the_file(ingrid, shop, file):
    ingrid.post(at(shop, "bring_in", file.pk))

    answer = ingrid.get(at(shop, "import_report", file.pk))

    heading, *lines = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    card = Membership.objects.get()
    assert heading == ["Line", "What came of it", "Why", "Balances", "Code of the card"]
    assert lines == [
        ["2", "New card", "", "Coffee card: 5", card.spoken_code],
        ["3", "Refused", "Coffee card: “six” is no whole number.", "", ""],
    ]


def test_while_the_worker_is_at_it_the_page_says_how_far_it_is(ingrid, shop, file, monkeypatch):
    monkeypatch.setattr(operations, "AT_ONCE", 0)
    monkeypatch.setattr(type(operations.go_on), "enqueue", lambda task, pk: None)

    answer = ingrid.post(at(shop, "bring_in", file.pk), follow=True)

    assert "0 of 1 lines are in" in words_of(answer)
    assert 'hx-trigger="every 2s"' in answer.content.decode()


def test_a_file_can_be_thrown_away(ingrid, shop, file):
    page = words_of(ingrid.post(at(shop, "discard_file", file.pk), follow=True))

    assert "The file is thrown away. Nothing was brought in." in page
    assert not OpeningFile.objects.exists()


def test_but_not_what_was_brought_in(ingrid, shop, file):
    ingrid.post(at(shop, "bring_in", file.pk))
    page = words_of(ingrid.post(at(shop, "discard_file", file.pk), follow=True))

    assert OpeningFile.objects.exists()
    assert "Nothing was brought in." not in page
    assert "1 line was brought in" in page


def test_the_cards_can_be_printed_while_nobody_has_them(ingrid, shop, file):
    there = at(shop, "import_cards", file.pk, 1)
    assert ingrid.get(there).status_code == 404  # none is made yet

    ingrid.post(at(shop, "bring_in", file.pk))
    assert ingrid.get(there).status_code == 200

    Membership.objects.update(unclaimed=False)
    assert ingrid.get(there).status_code == 404


def test_its_history_says_where_it_came_from(ingrid, shop, file, visitor):
    ingrid.post(at(shop, "bring_in", file.pk))
    card = Membership.objects.get()

    page = words_of(ingrid.get(address(card)))
    assert "+5 stamps Brought over from before Ingrid" in page
    assert "A file of yours" in page
    own = words_of(visitor.get(reverse("card:history", args=[card.private])))
    assert "Brought over from before" in own
    assert visitor.get(reverse("card:card", args=[card.private])).status_code == 200
    log = words_of(ingrid.get(at(shop, "log")))
    assert "Brought in from a file" in log
    assert "Balances brought in from a file" in log


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"Name,Coffee card\n", "The file has a heading and no line below it."),
        (b"x" * 10_000_000, "The file is larger than 1 MB."),
        (b"PK\x03\x04\x00", "This is no CSV file."),
        ("Name,Coffee card\nÅse,5".encode("latin-1"), "The letters æ, ø and å"),
        (b"Name,Points\nMaja,5", "Head it as the card is called here: Coffee card."),
    ],
)
def test_a_bad_file_says_why(choose, content, says):
    answer = choose(content)

    assert answer.status_code == 422
    assert says in words_of(answer)
    assert not OpeningFile.objects.exists()


def test_no_file_at_all(ingrid, shop):
    answer = ingrid.post(at(shop, "import_members"))

    assert answer.status_code == 422
    assert "Choose a CSV file." in words_of(answer)


def test_the_file_we_export_can_be_brought_in_again(choose, ingrid, shop, member):
    export = ingrid.post(at(shop, "export_members"), {"why": "Try"}).content

    page = words_of(choose(export))

    assert "1 line can be brought in" in page
    assert f"Card that is here {member.spoken_code}" in page


PAGES = ["import_file", "import_report"]
FORMS = ["bring_in", "discard_file"]


def test_only_owners_may(manager, staff_client, choose, shop, file):
    for other in (manager, staff_client):
        assert choose(by=other, follow=False).status_code == 403
        for name in PAGES:
            assert other.get(at(shop, name, file.pk)).status_code == 403
        for name in FORMS:
            assert other.post(at(shop, name, file.pk)).status_code == 403
    assert OpeningFile.objects.count() == 1
    assert not LedgerEntry.objects.exists()


def test_a_stranger_finds_nothing(stranger, choose, shop, next_door, file):
    assert choose(by=stranger, follow=False).status_code == 404
    for where in (shop, next_door):
        for name in PAGES:
            assert stranger.get(at(where, name, file.pk)).status_code == 404
        for name in FORMS:
            assert stranger.post(at(where, name, file.pk)).status_code == 404
    assert not LedgerEntry.objects.exists()
