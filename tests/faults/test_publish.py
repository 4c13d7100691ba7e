"""Putting a new report in place: all of it, or the old one as it was."""

import pytest

from osw_stats.errors import OswError
from osw_stats.report.publish import publish


def folder(path, text):
    path.mkdir(parents=True)
    (path / "page.html").write_text(text)
    return path


def test_everything_is_replaced(tmp_path):
    targets = [(folder(tmp_path / "new" / n, "new"), folder(tmp_path / n, "old")) for n in ("a", "b")]
    publish(targets, tmp_path / "kept")
    assert [(t / "page.html").read_text() for _, t in targets] == ["new", "new"]


def test_trouble_halfway_brings_the_old_report_back(tmp_path):
    """The third folder was never made, so its move fails after two have been moved."""
    targets = [(folder(tmp_path / "new" / n, "new"), folder(tmp_path / n, "old")) for n in ("a", "b")]
    targets.append((tmp_path / "new" / "never made", folder(tmp_path / "c", "old")))
    with pytest.raises(OswError, match=r"could not be put in place.*the old one is back"):
        publish(targets, tmp_path / "kept")
    assert [(t / "page.html").read_text() for _, t in targets] == ["old", "old", "old"]


def test_a_first_report_that_fails_leaves_nothing(tmp_path):
    targets = [
        (folder(tmp_path / "new" / "a", "new"), tmp_path / "a"),
        (tmp_path / "new" / "never made", tmp_path / "b"),
    ]
    with pytest.raises(OswError):
        publish(targets, tmp_path / "kept")
    assert not (tmp_path / "a").exists()
