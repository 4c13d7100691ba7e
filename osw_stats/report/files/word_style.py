"""The look of the Word report: Pandoc's own reference file with our styles, page and footer.

Why changed here and not kept as a file: a binary template cannot be read or reviewed.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from osw_stats import pandoc

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first date a ZIP file can hold
INK, TEAL, GREY, LINE, TINT = "1B2A33", "08636A", "5E6973", "C9CFD4", "EEF5F5"
SIZE = 21  # half points
FONT = "Calibri"  # every Word has it; LibreOffice has one of the same widths
_HEAD = '<w:keepNext/><w:keepLines/><w:spacing w:before="{0}" w:after="{1}"/><w:outlineLvl w:val="{2}"/>'
_BOLD = '<w:b/><w:color w:val="{0}"/><w:sz w:val="{1}"/><w:szCs w:val="{1}"/>'
# by style id: paragraph properties and run properties
STYLES = {
    "BodyText": ('<w:spacing w:before="60" w:after="120" w:line="271" w:lineRule="auto"/>', ""),
    "Compact": ('<w:spacing w:before="20" w:after="40"/>', ""),
    "Title": ('<w:spacing w:before="2400" w:after="120"/>', _BOLD.format(INK, 60)),
    "Subtitle": ('<w:spacing w:before="0" w:after="60"/>', _BOLD.format(TEAL, 30)),
    "Author": ('<w:spacing w:before="0" w:after="60"/>', f'<w:color w:val="{GREY}"/><w:sz w:val="22"/>'),
    "Date": ('<w:spacing w:before="0" w:after="600"/>', f'<w:color w:val="{GREY}"/><w:sz w:val="22"/>'),
    "Heading1": (f"<w:pageBreakBefore/>{_HEAD.format(0, 240, 0)}", _BOLD.format(INK, 40)),
    "Heading2": (_HEAD.format(360, 120, 1), _BOLD.format(INK, 28)),
    "Heading3": (_HEAD.format(280, 100, 2), _BOLD.format(INK, 23)),
    "TableCaption": ('<w:keepNext/><w:spacing w:before="240" w:after="80"/>', "<w:b/><w:i w:val=\"0\"/><w:sz w:val=\"19\"/>"),
    "ImageCaption": ('<w:spacing w:before="60" w:after="240"/>', "<w:b/><w:i w:val=\"0\"/><w:sz w:val=\"19\"/>"),
    "Hyperlink": ("", f'<w:color w:val="{TEAL}"/><w:u w:val="single"/>'),
    "CaptionedFigure": ('<w:keepNext/><w:spacing w:before="200" w:after="0"/>', ""),
}  # fmt: skip
BOX = f"""<w:style xmlns:w="{W}" w:type="paragraph" w:customStyle="1" w:styleId="Box"><w:name w:val="Box"/>
<w:basedOn w:val="BodyText"/><w:qFormat/><w:pPr><w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{TEAL}"/>
</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/><w:ind w:left="200" w:right="100"/></w:pPr></w:style>"""
TABLE = f"""<w:style xmlns:w="{W}" w:type="table" w:customStyle="1" w:styleId="Table"><w:name w:val="Table"/>
<w:basedOn w:val="TableNormal"/><w:qFormat/><w:rPr><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr><w:tblPr>
<w:tblBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/><w:insideH w:val="single" w:sz="4"
w:space="0" w:color="{LINE}"/></w:tblBorders><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
</w:tblCellMar></w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tblPr/><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{INK}"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>
</w:tblStylePr></w:style>"""
SECTION = f"""<w:sectPr><w:footerReference xmlns:r="{R}" w:type="default" r:id="rIdFooter"/><w:pgSz w:w="11906" w:h="16838"/>
<w:pgMar w:top="1361" w:right="1247" w:bottom="1361" w:left="1247" w:header="709" w:footer="680" w:gutter="0"/>
<w:titlePg/></w:sectPr>"""
FOOTER = f"""<?xml version="1.0" encoding="UTF-8"?>
<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:rPr><w:color w:val="{GREY}"/><w:sz w:val="17"/>
</w:rPr><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>
<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>"""


@cache
def reference_docx() -> bytes:
    """Return the reference file that Pandoc takes styles, page and footer from."""
    given = pandoc.run(["--print-default-data-file", "reference.docx"]).stdout
    with tempfile.TemporaryDirectory() as folder:
        path, made = Path(folder) / "given.docx", Path(folder) / "made.docx"
        path.write_bytes(given)
        rewrite(path, made, _styled, {"word/footer1.xml": FOOTER.encode()})
        return made.read_bytes()


def rewrite(
    path: Path, out: Path, by: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None
) -> None:
    """Copy a ZIP file with every part changed by `by`, parts sorted and all of one fixed date."""
    with zipfile.ZipFile(path) as given:
        parts = {name: by(name, given.read(name)) for name in given.namelist()} | (more or {})
    first = "[Content_Types].xml"  # readers expect it at the start
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(parts, key=lambda n: (n != first, n)):
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            made.writestr(info, parts[name])


def _styled(name: str, part: bytes) -> bytes:
    text = part.decode("utf-8") if name.endswith((".xml", ".rels")) else ""
    if name == "word/styles.xml":
        return _styles(text)
    if name == "word/document.xml":
        return re.sub(r"<w:sectPr>.*?</w:sectPr>", SECTION, text, flags=re.DOTALL).encode()
    if name == "word/_rels/document.xml.rels":
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
        entry = f'<Relationship Id="rIdFooter" Type="{kind}" Target="footer1.xml"/>'
        return text.replace("</Relationships>", entry + "</Relationships>").encode()
    if name == "[Content_Types].xml":
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
        entry = f'<Override PartName="/word/footer1.xml" ContentType="{kind}"/>'
        return text.replace("</Types>", entry + "</Types>").encode()
    return part


def _styles(text: str) -> bytes:
    for prefix, uri in (("w", W), ("r", R)):
        ElementTree.register_namespace(prefix, uri)
    root = ElementTree.fromstring(text)  # noqa: S314 - Pandoc's own file
    for style in list(root.findall(f"{{{W}}}style")):
        name = style.get(f"{{{W}}}styleId", "")
        if name == "Table":
            root.remove(style)
        if name in STYLES:
            for part in ("pPr", "rPr"):
                for old in style.findall(f"{{{W}}}{part}"):
                    style.remove(old)
            tags = ("pPr", "rPr") if style.get(f"{{{W}}}type") == "paragraph" else ("rPr",)
            for tag, inside in zip(tags, STYLES[name][-len(tags) :], strict=True):
                style.append(ElementTree.fromstring(f'<w:{tag} xmlns:w="{W}">{inside}</w:{tag}>'))  # noqa: S314
        for hidden in ("semiHidden", "unhideWhenUsed"):
            for old in style.findall(f"{{{W}}}{hidden}"):
                style.remove(old)
    for added in (TABLE, BOX):
        root.append(ElementTree.fromstring(added))  # noqa: S314
    for given in root.findall(f"{{{W}}}docDefaults//{{{W}}}rPr/*"):
        if given.tag in (f"{{{W}}}sz", f"{{{W}}}szCs"):
            given.set(f"{{{W}}}val", str(SIZE))
        if given.tag == f"{{{W}}}rFonts":
            given.attrib.clear()
            given.attrib.update({f"{{{W}}}{script}": FONT for script in ("ascii", "hAnsi", "cs", "eastAsia")})
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root)
