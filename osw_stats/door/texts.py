"""`parse` and `check_text`: a figure as printed, and the relations between the figures in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from osw_stats.door import arguments
from osw_stats.meaning.units import UNITS
from osw_stats.wording import parse as wording

if TYPE_CHECKING:
    from osw_stats.door.tables import Tables


def parse(
    text: str,
    *,
    language: str = "nl",
    unit: str | None = None,
    step: float | None = None,
    strict: bool = False,
) -> wording.Figure:
    """Read the first figure in `text`, with the interval that its wording leaves open; see `osw_stats.wording.parse`.

    Examples
    --------
    >>> figure = parse("ruim 760 duizend")
    >>> figure.value, figure.lower, figure.upper
    (760000.0, 760000.0, 770000.0)
    """
    body = arguments.text(text, "text")
    width = None if step is None else arguments.number(step, "step")
    opts: dict[str, Any] = {"language": arguments.choice(language, ("nl", "en"), "language"), "step": width}
    unit_code = None if unit is None else arguments.choice(unit, list(UNITS), "unit")
    return wording.parse(body, unit=unit_code, strict=arguments.truth(strict, "strict"), **opts)


def check_text(text: str, *, against: Tables | None = None, language: str = "auto") -> pd.DataFrame:
    """Return the relations between the figures in a text, recomputed: growth, shares, ratios, sums, repeats.

    Parameters
    ----------
    text
        Plain text; `osw claims scan FILE --check` reads documents.
    against
        Tables from `load`: figures are then compared with what publishers printed as well.
    language
        "nl", "en", or "auto": the language of most of the text.

    Returns
    -------
    pandas.DataFrame
        One row per relation: `line`, `start`, `end`, `text`, `relation`, `verdict`, `reported`, `recomputed`, `sure`, and
        `formula` over its figures.

    Examples
    --------
    >>> found = check_text("Het aantal meldingen steeg met 35 procent, van 840 naar 1.050.")
    >>> found[["relation", "verdict", "reported", "recomputed"]].round(1).values.tolist()
    [['growth', 'inconsistent', 35.0, 25.0]]
    """
    from osw_stats.claims.relation import COLUMNS
    from osw_stats.claims.relations import relations
    from osw_stats.wording.scan import language_of, scan

    body, lang = (arguments.text(text, "text"), arguments.choice(language, ("nl", "en", "auto"), "language"))
    statements = scan(body, language=language_of(body, "nl") if lang == "auto" else lang)
    published = None
    if against is not None:
        from osw_stats.data.edition import Tables

        tables = arguments.of_kind(against, Tables, "tables", "Pass what osw_stats.load() gives.", "against")
        published = tables.vintages
    return pd.DataFrame([r.row(body) for r in relations(body, statements, published)], columns=COLUMNS)
