"""One function a figure, one house style; every chart brings its caption and alt text."""

import logging

# it speaks of the fonts of the machine, which are not used, and when it takes long; both would stand in a notebook
logging.getLogger("matplotlib").setLevel(logging.ERROR)
