"""How a document is named: by its publisher and title and, where nobody of us saw it, via the document that quotes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from osw_stats.report.language import month
from osw_stats.report.root import LANGUAGES
from osw_stats.report.tables import escape
from osw_stats.vocabulary.authorities import AUTHORITIES
from osw_stats.vocabulary.numbers import Fact
from osw_stats.vocabulary.observations import QUOTED, records

Source = Mapping[str, Any]
FORMER = {"Offlimits": "EOKM"}  # an earlier name of a publisher


def by_id(sources: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the documents by their id."""
    return {s["source_id"]: s for s in records(sources)}


def name(source: Source, known: Mapping[str, Source], language: str, places: Iterable[str] = ()) -> str:
    """Return publisher and title of a document and via which one we know it.

    Parameters
    ----------
    source
        A row of the table of documents.
    known
        Every document by its id.
    language
        "nl" or "en".
    places
        Where figures stand (`locator`); their places in the quoting document are named.
    """
    return f"{source['publisher']}: {source['title']}{via(source, known, language, places)}"


def via(source: Source, known: Mapping[str, Source], language: str, places: Iterable[str] = ()) -> str:
    """Return ", via Rapport (maart 2025), 4.1" for a document that we know only as another quotes it, else nothing."""
    if not source["via"]:
        return ""
    shown = f", via {titled(known[source['via']], language)}"
    named = dict.fromkeys(quoted_place(p) for p in places if QUOTED.search(p))
    return ", ".join([shown, *(p for p in named if p)])


def titled(source: Source, language: str) -> str:
    """Return the title of a document with its month: "Rapport (maart 2025)"."""
    return f"{source['title']} ({month(source['published'] or source['known_by'], language)})"


def document(coded: pd.DataFrame, sources: pd.DataFrame) -> Fact:
    """Return the document that was coded by hand, named by its title and month: that of `source_id`, or of `file`."""
    column = "source_id" if "source_id" in coded else "file"
    wanted = set(coded[column])
    held = [s for s in records(sources) if wanted & {s["source_id"], *s["files"].split(" | ")}]
    return Fact({language: "; ".join(titled(s, language) for s in held) for language in LANGUAGES})


def through(rows: pd.DataFrame, sources: pd.DataFrame, language: str) -> str:
    """Return via which documents we know all or some of these figures, for the source line of a chart."""
    known = by_id(sources)
    used = [known[i] for i in rows["source_id"].unique()]
    words = "".join(dict.fromkeys(via(s, known, language) for s in used if s["via"]))
    partly = {"nl": "deels ", "en": "partly "}[language] if any(not s["via"] for s in used) else ""
    return words.replace(", via ", f", {partly}via ", 1)


def linked(source: Source, known: Mapping[str, Source], language: str, places: Iterable[str] = ()) -> str:
    """Return the name of a document as a link to its entry on the page of sources, for a page in Markdown."""
    label = escape(f"{source['publisher']}: {source['title']}")
    return f"[{label}](sources.qmd#src-{source['source_id']}){escape(via(source, known, language, places))}"


def quoted_place(locator: str) -> str:
    """Return the place in the quoting document; any other locator as it is.

    Examples
    --------
    >>> quoted_place("p. 28, aangehaald in rapport 2025, 8.19"), quoted_place("alinea 2")
    ('8.19', 'alinea 2')
    """
    found = re.search(rf"{QUOTED.pattern}[^,]*(?:,\s*(.+))?$", locator)
    return locator if found is None else found[1] or ""


def _is_own(publisher: str, document: str) -> bool:
    """Say whether a document is of the publisher of its figures itself, under any of its names."""
    names = {publisher.split(" ")[0].split("/")[0]}
    names |= {short for a in AUTHORITIES.values() for short in (a.nl, a.en) if publisher == a.full_nl}
    names |= {FORMER[n] for n in names if n in FORMER}
    return any(document == n or document.startswith((f"{n} ", f"{n}/")) for n in names)


def whose(rows: pd.DataFrame, sources: pd.DataFrame, language: str) -> list[str]:
    """Return whose figures these are, each with the document that quotes it where we know it only so."""
    known = by_id(sources)
    found = []
    for publisher, of_publisher in rows.groupby("publisher", sort=False):
        for source_id, figures in of_publisher.groupby("source_id", sort=False):
            source = known[str(source_id)]
            through = via(source, known, language, figures["locator"])
            if not through and not _is_own(str(publisher), source["publisher"]):
                through = f", via {source['publisher']}"
            found.append(f"{publisher}{through}")
    return list(dict.fromkeys(found))
