"""Pandas' own tests of an extension array, on numbers of one unit: it behaves as any column does."""

import numpy as np
import pandas as pd
import pytest
from pandas.conftest import *  # noqa: F403 - the fixtures of pandas' tests
from pandas.tests.extension.base import ExtensionTests
from pandas.tests.extension.conftest import *  # noqa: F403

from osw_stats.meaning.quantities import QuantityArray, QuantityDtype

NAN = np.nan


def posts(*values):
    return QuantityArray.of(values, ["fte"] * len(values))


@pytest.fixture
def dtype():
    return QuantityDtype()


@pytest.fixture
def data():
    return posts(*np.arange(1.0, 11.0))


@pytest.fixture
def data_for_twos():
    return posts(*[2.0] * 10)


@pytest.fixture
def data_missing():
    return posts(NAN, 1)


@pytest.fixture
def data_for_sorting():
    return posts(2, 3, 1)


@pytest.fixture
def data_missing_for_sorting():
    return posts(2, NAN, 1)


@pytest.fixture
def na_cmp():
    return lambda a, b: np.isnan(a) and np.isnan(b)


@pytest.fixture
def data_for_grouping():
    return posts(2, 2, NAN, NAN, 1, 1, 2, 3)


class TestAsPandasAsks(ExtensionTests):
    divmod_exc = series_scalar_exc = frame_scalar_exc = series_array_exc = None

    def _supports_reduction(self, ser, op_name):
        return True

    def _supports_accumulation(self, ser, op_name):
        return True

    def _cast_pointwise_result(self, op_name, obj, other, pointwise_result):
        """Give results with a unit their dtype: pandas makes its expectation of bare numbers."""
        scaled = op_name == "__rmul__" and isinstance(other, pd.Series)
        kept = scaled or op_name.endswith(("add__", "sub__", "mod__"))
        return pointwise_result.astype("quantity") if kept else pointwise_result
