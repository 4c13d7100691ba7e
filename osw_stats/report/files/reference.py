"""The reference of the public Python functions, made from their docstrings.

The source is parsed, not imported: making the pages runs nothing and needs no library.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from osw_stats.report.language import filled
from osw_stats.report.tables import escape

PACKAGE = Path(__file__).parents[2]
INTRO = {
    "nl": "Dit zijn de functies waarmee het rapport is gemaakt. U kunt ze zelf gebruiken in Python. De uitleg is in het Engels, omdat die ook in de code staat. Elke functie noemt wat zij nodig heeft, wat zij teruggeeft en waar de methode vandaan komt.",
    "en": "These are the functions the report is made with. You can use them yourself in Python. Each says what it needs, what it returns and where the method comes from.",
}  # fmt: skip
TITLE = {"nl": "Functies", "en": "Functions"}
BACK = {"nl": "Alle onderdelen", "en": "All parts"}
COUNT = {
    "nl": "{n} [n:functie of klasse|functies en klassen]",
    "en": "{n} [n:function or class|functions and classes]",
}
# parts of the reference: page name, folder of the package, what it holds
PARTS = (
    ("analysis-survey", "analysis/survey", {"nl": "Enquêtes: aandelen, marges, verschillen", "en": "Surveys: shares, limits, differences"}),
    ("analysis-counts", "analysis/counts", {"nl": "Jaarcijfers: trend en vooruitblik", "en": "Yearly counts: trend and forecast"}),
    ("analysis-months", "analysis/months", {"nl": "Maandcijfers: onderbroken tijdreeksen", "en": "Monthly counts: interrupted time series"}),
    ("analysis-capacity", "analysis/capacity", {"nl": "Capaciteit: tekorten, wachtrijen, scenario’s", "en": "Capacity: gaps, queues, scenarios"}),
    ("analysis-claims", "analysis/claims", {"nl": "Beweringen narekenen", "en": "Recomputing statements"}),
    ("analysis-disclosure", "analysis/disclosure", {"nl": "Geheimhouding van kleine aantallen", "en": "Disclosure control of small numbers"}),
    ("analysis", "analysis", {"nl": "Trekkingen, dekking, herzieningen", "en": "Draws, coverage, revisions"}),
    ("vocabulary", "vocabulary", {"nl": "Eenheden, perioden, schattingen, getallen in tekst", "en": "Units, periods, estimates, numbers in text"}),
    ("sources", "sources", {"nl": "Bronnen lezen en opschonen", "en": "Reading and cleaning sources"}),
)  # fmt: skip
FLAT = {"analysis"}  # of these only the modules of the folder itself


@dataclass(frozen=True)
class Entry:
    """A public function or class: module, name, signature and docstring."""

    module: str
    name: str
    signature: str
    doc: str


def reference(language: str) -> dict[str, str]:
    """Return the pages of the reference, by file name.

    Parameters
    ----------
    language
        "nl" or "en": the language of titles and introduction; docstrings are English.
    """
    made = {}
    lines = [f"# {TITLE[language]}\n", INTRO[language] + "\n"]
    for part, folder, holds in PARTS:
        found = list(entries(PACKAGE / folder, deep=part not in FLAT))
        name = f"reference-{part}"
        lines.append(f"- [{holds[language]}]({name}.qmd): {filled(COUNT[language], n=len(found))}")
        title = f"# {TITLE[language]}: {holds[language][0].lower()}{holds[language][1:]}\n"
        made[f"{name}.qmd"] = "\n".join([title, f"[{BACK[language]}](reference.qmd)\n", _modules(found)])
    return made | {"reference.qmd": "\n".join(lines) + "\n"}


def entries(folder: Path, *, deep: bool = True) -> Iterator[Entry]:
    """Yield what a folder of the package offers: names without underscore that have a docstring.

    Examples
    --------
    >>> [e.name for e in entries(PACKAGE / "analysis" / "counts") if e.module.endswith("rates")][:2]
    ['RateRatio', 'rate_ratio']
    """
    for path in sorted(folder.rglob("*.py") if deep else folder.glob("*.py")):
        module = ".".join(("osw_stats", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
            ".__init__"
        )
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            doc = ast.get_docstring(node)
            if doc:
                yield Entry(module, node.name, _signature(node), doc)


def _signature(node: ast.FunctionDef | ast.ClassDef) -> str:
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({ast.unparse(node.args)}){returns}"


def _modules(found: list[Entry]) -> str:
    parts, module = [], ""
    for entry in found:
        if entry.module != module:
            module = entry.module
            parts.append(f"## {escape(module)} {{#{_anchor(module)}}}\n")
        parts.append(_entry(entry))
    return "\n".join(parts)


def _entry(entry: Entry) -> str:
    kind = "class-" if entry.signature.startswith("class ") else ""  # Shares and shares are two things
    place = f"{{#{_anchor(entry.module)}-{kind}{_anchor(entry.name)}}}"
    return f"### {escape(entry.name)} {place}\n\n```python\n{entry.signature}\n```\n\n{markdown(entry.doc)}\n"


def _anchor(name: str) -> str:
    return name.removeprefix("osw_stats.").replace(".", "-").replace("_", "-").lower()


def markdown(doc: str) -> str:
    r"""Return a NumPy-style docstring as Markdown: sections as bold words, parameters as a list.

    Examples
    --------
    >>> print(markdown("Do it.\n\nParameters\n----------\nx, y\n    Two numbers.\n"))
    Do it.
    <BLANKLINE>
    **Parameters**
    <BLANKLINE>
    - `x, y`: Two numbers.
    """
    pieces = re.split(r"^(\w[\w ]*)\n-{3,}\n", doc.strip() + "\n", flags=re.MULTILINE)
    parts = [_prose(pieces[0])]
    for heading, body in zip(pieces[1::2], pieces[2::2], strict=True):
        parts.append(f"**{heading}**")
        parts.append(_section(heading, body))
    return "\n\n".join(part for part in parts if part)


def _section(heading: str, body: str) -> str:
    if heading == "Examples":
        return f"```python\n{body.strip()}\n```"
    if heading in ("Notes", "References"):
        return _prose(body)
    told: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line and not line.startswith(" "):
            told.append((line.strip(), []))
        elif line.strip() and told:
            told[-1][1].append(line.strip())
    return "\n".join(f"- `{name}`" + (f": {_inline(' '.join(text))}" if text else "") for name, text in told)


def _prose(text: str) -> str:
    return "\n\n".join(_inline(" ".join(part.split())) for part in text.strip().split("\n\n"))


def _inline(text: str) -> str:
    """Escape text for Markdown, and keep what stands between backticks as code."""
    pieces = re.split(r"`+([^`]+)`+", text)
    return "".join(f"`{piece}`" if n % 2 else escape(piece) for n, piece in enumerate(pieces))
