"""A table goes to the pages and comes back with the values, types and order it had."""

import json
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from osw_stats.errors import InputError
from osw_stats.report.tables import csv_text
from osw_stats.results.frames import to_frame, to_plain

numbers = st.one_of(st.floats(allow_infinity=False), st.just(math.nan))
columns = st.one_of(
    st.tuples(st.just("float64"), st.lists(numbers, min_size=4, max_size=4)),
    st.tuples(st.just("int64"), st.lists(st.integers(-(2**60), 2**60), min_size=4, max_size=4)),
    st.tuples(st.just("bool"), st.lists(st.booleans(), min_size=4, max_size=4)),
    st.tuples(st.just("str"), st.lists(st.text(), min_size=4, max_size=4)),
    st.tuples(
        st.just("object"),
        st.lists(st.one_of(st.text(), st.none(), st.integers(-9, 9)), min_size=4, max_size=4),
    ),
)


def there_and_back(frame):
    return to_frame(json.loads(json.dumps(to_plain(frame))))


@given(st.lists(columns, min_size=1, max_size=5))
def test_every_cell_comes_back(made):
    frame = pd.DataFrame({f"c{n}": pd.Series(cells, dtype=kind) for n, (kind, cells) in enumerate(made)})
    assert_frame_equal(there_and_back(frame), frame, check_exact=True)


def test_every_table_of_the_edition_comes_back(tables):
    for frame in (tables.observations, tables.sources, tables.claims(), tables.missing()):
        assert csv_text(there_and_back(frame)) == csv_text(frame)


def test_no_rows_and_two_columns_of_one_name():
    for frame in (pd.DataFrame({"a": []}), pd.DataFrame([[1, "x"]], columns=["a", "a"])):
        back = there_and_back(frame)
        assert list(back.columns) == list(frame.columns)
        assert len(back) == len(frame)


def test_what_a_table_cannot_hold_is_refused_by_its_column():
    with pytest.raises(InputError, match='column "odd"'):
        to_plain(pd.DataFrame({"odd": [object()]}))
