"""The strict gate after rendering: each fault by itself, and a whole site without any."""

import itertools

import pytest

from osw_stats.errors import OswError
from osw_stats.report.graph.store import Store
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
        ('<a href="">x</a>', "an empty href: <a>"),
        ("<a href>x</a>", "an empty href: <a>"),
        ('<a href=" &#9; ">x</a>', "an empty href: <a>"),
        ('<a href="" href="x.svg">x</a>', "an empty href: <a>"),
        ('<script src=""></script>', "an empty src: <script>"),
        ('<img src="" alt="a">', "an empty src: <img>"),
        ('<img alt="a">', "a picture without src"),
        ("<a>112</a>", "a link without href"),
        ('<source srcset="">', "an empty srcset: <source>"),
        ('<source srcset="index.html 1x, , index.html 2x">', "an empty srcset: <source>"),
        ('<source srcset="index.html 1x, gone.svg 2x">', "gone.svg leads nowhere"),
        ('<source srcset="index.html 1x,https://example.org/y.svg 2x">', "a request to another host: https://example.org/y.svg"),
        ('<a href="tel:">x</a>', "an address that cannot be followed: tel:"),
        ('<a href="tel:0800-0188">x</a>', "an address that cannot be followed: tel:0800-0188"),
        ('<a href="mailto:">x</a>', "an address that cannot be followed: mailto:"),
        ('<a href="https://">x</a>', "an address that cannot be followed: https://"),
        ('<a href="ftp://example.org/x">x</a>', "an address that cannot be followed: ftp://example.org/x"),
        ('<a href="java&#10;script:alert(1)">x</a>', "a link that runs code"),
        ('<a href="http://[">x</a>', "http://[ leads nowhere"),
        ("<p onclick>x</p>", "an attribute that runs code: onclick"),
        ('<pre id="x">y', "a <pre> that never ends"),
    ],
)  # fmt: skip
def test_every_fault_stops_the_build_and_names_the_page(tmp_path, body, problem):
    found = problems(tmp_path, body)
    line = WHOLE[: WHOLE.index("{}")].count("\n") + 1 + body.startswith("<p>\n")
    assert any(p.startswith(f"index.html, line {line}: {problem}") for p in found), found
    with pytest.raises(OswError, match=rf"index\.html, line {line}"):
        gate.require(tmp_path)


def test_a_page_says_its_language_and_title(tmp_path):
    (tmp_path / "index.html").write_text("<html><title></title><h1>a</h1></html>")
    assert gate.problems(tmp_path) == ["index.html, line 1: no language", "index.html, line 1: no title"]


def test_a_fault_has_the_line_it_stands_in(tmp_path):
    body = "\n".join(["<p>x</p>", '<a href="">a</a>', "", "<pre>", "y", "</pre>", "<p>see", "@fig-waves</p>"])
    found = problems(tmp_path, body)
    assert found == [
        "index.html, line 2: an empty href: <a>",
        "index.html, line 8: an unresolved reference: “@fig-waves”",
    ]


# Words that a publisher, a court or a coder may write, in each place where a page shows words of others
INNOCENT = (
    "Trial and Error: lessons of ten years", "Human Error: an annual review", "Standard Error: 0.3", "Error: 4 percent",
    "Exception: cases before 2014", "Terror: a history", "Fehler/Error: both", "The Exception: minors", "Error",
    "An exception was encountered at the border", "A traceback (most recent call last) is what a program prints",
    "Traceback (most recent call last): how to read one", "What?@home", "politie.nl/zoek?@2024", "mail a@fig-tree.nl",
    "@politie", "?@", "a ::: b", "Politie ::: cijfers ::: 2024", "::", ":::x and more words", "1 < 2 and 3 > 2", "{{ set }}",
    "{{<", ">}}", "f(x) = {{{1}}}", "onclick = now", "href = nothing", "javascript: a language", "data: see the annex",
    "<script> in words", "ValueError is a word of Python", "it said ValueError: no", "R&D: Error",
)  # fmt: skip
PLACES = ("<p>{}</p>", "<td>{}</td>", "<li>a: {}</li>", "<h2>{}</h2>", '<p><a href="#top">{}</a></p>', "<p>a {} b</p>", "<pre>{}</pre>", "<p><code>{}</code></p>", "<div>a<br>{}</div>")  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_words_pass(tmp_path, text, place):
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert problems(tmp_path, place.replace("{}", shown)) == []


