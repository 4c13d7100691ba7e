"""Whether a published site follows from what it says it was made from: rebuild it beside, and compare every file."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from osw_stats.errors import InputError
from osw_stats.report.build import build
from osw_stats.report.graph import checksums, keys, state
from osw_stats.sources.disk import sha256

TOLERANCE = 1e-9  # relative; absolute below one
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")
SHOWN = 60
GOOD = ("identical", "equal")


@dataclass(frozen=True)
class Finding:
    """One published file and what became of it.

    `verdict` is "identical" (every byte), "equal" (other bytes, every number within 1e-9), "different", "missing"
    (not rebuilt), "extra" (rebuilt, not in the manifest), or "altered" (not as it was published).
    """

    path: str
    verdict: str
    what: str = ""


@dataclass(frozen=True)
class Verification:
    """All findings, and in what this machine, code or data differ from those of the manifest."""

    findings: list[Finding]
    other: list[str]

    @property
    def passed(self) -> bool:
        """Whether every file is identical or equal."""
        return all(f.verdict in GOOD for f in self.findings)


def verify(
    root: Path,
    year: int,
    *,
    manifest: Path | None = None,
    renderer: str = "auto",
    engine: str = "auto",
    progress: Callable[[str], None] = print,
) -> Verification:
    """Rebuild an edition from scratch and compare it with a published manifest.

    Parameters
    ----------
    root, year
        Project folder and edition.
    manifest
        The `checksums.json` of a site; that of the site here when None.
    renderer, engine, progress
        As in `build`.

    Raises
    ------
    InputError
        If there is no such manifest, or it is of another edition.
    OswError
        If the rebuild fails.
    """
    source = manifest or root / "_site" / checksums.NAME
    published = checksums.read(source)
    if published["edition"] != year:
        raise InputError("is of another edition", f"Give --edition {published['edition']}.", file=source, value=published["edition"])  # fmt: skip
    findings = [] if manifest else _altered(root, year, published["files"])
    (root / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="verify-", dir=root / "build") as folder:
        new = Path(folder)
        build(
            root, year, renderer=renderer, engine=engine, progress=progress, out=new, force=True,
            archive=bool(published.get("archive")),
        )  # fmt: skip
        made = state.outputs(new, year)
        made.pop(f"_site/{checksums.NAME}")
        altered = {f.path for f in findings}
        for path in sorted(set(published["files"]) | set(made)):
            if path not in altered:
                findings.append(_compare(path, published["files"].get(path), made.get(path), root, new))
        other = _others(published, checksums.read(new / "_site" / checksums.NAME))
    return Verification(sorted(findings, key=lambda f: f.path), other)


def _altered(root: Path, year: int, files: keys.Hashes) -> list[Finding]:
    """Return the files here that are not, or no longer, as they were published."""
    here = state.outputs(root, year)
    here.pop(f"_site/{checksums.NAME}", None)
    found = []
    for path in sorted(set(files) | set(here)):
        if files.get(path) != here.get(path):
            what = "is gone" if path not in here else "was added" if path not in files else "was changed"
            found.append(Finding(path, "altered", f"{what} after it was published"))
    return found


def _compare(path: str, old: str | None, new: str | None, root: Path, rebuilt: Path) -> Finding:
    if old == new:
        return Finding(path, "identical")
    if new is None:
        return Finding(path, "missing", "is in the manifest but was not rebuilt")
    if old is None:
        return Finding(path, "extra", "was rebuilt but is not in the manifest")
    before = _bytes(root / path, old)
    if before is None:
        return Finding(path, "different", "has another hash; the published file is not here to compare with")
    return _contents(path, before, (rebuilt / path).read_bytes())


def _bytes(path: Path, known: str) -> bytes | None:
    return path.read_bytes() if path.is_file() and sha256(path) == known else None


def _contents(path: str, before: bytes, after: bytes) -> Finding:
    """Compare two versions of a file: as text with numbers where both are text, else byte by byte."""
    try:
        old, new = before.decode("utf-8"), after.decode("utf-8")
    except UnicodeDecodeError:
        at = next(
            (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
            min(len(before), len(after)),
        )
        return Finding(path, "different", f"from byte {at + 1} of {len(before)}")
    if NUMBER.split(old) == NUMBER.split(new):
        numbers = list(zip(NUMBER.findall(old), NUMBER.findall(new), strict=True))
        worst = max(numbers, key=lambda pair: _distance(*pair))
        if _distance(*worst) <= TOLERANCE:
            return Finding(
                path,
                "equal",
                f"{sum(a != b for a, b in numbers)} numbers differ, by {_distance(*worst):.0e} at most",
            )
    lines = zip(old.splitlines(), new.splitlines(), strict=False)
    line = next(
        (n for n, (a, b) in enumerate(lines, start=1) if a != b), min(old.count("\n"), new.count("\n")) + 1
    )
    was, now = (_around(*pair) for pair in _both(old, new, line))
    return Finding(path, "different", f"line {line}: published “{was}”, rebuilt “{now}”")


def _both(old: str, new: str, line: int) -> list[tuple[str, int]]:
    """Return the line of each version with the place where they part."""
    a, b = (((text.splitlines() or [""]) + [""] * line)[line - 1] for text in (old, new))
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return [(a, at), (b, at)]


def _around(text: str, at: int) -> str:
    start = max(0, at - SHOWN // 2)
    return text[start : start + SHOWN]


def _distance(a: str, b: str) -> float:
    """Return how far two printed numbers are apart, relative to the larger one where that is above one."""
    x, y = float(a), float(b)
    return 0.0 if x == y else abs(x - y) / max(1.0, abs(x), abs(y)) if math.isfinite(x - y) else math.inf


def _others(published: dict[str, object], now: dict[str, object]) -> list[str]:
    """Say in what the rebuild was made from other things; differences are to be expected then."""
    found = []
    for part in ("environment", "inputs"):
        old, new = published[part], now[part]
        assert isinstance(old, dict) and isinstance(new, dict)  # noqa: S101 - checksums.read saw to it
        found += [f"{part}: {key}" for key in sorted(set(old) | set(new)) if old.get(key) != new.get(key)]
    return found + (["the code of this library"] if published["library"] != now["library"] else [])
