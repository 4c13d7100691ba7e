"""Results passed from a notebook to the pages, by name and without language: numbers, facts, tables, drawings."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from osw_stats.results.report import Report

__all__ = ["Report"]


def __getattr__(name: str) -> Any:
    """Import `Report` on demand: reading results back needs no charts."""
    if name != "Report":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from osw_stats.results.report import Report

    return Report