FRAMES = (
    '  File "x.py", line 1, in <module>', "Cell In[3], line 1", "Cell In [3], line 1", "<ipython-input-3-a> in <module>",
    "/home/x/run.py in f(), line 12", "Input In [4], in <cell line: 1>()",
)  # fmt: skip
MARKS = {
    "an unresolved reference": ("@fig-waves", "see @tbl-x.", "?@sec-y", "(@eq-one)"),
    "marks of the source": ("{{< include _x.md >}}", "a {{< meta title >}} b", "::: {.card}", "text\n:::", ":::: callout", "::: {.a} b :::", "?meta:title"),
    "the output of an error": (
        *(f"Traceback (most recent call last):\n{frame}\nValueError: no" for frame in FRAMES), "ValueError: no", "OSError: [Errno 2] no",
        "osw_stats.errors.InputError: is empty", "An Exception was encountered at 'In [3]'.", "\x1b[0;31mno\x1b[0m",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("what", "text"), [(w, t) for w, texts in MARKS.items() for t in texts])
@pytest.mark.parametrize("place", ["<p>{}</p>", "<div>{}</div>", "<p>x</p>{}<p>y</p>"])
def test_marks_and_errors_that_are_left_over_stop_the_build(tmp_path, what, text, place):
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    found = problems(tmp_path, place.replace("{}", shown))
    assert any(f": {what}" in p for p in found), found


@pytest.mark.parametrize("frame", FRAMES)
def test_an_error_is_seen_in_a_block_of_output_and_an_example_of_one_is_not(tmp_path, frame):
    shown = f"Traceback (most recent call last):\n{frame}\nValueError: no".replace("<", "&lt;")
    for block in ("<pre>{}</pre>", '<pre class="x"><code>{}</code></pre>'):
        assert any("the output of an error" in p for p in problems(tmp_path, block.replace("{}", shown)))
        assert problems(tmp_path, block.replace("{}", "&gt;&gt;&gt; f()\n" + shown)) == []
    for kind in ("cell-output cell-output-error", "output_subarea output_error", "cell-output-stderr"):
        assert any(
            "a cell that failed" in p for p in problems(tmp_path, f'<div class="{kind}"><pre>x</pre></div>')
        )


SCRIPTS = (
    "for (i=0;i<noterefs.length;i++) { onTrigger = f; href = new URL('x') }", "if (a<b) { onclick = '' }", "'<a href=\"\">'",
    "x = '<img src=\"\" onerror=1>'; // @fig-x {{< meta t >}}\n::: {.card}", "'<h1 id=\"top\">'", "if (1<2 && 'ValueError: no') {}",
)  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_stands_in_a_script_a_style_or_a_comment_is_no_markup(tmp_path, script):
    for shape in (
        "<script>{}</script>",
        "<style>{}</style>",
        '<script type="module">\n{}\n</script>',
        "<!-- {} -->",
    ):
        assert problems(tmp_path, shape.replace("{}", script)) == []


def test_what_was_kept_of_a_page_is_what_a_new_look_sees(tmp_path):
    bodies = ('<a href="">x</a>', '<a href="#gone">x</a>', '<p id="a">x</p><a href="#a">y</a>')
    for first, second in itertools.permutations(bodies, 2):
        store = Store(tmp_path / "kept")
        for body in (first, second, first):
            fresh = problems(tmp_path, body)
            assert gate.problems(tmp_path, store) == fresh == gate.problems(tmp_path, store)
