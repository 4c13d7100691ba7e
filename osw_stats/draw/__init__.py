"""One function a chart, one house style, whose colours these are; each chart has a caption and alt text.

Accent and grey differ in lightness as well: without red or green cones their hues are alike.
"""

import logging

INK, TEAL, OCHRE, PLUM = "#1B2A33", "#08636A", "#B4560B", "#7B3F8C"
GREY, BAND, GRID = "#6B7680", "#BFDDDF", "#E3E6E8"
COLOURS = {"ink": INK, "teal": TEAL, "ochre": OCHRE, "plum": PLUM, "grey": GREY, "band": BAND, "grid": GRID}
# it warns of fonts of the machine, which are not used, and of long runs; both would appear in notebooks
logging.getLogger("matplotlib").setLevel(logging.ERROR)
