import io
import subprocess
from urllib.parse import urlencode

import pypdf
import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from PIL import Image

from loyalty.dashboard.printkit import pdf
from loyalty.dashboard.printkit.posters import KINDS
from loyalty.models import Trade
from members.joining.sources import source_of
from tests.factories import PictureFactory, ProgrammeFactory
from tests.running.parts import PANGO, POPPLER
from tests.support.needs import need
from tests.support.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]

A4, A5, A6 = (210, 297), (148, 210), (105, 148)
DISPLAY, WINDOW = (148, 105), (100, 100)
# How large each piece is, how many codes are on it, and at how few dots an inch they are read.
PIECES = {
    "a4": (A4, 1, 50),
    "a5": (A5, 1, 70),
    "tent": (A4, 2, 70),
    "display": (DISPLAY, 1, 95),
    "window": (WINDOW, 1, 70),
    "staff": (A6, 1, 100),
}


@pytest.fixture
def at(shop):
    def address(name, *more, **query):
        return f"{reverse(f'owner:{name}', args=[shop.slug, *more])}?{urlencode(query)}"

    return address


@pytest.fixture
def printed(ingrid, at):
    """A poster as PDF, in English unless said otherwise."""
    need(PANGO)

    def document(kind, **query):
        answer = ingrid.get(at("poster_pdf", kind, **({"lang": "en-gb"} | query)))
        assert answer["Content-Type"] == "application/pdf"
        return answer.content

    return document


def words(document):
    [page] = pypdf.PdfReader(io.BytesIO(document)).pages
    return " ".join(page.extract_text().split())


def drawn(document, dpi):
    """A PDF as a printer draws it."""
    need(POPPLER)
    command = ["pdftoppm", "-r", str(dpi), "-png", "-"]
    picture = subprocess.run(command, input=document, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(picture))


def codes(document, dpi):
    return [code.text for code in zxingcpp.read_barcodes(drawn(document, dpi))]


@pytest.mark.parametrize("kind", PIECES)
def test_it_works(printed, kind):
    size, times, dpi = PIECES[kind]
    document = printed(kind)

    [page] = pypdf.PdfReader(io.BytesIO(document)).pages
    millimetres = [round(float(side) * 25.4 / 72) for side in page.mediabox[2:]]
    assert tuple(millimetres) == size
    assert codes(document, dpi) == [f"{settings.PUBLIC_URL}/j/kaffe-kardemomme/?p={kind}"] * times


def test_every_piece_is_here_and_is_a_source_of_its_own(in_shop):
    assert list(KINDS) == list(PIECES)
    for kind in KINDS:
        assert source_of(kind) == ("poster", kind)


def test_it_says_what_to_do(printed):
    said = words(printed("a4"))

    assert "Kaffe & Kardemomme" in said
    assert "Every 10th coffee is on us" in said
    for step in ("Scan with your camera.", 'Tap "Get my card".', "Show it when you pay."):
        assert step in said
    assert "/j/kaffe-kardemomme" in said


def test_headings_are_bold_and_every_font_is_in_the_file(printed):
    [page] = pypdf.PdfReader(io.BytesIO(printed("a4"))).pages
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    names = {str(font["/BaseFont"]) for font in fonts}

    assert any("Schibsted" in name and "Bold" in name for name in names)
    for font in fonts:
        [inner] = font["/DescendantFonts"]
        assert any(key.startswith("/FontFile") for key in inner.get_object()["/FontDescriptor"])


def test_screen_readers_can_follow_it(printed):
    root = pypdf.PdfReader(io.BytesIO(printed("a4", lang="da"))).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "da"
    assert b"pdfuaid" in root["/Metadata"].get_data()


@pytest.mark.parametrize("name", ["Æ" * 80, "<b>Jern</b> & <script>", "Kaffe 😀 og te", "x " * 40])
def test_any_name_fits_on_one_page(printed, shop, name):
    shop.name = name
    shop.save(update_fields=["name"])

    assert "Scan with your camera." in words(printed("a5"))


@pytest.mark.parametrize("kind", PIECES)
def test_the_longest_of_all_still_leads_to_the_join_page(printed, shop, kind):
    shop.name, shop.slug, shop.language = "Æøå " * 20, "s" * 60, "da"
    shop.logo = PictureFactory(shop=shop)
    shop.save()
    _size, times, dpi = PIECES[kind]

    document = printed(kind, headline="W" * 62, ink="save")
    assert len(pypdf.PdfReader(io.BytesIO(document)).pages) == 1
    assert codes(document, dpi * 1.6) == [f"{settings.PUBLIC_URL}/j/{shop.slug}/?p={kind}"] * times


def test_the_logo_is_in_it_and_has_words(printed, shop, caplog):
    shop.logo = PictureFactory(shop=shop)
    shop.save(update_fields=["logo"])

    document = printed("a4")

    [page] = pypdf.PdfReader(io.BytesIO(document)).pages
    assert len(page.images) == 1
    assert "alt description" not in caplog.text


# --- The shop's own words -------------------------------------------------------------------


def test_the_headline_can_be_the_shops_own(ingrid, printed, at):
    own = "Kom inn på kaffe, den tiende er vår"

    assert own in words(printed("a4", headline=own))
    for kind in KINDS:
        assert own in text(ingrid.get(at("poster", kind, headline=own)))


def test_it_goes_along_with_every_piece(ingrid, at):
    page = ingrid.get(at("posters", lang="da", headline="Æg & rejer", ink="save")).content.decode()

    for kind in KINDS:
        asked = at("poster_pdf", kind, lang="da", ink="save", headline="Æg & rejer")
        assert asked.replace("&", "&amp;") in page


