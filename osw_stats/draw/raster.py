"""A drawing as PNG, made from its SVG by the program that also makes the PDF. Light to import."""

import importlib.util
import struct
import zlib
from functools import cache
from pathlib import Path

import typst

from osw_stats.errors import OswError

DOTS_A_POINT = 2  # sharp at twice the size of a screen
AFTER_SIZE = 33  # bytes of a PNG before its optional metadata
_PHYS = b"pHYs" + struct.pack(">IIB", *[round(72 * DOTS_A_POINT / 0.0254)] * 2, 1)  # dots a metre
# without it a document would show the picture at twice the size of the drawing
DENSITY = struct.pack(">I", len(_PHYS) - 4) + _PHYS + struct.pack(">I", zlib.crc32(_PHYS))
CARD = b"#set page(width: 1200pt, height: 630pt, margin: 24pt)\n#set align(center + horizon)\n"
CARD += b'#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "contain")'
PAGE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'


@cache
def fonts() -> typst.Fonts:
    """Return the fonts of the charts and those that the wheel of Typst carries; none of the machine."""
    spec = importlib.util.find_spec(
        "matplotlib"
    )  # it carries them, and is looked for without importing what draws
    assert spec is not None and spec.origin is not None  # the lock file holds it  # noqa: S101
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def png(svg: str, *, card: bool = False) -> bytes:
    """Return an SVG as PNG, two dots a point, or as the `card` of 1,200 by 630 dots that a link to a page shows."""
    page, dots = (CARD, 1) if card else (PAGE, DOTS_A_POINT)
    try:
        picture: bytes = typst.compile(
            page, font_paths=fonts(), format="png", ppi=72.0 * dots, sys_inputs={"svg": svg}
        )
    except typst.TypstError as error:
        raise OswError(f"chart: Typst cannot read the drawing: {error}") from None
    return picture[:AFTER_SIZE] + DENSITY + picture[AFTER_SIZE:]
