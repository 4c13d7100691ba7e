"""All raw files at once: records, observations and documents, checked against each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.sources.corrections import apply, load_corrections, refuse_undeclared_conflicts
from osw_stats.sources.disk import sha256
from osw_stats.sources.margins import read_margins
from osw_stats.sources.published import CELLS, cells_of, observations_of, read_download
from osw_stats.sources.register import SourceRecord, documents, load_records
from osw_stats.sources.sheets.record import in_dutch, read_sheet
from osw_stats.sources.transcription import read_transcription
from osw_stats.vocabulary.observations import KEY, QUOTED
from osw_stats.vocabulary.observations import records as rows_of
from osw_stats.vocabulary.series import take_up
from osw_stats.vocabulary.tidy_schema import validate

DATES = ["published", "published_precision", "known_by"]


@dataclass(frozen=True)
class Tidy:
    """The tidy tables.

    Attributes
    ----------
    observations
        Every vintage of every figure of a known series.
    sources
        The documents they come from.
    cells
        Every cell of every downloaded table, known series or not.
    """

    observations: pd.DataFrame
    sources: pd.DataFrame
    cells: pd.DataFrame


def clean(root: Path) -> Tidy:
    """Read `root`/data/raw into the tidy tables.

    Raises
    ------
    InputError
        At the first thing that does not fit.
    """
    take_up(root)
    records = load_records(root / "data" / "raw")
    tables = [read_transcription(r, root) for r in records if r.kind == "transcription"]
    tables += [read_margins(r, root) for r in records if r.kind == "margins"]
    tables += [read_sheet(r, root) for r in records if r.kind == "sheet"]
    downloads = [(r, read_download(r)) for r in records if r.kind == "download"]
    mapped = [observations_of(r, table, root) for r, table in downloads]
    corrections = load_corrections(root / "data" / "raw")
    found = pd.concat([t for t in (*tables, *mapped) if len(t)], ignore_index=True)
    own = {source_id for r, _ in downloads for source_id in r.documents}
    try:
        observations = validate(apply(_undated_stand_beside(found, own), corrections))
        refuse_undeclared_conflicts(observations, corrections, own)
        _one_date_a_document(observations)
        _quoted_says_where(observations, documents(records))
    except InputError as error:
        raise in_dutch(error, records, root) from None
    cells = [cells_of(r, table, root) for r, table in downloads]
    return Tidy(
        observations,
        _sources(records, observations, root),
        pd.concat(cells, ignore_index=True) if cells else pd.DataFrame(columns=CELLS),
    )


def _undated_stand_beside(found: pd.DataFrame, downloads: set[str]) -> pd.DataFrame:
    """Let a download of unknown date stand beside a figure that is there already, not replace it.

    Why: an old export may be found years later. Until its date of publication is filled in, nobody
    knows whether it is the newer of the two.
    """
    undated = found["source_id"].isin(downloads) & found["published_precision"].eq("unknown")
    there = found.loc[~undated, KEY].drop_duplicates()
    known = found[KEY].merge(there, on=KEY, how="left", indicator=True)["_merge"].eq("both")
    found.loc[undated & known.to_numpy(), "role"] = "alternative"
    return found


def _quoted_says_where(observations: pd.DataFrame, known: dict[str, dict[str, str]]) -> None:
    """Refuse a figure whose place says that another document quotes it while its record names none."""
    seen = {source_id for source_id, document in known.items() if not document.get("via")}
    lost = observations[observations["locator"].str.contains(QUOTED) & observations["source_id"].isin(seen)]
    if len(lost):
        row = lost.iloc[0]
        raise InputError(
            f"says that the figure was read in another document, and the record of {row['source_id']} names none",
            "Add `via:` with the id of the document that quotes it to the record.",
            file=row["file"], row=int(row["row"]), column="locator", value=row["locator"],
        )  # fmt: skip


def _one_date_a_document(observations: pd.DataFrame) -> None:
    dates = observations.groupby("source_id", sort=False)["known_by"].transform("first")
    differing = observations[observations["known_by"] != dates]
    if len(differing):
        row = differing.iloc[0]
        raise InputError(
            f"the document {row['source_id']} has another publication date in an earlier row",
            "Give every row of one document the same date and precision.",
            file=row["file"], row=int(row["row"]), column="published", value=row["published"],
        )  # fmt: skip


def _sources(records: list[SourceRecord], observations: pd.DataFrame, root: Path) -> pd.DataFrame:
    """One row a document: what it is, its date, the raw files that quote it and their hashes."""
    rows = []
    hashes = {path: sha256(path) for record in records for path in record.files}
    counts = observations["source_id"].value_counts()
    first = observations.drop_duplicates("source_id")
    dated_in_rows = dict(zip(first["source_id"], rows_of(first[DATES]), strict=True))
    for source_id, document in sorted(documents(records).items()):
        quoting = [r for r in records if source_id in r.documents]
        dated = document.get("published", "")
        plain = (dated, "day" if dated else "unknown", dated or document.get("seen", ""))
        dates = dated_in_rows.get(source_id) or dict(zip(DATES, plain, strict=True))
        rows.append(
            {
                "source_id": source_id,
                "publisher": document["publisher"],
                "title": document["title"],
                "language": document["language"],
                "url": document.get("url", ""),
                **dates,
                "date_basis": document["date_basis"],
                "read_in": document["read_in"],
                "via": document.get("via", ""),
                "licence": document.get("licence")
                or " | ".join(sorted({r.facts["licence"] for r in quoting})),
                "figures": int(counts.get(source_id, 0)),
                "files": " | ".join(p.relative_to(root).as_posix() for r in quoting for p in r.files),
                "sha256": " | ".join(hashes[path] for r in quoting for path in r.files),
            }
        )
    return pd.DataFrame(rows)
