"""The tidy tables as an edition sees them: what was certainly public on its as-of date."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from osw_stats.claims.book import figures
from osw_stats.claims.verdicts import check
from osw_stats.data.arithmetic import with_changes
from osw_stats.data.editions import Edition, load_edition
from osw_stats.data.ledger import load_ledger, load_places, read_in_report
from osw_stats.errors import InputError
from osw_stats.kept.guard import Guard
from osw_stats.kept.keys import digest, hashes
from osw_stats.meaning.observations import as_of, public
from osw_stats.meaning.series import take_up
from osw_stats.project import editions, find_root, newest
from osw_stats.stats.coverage import missing, stale
from osw_stats.yamlfile import refusals

if TYPE_CHECKING:
    from osw_stats.data.clean import Tidy

refused = refusals(__file__)


@dataclass(frozen=True, eq=False)
class Tables:
    """The tidy tables an edition sees; `vintages` also holds later figures, `cells` every downloaded cell."""

    edition: Edition
    observations: pd.DataFrame
    vintages: pd.DataFrame
    sources: pd.DataFrame
    ledger: pd.DataFrame
    places: pd.DataFrame
    cells: pd.DataFrame
    root: Path

    def claims(self) -> pd.DataFrame:
        """Return the verdicts on the ledger, based on the figures of this edition (`claims_result`)."""
        return self._claims.copy()

    @cached_property
    def _claims(self) -> pd.DataFrame:
        return self.verdicts(self.ledger)

    def last_claims(self) -> pd.DataFrame:
        """Return the verdicts of this edition, or of the latest earlier one that checked a report."""
        earlier = [year for year in editions(self.root) if year < self.edition.year]
        if len(self._claims) or not earlier:
            return self.claims()
        from osw_stats.data.clean import Tidy

        tidy = Tidy(self.vintages, self.sources, self.cells)
        return tables_of(load_edition(earlier[-1], self.root), tidy, self.root).last_claims()

    def verdicts(self, ledger: pd.DataFrame, unread: list[InputError] | None = None) -> pd.DataFrame:
        """Return the verdicts on any ledger; `unread` collects the errors of rows that cannot be checked."""
        later = set(figures(self.vintages)) - set(figures(self._known))
        quoted_only = read_in_report(self.sources)
        return check(ledger, self.observations, self.places, quoted_only, self._known, later, unread)

    def missing(self) -> pd.DataFrame:
        """Return the figures missing from all documents public on the as-of date; see `stats.coverage.missing`."""
        return missing(self.observations, self.edition.year, self._known)

    def stale(self) -> pd.DataFrame:
        """Return the series whose last figure is older than two years; see `stats.coverage.stale`."""
        return stale(self._known, self.edition.as_of)

    @property
    def _known(self) -> pd.DataFrame:
        return public(self.vintages, self.edition.as_of)


_last: dict[tuple[str, int, str], Tables] = {}


def load_tables(year: int | None = None, root: Path | str | None = None) -> Tables:
    """Return the tables of an edition; see `osw_stats.load`. The latest are cached until an input changes."""
    from osw_stats.data.clean import clean  # imports every reader of raw files; cached tables need none

    folder = find_root(root)
    take_up(folder)  # also for cached tables: another project may have been read since
    year = newest(folder) if year is None else year
    inputs = ("data/raw", "editions")
    guard = Guard(folder, parts=inputs)
    key = (str(folder), year, digest(hashes(folder, inputs)))
    if key not in _last:
        _last.clear()
        with guard.watching():
            tables = tables_of(load_edition(year, folder), clean(folder), folder)
        if guard.touched():
            raise refused("changed_meanwhile", file=folder / "data" / "raw")
        _last[key] = tables
    return deepcopy(_last[key])


def tables_of(edition: Edition, tidy: Tidy, root: Path) -> Tables:
    """Return the tables as an edition sees them; InputError if no figure was public on its as-of date."""
    visible = with_changes(as_of(tidy.observations, edition.as_of))
    if visible.empty:
        place = {"file": f"editions/{edition.year}.yml", "column": "as_of", "value": edition.as_of}
        raise refused("nothing_public", **place, first=tidy.observations["known_by"].min())
    # only statements of reports published since the previous edition: each report is checked once
    previous = max((year for year in editions(root) if year < edition.year), default=None)
    checked_until = load_edition(previous, root).as_of.isoformat() if previous else ""
    sources, ledger = tidy.sources, load_ledger(root)
    new = sources[sources["known_by"].le(edition.as_of.isoformat()) & sources["known_by"].gt(checked_until)]
    files = {name for cell in new["files"] for name in cell.split(" | ")}
    claims = ledger[ledger["file"].isin(files)]
    return Tables(edition, visible, tidy.observations, sources, claims, load_places(root), tidy.cells, root)
