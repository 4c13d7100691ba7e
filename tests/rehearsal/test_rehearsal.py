"""Next year, walked once from the files to the pages; every figure of it is INVENTED (see `invented`).

`make rehearsal` walks the longer road, with figures of OSW_REHEARSAL_SEED, in the folder OSW_REHEARSAL_KEEP where it is named.
"""

import os
from pathlib import Path

import pytest

from tests.rehearsal.walk import Walk

SEED = os.environ.get("OSW_REHEARSAL_SEED", "")


@pytest.mark.whole_road
def test_an_invented_year_arrives_becomes_an_edition_and_nothing_false_is_said(tmp_path):
    """A sheet and a download that are damaged are refused on the way."""
    folder = Path(os.environ.get("OSW_REHEARSAL_KEEP") or tmp_path / "clone")
    found = Walk(folder, int(SEED or 1), short=not SEED).walk()
    assert not found, "\n".join(f.line() for f in found)
