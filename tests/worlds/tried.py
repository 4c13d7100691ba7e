"""One world tried: built, read, and what was found held against the list of known kinds of failure."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.worlds import product
from tests.worlds.changes import world
from tests.worlds.check import Finding, facts_of, judge

KNOWN_FILE = Path(__file__).with_name("known.yml")
SEED = 9  # of the worlds that every run of the tests meets


@dataclass(frozen=True)
class Known:
    """One kind of known failure: how it is recognised, why it fails, and a world in which it does."""

    id: str
    kind: str
    page: str
    text: str
    reason: str
    world: tuple[int, int] | None

    def fits(self, finding: Finding) -> bool:
        """Say whether a finding is of this kind."""
        return (
            finding.kind == self.kind
            and re.fullmatch(self.page, finding.page) is not None
            and re.search(self.text, f"{finding.text} — {finding.why}") is not None
        )


@dataclass(frozen=True)
class Tried:
    """What was found in a world, and the changes that made it."""

    changes: tuple[str, ...]
    findings: tuple[Finding, ...]

    def unlisted(self) -> list[str]:
        """Return, one line each, what no known kind accounts for."""
        return [f.line() for f in self.findings if not any(k.fits(f) for k in known())]


@cache
def known() -> tuple[Known, ...]:
    """Return the list of known kinds of failure."""
    entries: list[dict[str, Any]] = yaml.safe_load(KNOWN_FILE.read_text(encoding="utf-8")) or []
    return tuple(
        Known(
            e["id"], e["kind"], e["page"], e["text"], e["reason"], tuple(e["world"]) if e["world"] else None
        )
        for e in entries
    )


@cache
def tried(seed: int, number: int) -> Tried:
    """Build a world of a seed and read it; it is kept when OSW_WORLDS_KEEP names a folder."""
    one = world(seed, number)
    with tempfile.TemporaryDirectory() as folder:
        built = product.build(one, Path(folder))
        facts = facts_of(one.year, one.as_of, one.figures, one.series)
        found = [*_stops(built.stops), *judge(built.pages, built.charts, facts)]
        if keep := os.environ.get("OSW_WORLDS_KEEP"):
            _keep(Path(keep) / str(number), Path(folder), one, built, found)
    return Tried(tuple(one.changes), tuple(found))


def _stops(stops: list[product.Stop]) -> list[Finding]:
    return [Finding("stop", s.where, "", s.text, s.kind) for s in dict.fromkeys(stops)]


def _keep(out: Path, folder: Path, one: product.World, built: product.Built, found: list[Finding]) -> None:
    """Leave the pages of a world for an outside reader: HTML, and Markdown where that could not be made."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    edition = f"edition {one.year}, as of {one.as_of}"
    (out / "changes.txt").write_text("\n".join([edition, *one.changes, ""]), encoding="utf-8")
    (out / "found.txt").write_text("".join(f"{f.line()}\n" for f in found), encoding="utf-8")
    product.seen(one).to_csv(out / "observations.csv", index=False)
    for (language, name), text in built.pages.items():
        (out / language).mkdir(exist_ok=True)
        (out / language / f"{name}.md").write_text(text, encoding="utf-8")
    for language in {lang for lang, _ in built.pages}:
        product.keep(folder, language)
    if (folder / "html").is_dir():
        shutil.copytree(folder / "html", out, dirs_exist_ok=True)
