"""From the bytes somebody uploaded to a small WebP of our own, or the reason why not.

Nothing of the upload is kept but its colours: no metadata (a photograph tells where it was
taken), no colour profile, no second frame, nothing hidden behind the picture.
"""

import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageFile, ImageOps

MOST_BYTES = 2 * 1024 * 1024
# Pillow holds a WebP four times while it unpacks it. MPO: telephones put several JPEGs in one.
MOST_MEGAPIXELS = {"PNG": 25, "JPEG": 25, "MPO": 25, "WEBP": 12}
FORMATS = ("PNG", "JPEG", "WEBP")
# A progressive JPEG is drawn scan by scan. Cameras make about ten of them; 2 MB have room for
# 40,000, each of which costs a pass over the whole picture: minutes.
MOST_SCANS = 100
START_OF_SCAN = b"\xff\xda"

LONGEST_SIDE = 1024
ROUGHLY = 2 * LONGEST_SIDE  # a picture is brought near this cheaply, and then to size with care
STRIP = 64  # rows
MOST_KEPT = 100_000  # bytes
# Longest side and quality. Photographs are small enough at the first or second step; the last
# one is small enough for noise.
STEPS = ((LONGEST_SIDE, 80), (LONGEST_SIDE, 60), (LONGEST_SIDE, 40), (512, 60), (256, 40))

# What Pillow raises about a file that is broken, cut off or forged.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
# Pillow's own limits are higher than ours.
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class NotAPicture(Exception):
    """It is none, or of a kind we don't take, or broken."""


class TooManyPixels(Exception):
    """Small as a file, enormous once it is unpacked. `most`: how many megapixels it may have."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@dataclass(frozen=True)
class Encoded:
    """A WebP of our own making. Width and height in pixels."""

    data: bytes
    width: int
    height: int


def encode(upload: bytes) -> Encoded:
    """Upright, at most 1024 pixels wide and high and 100 kB. Of what moves, the first frame.

    The bytes decide what it is, never a name or a type that came with them. Raises NotAPicture
    and TooManyPixels.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # printing a poster turns it on for the whole process
    try:
        image = Image.open(BytesIO(upload), formats=FORMATS)  # reads no more than the header
        _refuse_bombs(image, upload)
        return _as_webp(ImageOps.exif_transpose(_small(image)))
    except BOMB as bomb:
        raise TooManyPixels(MOST_MEGAPIXELS["PNG"]) from bomb
    except UNREADABLE as broken:
        raise NotAPicture from broken


def _refuse_bombs(image: Image.Image, upload: bytes) -> None:
    most = MOST_MEGAPIXELS[image.format or ""]
    if image.width * image.height > most * 1_000_000:
        raise TooManyPixels(most)
    if image.format != "PNG" and upload.count(START_OF_SCAN) > MOST_SCANS:
        raise NotAPicture


def _small(image: Image.Image) -> Image.Image:
    """Roughly to size, strip by strip: each step on all of it would take another 100 MB."""
    image.draft(None, (ROUGHLY, ROUGHLY))  # a JPEG need not be unpacked at its full size
    image.load()
    factor = max(1, max(image.size) // ROUGHLY)
    size = [-(-side // factor) for side in image.size]
    small = Image.new("RGBA" if image.has_transparency_data else "RGB", (size[0], size[1]))
    for top in range(0, image.height, STRIP * factor):
        strip = image.crop((0, top, image.width, min(top + STRIP * factor, image.height)))
        small.paste(_in_colours(strip, small.mode).reduce(factor), (0, top // factor))
    small.info = image.info  # for the way the camera was held
    return small


def _in_colours(image: Image.Image, mode: str) -> Image.Image:
    if image.mode == "I;16":
        image = image.point(lambda grey: grey / 256)  # or all of it would be white
    return image.convert(mode)


def _as_webp(image: Image.Image) -> Encoded:
    for side, quality in STEPS:
        image.thumbnail((side, side))
        data = BytesIO()
        image.save(data, "WEBP", quality=quality)
        if len(data.getvalue()) <= MOST_KEPT:
            break
    return Encoded(data.getvalue(), image.width, image.height)
