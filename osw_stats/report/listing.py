"""The files people take away: what each holds, and the lists of them on the pages. Light to import."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from osw_stats.report.language import number
from osw_stats.report.words import Text

# what each file holds, by name or pattern of names: before and after the results
FIRST: dict[str, Text] = {
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
}  # fmt: skip
LAST: dict[str, Text] = {
    "columns.csv": {"nl": "Uitleg van elke kolom van elke tabel", "en": "What each column of each table means"},
    "citations.bib": {"nl": "Verwijzen naar deze editie en elke figuur (BibTeX)", "en": "To cite this edition and each figure (BibTeX)"},
    "citations.json": {"nl": "Verwijzen naar deze editie en elke figuur (CSL JSON)", "en": "To cite this edition and each figure (CSL JSON)"},
    "datapackage.json": {"nl": "Alle bestanden met hun kolommen en controlegetallen (Data Package)", "en": "All files with their columns and checksums (Data Package)"},
    "catalog.jsonld": {"nl": "Beschrijving voor datacatalogi (DCAT)", "en": "Description for data catalogues (DCAT)"},
    "numbers.json": {"nl": "Elke zin met zijn cijfers en waar die op rusten", "en": "Every sentence with its numbers and what they rest on"},
    "manifest.json": {"nl": "Editie, parameters, seeds, oordelen, versies en hashes van deze bouw", "en": "Edition, parameters, seeds, verdicts, versions and hashes of this build"},
}  # fmt: skip


def contents(results: Mapping[str, Text]) -> dict[str, Text]:
    """Return what every file holds, in the order of the page with downloads; `results` are the result tables."""
    told = {
        f"{name}.csv": {"nl": f"Uitkomst: {held['nl']}", "en": f"Result: {held['en']}"}
        for name, held in results.items()
    }
    return FIRST | told | LAST


def main_files(of: Mapping[str, Text]) -> dict[str, Text]:
    """Return the files that most people want."""
    named = ("datapackage.json", "catalog.jsonld", "citations.bib")
    return {
        name: held for name, held in of.items() if name.startswith(("report-", "tables-")) or name in named
    }


def listed(folder: Path, prefix: str, language: str, of: Mapping[str, Text]) -> str:
    """Return the list of files in `folder`, linked under `prefix`; `of` says what each holds."""
    lines = []
    for name, held in of.items():
        for path in sorted(folder.glob(name)):
            size = number(max(1, path.stat().st_size / 1000), language)
            lines.append(f"- [{path.name}]({prefix}{path.name}) ({size} kB): {held[language]}.")
    return "\n".join(lines) + "\n"
