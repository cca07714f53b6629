import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from loyalty import qr

ADDRESS = "HTTPS://STAMKUNDE.EXAMPLE/S/7KQ4M2XR"


def drawn(svg, scale=8):
    """Our SVG as a picture: rectangles are all it is made of."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    picture = Image.new("L", (size * scale, size * scale), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, width in (map(int, run) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg)):
        pen.rectangle([x * scale, y * scale, (x + width) * scale - 1, (y + 1) * scale - 1], fill=0)
    return picture


def read(picture):
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
@pytest.mark.parametrize("text", [ADDRESS, "https://stamkunde.example/j/kaffe-og-kardemomme/?p=a4"])
def test_a_drawing_reads_back(text, level):
    assert read(drawn(qr.svg(text, level=level))) == [text]


@pytest.mark.parametrize("level", ["M", "Q"])
def test_a_picture_reads_back(level):
    assert read(Image.open(BytesIO(qr.png(ADDRESS, level=level)))) == [ADDRESS]


def test_capitals_make_a_smaller_code():
    assert len(ADDRESS) == 36
    assert qr.version(ADDRESS) == 2
    assert qr.version(ADDRESS.lower()) == 3


def test_four_white_modules_are_part_of_the_drawing():
    svg = qr.svg(ADDRESS)
    assert 'viewBox="0 0 33 33"' in svg  # 25 modules and 4 on each side
    places = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg)]
    assert min(x for x, _, _ in places) == 4 == min(y for _, y, _ in places)
    assert max(x + width for x, _, width in places) == 29


def test_a_drawing_may_stand_inside_a_page():
    svg = qr.svg(ADDRESS)
    assert svg.startswith("<svg ")
    assert "style" not in svg
