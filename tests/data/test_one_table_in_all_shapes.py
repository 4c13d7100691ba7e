"""One table, written in every shape and dress: the same figures out of each; spoiled, a refusal that is true."""

import re
import tempfile
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.data.statline.read import read_table
from osw_stats.errors import InputError
from tests.data.published import CASES, DECLARED, MEASURES, PERIODS, SHAPES, Source

WITHOUT_REASON = {"dump", "bare", "version_3"}  # shapes in which a missing value has no reason
WITHOUT_STATUS = {"copy"}  # nothing in it says which years are provisional
WITHOUT_MARKS = WITHOUT_REASON | {"bulk", "version_4"}  # no such mark as <5
MISSING = st.sampled_from(["withheld", "not_applicable", "<5"])
COUNTS = st.integers(0, 10**7).map(str)
SHARES = st.integers(0, 1000).map(lambda n: f"{n // 10}.{n % 10}")
TEXTS = sorted(set(SHAPES) - {"workbook", "version_3"})


@st.composite
def sources(draw):
    """Draw a small table: at least one mark and one decimal, so that each shape shows its notation."""
    regions = ("NL01", "GM0001", "GM0002")[: draw(st.integers(1, 3))]
    years = tuple(range(2020, 2020 + draw(st.integers(2, 3))))
    keys = product(regions, years, (0, 1))
    cells = {key: draw(st.one_of(SHARES if key[2] else COUNTS, MISSING)) for key in keys}
    shown = ("1234", "0.5", "withheld", "12.5")
    cells |= dict(zip(product(regions[:1], years[:2], (0, 1)), shown, strict=True))
    provisional = draw(st.frozensets(st.sampled_from(years)))
    return Source(regions, years, cells, provisional, draw(st.sampled_from([*PERIODS])), draw(st.booleans()))


def dressed(path, dress):
    """Save a text in another of the forms that programs give it."""
    if path.suffix == ".csv":
        body = b"\xef\xbb\xbf" * ("mark" in dress) + path.read_bytes()
        for name, old, new in (("windows", b"\n", b"\r\n"), ("tabs", b";", b"\t")):
            body = body.replace(old, new) if name in dress else body
        path.write_bytes(body)
    return path


def observations(table):
    """Return value, status and what a mark leaves open by region, year and measure, whatever the shape calls them."""
    (dim,), names, found = table.dims, [name.lower() for name, _ in MEASURES], {}
    for row in table.frame.to_dict("records"):
        measure = next(m for m, name in enumerate(names) if row["measure"].lower().startswith(name))
        value = None if row["value"] != row["value"] else row["value"]
        upper = row.get("upper", float("nan"))
        opened = (row["lower"], upper) if upper == upper else None
        year, period = int(row["time_period"][:4]), row["time_period"][4:]
        found[str(row[dim]), year, measure] = (value, row["obs_status"], period, opened)
    return found


def expected(shape, source):
    """Return what the source holds, as far as the shape tells it."""
    cells = {}
    for key, value in source.cells.items():
        late = key[1] in source.provisional and shape not in WITHOUT_STATUS
        number, status, opened = None, "provisional" if late else "normal", None
        if value[0].isdigit():
            number = float(value)
        else:
            status = "unknown" if shape in WITHOUT_REASON else value.replace("<5", "withheld")
        if value == "<5" and shape not in WITHOUT_MARKS:  # the largest number below 5 where all are whole
            opened = (0, 4) if _whole(shape, source, key) else (0, 5)
        cells[key] = (number, status, PERIODS[source.kind][3], opened)
    return cells


def _whole(shape, source, key):
    """Say whether the column that a cell stands in holds whole numbers alone."""
    measures = (0, 1) if shape.startswith("turned") else key[2:]
    years = source.years if shape in ("symbols", "periods_before", "copy") else key[1:2]
    column = [source.cells[cell] for cell in product(source.regions, years, measures)]
    return not any(value[0].isdigit() and float(value) % 1 for value in column)


def read(shape, path):
    return read_table(path, DECLARED if shape == "copy" else None)


@given(sources(), st.frozensets(st.sampled_from(["windows", "mark", "tabs"])))
@settings(max_examples=25, deadline=None)
def test_the_same_observations_come_out_of_every_shape(source, dress):
    for shape, write in SHAPES.items():
        with tempfile.TemporaryDirectory() as folder:
            path = dressed(write(source, Path(folder)), dress)
            assert observations(read(shape, path)) == expected(shape, source), shape


@pytest.mark.parametrize("fault", CASES["faults"])
@pytest.mark.parametrize("shape", TEXTS)
def test_a_spoiled_table_is_refused_at_its_place(tmp_path, shape, fault):
    cells = {(r, y, m): ("2", "0.5")[m] for r in ("NL01", "GM0001") for y in (2020, 2021) for m in (0, 1)}
    cells |= {("NL01", 2020, 0): "1234", ("NL01", 2021, 1): "withheld"}
    path = SHAPES[shape](Source(("NL01", "GM0001"), (2020, 2021), cells, frozenset()), tmp_path)
    old, new, times = CASES["faults"][fault]
    path.write_text(re.sub(old, new, path.read_text("utf-8"), count=times), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(shape, path)
    assert caught.value.row and caught.value.remedy
