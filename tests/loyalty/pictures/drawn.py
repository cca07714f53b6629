"""Pictures as people have them, and the pieces to forge others with."""

import math
import struct
import zlib
from io import BytesIO

from PIL import Image, ImageColor

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"


def drawn(kind, size=(64, 48), *, mode="RGB", colour="saddlebrown", **options):
    """One colour, as a file of this kind."""
    return saved(Image.new("RGB", size, colour).convert(mode), kind, **options)


def noise(kind, size=(64, 48), **options):
    """What compresses worst."""
    return saved(Image.effect_noise(size, 100).convert("RGB"), kind, **options)


def saved(picture, kind, **options):
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def photograph(orientation=1, size=(64, 48)):
    """A JPEG that says how it was held, whose it is, and where it was taken. Its left is red."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, "Canary Camera", "Canary Person"
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 55.0, 12.0)})
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    return saved(picture, "JPEG", exif=exif, icc_profile=b"Canary profile", comment=b"Canary note")


def film(kind, **options):
    """Red, then green, then blue."""
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)


def opened(encoded):
    return Image.open(BytesIO(encoded.data), formats=["WEBP"])


def colour_at(encoded, x, y):
    """The plain name of the colour that is nearest to what is there."""
    seen = opened(encoded).convert("RGB").getpixel((x, y))
    names = ("red", "green", "blue", "grey", "white", "black")
    return min(names, key=lambda name: math.dist(ImageColor.getrgb(name), seen))


# --- Pieces ----------------------------------------------------------------------------------


def chunk(name, content=b""):
    """One chunk of a PNG."""
    length, check = struct.pack(">I", len(content)), struct.pack(">I", zlib.crc32(name + content))
    return length + name + content + check


def png(width, height, *chunks, depth=8, kind=2):
    """A PNG whose header says so, whatever follows."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return PNG_SIGNATURE + b"".join([chunk(b"IHDR", header), *chunks, chunk(b"IEND")])


def white_png(width, height):
    """A whole PNG of one bit per pixel, all of them white: next to nothing as a file."""
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * ((width + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(width, height, chunk(b"IDAT", packed), depth=1, kind=0)


def segment(marker, content=b""):
    """One segment of a JPEG."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg(width, height, *scans, progressive=True):
    """A grey JPEG whose header says so, with the plainest tables there are."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    tables = segment(0xDB, b"\x00" + b"\x01" * 64)
    for table, value in ((b"\x00", b"\x00"), (b"\x10", b"\xe0")):
        tables += segment(0xC4, table + b"\x01" + bytes(15) + value)
    start = tables + segment(0xC2 if progressive else 0xC0, frame)
    return JPEG_START + start + b"".join(scans) + JPEG_END


def empty_scan(width, height):
    """A scan that changes nothing, of a few bytes, and a pass over the whole picture."""
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    bits = "0" + "1" * 14  # the next 32,767 blocks stay as they are
    bits *= -(-blocks // 32767)
    bits += "0" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    return segment(0xDA, b"\x01\x01\x00\x01\x3f\x00") + data


def riff(*chunks):
    """A WebP of these chunks."""
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(content)) + content for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def canvas(width, height, *, moves=False):
    """The header of a WebP with a canvas of its own."""
    sides = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"VP8X", bytes([2 if moves else 0, 0, 0, 0]) + sides
