"""The tables of an edition, and no screen to draw on."""

import matplotlib
import pytest

import osw_stats as osw
from tests.conftest import PROJECT


@pytest.fixture(scope="session")
def tables():
    return osw.load(2024, PROJECT)


@pytest.fixture(autouse=True)
def _no_screen():
    matplotlib.use("agg")
    yield
    from matplotlib import pyplot as plt

    plt.close("all")
