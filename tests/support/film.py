"""What a till's camera sees: codes held up one after another, as an MJPEG (JPEGs in a row)."""

from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from loyalty import qr

A_SECOND = 30  # pictures


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
    """film(*texts): each code held up for a moment, with nothing in between. It runs in a loop."""

    def make(*texts):
        pause = frame(None) * 4 * A_SECOND
        path = tmp_path / "till.mjpeg"
        path.write_bytes(pause + b"".join(frame(text) * A_SECOND + pause for text in texts))
        return path

    return make
