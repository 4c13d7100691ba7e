"""A drawing as a picture of dots, made from its SVG by what puts the same drawing into the PDF. Light to import."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import typst

from osw_stats.errors import OswError

DOTS_A_POINT = 2  # sharp at twice the size of a screen
PAGE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'


@cache
def fonts() -> typst.Fonts:
    """Return the fonts of the charts and those that the wheel of Typst carries; none of the machine."""
    found = importlib.util.find_spec("matplotlib")  # it carries them; found without importing what draws
    assert found is not None and found.origin is not None  # the lock file holds it  # noqa: S101
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=fonts())


def png(svg: str) -> bytes:
    r"""Return an SVG as PNG, two dots a point of 1/72 inch; same SVG, same bytes.

    Raises
    ------
    OswError
        If it is no SVG.

    Examples
    --------
    >>> dot = '<svg xmlns="http://www.w3.org/2000/svg" width="3pt" height="2pt"/>'
    >>> made = png(dot)
    >>> made[1:4], int.from_bytes(made[16:20]), int.from_bytes(made[20:24])
    (b'PNG', 6, 4)
    """
    try:
        made = _compiler().compile(PAGE, format="png", ppi=72.0 * DOTS_A_POINT, sys_inputs={"svg": svg})
    except typst.TypstError as error:
        raise OswError(f"chart: Typst cannot read the drawing: {error}") from None
    assert isinstance(made, bytes)  # one page  # noqa: S101
    return made
