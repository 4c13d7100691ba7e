"""Reproducible statistics of online sexual violence in the Netherlands.

Floors, arrows only down: `meaning` and `wording` (what a number is and how it is said), `claims` and `stats` (tidy
tables to result tables), `data` (raw files to tidy tables), `text`, `draw`, `results` and `publish` (what people see),
`build`, `cli`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from osw_stats.data.edition import Tables
    from osw_stats.wording.parse import parse

__all__ = ["__version__", "load", "parse"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Fetch `parse` when it is asked for."""
    if name != "parse":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from osw_stats.wording.parse import parse

    return parse


def load(edition: int | None = None, root: Path | str | None = None) -> Tables:
    """Return the tidy tables of an edition, read afresh from `data/raw`.

    Parameters
    ----------
    edition
        The year reported on; `editions/<year>.yml` says which vintages count. The newest edition when None.
    root
        Project folder; found from the working folder when left out.

    Returns
    -------
    Tables
        `.observations` (one published figure a row), `.vintages`, `.sources`, `.ledger`, `.places`,
        `.edition`, and `.claims()`, the verdicts on the ledger. Values and limits of the first two keep
        their unit: two units are neither added nor compared; `astype(float)` gives plain numbers.

    Raises
    ------
    InputError
        If a raw file, record or edition cannot be used; the message says where and why.

    Examples
    --------
    >>> tables = load(2024)
    >>> share = tables.observations.query("series_id == 'cbs_osi_12m' and time_period == '2024'")
    >>> share.loc[share["age"] == "16+", "obs_value"].item()
    5.2
    >>> tables.observations["obs_value"].sum()
    Traceback (most recent call last):
    ...
    osw_stats.errors.UnitMismatchError: advice_requests and cases and ... count different things ...
    """
    # nothing is imported before it is needed, so that `osw --help` answers at once
    from dataclasses import replace

    from osw_stats.data.edition import load_tables
    from osw_stats.meaning.quantities import with_units

    tables = load_tables(edition, root)
    return replace(tables, observations=with_units(tables.observations), vintages=with_units(tables.vintages))
