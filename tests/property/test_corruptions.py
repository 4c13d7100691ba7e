"""Whatever happens to a file on its way: the right table, or one typed error with its place."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.data.statline.read import read_table
from osw_stats.errors import InputError
from tests.cases import words
from tests.data.published import BULK, DUMP, EXPORT, MARGINS, V3, V4

ORIGINALS = {"bulk.csv": BULK, "export.csv": EXPORT, "margins.csv": MARGINS, "dump.csv": DUMP}
ORIGINALS |= {"v3.json": json.dumps(V3), "v4.json": json.dumps(V4)}
NASTY = words('=1+1 +SUM(A1) @x NaN inf 1e999 -5 1.234,5 1,234.5 0x10 ½ ٣ \x00 " ; \\N <b> ٫')
names = st.sampled_from(sorted(ORIGINALS))


def read(name: str, content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_table(path)


def triples(table):
    """Return value and status of every cell, by its dimensions."""
    keys = table.frame[[*table.dims, "time_period", "measure"]].astype(str)
    cells = table.frame[["value", "obs_status"]]
    return dict(zip(keys.itertuples(index=False), cells.itertuples(index=False), strict=True))


TRUTH = {name: triples(read(name, text.encode())) for name, text in ORIGINALS.items()}


def right_or_refused(name: str, content: bytes, *, only_cells_of_truth: bool) -> None:
    """Pass when reading is refused with a place, or gives no number that the original does not hold."""
    try:
        found = triples(read(name, content))
    except InputError as error:
        assert error.file is not None
        assert error.row is not None or error.problem == "is empty"
        assert error.remedy
        return
    for key, cell in found.items() if only_cells_of_truth else ():
        if key in TRUTH[name]:
            truth = TRUTH[name][key]
            assert cell == truth or (cell[0] != cell[0] and truth[0] != truth[0])


@given(names, st.data())
@settings(max_examples=300)
def test_a_file_cut_off_anywhere_never_gives_a_wrong_number(name, data):
    content = ORIGINALS[name].encode()
    right_or_refused(name, content[: data.draw(st.integers(0, len(content) - 1))], only_cells_of_truth=True)


@given(names, st.data())
@settings(max_examples=300)
def test_foreign_bytes_are_read_right_or_refused(name, data):
    content = bytearray(ORIGINALS[name].encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.sampled_from([0, 9, 13, 0x80, 0xFF, 0xE9, 0x1A]))
    right_or_refused(name, bytes(content), only_cells_of_truth=False)


@given(names, st.sampled_from(["utf-16", "utf-32", "cp500"]))
def test_other_encodings_are_refused(name, encoding):
    with pytest.raises(InputError):
        read(name, ORIGINALS[name].replace("\ufeff", "").encode(encoding))


@given(st.sampled_from(["bulk.csv", "export.csv"]), st.sampled_from(NASTY), st.data())
@settings(max_examples=300)
def test_a_nasty_figure_is_never_a_number(name, nasty, data):
    lines = ORIGINALS[name].split("\n")
    row = data.draw(st.integers(1, len(lines) - 2))
    parts = lines[row].split(";")
    column = data.draw(st.integers(len(parts) - 2, len(parts) - 1))
    parts[column] = f'"{nasty}"' if name == "bulk.csv" else nasty
    lines[row] = ";".join(parts)
    with pytest.raises(InputError) as caught:
        read(name, "\n".join(lines).encode())
    assert caught.value.row is not None


@given(st.sampled_from(["bulk.csv", "export.csv", "dump.csv"]), st.randoms(use_true_random=False))
def test_swapped_columns_keep_their_headings_or_are_refused(name, random):
    delimiter = "," if name == "dump.csv" else ";"
    rows = [line.split(delimiter) for line in ORIGINALS[name].replace("\ufeff", "").rstrip("\n").split("\n")]
    order = list(range(len(rows[0])))
    random.shuffle(order)
    swapped = "\n".join(delimiter.join(row[i] for i in order) for row in rows) + "\n"
    right_or_refused(name, swapped.encode(), only_cells_of_truth=True)


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_a_refusal(text):
    right_or_refused("any.csv", text.encode("utf-8", "surrogatepass"), only_cells_of_truth=False)
    right_or_refused("any.json", text.encode("utf-8", "surrogatepass"), only_cells_of_truth=False)


def test_a_field_of_ten_megabytes_and_a_pile_of_brackets_are_refused():
    with pytest.raises(InputError, match="cannot be read as CSV"):
        read("bulk.csv", BULK.replace("GM0363", "G" * 10_000_000).encode())
    with pytest.raises(InputError, match="cannot be read as JSON"):
        read("v3.json", b"[" * 200_000)
