"""What the linter of pages refuses, and what it lets pass."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import OswError
from osw_stats.report.site import dialect
from osw_stats.report.tables import escape
from tests.conftest import PROJECT


def found(text):
    return [what for _, what in dialect.problems(f"# T\n\n{text}\n")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a <script>alert(1)</script>", "raw HTML"),
        ("</div>", "raw HTML"),
        ("<!-- note -->", "raw HTML"),
        ("`<b>`{=html}", "a raw attribute"),
        ("```{=typst}\n#evil()\n```", "a cell to be executed"),
        ("```{python}\n1\n```", "a cell to be executed"),
        ("{{< video x.mp4 >}}", "a shortcode other than include and meta"),
        ('::: {.callout-note collapse="true"}\nx\n:::', "a callout that collapses"),
        ("::: {.panel-tabset}\nx\n:::", "tabs"),
        ("::: {layout-nrow=2}\nx\n:::", "a layout other than layout-ncol"),
        ("\\begin{equation}", "raw TeX"),
        ("![](x.svg)", "a picture without fig-alt"),
        ('![a](x.svg){#fig-x fig-alt=""}', "a picture without fig-alt"),
        ('![a](https://example.org/x.svg){fig-alt="b"}', "a picture of another host"),
        ("[x](javascript:alert(1))", "a link that runs code"),
        ("see @fig-nowhere", "the reference @fig-nowhere to something that is not on this page"),
        ("::: {.card}\nx", "a block (:::) that never ends, or ends twice"),
        ("```\nx", "a block of code that never ends"),
        ("a \u202e b", "the control character RIGHT-TO-LEFT OVERRIDE"),
        ("a \x1b[31m", "the control character U+001B"),
    ],
)
def test_what_only_one_renderer_reads_is_refused_by_name(text, what):
    assert what in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "plain, 5 < 6 and 7 > 6",
        "<https://example.org>",
        "`<b>` in code",
        "```html\n<b>x</b>\n```",
        "{{< include _data.md >}}",
        '![a](figures/x.svg){#fig-x fig-alt="b"}\n\nsee @fig-x',
        "::: {.callout-note}\nx\n:::",
        "an address: a@figure.example",
        "שלום and العربية",
    ],
)
def test_the_portable_dialect_passes(text):
    assert found(text) == []


def test_the_pages_of_the_project_keep_to_it(tmp_path):
    told = {
        p.stem for p in (PROJECT / "notebooks").glob("*.ipynb")
    }  # those are templates, looked at when rendered
    for language in ("nl", "en"):
        folder = tmp_path / language
        shutil.copytree(
            PROJECT / "pages" / language,
            folder,
            ignore=lambda _, names: [n for n in names if Path(n).stem in told],
        )
        dialect.require(folder)


def test_the_message_names_file_and_line(tmp_path):
    (tmp_path / "a.qmd").write_text("# T\n\nok\n\n<i>x</i>\n", encoding="utf-8")
    with pytest.raises(OswError, match=r"pages: a\.qmd, line 5: raw HTML"):
        dialect.require(tmp_path)


def test_a_page_has_one_title():
    assert dialect.problems("Text.\n") == [(1, "0 titles (lines that begin with one #)")]
    assert dialect.problems("Text.\n", page=False) == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=80))
def test_escaped_text_of_data_never_breaks_the_dialect(text):
    """Whatever stands in a cell, after escaping it is a cell of plain words for both renderers."""
    assert found(f"| {escape(text)} |") == []
