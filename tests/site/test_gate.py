"""What the linter of pages refuses before rendering and the strict gate after it, and what each lets pass."""

import html
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import OswError
from osw_stats.kept.store import Store
from osw_stats.publish.site import dialect, gate
from osw_stats.text.tables import escape
from tests.site.conftest import CASES

KNOWN = CASES["gate"]
WHOLE = KNOWN["whole"]
TRACES = [f"Traceback (most recent call last):\n{frame}\nValueError: no" for frame in KNOWN["frames"]]
MARKS = [(what, text) for what, texts in KNOWN["marks"].items() for text in texts]


def within(place, text):
    """Return a piece of a page with this text in its place."""
    return place.replace("{}", html.escape(text, quote=False))


@pytest.fixture
def problems(tmp_path):
    """Return a function that looks at a site of one page, and of others by name."""

    def look(body, store=None, **pages):
        for name, text in {"index": body, **pages}.items():
            (tmp_path / f"{name}.html").write_text(WHOLE.replace("{}", text), encoding="utf-8")
        return gate.problems(tmp_path, store)

    return look


def test_a_whole_site_passes(tmp_path, problems):
    (tmp_path / "x.svg").write_text("<svg/>")
    links = '<a href="other.html#there">a</a> <a href="#top">b</a> <a href="https://example.org/">c</a>'
    body = f'<p>{links}</p><img src="x.svg" alt="d"><pre>@fig-x Traceback (most recent call last)</pre>'
    assert problems(body, other='<p id="there">x</p>') == []
    gate.require(tmp_path)


@pytest.mark.parametrize(("body", "problem"), KNOWN["faults"])
def test_every_fault_stops_the_build_and_names_the_page(tmp_path, problems, body, problem):
    found = problems(body)
    line = WHOLE[: WHOLE.index("{}")].count("\n") + 1 + body.startswith("<p>\n")
    assert any(p.startswith(f"index.html, line {line}: {problem}") for p in found), found
    with pytest.raises(OswError, match=rf"index\.html, line {line}"):
        gate.require(tmp_path)


def test_a_page_says_its_language_and_title_and_a_fault_has_the_line_it_stands_in(tmp_path, problems):
    (tmp_path / "index.html").write_text("<html><title></title><h1>a</h1></html>")
    assert gate.problems(tmp_path) == ["index.html, line 1: no language", "index.html, line 1: no title"]
    body = '<p>x</p>\n<a href="">a</a>\n\n<pre>\ny\n</pre>\n<p>see\n@fig-waves</p>'
    empty, lost = "2: an empty href: <a>", "8: an unresolved reference: “@fig-waves”"
    assert problems(body) == [f"index.html, line {empty}", f"index.html, line {lost}"]


@pytest.mark.parametrize("place", KNOWN["places"])
def test_words_that_a_publisher_may_write_pass_in_each_place(problems, place):
    for text in KNOWN["innocent"]:
        assert problems(within(place, text)) == [], text


@pytest.mark.parametrize("place", ["<p>{}</p>", "<div>{}</div>", "<p>x</p>{}<p>y</p>"])
def test_marks_and_errors_that_are_left_over_stop_the_build(problems, place):
    for what, text in [*MARKS, *(("the output of an error", trace) for trace in TRACES)]:
        assert any(f": {what}" in p for p in problems(within(place, text))), text


@pytest.mark.parametrize("trace", TRACES)
def test_an_error_is_seen_in_a_block_of_output_and_an_example_of_one_is_not(problems, trace):
    for block in ("<pre>{}</pre>", '<pre class="x"><code>{}</code></pre>'):
        assert any("the output of an error" in p for p in problems(within(block, trace)))
        assert problems(within(block, f">>> f()\n{trace}")) == []


@pytest.mark.parametrize("script", KNOWN["scripts"])
def test_what_stands_in_a_script_a_style_or_a_comment_is_no_markup(problems, script):
    for shape in ("<script>{}</script>", "<style>{}</style>", "<script>\n{}\n</script>", "<!-- {} -->"):
        assert problems(shape.replace("{}", script)) == []


def test_what_was_kept_of_a_page_is_what_a_new_look_sees(tmp_path, problems):
    bodies = ('<a href="">x</a>', '<a href="#gone">x</a>', '<p id="a">x</p><a href="#a">y</a>')
    for first, second in itertools.permutations(bodies, 2):
        store = Store(tmp_path / "kept")
        for body in (first, second, first):
            assert problems(body) == problems(body, store) == problems(body, store)


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
