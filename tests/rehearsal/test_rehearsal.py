"""Next year, walked once from the files to the pages; every figure of it is INVENTED (see `invented`)."""

import pytest

from tests.rehearsal.walk import walk


@pytest.mark.whole_road
def test_an_invented_year_arrives_becomes_an_edition_and_nothing_false_is_said(tmp_path):
    """A sheet and a download that are damaged are refused on the way; `make rehearsal` walks the longer road."""
    found = walk(tmp_path / "clone", 1, short=True)
    assert not found, "\n".join(f.line() for f in found)
<<<<<<< HEAD
=======


def test_what_is_invented_rises_for_some_seeds_and_falls_for_others():
    def rises(seed, sheet, series):
        rows = [r for r in sheets(seed)[sheet] if r["Sleutel"].startswith(f"{series}|")]
        counts = [int(str(r["Waarde"]).replace(".", "")) for r in rows if "Bijzonderheid" not in r]
        return counts[-1] > counts[0]

    both = {"helpwanted": "helpwanted_requests", "meldpunt-kinderporno": "meldpunt_reports"}
    for sheet, series in both.items():
        assert {rises(seed, sheet, series) for seed in range(8)} == {True, False}
    assert sheets(3) == sheets(3) != sheets(4)


@pytest.mark.parametrize("seed", range(20))
def test_a_download_that_was_cut_off_ends_within_a_line(seed):
    known = {"time_period": [str(y) for y in range(2012, 2024)], "obs_value": [8000.0 + y for y in range(12)]}
    whole = download(seed, known)
    lines = whole.splitlines()
    assert cut_off(whole, seed).splitlines()[-1] not in lines
    assert [len(r) for r in csv.reader(io.StringIO(whole), delimiter=";")] == [5] * len(lines)
>>>>>>> first
