"""The strict gate after rendering: each fault by itself, and a whole site without any."""

import pytest

from osw_stats.errors import OswError
from osw_stats.report.site import gate

WHOLE = '<!DOCTYPE html><html lang="nl-NL"><head><title>T</title></head><body><main id="content"><h1 id="top">T</h1>{}</main></body></html>'


def problems(tmp_path, body, **pages):
    for name, text in {"index": body, **pages}.items():
        (tmp_path / f"{name}.html").write_text(WHOLE.replace("{}", text), encoding="utf-8")
    return gate.problems(tmp_path)


def test_a_whole_site_passes(tmp_path):
    (tmp_path / "x.svg").write_text("<svg/>")
    body = '<p><a href="other.html#there">a</a> <a href="#top">b</a> <a href="https://example.org/">c</a></p><img src="x.svg" alt="d"><pre>@fig-x Traceback (most recent call last)</pre>'
    assert problems(tmp_path, body, other='<p id="there">x</p>') == []
    gate.require(tmp_path)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p>see @fig-waves</p>", "an unresolved reference"),
        ("<p>see ?@tbl-x</p>", "an unresolved reference"),
        ("<p>{{< include _x.md >}}</p>", "marks of the source"),
        ("<p>\n::: {.card}</p>", "marks of the source"),
        ("<div>Traceback (most recent call last)</div>", "the output of an error"),
        ("<p>ValueError: no</p>", "the output of an error"),
        ('<img src="x.svg" alt="">', "a picture without alt text: x.svg"),
        ('<img src="https://example.org/x.svg" alt="a">', "a request to another host: https://example.org/x.svg"),
        ('<script src="//cdn.example.org/x.js"></script>', "a request to another host: //cdn.example.org/x.js"),
        ('<a href="gone.html">x</a>', "gone.html leads nowhere"),
        ('<a href="#gone">x</a>', "#gone leads nowhere"),
        ('<a href="javascript:alert(1)">x</a>', "a link that runs code: javascript:alert(1)"),
        ('<p onclick="x()">x</p>', "an attribute that runs code: onclick"),
        ('<p id="a">x</p><p id="a">y</p>', "the id a stands 2 times"),
        ("<h1>again</h1>", "2 main headings"),
    ],
)  # fmt: skip
def test_every_fault_stops_the_build_and_names_the_page(tmp_path, body, problem):
    found = problems(tmp_path, body)
    assert any(p.startswith(f"index.html: {problem}") for p in found), found
    with pytest.raises(OswError, match=r"index\.html"):
        gate.require(tmp_path)


def test_a_page_says_its_language_and_title(tmp_path):
    (tmp_path / "index.html").write_text("<html><title></title><h1>a</h1></html>")
    assert gate.problems(tmp_path) == ["index.html: no language", "index.html: no title"]
