"""Shares of a survey: intervals, differences, models, and what they mean in people.

`survey.yml` names the series and holds the text that accompanies the results.
"""

from pathlib import Path
from typing import Any

from osw_stats.meaning.definitions import Bridge
from osw_stats.yamlfile import read_yaml

Row = dict[str, Any]
SURVEY: Row = read_yaml(Path(__file__).with_name("survey.yml"))
SERIES: dict[str, str] = SURVEY["series"]
BRIDGE = Bridge(**SURVEY["bridge"])


def ids_of(*rows: Row) -> str:
    """Return the ids of the published figures used by these rows, without duplicates."""
    return " ".join(dict.fromkeys(" ".join(row["observations"] for row in rows).split()))


def ends(name: str, lower: float, upper: float) -> Row:
    """Return the two cells of an interval: `name`_lower and `name`_upper."""
    return {f"{name}_lower": lower, f"{name}_upper": upper}
