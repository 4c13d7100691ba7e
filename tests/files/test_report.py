"""The printed report: joined pages, tagged PDF and Word. Text and figure of the pages are made up."""

import re
import zipfile
from xml.etree import ElementTree

import pikepdf
import pytest

from osw_stats.errors import OswError
from osw_stats.meaning.observations import records
from osw_stats.publish.files import document as files
from osw_stats.publish.files.document import LONG, report, with_row_heads, write_docx, write_pdf
from osw_stats.text.words import QUESTIONS
from tests.files.conftest import ALT, CASES, HOSTILE, stage

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def printed(made, tmp_path_factory):
    """Return the PDF and the Word file of the report."""
    folder = tmp_path_factory.mktemp("printed")
    write_pdf(made, folder / "report.pdf")
    write_docx(made, folder / "report.docx")
    return folder / "report.pdf", folder / "report.docx"


@pytest.fixture
def joined(tables, tmp_path):
    """Return a function that joins the pages with more Markdown on the last of them."""

    def join(more="", site="", **changes):
        folder = stage(tmp_path / "nl", more=f"\n\n{more}\n", **changes)
        return report(tables.edition, records(tables.sources), folder, "nl", site)

    return join


def elements(node) -> list[pikepdf.Object]:
    """Return every structure element of a tagged PDF, or inside an element."""
    found, waiting = [], [node.Root.StructTreeRoot if isinstance(node, pikepdf.Pdf) else node]
    while waiting:
        children = waiting.pop().get("/K", [])
        children = list(children) if isinstance(children, pikepdf.Array) else [children]
        inner = [c for c in children if isinstance(c, pikepdf.Dictionary)]
        found += [c for c in inner if "/S" in c]
        waiting += inner
    return found


def walk(node):
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def words(node) -> str:
    return "".join(n["c"] if n["t"] == "Str" else " " for n in walk(node) if n.get("t") in ("Str", "Space"))


def document(path) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))


def links_of(pdf: pikepdf.Pdf) -> set[str]:
    return {str(a.A.URI) for p in pdf.pages for a in p.get("/Annots", []) if "/A" in a and "/URI" in a.A}


def attribute(cell: pikepdf.Object, name: str) -> str:
    return next((str(a[name]) for a in cell.A if name in a), "")


def require_headings(pdf: pikepdf.Pdf) -> int:
    """Check that every cell has a heading of its column and of its row, found by scope; return the rows."""
    rows = [list(e.K) for e in elements(pdf) if e.S == "/TR"]
    for row in rows:
        kinds = [str(cell.S) for cell in row]
        scopes = [attribute(cell, "/Scope") for cell in row]
        if row[0].P.P.S == "/THead":
            assert (set(kinds), set(scopes)) == ({"/TH"}, {"/Column"})
        else:
            assert kinds == ["/TH"] + ["/TD"] * (len(row) - 1)
            assert scopes == ["/Row"] + [""] * (len(row) - 1)
            assert not any(attribute(cell, "/Headers") for cell in row), "explicit names hide those by scope"
    return len(rows)


