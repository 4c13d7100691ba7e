"""Next year, walked once from the files to the pages; every figure of it is INVENTED (see `invented`)."""

import pytest

from tests.rehearsal.walk import walk


@pytest.mark.whole_road
def test_an_invented_year_arrives_becomes_an_edition_and_nothing_false_is_said(tmp_path):
    """A sheet and a download that are damaged are refused on the way; `make rehearsal` walks the longer road."""
    found = walk(tmp_path / "clone", 1, short=True)
    assert not found, "\n".join(f.line() for f in found)
