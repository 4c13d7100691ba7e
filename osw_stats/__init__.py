"""Reproducible statistics of online sexual violence in the Netherlands.

Functions are imported on first use, so `import osw_stats` takes milliseconds. `docs/front_door.md` lists them, each with
a three-line example.

Layers, from the bottom up: `meaning` and `wording` (what a number is and how it is worded), `claims` and `stats` (tidy
tables to result tables), `data` (raw files to tidy tables), `text`, `draw`, `results` and `publish` (what readers see),
`build`, `door` and `cli`. Each imports only from those below it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from osw_stats.door.charts import plot
    from osw_stats.door.counts import compare_counts, interrupted, queue, rates
    from osw_stats.door.people import prevalence, protect
    from osw_stats.door.tables import Tables, load
    from osw_stats.door.texts import check_text, parse

__all__ = [
    "Tables",
    "check_text",
    "compare_counts",
    "interrupted",
    "load",
    "parse",
    "plot",
    "prevalence",
    "protect",
    "queue",
    "rates",
]
__version__ = "0.1.0"
_MODULES = {
    "charts": ("plot",),
    "counts": ("compare_counts", "interrupted", "queue", "rates"),
    "people": ("prevalence", "protect"),
    "tables": ("Tables", "load"),
    "texts": ("check_text", "parse"),
}


def __getattr__(name: str) -> Any:
    """Import the module of a name when it is asked for."""
    from importlib import import_module

    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"osw_stats.door.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names that can be called, for completion."""
    return sorted({*globals(), *__all__})
