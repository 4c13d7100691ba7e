"""The line under the sources of a page: which vintage its figures are, and how many were revised."""

from __future__ import annotations

from osw_stats.report.edition import Tables
from osw_stats.report.language import day


def vintage_line(tables: Tables, revised: int, language: str) -> str:
    """Say which vintage the figures of a page are, and where dates and hashes of all files stand."""
    as_of = day(tables.edition.as_of, language)
    count = (
        {"nl": f"zijn er {revised}", "en": f"{revised} were"}
        if revised
        else {"nl": "is er geen", "en": "none was"}
    )
    text = {
        "nl": f"Dit zijn de cijfers zoals ze openbaar waren op {as_of}. Van de cijfers op deze pagina "
        f"{count['nl']} herzien. Datum en controlegetal (hash) van elk bestand staan bij [de gegevens](data.qmd).",
        "en": f"These are the figures as they were public on {as_of}. Of the figures on this page {count['en']} "
        "revised. Date and checksum (hash) of every file stand with [the data](data.qmd).",
    }
    return text[language]
