"""Pandas' own tests of an extension array, on numbers of one unit: it behaves as any column does."""

import numpy as np
import pandas as pd
import pytest
from pandas.conftest import *  # noqa: F403 - the fixtures of pandas' tests
from pandas.tests.extension.base import ExtensionTests
from pandas.tests.extension.conftest import *  # noqa: F403

from osw_stats.meaning.quantities import QuantityArray, QuantityDtype

NAN = np.nan


def column_of(*values):
    return pytest.fixture(lambda: QuantityArray.of(values, ["fte"] * len(values)))


dtype = pytest.fixture(lambda: QuantityDtype())
na_cmp = pytest.fixture(lambda: lambda a, b: np.isnan(a) and np.isnan(b))
data, data_for_twos = column_of(*np.arange(1.0, 11.0)), column_of(*[2.0] * 10)
data_missing, data_missing_for_sorting = column_of(NAN, 1), column_of(2, NAN, 1)
data_for_sorting, data_for_grouping = column_of(2, 3, 1), column_of(2, 2, NAN, NAN, 1, 1, 2, 3)


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
