"""The machine-readable tables of an edition, and the manifest of its build."""

import csv
import io
import json
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.data.quality import Check
from osw_stats.kept import keys
from osw_stats.kept.code_cells import notebook_path, parameters
from osw_stats.meaning.observations import dictionary
from osw_stats.meaning.series import catalogue
from osw_stats.project import LANGUAGES
from osw_stats.publish.contents import Pages, numbers
from osw_stats.stats.downloaded import of_the_country
from osw_stats.stats.revisions import alternatives, revisions
from osw_stats.text.tables import csv_text

LIBRARIES = ("osw_stats", "pandas", "numpy", "scipy", "statsmodels", "matplotlib", "papermill")


def write_tidy(tables: Tables, checks: list[Check], out: Path) -> None:
    """Write the tidy tables and their documentation."""
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
        "checks": pd.DataFrame(
            {"rule": c.rule, "stage": c.stage, "result": c.result, "rows": len(c.rows)}
            | {f"message_{lang}": c.message[lang] for lang in LANGUAGES}
            for c in checks
        ),
    }
    if len(tables.cells):
        frames["cells"] = of_the_country(tables.cells)
    for name, frame in frames.items():
        (out / f"{name}.csv").write_bytes(csv_text(frame).encode())


def write_results(tables: Tables, pages: Pages, texts: dict[str, str], own: pd.DataFrame, out: Path) -> None:
    """Write the result tables (`texts`, by name), the traced sentences, the table `own_claims`, and the manifest."""
    for name, text in {"own_claims": csv_text(own), **texts}.items():
        (out / f"{name}.csv").write_bytes(text.encode())
    edition, root = tables.edition, tables.root
    verdicts = csv.DictReader(io.StringIO(texts.get("claims_result", "")))
    values = {}
    for name in sorted({page.notebook for page in pages.values() if page.notebook}):
        values[name] = parameters(notebook_path(root, name)) | edition.parameters.get(name, {})
        for parameter in ("edition", "results"):
            values[name].pop(parameter, None)
    environment = keys.environment(root)
    manifest = {
        "edition": edition.year,
        "as_of": edition.as_of.isoformat(),
        "languages": list(edition.languages),
        "parameters": values,
        "seeds": {name: run["run_seed"] for name, run in values.items() if "run_seed" in run},
        "verdicts": {row["id"]: row["verdict"] for row in verdicts},
        "libraries": {name: version(name) for name in LIBRARIES},
        **{part: environment[part] for part in ("python", "machine", "lock")},
        "raw_files": keys.hashes(root, ["data/raw"]),
    }
    for name, value in (("numbers", numbers(pages)), ("manifest", manifest)):
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True)
        (out / f"{name}.json").write_bytes(f"{text}\n".encode())


def series_table() -> pd.DataFrame:
    """Return every series of the catalogue: unit counted, population, breaks, and whether it ended."""
    texts = [(part, lang) for part in ("title", "counts", "population", "caveat") for lang in LANGUAGES]
    return pd.DataFrame(
        {
            "series_id": s.series_id,
            "publisher": s.publisher,
            "indicator": s.indicator,
            "unit_measure": s.unit,
            **{f"{part}_{lang}": getattr(s, part).get(lang, "") for part, lang in texts},
            "breaks": " | ".join(f"{b.at}: {b.text['en']}" for b in s.breaks),
            "homogeneous": s.homogeneous,
            "ended": s.ended,
        }
        for s in catalogue().values()
    )
