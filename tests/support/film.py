"""What a till's camera sees: codes held up one after another, as an MJPEG (JPEGs in a row)."""

from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from loyalty import qr

A_SECOND = 30  # pictures
UNTIL_THE_FIRST = 4  # seconds: the page opens meanwhile
AT_THE_END = 120  # seconds, longer than a test: a film runs in a loop


def address(card):
    """What stands in the QR of a card."""
    return f"{settings.PUBLIC_URL.upper()}/S/{card.counter_code}"


def frame(text):
    """One picture: a code on a grey counter, or the counter alone."""
    picture = Image.new("RGB", (640, 480), "gray")
    if text:
        code = Image.open(BytesIO(qr.png(text))).convert("RGB").resize((330, 330))
        picture.paste(code, (155, 75))
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG")
    return jpeg.getvalue()


@pytest.fixture
def film(tmp_path):
    """film(*texts): each code held up for a second, so many seconds apart, and then none.

    Another film takes the place of the one before when the camera starts anew.
    """

    def make(*texts, apart=8):
        nothing = frame(None) * A_SECOND
        shown = (nothing * apart).join(frame(text) * A_SECOND for text in texts)
        path, new = tmp_path / "till.mjpeg", tmp_path / "new.mjpeg"
        new.write_bytes(nothing * UNTIL_THE_FIRST + shown + nothing * AT_THE_END)
        return new.replace(path)  # a browser reads the old one to its end

    return make


def hold_up(page):
    """What the film shows, from its beginning: the camera starts anew, as one that was chosen."""
    page.evaluate("document.getElementById('camera').dispatchEvent(new Event('choose'))")
