"""What the linter of pages refuses, and what it lets pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import OswError
from osw_stats.publish.site import dialect
from osw_stats.text.tables import escape
from tests.site.conftest import CASES


def found(text):
    return [what for _, what in dialect.problems(f"# T\n\n{text}\n")]


@pytest.mark.parametrize(("text", "what"), CASES["dialect"]["refused"])
def test_what_only_one_renderer_reads_is_refused_by_name(text, what):
    assert what in found(text)


@pytest.mark.parametrize("text", CASES["dialect"]["passes"])
def test_the_portable_dialect_passes(text):
    assert found(text) == []


def test_the_message_names_file_and_line_and_a_page_has_one_title(tmp_path):
    (tmp_path / "a.qmd").write_text("# T\n\nok\n\n<i>x</i>\n", encoding="utf-8")
    with pytest.raises(OswError, match=r"pages: a\.qmd, line 5: raw HTML"):
        dialect.require(tmp_path)
    assert dialect.problems("Text.\n") == [(1, "0 titles (lines that begin with one #)")]
    assert dialect.problems("Text.\n", page=False) == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=80))
def test_escaped_text_of_data_never_breaks_the_dialect(text):
    assert found(f"| {escape(text)} |") == []
