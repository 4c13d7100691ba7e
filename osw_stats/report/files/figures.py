"""Complete the metadata beside each figure: its units, and the hash of every file of it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from osw_stats.sources.disk import sha256

UNITS = ("unit", "unit_measure")  # columns that say in what a row is counted


def complete_metadata(figures: Path) -> None:
    """Add `units` and `sha256` to the JSON file of every figure in a folder.

    Parameters
    ----------
    figures
        Folder with, for a figure, `<name>.json` beside `<name>.csv`, `.svg` and `.png`. Figures
        without a JSON file are passed by.
    """
    for path in sorted(figures.glob("*.json")):
        if path.name.endswith(".csl.json"):
            continue
        told = json.loads(path.read_text(encoding="utf-8"))
        files = [p for p in sorted(figures.glob(f"{path.stem}[.-]*")) if _belongs(p, path.stem)]
        told["sha256"] = {p.name: sha256(p) for p in files}
        told["units"] = _units(figures / f"{path.stem}.csv")
        text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _belongs(path: Path, name: str) -> bool:
    """Say whether a file is a drawing or the data of the figure of this name, and of no other."""
    return path.suffix in (".csv", ".svg", ".png") and path.stem in (name, f"{name}-phone")


def _units(data: Path) -> list[str]:
    if not data.is_file():
        return []
    frame = pd.read_csv(data, dtype=str)
    return sorted({unit for column in UNITS if column in frame for unit in frame[column].dropna()})
