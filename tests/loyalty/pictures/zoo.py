"""Files nobody wants: each kind with the message it is refused with."""

import gzip
import random
import struct
import zlib
from functools import cache
from io import BytesIO
from zipfile import ZipFile

from tests.loyalty.pictures.drawn import (
    JPEG_END,
    JPEG_START,
    PNG_SIGNATURE,
    canvas,
    chunk,
    drawn,
    empty_scan,
    film,
    jpeg,
    noise,
    png,
    riff,
    segment,
    white_png,
)

CHOOSE = "Choose a picture (PNG, JPEG or WebP)."
HEAVY = "That picture is too large. Choose one of at most 2 MB."
HUGE = "That picture is too large. Choose one of at most 25 megapixels."
HUGE_WEBP = "That picture is too large. Choose one of at most 12 megapixels."

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"


def zipped():
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("picture.png", drawn("PNG"))
    return file.getvalue()


def frames():
    """Three small ones of a WebP that moves."""
    place = bytes(6) + struct.pack("<I", 63)[:3] + struct.pack("<I", 47)[:3] + bytes(4)
    frame = (b"ANMF", place + drawn("WEBP")[12:])
    return [(b"ANIM", bytes(6)), frame, frame, frame]


def cut(file, share):
    return file[: int(len(file) * share)]


def scribbled(file, start):
    """The same length, but something else from here on."""
    return file[:start] + random.Random(0).randbytes(len(file) - start)


def text_bomb(size):
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * size, 9))


PIXEL = chunk(b"IDAT", zlib.compress(b"\0\xff\xff\xff"))

