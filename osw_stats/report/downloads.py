"""The machine-readable tables of an edition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.analysis.downloaded import of_the_country
from osw_stats.analysis.revisions import alternatives, revisions
from osw_stats.report.edition import Tables
from osw_stats.report.files.listing import contents
from osw_stats.report.harvest import Pages, numbers, result_tables, results_of
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.manifest import manifest
from osw_stats.report.tables import csv_text
from osw_stats.sources.quality import Check
from osw_stats.vocabulary.observations import dictionary
from osw_stats.vocabulary.series import catalogue

CONTENTS = contents({name: {"nl": shown.nl, "en": shown.en} for name, shown in LAYOUTS.items()})


def write_tidy(tables: Tables, checks: list[Check], out: Path) -> None:
    """Write the tidy tables and what explains them."""
    out.mkdir(parents=True, exist_ok=True)
    frames = {
        "observations": tables.observations,
        "vintages": tables.vintages,
        "sources": tables.sources,
        "series": series_table(),
        "dictionary": dictionary(),
        "revisions": revisions(tables.vintages),
        "alternatives": alternatives(tables.vintages),
        "missing": tables.missing(),
    }
    frames["checks"] = pd.DataFrame(
        [{"rule": c.rule, "stage": c.stage, "result": c.result, "rows": len(c.rows),
          "message_nl": c.message["nl"], "message_en": c.message["en"]} for c in checks]
    )  # fmt: skip
    if len(tables.cells):
        frames["cells"] = of_the_country(tables.cells)
    for name, frame in frames.items():
        _write(out / f"{name}.csv", csv_text(frame))


def write_results(tables: Tables, pages: Pages, own: pd.DataFrame, out: Path) -> None:
    """Write the result tables, the sentences with their trace, the test of our own, and the manifest."""
    _write(out / "own_claims.csv", csv_text(own))
    for name, text in result_tables(results_of(pages)).items():
        _write(out / f"{name}.csv", text)
    _write(out / "numbers.json", _json(numbers(pages)))
    _write(out / "manifest.json", _json(manifest(tables, pages)))


def series_table() -> pd.DataFrame:
    """Return every series of the catalogue: what it counts, of whom, its breaks, and whether it ended."""
    return pd.DataFrame(
        [
            {
                "series_id": s.series_id, "publisher": s.publisher, "indicator": s.indicator,
                "unit_measure": s.unit,
                **{f"{part}_{lang}": getattr(s, part).get(lang, "") for part in ("title", "counts", "population", "caveat") for lang in ("nl", "en")},
                "breaks": " | ".join(f"{b.at}: {b.text['en']}" for b in s.breaks),
                "homogeneous": s.homogeneous,
                "ended": s.ended,
            }
            for s in catalogue().values()
        ]
    )  # fmt: skip


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
