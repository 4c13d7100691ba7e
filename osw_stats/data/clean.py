"""All raw files at once: records, observations and documents, checked against each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from osw_stats.data.corrections import apply, load_corrections, refuse_undeclared_conflicts
from osw_stats.data.register import SourceRecord, documents, load_records
from osw_stats.data.rows import refuse_rows
from osw_stats.data.sheets.record import in_dutch, read_sheet
from osw_stats.data.statline.figures import CELLS, cells_of, observations_of, read_download
from osw_stats.data.transcription import read_margins, read_transcription
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256
from osw_stats.meaning.observations import KEY, QUOTED, validate
from osw_stats.meaning.series import take_up

READERS = {"transcription": read_transcription, "margins": read_margins, "sheet": read_sheet}
DATES = ["published", "published_precision", "known_by"]


@dataclass(frozen=True)
class Tidy:
    """The tidy tables."""

    observations: pd.DataFrame  # every vintage of every figure of a known series
    sources: pd.DataFrame  # the documents they come from
    cells: pd.DataFrame  # every cell of every downloaded table, known series or not


def clean(root: Path) -> Tidy:
    """Read `root`/data/raw into the tidy tables; an InputError names the first thing that does not fit."""
    take_up(root)
    raw = root / "data" / "raw"
    records = load_records(raw)
    tables = [READERS[kind](r, root) for kind in READERS for r in records if r.kind == kind]
    downloads = [(r, read_download(r)) for r in records if r.kind == "download"]
    tables += [observations_of(r, table, root) for r, table in downloads]
    corrections = load_corrections(raw)
    figures = pd.concat([t for t in tables if len(t)], ignore_index=True)
    own = {source_id for r, _ in downloads for source_id in r.documents}
    known = documents(records)
    try:
        observations = validate(apply(_undated_stand_beside(figures, own), corrections))
        refuse_undeclared_conflicts(observations, corrections, own)
        _check_documents(observations, known)
    except InputError as error:
        raise in_dutch(error, records, root) from None
    cells = [cells_of(r, table, root) for r, table in downloads]
    return Tidy(
        observations,
        _sources(records, known, observations, root),
        pd.concat(cells, ignore_index=True) if cells else pd.DataFrame(columns=CELLS),
    )


def _undated_stand_beside(figures: pd.DataFrame, downloads: set[str]) -> pd.DataFrame:
    """Let a download of unknown date stand beside a figure that is there already, not replace it.

    Why: an old export may be found years later. Until its date of publication is filled in, nobody
    knows whether it is the newer of the two.
    """
    undated = figures["source_id"].isin(downloads) & figures["published_precision"].eq("unknown")
    keys = pd.MultiIndex.from_frame(figures[KEY])
    figures.loc[undated & keys.isin(keys[~undated]), "role"] = "alternative"
    return figures


def _check_documents(observations: pd.DataFrame, known: dict[str, dict[str, str]]) -> None:
    """Refuse a document with two dates, and a figure that was quoted by a document which its record does not name."""
    dates = observations.groupby("source_id", sort=False)["known_by"].transform("first")
    refuse_rows(
        observations[observations["known_by"] != dates],
        "published",
        "its document has another publication date in an earlier row",
        "Give every row of one document the same date and precision.",
    )
    seen = {source_id for source_id, document in known.items() if not document.get("via")}
    refuse_rows(
        observations[observations["locator"].str.contains(QUOTED) & observations["source_id"].isin(seen)],
        "locator",
        "says that the figure was read in another document, and the record names none",
        "Add `via:` with the id of the document that quotes it to the record.",
    )


def _sources(
    records: list[SourceRecord],
    known: dict[str, dict[str, str]],
    observations: pd.DataFrame,
    root: Path,
) -> pd.DataFrame:
    """Return one row a document: what it is, its date, the raw files that quote it and their hashes."""
    hashes = {path: sha256(path) for record in records for path in record.files}
    counts = observations["source_id"].value_counts()
    first = observations.drop_duplicates("source_id")[["source_id", *DATES]]
    dated = {source_id: dates for source_id, *dates in first.itertuples(index=False)}
    rows = []
    for source_id, document in sorted(known.items()):
        quoting = [r for r in records if source_id in r.documents]
        files = [path for r in quoting for path in r.files]
        day = document.get("published", "")
        dates = dated.get(source_id, [day, "day" if day else "unknown", day or document.get("seen", "")])
        rows.append(
            {
                "source_id": source_id,
                "publisher": document["publisher"],
                "title": document["title"],
                "language": document["language"],
                "url": document.get("url", ""),
                **dict(zip(DATES, dates, strict=True)),
                "date_basis": document["date_basis"],
                "read_in": document["read_in"],
                "via": document.get("via", ""),
                "licence": document.get("licence")
                or " | ".join(sorted({r.facts["licence"] for r in quoting})),
                "figures": int(counts.get(source_id, 0)),
                "files": " | ".join(path.relative_to(root).as_posix() for path in files),
                "sha256": " | ".join(hashes[path] for path in files),
            }
        )
    return pd.DataFrame(rows)
