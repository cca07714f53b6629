"""Uploads cannot hurt (S7): every kind of bad file is refused with its message, fast and small."""

import time
from pathlib import Path

import PIL.ImageFile
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL.ImageFile import ImageFile
from PIL.WebPImagePlugin import WebPImageFile

from loyalty.pictures.encoding import encode
from loyalty.pictures.forms import PictureField
from tests.loyalty.pictures.drawn import drawn
from tests.loyalty.pictures.zoo import (
    CHOOSE,
    ENORMOUS,
    ENORMOUS_TO_PILLOW,
    ENORMOUS_WEBP,
    SAYS,
    ZOO,
    caught,
)

MOST_SECONDS = 1  # of the processor: what else runs here is not to blame
MOST_MEMORY = 150  # MB
PROCESS = Path("/proc/self")

pytestmark = [
    pytest.mark.once,
    # Pillow warns of some before it gives up; on the site that is a line in the log.
    pytest.mark.filterwarnings("ignore:::PIL"),
]


class OneForm(forms.Form):
    picture = PictureField()


def uploaded(content, name="picture.png", kind="image/png"):
    """The form, after these bytes came the way a browser sends them."""
    file = SimpleUploadedFile(name, content, kind)
    request = RequestFactory().post("/", {"picture": file})
    return OneForm(request.POST, request.FILES)


def megabytes(what):
    """VmRSS: what this process has in memory now. VmHWM: the most since `from_here`."""
    [line] = [x for x in (PROCESS / "status").read_text().splitlines() if x.startswith(what)]
    return int(line.split()[1]) / 1024


def from_here():
    (PROCESS / "clear_refs").write_text("5")
    return megabytes("VmRSS")


@pytest.mark.parametrize("name", ZOO)
def test_it_is_refused_with_its_message(name):
    assert uploaded(caught(name)).errors == {"picture": [SAYS[name]]}


@pytest.mark.skipif(not PROCESS.exists(), reason="memory is measured as Linux tells it")
@pytest.mark.parametrize("name", ZOO)
def test_it_takes_little_time_and_memory(name):
    form = uploaded(caught(name))
    before, began = from_here(), time.process_time()
    assert form.errors

    assert time.process_time() - began < MOST_SECONDS
    assert megabytes("VmHWM") - before < MOST_MEMORY


def test_the_zoo_has_enough_kinds():
    assert len(ZOO) >= 25


@pytest.fixture
def no_decoding(monkeypatch):
    """Whoever decodes a picture is told on."""

    def decode(image, *args):
        raise AssertionError("it was decoded")

    monkeypatch.setattr(ImageFile, "load", decode)
    monkeypatch.setattr(WebPImageFile, "load", decode)


@pytest.mark.parametrize("name", ENORMOUS | ENORMOUS_WEBP | ENORMOUS_TO_PILLOW)
def test_the_header_is_enough_to_refuse_it(name, no_decoding):
    assert uploaded(caught(name)).errors == {"picture": [SAYS[name]]}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_decoding_would_be_noticed(kind, no_decoding):
    with pytest.raises(AssertionError, match="it was decoded"):
        encode(drawn(kind))


def test_the_bomb_is_as_small_as_the_promise_says():
    assert len(caught("PNG: 88 megapixels")) < 251_000


@pytest.mark.parametrize("name", ["me.jpg", "../../me.php", "me.png\0.svg", "x" * 300, "m é.webp"])
def test_its_name_makes_nothing_better_or_worse(name):
    assert uploaded(caught("a page"), name, "image/jpeg").errors == {"picture": [CHOOSE]}
    assert uploaded(drawn("PNG"), name, "text/html").is_valid()


def test_what_prints_posters_makes_nobody_lenient(monkeypatch):
    """WeasyPrint lets half a picture pass, for the whole process."""
    monkeypatch.setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    half = drawn("PNG")[:-200]

    assert uploaded(half).errors == {"picture": [CHOOSE]}
