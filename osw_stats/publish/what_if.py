"""The what-if calculator of the capacity page: the data for its script, as one block of Markdown.

The page carries a plain block with the numbers of a registered table as an attribute, so no text from data can become
markup; `site/what_if.js` builds controls, results and a chart from it. It computes the closed form of
`stats.capacity.scenarios.outcome` and nothing else. Without JavaScript the block shows its text alone.
"""

from pathlib import Path
from typing import Any

import pandas as pd
from jinja2.utils import htmlsafe_json_dumps

from osw_stats.meaning.observations import records
from osw_stats.stats.capacity.scenario_tables import TARGET_USE
from osw_stats.stats.capacity.scenarios import MODELS, YEARS
from osw_stats.text.words import word
from osw_stats.yamlfile import read_yaml

WORDS: dict[str, Any] = read_yaml(Path(__file__).with_name("what_if.yml"))
FIXED = ("productive_hours", "clearance_factor", "backlog_start", TARGET_USE)


def settings(table: pd.DataFrame, language: str) -> dict[str, Any]:
    """Return the data of the script from the table `calculator`: controls, fixed values, and words in one language."""
    drivers, work = MODELS["cases"]
    parameters = {row["parameter"]: row for row in records(table)}
    return {
        "locale": WORDS["locale"][language],
        "years": YEARS,
        "drivers": drivers,
        "work": work,
        "controls": [_slider(parameters[name], about, language) for name, about in WORDS["sliders"].items()],
        "fixed": {name: parameters[name]["mid"] for name in FIXED},
        "texts": {key: text[language] for key, text in WORDS["texts"].items()},
    }


def _slider(p: dict[str, Any], about: dict[str, Any], language: str) -> dict[str, Any]:
    """Return a control: from half the low end to twice the high end, in whole steps; shares end at 100 percent."""
    step, (scale, most) = about["step"], (100.0, 100.0) if p["unit"] == "share" else (1.0, float("inf"))
    ends = (p["low"] * scale / 2, min(2 * p["high"] * scale, most))
    low, high = (round(max(1, round(end / step)) * step, 6) for end in ends)
    label, unit = word("parameter", p["parameter"], language), about["unit"][language]
    words = {"name": p["parameter"], "label": label, "unit": unit}
    return words | {"scale": scale, "value": p["mid"], "step": step, "min": low, "max": high}


def markdown(table: pd.DataFrame, language: str) -> str:
    """Return the block for the page."""
    # an attribute in Markdown: no character reference (&...;) may arise; backslashes and quotes are escaped
    text = htmlsafe_json_dumps(settings(table, language), sort_keys=True, separators=(",", ":"))
    quoted = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'::: {{#what-if .what-if data-settings="{quoted}"}}\n{WORDS["without_script"][language]}\n:::\n'
