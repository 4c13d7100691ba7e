"""Read all raw files, apply the declared corrections, and check the figures against each other.

Raw files are never edited. Each entry of `data/raw/corrections.yml` names the figures it applies to, gives its reason in two
languages, and expects a value: once the publisher repairs the figure, the entry fails loudly instead of undoing the repair.
"""

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.data.editions import schema
from osw_stats.data.register import SourceRecord, documents, load_records
from osw_stats.data.rows import refuse_rows
from osw_stats.data.sheets.record import in_dutch, read_sheet
from osw_stats.data.statline.figures import CELLS, cells_of, observations_of, read_download
from osw_stats.data.transcription import read_margins, read_transcription
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256
from osw_stats.meaning.observations import KEY, QUOTED, matching, records, validate
from osw_stats.meaning.series import take_up
from osw_stats.yamlfile import read_yaml, refusals, require_schema

refused = refusals(__file__)
CORRECTIONS = "data/raw/corrections.yml"
READERS = {"transcription": read_transcription, "margins": read_margins, "sheet": read_sheet}
DATES = ["published", "published_precision", "known_by"]
Correction = dict[str, Any]


@dataclass(frozen=True)
class Tidy:
    """The tidy tables."""

    observations: pd.DataFrame  # every vintage of every figure of a known series
    sources: pd.DataFrame  # the documents they were published in
    cells: pd.DataFrame  # every cell of every downloaded table, including those outside the catalogue


def clean(root: Path) -> Tidy:
    """Read `root`/data/raw into the tidy tables; an InputError names the first inconsistency."""
    take_up(root)
    raw = root / "data" / "raw"
    register = load_records(raw)
    tables = [read(r, root) for kind, read in READERS.items() for r in register if r.kind == kind]
    downloads = [(r, read_download(r)) for r in register if r.kind == "download"]
    tables += [observations_of(r, table, root) for r, table in downloads]
    corrections = load_corrections(raw)
    figures = pd.concat([t for t in tables if len(t)], ignore_index=True)
    downloaded_ids = {source_id for r, _ in downloads for source_id in r.documents}
    # an old export may turn up years later: until its date is filled in, nobody knows which of two is the newer
    undated_rows = figures["source_id"].isin(downloaded_ids) & figures["published_precision"].eq("unknown")
    keys = pd.MultiIndex.from_frame(figures[KEY])
    figures.loc[undated_rows & keys.isin(keys[~undated_rows]), "role"] = "alternative"
    all_documents = documents(register)
    try:
        observations = validate(correct(figures, corrections))
        refuse_conflicts(observations, corrections, downloaded_ids)
        dates = observations.groupby("source_id", sort=False)["known_by"].transform("first")
        refuse_rows(observations[observations["known_by"] != dates], "two_dates", "published")
        consulted = {source_id for source_id, document in all_documents.items() if not document.get("via")}
        quoted = observations["locator"].str.contains(QUOTED) & observations["source_id"].isin(consulted)
        refuse_rows(observations[quoted], "quoted_without_via", "locator")
    except InputError as error:
        raise in_dutch(error, register, root) from None
    cell_tables = [cells_of(r, table, root) for r, table in downloads]
    cells = pd.concat(cell_tables, ignore_index=True) if downloads else pd.DataFrame(columns=CELLS)
    return Tidy(observations, _sources(register, all_documents, observations, root), cells)


def _sources(
    register: list[SourceRecord], known: dict[str, dict[str, str]], observations: pd.DataFrame, root: Path
) -> pd.DataFrame:
    """Return one row per document: its description, date, the raw files that quote it and their hashes."""
    hashes = {path: sha256(path) for record in register for path in record.files}
    counts = observations["source_id"].value_counts()
    first_rows: Any = observations.drop_duplicates("source_id").set_index("source_id")
    dates_of = first_rows[DATES].to_dict("index")
    rows = []
    for source_id, document in sorted(known.items()):
        quoting = [r for r in register if source_id in r.documents]
        files = [path for r in quoting for path in r.files]
        day = document.get("published", "")
        own_dates = (day, "day" if day else "unknown", day or document.get("seen", ""))
        usual = {"url": "", "via": "", "licence": " | ".join(sorted({r.facts["licence"] for r in quoting}))}
        row: dict[str, Any] = {"source_id": source_id, "figures": int(counts.get(source_id, 0))} | usual
        row |= document | (dates_of.get(source_id) or dict(zip(DATES, own_dates, strict=True)))
        row["files"] = " | ".join(path.relative_to(root).as_posix() for path in files)
        row["sha256"] = " | ".join(hashes[path] for path in files)
        rows.append(row)
    columns = ["source_id", "publisher", "title", "language", "url", *DATES, "date_basis", "read_in", "via"]
    return pd.DataFrame(rows)[[*columns, "licence", "figures", "files", "sha256"]]