def test_without_one_the_card_promises_and_the_field_says_what(ingrid, at):
    page = text(ingrid.get(at("posters", lang="en-gb", headline="  ")))

    assert 'value="Every 10th coffee is on us"' in page


def test_our_own_words_are_no_wish_so_another_language_has_its_own(ingrid, at):
    page = text(ingrid.get(at("posters", lang="nb", headline="Every 10th coffee is on us")))

    assert f'{at("poster_pdf", "a4", lang="nb")}"' in page
    assert 'value="Hver 10. kaffe spanderer vi"' in page


def test_too_long_a_headline_is_refused_beside_its_field(ingrid, at):
    answer = ingrid.get(at("posters", lang="en-gb", headline="x" * 63))

    assert answer.status_code == 422
    assert "That is too long. Use 62 letters at most." in text(answer)
    assert "x" * 63 in text(answer)
    assert "Every 10th coffee is on us" in text(ingrid.get(at("poster", "a4", lang="en-gb")))


def test_a_piece_with_too_long_a_headline_says_what_the_card_promises(ingrid, at):
    page = text(ingrid.get(at("poster", "a4", lang="en-gb", headline="x" * 63)))

    assert "Every 10th coffee is on us" in page
    assert "xxx" not in page


def test_markup_in_a_headline_is_letters(ingrid, at):
    assert "<script>alert" not in text(ingrid.get(at("poster", "a4", headline="<script>alert(1)")))


# --- What else stands on them -----------------------------------------------------------------


def test_what_one_starts_with_is_said(ingrid, at):
    for kind in ("a4", "a5", "tent", "display"):
        page = text(ingrid.get(at("poster", kind, lang="en-gb")))
        assert "Free to join. You start with one stamp." in page


def test_staff_read_what_to_say(ingrid, at):
    said = text(ingrid.get(at("poster", "staff", lang="en-gb")))

    assert "Ask every customer" in said
    assert "“Do you have our card? It takes one tap.”" in said


def test_a_tent_can_be_read_from_both_sides(printed):
    assert words(printed("tent")).count("Every 10th coffee is on us") == 2


def test_before_the_start_the_page_says_that_nobody_can_join_yet(ingrid, at, shop):
    shop.live_since = None
    shop.save(update_fields=["live_since"])

    assert "once you have started the programme" in text(ingrid.get(at("posters")))


def test_ink_can_be_saved(ingrid, at):
    assert "save-ink" in text(ingrid.get(at("poster", "a4", ink="save")))
    assert "save-ink" not in text(ingrid.get(at("poster", "a4")))


def test_a_poster_speaks_the_shops_language_unless_asked(ingrid, at):
    assert '<html lang="nb"' in text(ingrid.get(at("poster", "a4")))
    assert '<html lang="da"' in text(ingrid.get(at("poster", "a4", lang="da")))
    assert '<html lang="nb"' in text(ingrid.get(at("poster", "a4", lang="tlh")))


def test_a_norwegian_restaurant_leaves_alcohol_out(ingrid, at, shop):
    shop.trade = Trade.RESTAURANT
    shop.save(update_fields=["trade"])

    page = text(ingrid.get(at("poster", "a4", lang="en-gb")))

    assert "Does not apply to alcohol." in page


def test_the_page_shows_every_piece(staff_client, at):
    page = text(staff_client.get(at("posters", ink="save")))

    assert "Counter sign" in page
    assert at("poster_pdf", "a4", lang="nb", ink="save").replace("&", "&amp;") in page
    assert "Paper cards" in page


def test_where_no_pdf_can_be_made_the_page_says_so(ingrid, at, monkeypatch):
    def impossible(*args, **kwargs):
        raise pdf.NoPdf

    monkeypatch.setattr(pdf, "drawn", impossible)

    page = text(ingrid.get(at("poster_pdf", "a4")))

    assert "This machine can&#x27;t make PDFs." in page
    assert 'class="sheet"' in page


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd",
        "/static/../../etc/passwd",
        "/static//etc/passwd",
        "/static/css/nothing.css",
        "/o/kaffe-kardemomme/",
    ],
)
def test_a_pdf_takes_files_of_ours_only(address):
    with pytest.raises(Exception, match=r"not one of our files|outside|base path"):
        pdf.static_file(address)


def test_a_pdf_takes_the_font_by_name():
    assert pdf.static_file("/static/fonts/schibsted-grotesk.woff2").is_file()


def test_the_code_alone_is_a_picture_that_leads_to_the_join_page(ingrid, at, shop, settings):
    picture = ingrid.get(at("code_picture"))

    assert picture["Content-Type"] == "image/png"
    assert shop.slug in picture["Content-Disposition"]
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.content)))
    assert code.text == f"{settings.PUBLIC_URL}/j/{shop.slug}/?p=flyer"


def test_an_unknown_piece_is_not_found(ingrid, at):
    assert ingrid.get(at("poster", "a3")).status_code == 404
    assert ingrid.get(at("poster_pdf", "a3")).status_code == 404


def test_the_newest_rules_are_promised(ingrid, at, next_door):
    ProgrammeFactory(shop=next_door, rules__need=11)

    assert "Every 10th coffee" in text(ingrid.get(at("poster", "a4", lang="en-gb")))


def test_a_stranger_finds_no_poster(stranger, at):
    assert stranger.get(at("posters")).status_code == 404
    assert stranger.get(at("poster_pdf", "a4")).status_code == 404
    assert stranger.get(at("code_picture")).status_code == 404
