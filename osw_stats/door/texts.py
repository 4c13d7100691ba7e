"""`parse` and `check_text`: a figure as a text prints it, and every numeric statement of a text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.door import arguments
from osw_stats.wording import parse as wording

STATEMENT = ["line", "start", "end", "text", "is_claim", "kind", "value", "lower", "upper", "unit"]


def parse(
    text: str,
    *,
    language: str = "nl",
    unit: str | None = None,
    step: float | None = None,
    strict: bool = False,
) -> wording.Figure:
    """Read the first figure in `text`, with the interval that its words leave open; see `osw_stats.wording.parse`.

    Examples
    --------
    >>> figure = parse("ruim 760 duizend")
    >>> figure.value, figure.lower, figure.upper
    (760000.0, 760000.0, 770000.0)
    """
    said = arguments.text(text, "text")
    width = None if step is None else arguments.number(step, "step")
    how: dict[str, Any] = {"language": arguments.choice(language, ("nl", "en"), "language"), "step": width}
    return wording.parse(said, unit=unit, strict=strict, **how)


def check_text(text: str, *, language: str = "auto") -> pd.DataFrame:
    """Return every numeric statement of a text, with what its words leave open.

    Parameters
    ----------
    text
        Plain text; `osw claims scan FILE` reads documents.
    language
        "nl", "en", or "auto": that of most of the text.

    Returns
    -------
    pandas.DataFrame
        One row a statement: `line`, `start`, `end`, `text`, `is_claim`, `kind`, `value`, `lower`, `upper`, `unit`.

    Examples
    --------
    >>> check_text("In 2024 waren er 14.802 meldingen, ruim 5 procent meer.")[["text", "lower"]].values.tolist()
    [['2024', nan], ['14.802', 14802.0], ['ruim 5 procent', 5.0]]
    """
    from osw_stats.wording.scan import language_of, scan

    said, known = arguments.text(text, "text"), arguments.choice(language, ("nl", "en", "auto"), "language")
    statements = scan(said, language=language_of(said, "nl") if known == "auto" else known)
    rows = [{name: getattr(found, name) for name in STATEMENT} for found in statements]
    return pd.DataFrame(rows, columns=STATEMENT)
