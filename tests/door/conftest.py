"""No screen to draw on."""

import matplotlib
import pytest


@pytest.fixture(autouse=True)
def _no_screen():
    matplotlib.use("agg")
    yield
    from matplotlib import pyplot as plt

    plt.close("all")
