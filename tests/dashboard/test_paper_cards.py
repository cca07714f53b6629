"""Sheets of paper cards: made once, printed as often as needed."""

import io

import pypdf
import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor
from loyalty.dashboard import pdf
from loyalty.models import Trade
from members.models import PaperCard
from members.paper.operations import take_up
from tests.dashboard.test_posters import A4, drawn, text, words
from tests.factories import PaperCardFactory
from tests.running.parts import PANGO
from tests.support.needs import need

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]


@pytest.fixture
def make(shop):
    """make(client): the button, as the page has it."""

    def post(client, key=None, **more):
        path = reverse("owner:make_cards", args=[shop.slug])
        return client.post(path, {"key": key or keys.new()}, **more)

    return post


@pytest.fixture
def printed(ingrid, shop):
    """The PDF of the sheet a card is on."""
    need(PANGO)

    def document(paper, client=ingrid):
        return client.get(reverse("owner:cards_pdf", args=[shop.slug, paper.sheet]))

    return document


@pytest.fixture
def paper(shop):
    return PaperCardFactory(shop=shop)


def of_sheet(paper):
    with scope(shop=paper.shop):
        return list(PaperCard.objects.filter(sheet=paper.sheet))


def taken(paper, counter):
    take_up(paper=paper, key=keys.new(), actor=Actor.of_counter(counter))


def test_it_works(ingrid, make, shop):
    need(PANGO)
    page = text(ingrid.get(reverse("owner:posters", args=[shop.slug])))
    assert "Make a sheet of 10" in page
    response = make(ingrid, follow=True)

    [sheet] = pypdf.PdfReader(io.BytesIO(response.content)).pages
    assert tuple(round(float(side) * 25.4 / 72) for side in sheet.mediabox[2:]) == A4


def test_every_code_can_be_read(printed, paper):
    codes = zxingcpp.read_barcodes(drawn(printed(paper).content, 110))

    cards = {f"{settings.PUBLIC_URL.upper()}/S/{card.counter_code}" for card in of_sheet(paper)}
    assert {code.text for code in codes} == cards


def test_a_code_is_25_millimetres_wide_at_least(printed, paper):
    for code in zxingcpp.read_barcodes(drawn(printed(paper).content, 127)):  # 5 dots a millimetre
        corners = code.position
        assert corners.top_right.x - corners.top_left.x >= 25 * 5 - 2


def test_a_card_says_what_it_is(printed, paper, shop):
    shop.language = "en-gb"
    shop.save(update_fields=["language"])
    said = words(printed(paper).content)

    assert said.count("Kaffe & Kardemomme") == 10
    assert said.count("Every 10th coffee is on us") == 10
    assert said.count("Scan to move this card to your phone.") == 10
    for card in of_sheet(paper):
        assert f"{card.short_code[:3]} {card.short_code[3:]}" in said


def test_screen_readers_can_follow_it(printed, paper):
    root = pypdf.PdfReader(io.BytesIO(printed(paper).content)).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nb"


@pytest.mark.parametrize("name", ["Æ" * 80, "<b>Jern</b> & <script>", "Kaffe 😀 og te"])
def test_any_name_fits(printed, paper, shop, name):
    shop.name = name
    shop.save(update_fields=["name"])
    document = printed(paper).content

    assert len(pypdf.PdfReader(io.BytesIO(document)).pages) == 1
    assert len(zxingcpp.read_barcodes(drawn(document, 110))) == 10


def test_a_norwegian_restaurant_leaves_alcohol_out(printed, paper, shop):
    shop.trade, shop.language = Trade.RESTAURANT, "en-gb"
    shop.save(update_fields=["trade", "language"])

    assert "Does not apply to alcohol." in words(printed(paper).content)


def test_a_double_tap_makes_one_sheet(ingrid, make, shop):
    key = keys.new()

    assert make(ingrid, key).url == make(ingrid, key).url
    with scope(shop=shop):
        assert PaperCard.objects.count() == 10


def test_the_list_says_how_many_are_in_use(ingrid, shop, paper, counter):
    taken(paper, counter)
    page = text(ingrid.get(reverse("owner:posters", args=[shop.slug])))

    assert "10 cards, 1 in use" in page
    assert reverse("owner:cards_pdf", args=[shop.slug, paper.sheet]) in page


def test_a_card_somebody_has_is_not_printed_twice(printed, paper, counter):
    taken(paper, counter)
    said = words(printed(paper).content)

    assert said.count("Kaffe & Kardemomme") == 9
    assert f"{paper.short_code[:3]} {paper.short_code[3:]}" not in said


def test_a_sheet_in_use_has_nothing_to_print(ingrid, shop, printed, paper, counter):
    for card in of_sheet(paper):
        taken(card, counter)

    assert printed(paper).status_code == 404
    assert "Print again" not in text(ingrid.get(reverse("owner:posters", args=[shop.slug])))


def test_where_no_pdf_can_be_made_the_page_says_so(printed, paper, monkeypatch):
    def impossible(*args, **kwargs):
        raise pdf.NoPdf

    monkeypatch.setattr(pdf, "drawn", impossible)
    page = text(printed(paper))

    assert "This machine can&#x27;t make PDFs." in page
    assert page.count('class="paper-card"') == 10


def test_a_form_without_its_key_makes_nothing(ingrid, shop):
    response = ingrid.post(reverse("owner:make_cards", args=[shop.slug]), {})

    assert response.status_code == 422
    with scope(shop=shop):
        assert not PaperCard.objects.exists()


def test_a_reload_leads_back_to_the_posters(ingrid, shop):
    response = ingrid.get(reverse("owner:make_cards", args=[shop.slug]))

    assert response.url == reverse("owner:posters", args=[shop.slug])


def test_staff_print_too(staff_client, make):
    assert make(staff_client).status_code == 302


def test_a_stranger_makes_and_prints_nothing(stranger, make, printed, paper, next_door):
    assert make(stranger).status_code == 404
    assert printed(paper, client=stranger).status_code == 404
    theirs = reverse("owner:cards_pdf", args=[next_door.slug, paper.sheet])
    assert stranger.get(theirs).status_code == 404
