import io
import subprocess

import pypdf
import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from PIL import Image

from loyalty.dashboard import pdf
from loyalty.models import Trade
from tests.factories import ProgrammeFactory
from tests.running.parts import PANGO, POPPLER
from tests.support.needs import need
from tests.support.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]

A4, A5 = (210, 297), (148, 210)


@pytest.fixture
def at(shop):
    def address(name, *more, **query):
        address = reverse(f"owner:{name}", args=[shop.slug, *more])
        return f"{address}?{'&'.join(f'{k}={v}' for k, v in query.items())}"

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


@pytest.mark.parametrize(("kind", "size", "dpi"), [("a4", A4, 50), ("a5", A5, 70)])
def test_it_works(printed, kind, size, dpi):
    document = printed(kind)

    [page] = pypdf.PdfReader(io.BytesIO(document)).pages
    millimetres = [round(float(side) * 25.4 / 72) for side in page.mediabox[2:]]
    assert tuple(millimetres) == size
    assert codes(document, dpi) == [f"{settings.PUBLIC_URL}/j/kaffe-kardemomme/?p={kind}"]


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
@pytest.mark.parametrize("kind", ["a4", "a5"])
def test_any_name_fits_on_one_page(printed, shop, name, kind):
    shop.name = name
    shop.save(update_fields=["name"])

    assert "Scan with your camera." in words(printed(kind))


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
