"""QR codes: black on white, with the white margin inside the picture, so no page can crop it."""

from io import BytesIO
from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from qrcode import QRCode, constants
from qrcode.image.pil import PilImage

Level = Literal["L", "M", "Q", "H"]
LEVELS = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,  # screens
    "Q": constants.ERROR_CORRECT_Q,  # print
    "H": constants.ERROR_CORRECT_H,  # under a logo
}
BORDER = 4  # modules of white, as the QR standard asks


def svg(text: str, *, level: Level = "M") -> SafeString:
    """A drawing of a code, to be put into a page or served as it is. One unit is one module.

    Safe, because it is made of numbers only: the text is in the squares, not in the markup.
    """
    code = _code(text, level)
    size = len(code.modules) + 2 * BORDER
    runs = "".join(
        f"M{start + BORDER} {row + BORDER}h{length}v1h-{length}z"
        for row, modules in enumerate(code.modules)
        for start, length in _runs(modules)
    )
    return mark_safe(  # noqa: S308
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{runs}"/></svg>'
    )


def png(text: str, *, level: Level = "M") -> bytes:
    """The same code as a picture, ten pixels a module, for mail and download."""
    file = BytesIO()
    _code(text, level).make_image(image_factory=PilImage).save(file)
    return file.getvalue()


def version(text: str, *, level: Level = "M") -> int:
    """The size class of a code: version 2 has 25 modules a side. Source: ISO/IEC 18004.

    An address all in capitals fits the dense alphanumeric mode and needs a smaller one.
    """
    return int(_code(text, level).version)


def _code(text: str, level: Level) -> QRCode:
    code = QRCode(error_correction=LEVELS[level], border=BORDER, box_size=10)
    code.add_data(text)
    code.make(fit=True)
    return code


def _runs(modules: list[bool | None]) -> list[tuple[int, int]]:
    """Dark stretches of a row as (start, length): a fifth of the bytes of single squares."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(modules):
        if dark and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((place, 1))
    return runs
