"""Check that a published site follows from its stated inputs: rebuild it elsewhere and compare every file."""

import math
import os
import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from osw_stats.build import record
from osw_stats.build.build import build
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256

TOLERANCE = 1e-9  # relative; absolute below one
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")
GOOD = ("identical", "equal")


class Finding(NamedTuple):
    """One published file and the verdict on it.

    `verdict` is "identical" (every byte), "equal" (other bytes, every number within 1e-9), "different", "missing"
    (not rebuilt), "extra" (rebuilt, not in the manifest), or "altered" (not as it was published).
    """

    path: str
    verdict: str
    what: str = ""


def verify(
    root: Path, year: int, *, manifest: Path | None = None, **options: Any
) -> tuple[list[Finding], list[str]]:
    """Rebuild an edition from scratch; return a finding for every file, and the differences from the manifest."""
    # `manifest` is the `checksums.json` of a site, that of the site here when None; `options` as in `build`
    source = manifest or root / "_site" / record.NAME
    old = record.read(source)
    if old["edition"] != year:
        remedy = f"Give --edition {old['edition']}."
        raise InputError("is of another edition", remedy, file=source, value=old["edition"])
    files, here = old["files"], {} if manifest else record.published(root, year)
    altered = {path for path in set(files) | set(here) if here and files.get(path) != here.get(path)}
    findings = [Finding(path, "altered", "changed after it was published") for path in altered]
    (root / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="verify-", dir=root / "build") as folder:
        rebuilt = Path(folder)
        build(root, year, out=rebuilt, force=True, archive=bool(old["options"].get("archive")), **options)
        new = record.read(rebuilt / "_site" / record.NAME)
        for path in (set(files) | set(new["files"])) - altered:
            verdict, detail = _compare(files.get(path), new["files"].get(path), root / path, rebuilt / path)
            findings.append(Finding(path, verdict, detail))
        return sorted(findings), record.differences(old, new)


def _compare(old: str | None, new: str | None, published: Path, rebuilt: Path) -> tuple[str, str]:
    """Return the verdict on one file, from its hashes and contents, and the first difference."""
    if old == new:
        return "identical", ""
    if new is None:
        return "missing", "was not rebuilt"
    if old is None:
        return "extra", "is in no manifest"
    if not published.is_file() or sha256(published) != old:
        return "different", "has another hash; the published file is not here to compare with"
    before, after = published.read_bytes(), rebuilt.read_bytes()
    try:
        was, now = before.decode("utf-8"), after.decode("utf-8")
    except UnicodeDecodeError:
        return "different", f"from byte {len(os.path.commonprefix([before, after])) + 1}"  # noqa: RUF071 - no paths
    if NUMBER.split(was) == NUMBER.split(now):
        differ = [
            (float(a), float(b)) for a, b in zip(*map(NUMBER.findall, (was, now)), strict=True) if a != b
        ]
        if all(math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE) for a, b in differ):
            return "equal", f"{len(differ)} numbers differ, by {TOLERANCE:.0e} at most"
    at = len(os.path.commonprefix([was, now]))  # noqa: RUF071 - no paths
    a, b = (text[max(text.rfind("\n", 0, at) + 1, at - 30) :].partition("\n")[0][:60] for text in (was, now))
    line = was.count("\n", 0, at) + 1
    return "different", f"line {line}: published “{a}”, rebuilt “{b}”"
