"""The what-if of the capacity page: what the script in the page needs, as one block of Markdown.

The page carries a plain block with the numbers of a registered table as an attribute, so no text from data can become
markup; `site/what_if.js` builds controls, results and a chart from it. It computes the closed form of
`stats.capacity.scenarios.outcome` and nothing else. Without JavaScript the block shows its text alone.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.meaning.observations import records
from osw_stats.stats.capacity.scenario_tables import TARGET_USE
from osw_stats.stats.capacity.scenarios import MODELS, YEARS
from osw_stats.text.words import word
from osw_stats.yamlfile import read_yaml

WORDS: dict[str, Any] = read_yaml(Path(__file__).with_name("what_if.yml"))
FIXED = ("productive_hours", "clearance_factor", "backlog_start", TARGET_USE)


def settings(table: pd.DataFrame, language: str) -> dict[str, Any]:
    """Return what the script needs of the table `calculator`: controls, fixed values, and words in one language."""
    # a slider runs from half the low end to twice the high end; shares end at 100 percent
    drivers, work = MODELS["cases"]

    def whole(value: float, step: float) -> float:
        """Return the end of a slider as a whole number of steps, one at least."""
        return round(max(1, round(value / step)) * step, 6)

    parameters = {row["parameter"]: row for row in records(table)}
    controls = []
    for name, about in WORDS["sliders"].items():
        p, step = parameters[name], about["step"]
        scale = 100.0 if p["unit"] == "share" else 1.0
        top = 2 * p["high"] * scale
        controls.append(
            {
                "name": name,
                "label": word("parameter", name, language),
                "unit": about["unit"][language],
                "scale": scale,
                "value": p["mid"],
                "step": step,
                "min": whole(p["low"] * scale / 2, step),
                "max": whole(min(top, 100.0) if scale > 1 else top, step),
            }
        )
    return {
        "locale": WORDS["locale"][language],
        "years": YEARS,
        "drivers": drivers,
        "work": work,
        "controls": controls,
        "fixed": {name: parameters[name]["mid"] for name in FIXED},
        "texts": {key: text[language] for key, text in WORDS["texts"].items()},
    }


def markdown(table: pd.DataFrame, language: str) -> str:
    """Return the block for the page."""
    text = json.dumps(settings(table, language), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    # an attribute in Markdown: no reference (&...;) may arise, and backslash and quote are written out
    for mark, code in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"), ("'", "\\u0027")):
        text = text.replace(mark, code)
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    without_script = WORDS["without_script"][language]
    return f'::: {{#what-if .what-if data-settings="{quoted}"}}\n{without_script}\n:::\n'
