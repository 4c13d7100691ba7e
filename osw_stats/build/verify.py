"""Whether a published site follows from what it says it was made from: rebuild it beside, and compare every file."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from osw_stats.errors import InputError
from osw_stats.build.build import build
from osw_stats.build import record
from osw_stats.kept.disk import sha256

TOLERANCE = 1e-9  # relative; absolute below one
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")
GOOD = ("identical", "equal")


class Finding(NamedTuple):
    """One published file and what became of it.

    `verdict` is "identical" (every byte), "equal" (other bytes, every number within 1e-9), "different", "missing"
    (not rebuilt), "extra" (rebuilt, not in the manifest), or "altered" (not as it was published).
    """

    path: str
    verdict: str
    what: str = ""


def verify(
    root: Path,
    year: int,
    *,
    manifest: Path | None = None,
    renderer: str = "auto",
    engine: str = "auto",
    progress: Callable[[str], None] = print,
) -> tuple[list[Finding], list[str]]:
    """Rebuild an edition from scratch and compare it with a published manifest.

    `manifest` is the `checksums.json` of a site; that of the site here when None. Return a finding for every file, and
    in what machine, code or data differ from those of the manifest.
    """
    source = manifest or root / "_site" / record.NAME
    old = record.read(source)
    if old["edition"] != year:
        remedy = f"Give --edition {old['edition']}."
        raise InputError("is of another edition", remedy, file=source, value=old["edition"])
    files, here = old["files"], {} if manifest else record.published(root, year)
    altered = {path for path in set(files) | set(here) if here and files.get(path) != here.get(path)}
    findings = [Finding(path, "altered", "changed after it was published") for path in sorted(altered)]
    (root / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="verify-", dir=root / "build") as folder:
        beside = Path(folder)
        archive = bool(old["options"].get("archive"))
        build(
            root,
            year,
            renderer=renderer,
            engine=engine,
            progress=progress,
            out=beside,
            force=True,
            archive=archive,
        )
        new = record.read(beside / "_site" / record.NAME)
        for path in sorted((set(files) | set(new["files"])) - altered):
            findings.append(_compare(path, files.get(path), new["files"].get(path), root, beside))
        return sorted(findings), record.differences(old, new)


def _compare(path: str, old: str | None, new: str | None, root: Path, beside: Path) -> Finding:
    if old == new:
        return Finding(path, "identical")
    if new is None or old is None:
        return (
            Finding(path, "missing", "was not rebuilt")
            if old
            else Finding(path, "extra", "is in no manifest")
        )
    if not (root / path).is_file() or sha256(root / path) != old:
        return Finding(path, "different", "has another hash; the published file is not here to compare with")
    before, after = (root / path).read_bytes(), (beside / path).read_bytes()
    try:
        texts = before.decode("utf-8"), after.decode("utf-8")
    except UnicodeDecodeError:
        return Finding(path, "different", f"from byte {_parting(before, after) + 1}")
    numbers = list(zip(*map(NUMBER.findall, texts), strict=False))
    if NUMBER.split(texts[0]) == NUMBER.split(texts[1]):
        worst = max(_distance(float(a), float(b)) for a, b in numbers)
        if worst <= TOLERANCE:
            differ = sum(a != b for a, b in numbers)
            return Finding(path, "equal", f"{differ} numbers differ, by {worst:.0e} at most")
    at = _parting(*texts)
    was, now = (text[max(text.rfind("\n", 0, at) + 1, at - 30) :].partition("\n")[0][:60] for text in texts)
    line = texts[0].count("\n", 0, at) + 1
    return Finding(path, "different", f"line {line}: published “{was}”, rebuilt “{now}”")


def _parting(a: Sequence[object], b: Sequence[object]) -> int:
    """Return from which place two texts differ."""
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _distance(a: float, b: float) -> float:
    """Return how far two numbers are apart, relative to the larger one where that is above one."""
    if a == b:
        return 0.0
    return abs(a - b) / max(1.0, abs(a), abs(b)) if math.isfinite(a - b) else math.inf
