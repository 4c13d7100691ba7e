"""Names of documents: publisher and title, and the quoting document if the original was not seen."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from osw_stats.meaning.authorities import AUTHORITIES
from osw_stats.meaning.numbers import Fact
from osw_stats.meaning.observations import QUOTED, records
from osw_stats.project import LANGUAGES
from osw_stats.text.language import month
from osw_stats.text.tables import escape
from osw_stats.text.words import WORDS, phrase

Source = Mapping[str, Any]  # a row of the table of documents


def by_id(sources: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the documents by their id."""
    return {source["source_id"]: source for source in records(sources)}


def name(source: Source, known: Mapping[str, Source], language: str) -> str:
    """Return publisher and title of a document, and the one that quotes it; see `via`."""
    return f"{source['publisher']}: {source['title']}{via(source, known, language)}"


def via(source: Source, known: Mapping[str, Source], language: str, places: Iterable[str] = ()) -> str:
    """Return ", via Rapport (maart 2025), 4.1" for a document known only as another quotes it, else nothing."""
    if not source["via"]:
        return ""
    quoted = dict.fromkeys(quoted_place(place) for place in places if QUOTED.search(place))
    return ", ".join([f", via {titled(known[source['via']], language)}", *filter(None, quoted)])


def titled(source: Source, language: str) -> str:
    """Return the title of a document with its month: "Rapport (maart 2025)"."""
    return f"{source['title']} ({month(source['published'] or source['known_by'], language)})"


def document(coded: pd.DataFrame, sources: pd.DataFrame) -> Fact:
    """Return the documents coded by hand (`source_id`, or `file`) by title and month."""
    wanted = set(coded["source_id" if "source_id" in coded else "file"])
    documents = [s for s in records(sources) if wanted & {s["source_id"], *s["files"].split(" | ")}]
    return Fact({language: "; ".join(titled(s, language) for s in documents) for language in LANGUAGES})


def through(rows: pd.DataFrame, sources: pd.DataFrame, language: str) -> str:
    """Return the documents that quote all or some of these figures, for the source line of a chart."""
    known = by_id(sources)
    used = [known[source_id] for source_id in rows["source_id"].unique()]
    words = "".join(dict.fromkeys(via(source, known, language) for source in used))
    partly = "" if all(source["via"] for source in used) else phrase("partly_via", language)
    return words.replace(", via ", f", {partly}via ", 1)


def linked(source: Source, known: Mapping[str, Source], language: str) -> str:
    """Return the name of a document as a link to its entry on the page of sources, for a page in Markdown."""
    label = escape(f"{source['publisher']}: {source['title']}")
    return f"[{label}](sources.qmd#src-{source['source_id']}){escape(via(source, known, language))}"


def named(text: str, sources: pd.DataFrame, language: str) -> str:
    """Return Markdown with linked or cited documents named by publisher and month instead of id."""
    known = by_id(sources)

    def link(match: re.Match[str]) -> str:
        source = known.get(match[1])
        words = escape(titled(source | {"title": source["publisher"]}, language)) if source else match[1]
        return words if match[2] == "cited)" else f"[{words}]({match[2]}"

    return re.sub(r"\[([\w-]+)\]\((cited\)|sources\.qmd)", link, text)


def quoted_place(locator: str) -> str:
    """Return the place in the quoting document; any other locator unchanged."""
    place = re.search(rf"{QUOTED.pattern}[^,]*(?:,\s*(.+))?$", locator)
    return locator if place is None else place[1] or ""


def whose(rows: pd.DataFrame, sources: pd.DataFrame, language: str) -> list[str]:
    """Return the publishers of figures, each with the quoting document if known only from that."""
    known = by_id(sources)
    entries: dict[str, None] = {}
    for publisher, of_publisher in rows.groupby("publisher", sort=False):
        # a document may be by the publisher of its figures itself, under any of its names
        names = {str(publisher).split(" ")[0].split("/")[0]}
        names |= {short for a in AUTHORITIES.values() for short in (a.nl, a.en) if publisher == a.full_nl}
        names |= {WORDS["former_name"][n]["nl"] for n in names if n in WORDS["former_name"]}
        for source_id, figures in of_publisher.groupby("source_id", sort=False):
            source = known[str(source_id)]
            by, between = source["publisher"], via(source, known, language, figures["locator"])
            if not between and not any(by == n or by.startswith((f"{n} ", f"{n}/")) for n in names):
                between = f", via {by}"
            entries[f"{publisher}{between}"] = None
    return list(entries)
