"""The machine-readable tables of an edition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.analysis.coverage import missing
from osw_stats.analysis.revisions import alternatives, revisions
from osw_stats.report.edition import Tables
from osw_stats.report.harvest import Notebook, numbers, result_tables
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.manifest import manifest
from osw_stats.report.tables import csv_text
from osw_stats.sources.quality import Check
from osw_stats.vocabulary.observations import dictionary
from osw_stats.vocabulary.series import catalogue

# what each file holds, by name or pattern of names, for the page with downloads
CONTENTS: dict[str, dict[str, str]] = {
    "report-*-nl.pdf": {"nl": "Het hele rapport om te lezen of te printen, toegankelijke PDF, Nederlands", "en": "The whole report to read or print, accessible PDF, in Dutch"},
    "report-*-en.pdf": {"nl": "Het hele rapport om te lezen of te printen, toegankelijke PDF, Engels", "en": "The whole report to read or print, accessible PDF, in English"},
    "report-*-nl.docx": {"nl": "Het hele rapport als Word-bestand, Nederlands", "en": "The whole report as a Word file, in Dutch"},
    "report-*-en.docx": {"nl": "Het hele rapport als Word-bestand, Engels", "en": "The whole report as a Word file, in English"},
    "tables-*-nl.xlsx": {"nl": "Alle uitkomsten als toegankelijk rekenblad, Nederlands", "en": "All results as an accessible spreadsheet, in Dutch"},
    "tables-*-en.xlsx": {"nl": "Alle uitkomsten als toegankelijk rekenblad, Engels", "en": "All results as an accessible spreadsheet, in English"},
    "observations.csv": {"nl": "Alle cijfers van deze editie, één per regel", "en": "All figures of this edition, one a row"},
    "vintages.csv": {"nl": "Alle cijfers, ook oudere en latere publicaties", "en": "All figures, earlier and later publications as well"},
    "sources.csv": {"nl": "De documenten, met datum, licentie en hash", "en": "The documents, with date, licence and hash"},
    "series.csv": {"nl": "De reeksen: wat elk telt en van wie", "en": "The series: what each counts and of whom"},
    "dictionary.csv": {"nl": "Uitleg van elke kolom van observations.csv", "en": "What each column of observations.csv means"},
    "revisions.csv": {"nl": "Cijfers die later zijn herzien: oud, nieuw, datum", "en": "Figures revised later: old, new, date"},
    "alternatives.csv": {"nl": "Cijfers van een tweede bron naast de eerste", "en": "Figures of a second source beside the first"},
    "cells.csv": {"nl": "De cellen van gedownloade tabellen die over heel Nederland gaan", "en": "The cells of downloaded tables that are about the whole country"},
    "checks.csv": {"nl": "Uitslag van elke kwaliteitsregel", "en": "Result of every quality rule"},
    "missing.csv": {"nl": "Cijfers die er niet zijn, met reden", "en": "Figures that are not there, with the reason"},
    **{f"{name}.csv": {"nl": f"Uitkomst: {shown.nl}", "en": f"Result: {shown.en}"} for name, shown in LAYOUTS.items()},
    "columns.csv": {"nl": "Uitleg van elke kolom van elke tabel", "en": "What each column of each table means"},
    "citations.bib": {"nl": "Verwijzen naar deze editie en elke figuur (BibTeX)", "en": "To cite this edition and each figure (BibTeX)"},
    "citations.json": {"nl": "Verwijzen naar deze editie en elke figuur (CSL JSON)", "en": "To cite this edition and each figure (CSL JSON)"},
    "datapackage.json": {"nl": "Alle bestanden met hun kolommen en controlegetallen (Data Package)", "en": "All files with their columns and checksums (Data Package)"},
    "catalog.jsonld": {"nl": "Beschrijving voor datacatalogi (DCAT)", "en": "Description for data catalogues (DCAT)"},
    "numbers.json": {"nl": "Elke zin met zijn cijfers en waar die op rusten", "en": "Every sentence with its numbers and what they rest on"},
    "manifest.json": {"nl": "Editie, parameters, seeds, oordelen, versies en hashes van deze bouw", "en": "Edition, parameters, seeds, verdicts, versions and hashes of this build"},
}  # fmt: skip
# the files most people want, by name or pattern of names
MAIN = {
    name: CONTENTS[name]
    for name in CONTENTS
    if name.startswith(("report-", "tables-"))
    or name in ("datapackage.json", "catalog.jsonld", "citations.bib")
}


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
        "missing": missing(tables.observations, tables.edition.year),
    }
    frames["checks"] = pd.DataFrame(
        [{"rule": c.rule, "stage": c.stage, "result": c.result, "rows": len(c.rows),
          "message_nl": c.message["nl"], "message_en": c.message["en"]} for c in checks]
    )  # fmt: skip
    if len(tables.cells):
        from osw_stats.analysis.counts.region_figures import (
            of_the_country,  # half a second, for downloads only
        )

        frames["cells"] = of_the_country(tables.cells)
    for name, frame in frames.items():
        _write(out / f"{name}.csv", csv_text(frame))


def write_results(
    tables: Tables, runs: dict[tuple[str, str], Notebook], own: pd.DataFrame, out: Path
) -> None:
    """Write the result tables, the sentences with their trace, the test of our own, and the manifest."""
    _write(out / "own_claims.csv", csv_text(own))
    for name, text in result_tables(runs).items():
        _write(out / f"{name}.csv", text)
    _write(out / "numbers.json", _json(numbers(runs)))
    _write(out / "manifest.json", _json(manifest(tables, runs)))


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
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