def test_the_pdf_says_what_a_reader_of_tags_needs_heads_every_row_and_dials(printed, made):
    with pikepdf.open(printed[0]) as read:
        assert read.Root.MarkInfo.Marked and str(read.Root.Lang) == "nl-NL"
        assert bool(read.Root.ViewerPreferences.DisplayDocTitle)
        with read.open_metadata() as metadata:
            assert metadata["dc:title"] == made.front()["title"]
            assert metadata["pdfuaid:part"] == "1"
        outline = [str(item.title) for item in read.open_outline().root]
        assert [t for t in outline if t.startswith("Page ")] == [f"Page {n}" for n in ("index", *QUESTIONS)]
        found = elements(read)
        assert require_headings(read) == len(HOSTILE) + 1 and "tel:0800" in links_of(read)
        assert read.check_pdf_syntax() == []
    tags = {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure", "/Link", "/Caption"}
    assert tags <= {str(e.S) for e in found}
    assert [str(e.get("/Alt", "")) for e in found if e.S == "/Figure"] == [ALT]


def test_tags_that_are_not_known_and_a_missing_chapter_stop_the_report(tables, tmp_path):
    with pytest.raises(OswError, match="version of Typst"):
        with_row_heads(b"1 0 obj\n<</S/TD/Type/StructElem/P 2 0 R>>\nendobj\n")
    staged = stage(tmp_path / "nl")
    (staged / "trend.qmd").unlink()
    with pytest.raises(OswError, match="trend was not staged"):
        report(tables.edition, records(tables.sources), staged, "nl")


def test_the_files_carry_the_as_of_date_and_no_clock(printed, made, tmp_path):
    pdf, docx = printed
    day = f"{made.edition.as_of:%Y-%m-%d}"
    with pikepdf.open(pdf) as read:
        for key in ("/CreationDate", "/ModDate"):
            assert str(read.docinfo[key]).startswith(f"D:{made.edition.as_of:%Y%m%d}000000")
        with read.open_metadata() as metadata:
            assert metadata["xmp:CreateDate"].startswith(f"{day}T00:00:00")
    core = zipfile.ZipFile(docx).read("docProps/core.xml").decode()
    assert re.findall(r"<dcterms:\w+[^>]*>([^<]*)", core) == [f"{day}T00:00:00Z"] * 2
    assert {i.date_time for i in zipfile.ZipFile(docx).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    write_pdf(made, tmp_path / "again.pdf")
    write_docx(made, tmp_path / "again.docx")
    assert (tmp_path / "again.pdf").read_bytes() == pdf.read_bytes()
    assert (tmp_path / "again.docx").read_bytes() == docx.read_bytes()


@pytest.fixture
def typst_of(tmp_path, monkeypatch):
    """Return a function that gives what Typst is asked to compile for a report."""

    def make(whole):
        sources = []
        monkeypatch.setattr(files.typst, "compile", lambda source, **_: sources.append(source) or b"%PDF")
        write_pdf(whole, tmp_path / "x.pdf")
        return sources[0].decode()

    return make


def test_text_from_data_stays_text_in_the_pdf(made, typst_of):
    body = typst_of(made).partition("#show: report.with")[2]
    # every # of the body is of our own making or Pandoc's: figures, tables, links, boxes, alignment
    others = r"(?<!\\)#(?!(?:figure|picture|table|link|box-of|align|block|emph|strong|label|raw|show|quote)\b)[\w-]+"
    assert re.findall(others, re.sub(r'"(?:[^"\\]|\\.)*"', '""', body)) == []


def test_a_cell_that_begins_like_a_heading_or_a_list_stays_a_cell(joined, tmp_path):
    texts = ("= Title", "- item", "+ item", "/ term: x", "1. first", "-5,2", "12.206")
    write_pdf(joined(texts=texts), tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf") as read:
        cells = [e for e in elements(read) if e.S in ("/TD", "/TH")]
        inside = {str(child.S) for cell in cells for child in elements(cell)}
    assert not inside & {"/L", "/LI", "/Lbl", "/H1", "/H2", "/H3"}


def test_a_chart_higher_than_a_page_stands_under_its_heading(joined, tmp_path):
    made = joined("## Tall\n\n![Tall](figures/tall.svg){fig-alt='a tall chart'}")
    (tmp_path / "nl/figures/tall.svg").write_text(CASES["tall"])
    write_pdf(made, tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf") as read:
        picture = next(e for e in elements(read) if e.S == "/Figure" and e.Alt == "a tall chart")
        _, below, _, above = (float(x) for x in next(a.BBox for a in picture.A if "/BBox" in a))
        assert above - below < 20.1 * 72 / 2.54
        (title,) = [item for item in read.open_outline().root if str(item.title) == "Page claims"]
        at = next(i for i in title.children if str(i.title) == "Tall").destination[0]
        assert at.objgen == picture.Pg.objgen


@pytest.mark.parametrize("alt", CASES["alts"])
def test_an_alt_text_ends_where_it_should(joined, tmp_path, alt):
    write_pdf(joined(alt=alt), tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf") as read:
        (found,) = [str(e.Alt) for e in elements(read) if e.S == "/Figure"]
    assert found == alt.replace("\u2028", " ")


def test_the_word_file_holds_every_word_dials_and_has_no_markup_of_data(printed):
    docx = printed[1]
    paragraphs = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in document(docx).iter(f"{W}p")]
    straight = [p.replace("“", '"').replace("”", '"') for p in paragraphs]  # Pandoc curls quotes
    assert set(HOSTILE) <= set(straight)
    parts = zipfile.ZipFile(docx)
    relations = parts.read("word/_rels/document.xml.rels").decode()
    assert 'Target="http://example.org"' not in relations and 'Target="tel:0800"' in relations
    assert not [n for n in parts.namelist() if "vba" in n.lower() or "embed" in n.lower()]


def test_the_word_file_has_alt_texts_headed_tables_headings_title_language_and_page_numbers(printed, made):
    docx = printed[1]
    body = document(docx)
    assert [e.get("descr") for e in body.iter() if e.tag.endswith("}docPr")] == [ALT]
    (table,) = body.iter(f"{W}tbl")
    assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
    styles = {s.get(f"{W}val") for s in body.iter(f"{W}pStyle")}
    assert {"Title", "Heading1", "Heading2", "Box"} <= styles
    parts = zipfile.ZipFile(docx)
    assert made.front()["title"] in parts.read("docProps/core.xml").decode()
    assert 'w:val="nl-NL"' in parts.read("word/styles.xml").decode()
    assert " PAGE " in parts.read("word/footer1.xml").decode()
    assert "autoHyphenation" in parts.read("word/settings.xml").decode()
    for name in parts.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(parts.read(name))


def test_links_lead_inside_the_report_or_to_the_site_or_become_words(made, joined):
    def targets(built, text):
        links = [n for n in walk(built.blocks) if n.get("t") == "Link"]
        return {n["c"][2][0] for n in links if words(n["c"][1]) == text}

    assert targets(made, "to the trend") == {"#trend-part"}
    assert targets(made, "data") == targets(made, "SVG") == set()
    assert targets(joined(site="https://example.org/osw/"), "data") == {"https://example.org/osw/data.html"}


def test_what_only_a_screen_can_do_is_left_out(joined, tmp_path):
    found = joined(CASES["on_screens"])
    text = words(found.blocks)
    assert "in the report" in text
    for absent in ("only on the site", "the file", "calculator", "small", "Further", "elsewhere", "again"):
        assert absent not in text
    assert sum(n.get("t") == "Image" for n in walk(found.blocks)) == 1
    write_pdf(found, tmp_path / "x.pdf")


@pytest.mark.parametrize(("more", "message"), CASES["holes"])
def test_a_report_with_a_hole_is_refused_by_name(joined, tmp_path, more, message):
    with pytest.raises(OswError, match=re.escape(message)):
        write_pdf(joined(more), tmp_path / "x.pdf")


@pytest.mark.parametrize(("rows", "shown"), [(LONG, True), (LONG + 1, False)])
def test_a_long_table_is_left_to_the_spreadsheet(joined, rows, shown):
    lines = "\n".join(f"| row {n} | {n} |" for n in range(rows))
    said = " ".join(map(words, joined(f"## L\n\n| a | b |\n|:--|--:|\n{lines}\n\n: Long table").blocks))
    assert ("row 0" in said, f"{rows} r" in said) == (shown, not shown)


@pytest.mark.parametrize(("heads", "row", "shares"), CASES["widths"])
def test_columns_are_as_wide_as_their_words_ask(joined, typst_of, heads, row, shares):
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, (":--", ":--"), row))
    columns = re.findall(r"columns: (.*)[,;]\n", typst_of(joined(table)))[-1]
    found = [float(share) / 100 for share in re.findall(r"([\d.]+)%", columns)]
    assert found == pytest.approx(shares, abs=0.005)
    assert shares or columns == "2"


def test_every_document_stands_under_a_heading_with_a_mark_that_links_lead_to(made, tables):
    heads = [b["c"][1][0] for b in made.blocks if b["t"] == "Header" and b["c"][0] == 1]
    assert "sources" in heads
    marks = {n["c"][0][0] for n in walk(made.blocks) if n.get("t") == "Span"}
    assert {f"sources-src-{source}" for source in tables.sources["source_id"]} <= marks
