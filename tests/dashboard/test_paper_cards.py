"""Sheets of paper cards: made once, printed as often as needed."""

import io

import pypdf
import pytest
import zxingcpp
from django.conf import settings
from django.test import RequestFactory
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor
from loyalty.dashboard.printkit import pdf
from loyalty.dashboard.printkit.paper import sheets_for
from loyalty.dashboard.printkit.printing import as_pdf
from loyalty.models import Trade
from members.models import PaperCard
from members.operations import replace_codes
from members.paper.operations import take_up
from tests.dashboard.test_posters import A4, drawn, text, words
from tests.factories import MembershipFactory, PaperCardFactory, PictureFactory, as_owner
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


def test_the_logo_stands_on_every_card(printed, paper, shop):
    shop.logo = PictureFactory(shop=shop)
    shop.save(update_fields=["logo"])
    document = printed(paper).content

    [page] = pypdf.PdfReader(io.BytesIO(document)).pages
    assert page.images
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


# --- The card of a member -----------------------------------------------------------------------


@pytest.fixture
def on_paper(ingrid, shop, monkeypatch):
    """on_paper(member): their card as the page it is made of, in English."""
    shop.language = "en-gb"
    shop.save(update_fields=["language"])

    def impossible(*args, **kwargs):
        raise pdf.NoPdf

    def look(member):
        with monkeypatch.context() as without:
            without.setattr(pdf, "drawn", impossible)
            return text(ingrid.get(reverse("owner:card_pdf", args=[shop.slug, member.pk])))

    return look


def test_a_members_card_carries_the_code_it_has_now(ingrid, shop):
    need(PANGO)
    maja = MembershipFactory(shop=shop, name="Maja")
    replace_codes(membership=maja, key=keys.new(), actor=as_owner(shop))
    maja.refresh_from_db()

    document = ingrid.get(reverse("owner:card_pdf", args=[shop.slug, maja.pk])).content

    [code] = zxingcpp.read_barcodes(drawn(document, 110))
    assert code.text == f"{settings.PUBLIC_URL.upper()}/S/{maja.counter_code}"
    assert maja.spoken_code in words(document)


def test_a_members_card_bears_the_logo_too(on_paper, shop):
    shop.logo = PictureFactory(shop=shop)
    shop.save(update_fields=["logo"])

    assert f'src="{shop.logo.url}"' in on_paper(MembershipFactory(shop=shop))


def test_only_a_card_that_is_on_no_phone_can_be_moved_to_one(on_paper, shop, paper, counter):
    moving = "Scan to move this card to your phone."
    taken(paper, counter)
    with scope(shop=shop):
        on_no_phone = PaperCard.objects.get(pk=paper.pk).membership

    assert moving in on_paper(on_no_phone)
    assert moving not in on_paper(MembershipFactory(shop=shop, name="Maja"))


def test_the_cards_of_many_members_are_ten_to_a_sheet(in_shop):
    need(PANGO)
    members = MembershipFactory.create_batch(11, shop=in_shop)
    needs = {"sheets": sheets_for(in_shop, members)}
    request = RequestFactory().get("/")

    answer = as_pdf(request, in_shop, "print/cards_of_members.html", needs, name="cards")

    sheets = [alone(page) for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    found = [{code.text for code in zxingcpp.read_barcodes(drawn(each, 110))} for each in sheets]
    assert [len(each) for each in found] == [10, 1]
    expected = {f"{settings.PUBLIC_URL.upper()}/S/{member.counter_code}" for member in members}
    assert set.union(*found) == expected


def alone(page):
    """One page as a file of its own."""
    writer, file = pypdf.PdfWriter(), io.BytesIO()
    writer.add_page(page)
    writer.write(file)
    return file.getvalue()
