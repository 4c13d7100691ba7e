"""What a page says, and leaves out, where an edition does not see the figures it would rest on.

An edition of an earlier year, or one made before a publisher came out with its figures, is a valid state.
Its pages say what was not public and keep silent on the rest.
"""

from __future__ import annotations

from typing import Any

from osw_stats.report.harvest import Item, Notebook, item

KIND = "unpublished"
WHOLE_PAGE = "*"  # in `instead_of`: the page has nothing to report


def waived(told: list[Item]) -> set[str]:
    """Return the requirements of the reporting standard that cannot be met, each for a figure that is named."""
    return {code for i in told if i.kind == KIND for code in i.facts["instead_of"]}


def told_cells(notebook: Notebook, language: str) -> list[dict[str, Any]]:
    """Return the cells that make a page in one language.

    Markdown of another language is left out. Where a notebook says that a figure was not public, the prose of a
    section that tells nothing else goes as well (it would speak of what is not there), and a section in which
    nothing was told goes with its heading. The first section keeps its title.
    """
    cells = [
        c
        for c in notebook["cells"]
        if c["cell_type"] != "markdown"
        or language in c["metadata"].get("tags", [])
        or not {"nl", "en"} & set(c["metadata"].get("tags", []))
    ]
    if not any(i.kind == KIND for c in cells for i in _told(c)):
        return cells
    sections = _sections(cells)
    kept = [_kept(section, first=number == 0) for number, section in enumerate(sections)]
    below = 0  # the level of the first heading that is kept after a section
    for number in reversed(range(len(sections))):
        level = _level(sections[number])
        if not kept[number] and 0 < level < below:  # it would stand under another heading, or under none
            kept[number] = [_heading_only(sections[number][0])]
        if level and kept[number]:
            below = level
    return [cell for section in kept for cell in section]


def _kept(section: list[dict[str, Any]], *, first: bool) -> list[dict[str, Any]]:
    """Return what is kept of one section."""
    told = [i for c in section for i in _told(c)]
    if all(c["cell_type"] == "markdown" for c in section) or any(i.kind != KIND for i in told):
        return section
    if told or first:
        return [_heading_only(section[0]), *(c for c in section[1:] if c["cell_type"] != "markdown")]
    return []


def _level(section: list[dict[str, Any]]) -> int:
    """Return the level of the heading that a section begins with; 0 when it begins with none."""
    text = _source(section[0]) if section[0]["cell_type"] == "markdown" else ""
    return len(text) - len(text.lstrip("#"))


def _told(cell: dict[str, Any]) -> list[Item]:
    found = [item(output) for output in cell.get("outputs", [])]
    # a table that goes along whole, unseen, tells a reader nothing
    return [i for i in found if i is not None and any(i.data.values())]


def _sections(cells: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Cut a page before every Markdown cell that begins with a heading or a box."""
    sections: list[list[dict[str, Any]]] = []
    for cell in cells:
        opens = cell["cell_type"] == "markdown" and _source(cell).startswith(("#", ":::"))
        if opens or not sections:
            sections.append([])
        sections[-1].append(cell)
    return sections


def _heading_only(cell: dict[str, Any]) -> dict[str, Any]:
    return cell if cell["cell_type"] != "markdown" else cell | {"source": _source(cell).splitlines()[0]}


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
