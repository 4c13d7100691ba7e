"""The printed report: joined pages, tagged PDF and Word. Text and figure of the pages are made up."""

import re
import zipfile
from xml.etree import ElementTree

import pikepdf
import pytest

from osw_stats.errors import OswError
from osw_stats.report.files.pdf import quoted, write_pdf
from osw_stats.report.files.report import report
from osw_stats.report.files.row_heads import with_row_heads
from osw_stats.report.files.tree import plain
from osw_stats.report.files.word import write_docx
from osw_stats.report.words import QUESTIONS
from osw_stats.vocabulary.observations import records
from tests.files.conftest import ALT, HOSTILE, stage

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def pdf(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    write_pdf(made, path)
    return path


@pytest.fixture(scope="module")
def docx(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("docx") / "report.docx"
    write_docx(made, path)
    return path


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Return every structure element of a tagged PDF."""
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary):
            continue
        if "/S" in node:
            found.append(node)
        children = node.get("/K", [])
        waiting += list(children) if isinstance(children, pikepdf.Array) else [children]
    return found


def elements_of(cell: pikepdf.Object) -> list[pikepdf.Object]:
    """Return the structure elements inside one."""
    found, waiting = [], [cell]
    while waiting:
        children = waiting.pop().get("/K", [])
        inner = [
            c
            for c in (children if isinstance(children, pikepdf.Array) else [children])
            if isinstance(c, pikepdf.Dictionary) and "/S" in c
        ]
        found += inner
        waiting += inner
    return found


def document(path) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))


def test_the_pdf_says_what_a_reader_of_tags_needs(pdf, made):
    with pikepdf.open(pdf) as read:
        assert read.Root.MarkInfo.Marked
        assert str(read.Root.Lang) == "nl-NL"
        assert bool(read.Root.ViewerPreferences.DisplayDocTitle)
        with read.open_metadata() as metadata:
            assert metadata["dc:title"] == made.title
            assert metadata["pdfuaid:part"] == "1"
        outline = [str(item.title) for item in read.open_outline().root]
        assert [t for t in outline if t.startswith("Page ")] == [f"Page {n}" for n in ("index", *QUESTIONS)]
        tags = {str(e.S) for e in elements(read)}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure", "/Link", "/Caption"} <= tags


def rows_of(pdf: pikepdf.Pdf) -> list[list[pikepdf.Object]]:
    """Return the cells of every row of every table."""
    return [list(e.K) for e in elements(pdf) if e.S == "/TR"]


def attribute(cell: pikepdf.Object, name: str) -> str:
    return next((str(a[name]) for a in cell.A if name in a), "")


def require_headings(pdf: pikepdf.Pdf) -> None:
    """Pass when every cell has a heading of its column and of its row, found by scope."""
    for row in rows_of(pdf):
        kinds = [str(cell.S) for cell in row]
        scopes = [attribute(cell, "/Scope") for cell in row]
        if row[0].P.P.S == "/THead":
            assert set(kinds) == {"/TH"}
            assert set(scopes) == {"/Column"}
        else:
            assert kinds == ["/TH"] + ["/TD"] * (len(row) - 1)
            assert scopes == ["/Row"] + [""] * (len(row) - 1)
            assert not any(attribute(cell, "/Headers") for cell in row), "explicit names hide those by scope"


def test_the_first_cell_of_every_row_is_its_heading(pdf):
    with pikepdf.open(pdf) as read:
        assert len(rows_of(read)) == len(HOSTILE) + 1
        require_headings(read)
        assert read.check_pdf_syntax() == []


def test_tags_that_are_not_known_stop_the_report():
    with pytest.raises(OswError, match="version of Typst"):
        with_row_heads(b"1 0 obj\n<</S/TD/Type/StructElem/P 2 0 R>>\nendobj\n")


def test_the_files_carry_the_as_of_date_and_no_clock(pdf, docx, made):
    day = f"{made.dated:%Y-%m-%d}"
    with pikepdf.open(pdf) as read:
        for key in ("/CreationDate", "/ModDate"):
            assert str(read.docinfo[key]).startswith(f"D:{made.dated:%Y%m%d}000000")
        with read.open_metadata() as metadata:
            assert metadata["xmp:CreateDate"].startswith(f"{day}T00:00:00")
    core = zipfile.ZipFile(docx).read("docProps/core.xml").decode()
    assert re.findall(r"<dcterms:\w+[^>]*>([^<]*)", core) == [f"{day}T00:00:00Z"] * 2


def test_every_figure_of_the_pdf_has_its_alt_text_to_the_letter(pdf):
    with pikepdf.open(pdf) as read:
        alts = [str(e.get("/Alt", "")) for e in elements(read) if e.S == "/Figure"]
    assert alts == [ALT]


def test_text_from_data_stays_text_in_the_pdf(made, tmp_path, monkeypatch):
    sources = []
    monkeypatch.setattr(
        "osw_stats.report.files.pdf.typst.compile", lambda source, **_: sources.append(source.decode()) or b"%PDF"
    )  # fmt: skip
    write_pdf(made, tmp_path / "x.pdf")
    body = sources[0].partition("#show: report.with")[2]
    # every # of the body is of our own making or Pandoc's: figures, tables, links, boxes, alignment
    ours = {
        "figure",
        "picture",
        "table",
        "link",
        "box-of",
        "align",
        "block",
        "emph",
        "strong",
        "label",
        "raw",
        "show",
        "quote",
    }
    strings = re.sub(r'"(?:[^"\\]|\\.)*"', '""', body)
    calls = set(re.findall(r"(?<!\\)#([\w-]+)", strings))
    assert calls <= ours, calls - ours


@pytest.mark.parametrize("text", ["= Title", "- item", "+ item", "/ term: x", "1. first", "-5,2", "12.206"])
def test_a_cell_that_begins_like_a_heading_or_a_list_stays_a_cell(tables, tmp_path, text):
    staged = stage(tmp_path / "nl", texts=(text,))
    write_pdf(report(tables.edition, records(tables.sources), staged, "nl"), tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf") as read:
        cells = [e for e in elements(read) if e.S in ("/TD", "/TH")]
        inside = {str(child.S) for cell in cells for child in elements_of(cell)}
    assert not inside & {"/L", "/LI", "/Lbl", "/H1", "/H2", "/H3"}


def test_a_chart_higher_than_a_page_stands_under_its_heading(tables, tmp_path):
    staged = stage(tmp_path / "nl", more="\n\n## Tall\n\n![Tall](figures/tall.svg){fig-alt='a tall chart'}\n")
    (staged / "figures" / "tall.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="500pt" height="900pt" viewBox="0 0 500 900"/>'
    )
    write_pdf(report(tables.edition, records(tables.sources), staged, "nl"), tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf") as read:
        found = elements(read)
        picture = next(e for e in found if e.S == "/Figure" and e.Alt == "a tall chart")
        _, below, _, above = (float(x) for x in next(a.BBox for a in picture.A if "/BBox" in a))
        assert above - below < 20.1 * 72 / 2.54
        titles = [item for item in read.open_outline().root if str(item.title) == "Page claims"]
        at = next(i for i in titles[0].children if str(i.title) == "Tall").destination[0]
        assert at.objgen == picture.Pg.objgen


@pytest.mark.parametrize("text", ['a"b', "\\", '\\"', "#x", "é\u2028x", "\n"])
def test_a_typst_string_ends_where_it_should(text):
    assert re.fullmatch(r'"(?:[^"\\\n]|\\.)*"', quoted(text))


def test_two_pdfs_and_two_word_files_are_the_same_bytes(made, pdf, docx, tmp_path):
    write_pdf(made, tmp_path / "again.pdf")
    write_docx(made, tmp_path / "again.docx")
    assert (tmp_path / "again.pdf").read_bytes() == pdf.read_bytes()
    assert (tmp_path / "again.docx").read_bytes() == docx.read_bytes()


def test_the_word_file_holds_every_word_and_no_markup_of_data(docx):
    body = document(docx)
    paragraphs = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]
    straight = [p.replace("“", '"').replace("”", '"') for p in paragraphs]  # Pandoc curls quotes
    for text in HOSTILE:
        assert text in straight
    relations = zipfile.ZipFile(docx).read("word/_rels/document.xml.rels").decode()
    targets = set(re.findall(r'Target="(https?://[^"]*)" TargetMode="External"', relations))
    assert "http://example.org" not in targets
    assert not [n for n in zipfile.ZipFile(docx).namelist() if "vba" in n.lower() or "embed" in n.lower()]


def test_the_word_file_has_alt_texts_headed_tables_headings_title_and_language(docx, made):
    body = document(docx)
    pictures = [e.get("descr") for e in body.iter() if e.tag.endswith("}docPr")]
    assert pictures == [ALT]
    tables = list(body.iter(f"{W}tbl"))
    assert len(tables) == 1
    assert tables[0].find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
    styles = [s.get(f"{W}val") for s in body.iter(f"{W}pStyle")]
    assert {"Title", "Heading1", "Heading2", "Box"} <= set(styles)
    parts = zipfile.ZipFile(docx)
    assert made.title in parts.read("docProps/core.xml").decode()
    assert 'w:val="nl-NL"' in parts.read("word/styles.xml").decode()
    assert {i.date_time for i in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for name in parts.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(parts.read(name))


def test_links_lead_inside_the_report_or_become_words(made):
    links = [n for n in walk(made.blocks) if n.get("t") == "Link"]
    assert {n["c"][2][0] for n in links if plain(n["c"][1]) == "to the trend"} == {"#trend-part"}
    assert not [n for n in links if plain(n["c"][1]) in ("data", "SVG")]


def test_links_to_other_pages_lead_to_the_site_where_it_has_an_address(tables, tmp_path):
    found = report(
        tables.edition, records(tables.sources), stage(tmp_path / "nl"), "nl", "https://example.org/osw/"
    )
    targets = {
        n["c"][2][0] for n in walk(found.blocks) if n.get("t") == "Link" and plain(n["c"][1]) == "data"
    }
    assert targets == {"https://example.org/osw/data.html"}


def test_what_only_a_screen_can_do_is_left_out(tables, tmp_path):
    more = (
        "\n\n- [only on the site](data.qmd)\n- [in the report](trend.qmd)\n\n- [the file](data/x.csv)\n\n"
        '![](figures/simulated.svg){.beside fig-alt="small"}\n\n::: {#what-if}\ncalculator\n:::\n'
        "\n::: {.screen}\n## Further\n\n- [elsewhere](trend.qmd)\n:::\n"
    )
    found = report(tables.edition, records(tables.sources), stage(tmp_path / "nl", more=more), "nl")
    text = plain(found.blocks)
    assert "in the report" in text
    for absent in ("only on the site", "the file", "calculator", "small", "Further", "elsewhere"):
        assert absent not in text
    assert sum(n.get("t") == "Image" for n in walk(found.blocks)) == 1
    write_pdf(found, tmp_path / "x.pdf")


def walk(node):
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("\n\n[nowhere](#nowhere)\n", "nowhere"),
        ("\n\n## Again {#part}\n", "stands twice"),
        ("\n\n![x](figures/absent.svg){fig-alt='x'}\n", "absent.svg"),
        ("\n\n![x](/etc/passwd){fig-alt='x'}\n", "/etc/passwd"),
        ("\n\n![x](figures/simulated.svg)\n", "no alt text"),
    ],
)
def test_a_report_with_a_hole_is_refused_by_name(tables, tmp_path, more, message):
    with pytest.raises(OswError, match=re.escape(message)):
        report(tables.edition, records(tables.sources), stage(tmp_path / "nl", more=more), "nl")


def test_a_missing_chapter_is_refused_by_name(tables, tmp_path):
    staged = stage(tmp_path / "nl")
    (staged / "trend.qmd").unlink()
    with pytest.raises(OswError, match="trend was not staged"):
        report(tables.edition, records(tables.sources), staged, "nl")


def test_a_long_table_goes_to_the_annex_whole(tables, tmp_path):
    rows = "\n".join(f"| row {n} | {n} |" for n in range(41))
    long = f"\n\n## Long {{#long}}\n\n| a | b |\n|:--|--:|\n{rows}\n\n: Long table\n"
    found = report(tables.edition, records(tables.sources), stage(tmp_path / "nl", more=long), "nl")
    at = next(n for n, b in enumerate(found.blocks) if b["t"] == "Header" and b["c"][1][0] == "annex")
    after = plain(found.blocks[at:][-1])
    assert "row 0" in after
    assert "row 40" in after
    assert not any("row 40" in plain(b) for b in found.blocks[:at])


@pytest.mark.parametrize(
    "target", ["callto:112", "javascript:a", "ftp://a.nl/x", "file:///etc/passwd", "data:text/html,x", ""]
)
def test_a_link_that_cannot_be_followed_stops_the_report_and_is_named(tables, tmp_path, target):
    folder = stage(tmp_path / "nl", more=f"\n\n[x]({target})\n")
    with pytest.raises(OswError, match=rf'a link of claims leads to "{re.escape(target)}"'):
        report(tables.edition, records(tables.sources), folder, "nl")


def test_a_telephone_link_dials_in_pdf_and_word(tables, tmp_path):
    folder = stage(tmp_path / "nl", more="\n\n[112](tel:112) and [0800-0188](tel:08000188)\n")
    made = report(tables.edition, records(tables.sources), folder, "nl")
    write_pdf(made, tmp_path / "r.pdf")
    write_docx(made, tmp_path / "r.docx")
    with pikepdf.open(tmp_path / "r.pdf") as read:
        links = {
            str(a.A.URI) for p in read.pages for a in p.get("/Annots", []) if "/A" in a and "/URI" in a.A
        }
    relations = zipfile.ZipFile(tmp_path / "r.docx").read("word/_rels/document.xml.rels").decode()
    for target in ("tel:112", "tel:08000188"):
        assert target in links
        assert f'Target="{target}"' in relations