NO_PICTURE = {
    "nothing": lambda: b"",
    "one byte": lambda: b"\x89",
    "text": lambda: b"A picture, honestly.",
    "zeros": lambda: bytes(10_000),
    "random bytes": lambda: random.Random(0).randbytes(100_000),
    "a page": lambda: b"<!doctype html>" + SCRIPT,
    "SVG": lambda: SVG,
    "SVG in a text of two bytes a letter": lambda: SVG.decode().encode("utf-16"),
    "packed SVG": lambda: gzip.compress(SVG),
    "PDF": lambda: b"%PDF-1.7\n1 0 obj\n<</S/JavaScript/JS(app.alert(1))>>\nendobj\n",
    "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) file\n",
    "a programme": lambda: b"MZ\x90\0" + bytes(200),
    "an archive": zipped,
    "a film": lambda: struct.pack(">I", 24) + b"ftypmp42" + bytes(400),
}
OTHER_KINDS = {
    "GIF": lambda: drawn("GIF"),
    "moving GIF": lambda: film("GIF"),
    "BMP": lambda: drawn("BMP"),
    "TIFF": lambda: drawn("TIFF"),
    "ICO": lambda: drawn("ICO"),
    "JPEG 2000": lambda: drawn("JPEG2000"),
    "TGA": lambda: drawn("TGA"),
    "PPM": lambda: drawn("PPM"),
}
POLYGLOTS = {
    "a picture behind a page": lambda: SCRIPT + drawn("PNG"),
    "a picture behind a GIF's name": lambda: b"GIF89a/*" + drawn("JPEG") + b"*/=1;alert(1)",
    "a page behind a PNG's name": lambda: PNG_SIGNATURE + SCRIPT,
    "a page behind a JPEG's name": lambda: JPEG_START + segment(0xFE, SCRIPT) + SCRIPT,
    "a sound behind a WebP's name": lambda: (
        b"RIFF" + struct.pack("<I", 40) + b"WAVEfmt " + bytes(9)
    ),
    "a script behind a WebP's name": lambda: riff((b"VP8 ", SCRIPT)),
}
BROKEN = {
    "PNG: cut in its header": lambda: drawn("PNG")[:20],
    "PNG: cut in the middle": lambda: cut(noise("PNG"), 0.5),
    "PNG: without colours": lambda: png(8, 8),
    "PNG: too few colours": lambda: png(64, 64, PIXEL),
    "PNG: header with a wrong checksum": lambda: drawn("PNG")[:29] + b"\0" + drawn("PNG")[30:],
    "PNG: scribbled over": lambda: scribbled(noise("PNG"), 60),
    "PNG: no width": lambda: png(0, 8, PIXEL),
    "PNG: colours of no known kind": lambda: png(1, 1, PIXEL, depth=7, kind=5),
    "PNG: a broken note of the camera": lambda: png(1, 1, chunk(b"eXIf", b"?"), PIXEL),
    "JPEG: cut in its header": lambda: drawn("JPEG")[:15],
    "JPEG: cut in the middle": lambda: cut(noise("JPEG"), 0.5),
    "JPEG: beginning and end": lambda: JPEG_START + JPEG_END,
    "JPEG: without a scan": lambda: jpeg(8, 8),
    "JPEG: no height": lambda: jpeg(8, 0, empty_scan(8, 8)),
    "JPEG: scribbled over": lambda: scribbled(noise("JPEG"), 30),
    "WebP: cut in its header": lambda: drawn("WEBP")[:25],
    "WebP: cut in the middle": lambda: cut(noise("WEBP"), 0.5),
    "WebP: scribbled over": lambda: scribbled(noise("WEBP", lossless=True), 40),
    "WebP: a canvas and nothing on it": lambda: riff(canvas(64, 48)),
}
BOMBS = {
    "PNG: 16 MB in a note": lambda: png(1, 1, text_bomb(16_000_000), PIXEL),
    "PNG: 80 MB in eighty notes": lambda: png(1, 1, *[text_bomb(1_000_000)] * 80, PIXEL),
    "JPEG: a thousand scans": lambda: jpeg(4000, 4000, *[empty_scan(4000, 4000)] * 1000),
}
ENORMOUS = {
    "PNG: 88 megapixels": lambda: white_png(9400, 9400),
    "PNG: 90 megapixels": lambda: white_png(9500, 9500),
    "PNG: 25 megapixels and a row": lambda: white_png(5000, 5001),
    "PNG: one endless row": lambda: png(2**31 - 1, 1, PIXEL),
    "PNG: as large as can be said": lambda: png(2**31 - 1, 2**31 - 1, PIXEL),
    "JPEG: 88 megapixels": lambda: drawn("JPEG", (9400, 9400), mode="L"),
    "JPEG: as large as can be said": lambda: jpeg(65500, 65500, empty_scan(8, 8)),
}
ENORMOUS_WEBP = {
    "WebP: 13 megapixels": lambda: drawn("WEBP", (4000, 3250), method=0),
    "WebP: a film of 175 megapixels": lambda: riff(canvas(16000, 10950, moves=True), *frames()),
}
# Pillow's own limits speak before it says which kind it is.
ENORMOUS_TO_PILLOW = {
    "WebP: 268 megapixels": lambda: riff(canvas(16383, 16383), (b"VP8 ", drawn("WEBP")[20:])),
    "WebP: 16 million wide": lambda: riff(canvas(2**24, 255), (b"VP8 ", drawn("WEBP")[20:])),
}
TOO_MANY_BYTES = {
    "2 MB and a byte": lambda: drawn("PNG").ljust(2 * 1024 * 1024 + 1, b"\0"),
    "a good picture of 5 MB": lambda: noise("PNG", (2400, 2200)),
    "30 MB of nothing": lambda: bytes(30_000_000),
}

SAYS = {
    name: says
    for kinds, says in [
        (NO_PICTURE | OTHER_KINDS | POLYGLOTS | BROKEN | BOMBS, CHOOSE),
        (ENORMOUS | ENORMOUS_TO_PILLOW, HUGE),
        (ENORMOUS_WEBP, HUGE_WEBP),
        (TOO_MANY_BYTES, HEAVY),
    ]
    for name in kinds
}
ZOO = (
    NO_PICTURE
    | OTHER_KINDS
    | POLYGLOTS
    | BROKEN
    | BOMBS
    | ENORMOUS
    | ENORMOUS_WEBP
    | ENORMOUS_TO_PILLOW
    | TOO_MANY_BYTES
)


@cache
def caught(name):
    """The file itself. Some take a while to make."""
    return ZOO[name]()