def load_corrections(raw: Path) -> list[Correction]:
    """Read the declared corrections; an empty list if there is no file."""
    path = raw / Path(CORRECTIONS).name
    corrections: list[Correction] = (read_yaml(path) if path.is_file() else None) or []
    require_schema(corrections, schema("corrections"), "Mend the entry.", file=path)
    for name, count in Counter(correction["id"] for correction in corrections).items():
        if count > 1:
            raise refused("correction_twice", file=path, value=name)
    return corrections


def correct(observations: pd.DataFrame, corrections: list[Correction]) -> pd.DataFrame:
    """Return the observations with all corrections applied; each must find the value it expects."""
    figures = observations.copy()
    for correction in corrections:
        matches = _matching(figures, correction)
        expected, values = correction.get("expect"), figures.loc[matches, "obs_value"]
        if expected is not None and not values.eq(expected).all():
            place = {"file": CORRECTIONS, "column": "expect", "value": correction["id"]}
            raise refused("not_as_expected", **place, expected=expected, found=values.tolist())
        if correction["action"] == "drop":
            figures = figures[~matches]
        elif correction["action"] == "override":
            figures.loc[matches, ["obs_value", "lower", "upper"]] = correction["value"]
            figures.loc[matches, ["ci_lower", "ci_upper"]] = math.nan  # they belonged to the replaced value
            figures.loc[matches, ["lower_closed", "upper_closed"]] = True
            figures.loc[matches, ["interval_kind", "obs_status"]] = ["none", "revised"]
            figures.loc[matches, "note"] = correction["reason"]["en"]
        else:
            competing = _matching(figures, correction, source_id=correction["over"])
            demoted = {"prefer": competing, "undecided": matches | competing}.get(correction["action"])
            if demoted is not None:
                figures.loc[demoted, "role"] = "alternative"
    return figures.reset_index(drop=True)


def _matching(figures: pd.DataFrame, correction: Correction, **extra: str) -> NDArray[np.bool_]:
    """Return which figures a correction applies to; there must be at least one."""
    wanted = correction["match"] | extra
    matches = matching(figures, wanted)
    if not matches.any():
        place = {"file": CORRECTIONS, "column": "match", "value": correction["id"]}
        raise refused("matches_nothing", **place, wanted=", ".join(f"{k}={v}" for k, v in wanted.items()))
    return matches


def refuse_conflicts(observations: pd.DataFrame, corrections: list[Correction], downloads: set[str]) -> None:
    """Refuse different values of one figure in two documents without an explanation."""
    # a later download of the publisher's own table is a new edition by nature, and a revised figure is marked as
    # revised
    revisions = [c for c in corrections if c["action"] == "revision"]
    declared = {(c["match"]["series_id"], c["match"].get("source_id", ""), c["over"]) for c in revisions}
    main = observations[(observations["role"] == "main") & observations["obs_value"].notna()]
    for _, figures in main[main.duplicated(KEY, keep=False)].groupby(KEY, sort=False):
        for old, new in pairwise(records(figures.sort_values("known_by", kind="stable"))):
            same = old["obs_value"] == new["obs_value"] or old["source_id"] == new["source_id"]
            explained = (new["series_id"], new["source_id"], old["source_id"]) in declared
            # of two figures revised on the same day it is unclear which is the later
            same_day = old["obs_status"] == "revised" and old["known_by"] == new["known_by"]
            revised = new["obs_status"] == "revised" and not same_day
            if not (same or explained or new["source_id"] in downloads or revised):
                place = {"file": new["file"], "row": new["row"], "column": "value"}
                raise refused("two_sources_differ", **place, value=f"{new['obs_value']:g}", old=old)
