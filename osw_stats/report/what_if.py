"""The what-if of the capacity page: what the script in the page needs, as one block of Markdown.

The page carries a plain block with the numbers of a registered table as an attribute, so no text from data can become
markup; `site/what_if.js` builds controls, results and a chart from it. It computes the closed form of
`analysis.scenarios.outcome` and nothing else. Without JavaScript the block shows its text alone.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from osw_stats.analysis.capacity.scenario_tables import TARGET_USE
from osw_stats.analysis.capacity.scenarios import MODELS, YEARS
from osw_stats.report.words import word
from osw_stats.vocabulary.observations import records

SLIDERS = ("reports", "eligible_share", "referral_share", "hours_per_case", "fte_available")
STEP = {
    "reports": 1.0,
    "eligible_share": 0.1,
    "referral_share": 0.1,
    "hours_per_case": 1.0,
    "fte_available": 0.5,
}
UNIT = {
    "reports": {"nl": "per jaar", "en": "a year"},
    "eligible_share": {"nl": "procent", "en": "percent"},
    "referral_share": {"nl": "procent", "en": "percent"},
    "hours_per_case": {"nl": "uur", "en": "hours"},
    "fte_available": {"nl": "fte", "en": "fte"},
}
LOCALE = {"nl": "nl-NL", "en": "en-GB"}
# {a} stands for a number that the script fills in
TEXTS: dict[str, dict[str, str]] = {
    "title": {"nl": "Uw aannamen", "en": "Your assumptions"},
    "outcome": {"nl": "Uitkomst", "en": "Outcome"},
    "exact": {"nl": "als getal", "en": "as a number"},
    "reset": {"nl": "Terug naar het scenario", "en": "Back to the scenario"},
    "cases": {"nl": "Zaken per jaar", "en": "Cases a year"},
    "needed": {"nl": "Fte nodig, zonder ruimte", "en": "Fte needed, no slack"},
    "target": {"nl": "Fte nodig, bij {a} procent gebruik", "en": "Fte needed, at {a} percent use"},
    "use": {"nl": "Gebruik van uw fte (procent)", "en": "Use of your fte (percent)"},
    "waiting": {"nl": "Achterstand na jaar {a} (zaken)", "en": "Backlog after year {a} (cases)"},
    "chart": {
        "nl": "Achterstand aan het eind van elk jaar, in zaken",
        "en": "Backlog at the end of each year, in cases",
    },
    "now": {"nl": "nu", "en": "now"},
    "year": {"nl": "jaar {a}", "en": "year {a}"},
    "stable": {
        "nl": "Bij uw aannamen zijn {a} fte nodig. Met uw {b} fte is {c} procent van de tijd gevuld; de achterstand groeit dan niet.",
        "en": "With your assumptions {a} fte are needed. With your {b} fte, {c} percent of the time is filled; the backlog then does not grow.",
    },
    "unstable": {
        "nl": "Bij uw aannamen zijn {a} fte nodig. Met uw {b} fte [c:blijft elk jaar {c} zaak|blijven elk jaar {c} zaken] liggen.",
        "en": "With your assumptions {a} fte are needed. With your {b} fte, {c} [c:case is|cases are] left every year.",
    },
    "full": {
        "nl": "Met uw {b} fte is alle tijd precies gevuld. Er is geen ruimte voor drukke weken.",
        "en": "With your {b} fte all time is exactly filled. There is no slack for busy weeks.",
    },
    "invalid": {"nl": "Vul een getal in van {a} tot {b}.", "en": "Enter a number from {a} to {b}."},
}
FALLBACK = {
    "nl": "Deze rekenhulp werkt met JavaScript. Zonder JavaScript staat dezelfde berekening, voor vaste waarden, in de tabel met scenario's hieronder.",
    "en": "This calculator works with JavaScript. Without it, the same computation for fixed values stands in the table of scenarios below.",
}


def settings(table: pd.DataFrame, language: str) -> dict[str, Any]:
    """Return what the script needs: controls with their ranges, fixed values, and words in one language.

    `table` is that of `analysis.capacity.scenario_tables.calculator`.
    A slider runs from half the low end to twice the high end; shares end at 100 percent.
    """
    drivers, work = MODELS["cases"]
    given = {row["parameter"]: row for row in records(table)}
    controls = []
    for name in SLIDERS:
        p = given[name]
        scale = 100.0 if p["unit"] == "share" else 1.0
        top = 2 * p["high"] * scale
        controls.append(
            {
                "name": name, "label": word("parameter", name, language), "unit": UNIT[name][language], "scale": scale,
                "value": p["mid"], "step": STEP[name], "min": _whole(p["low"] * scale / 2, STEP[name]),
                "max": _whole(min(top, 100.0) if scale > 1 else top, STEP[name]),
            }
        )  # fmt: skip
    fixed = {
        n: given[n]["mid"] for n in ("productive_hours", "clearance_factor", "backlog_start", TARGET_USE)
    }
    return {
        "locale": LOCALE[language], "years": YEARS, "drivers": drivers, "work": work, "controls": controls,
        "fixed": fixed,
        "texts": {key: text[language] for key, text in TEXTS.items()},
    }  # fmt: skip


def _whole(value: float, step: float) -> float:
    """Return the end of a slider as a whole number of steps, one at least."""
    return round(max(1, round(value / step)) * step, 6)


def markdown(table: pd.DataFrame, language: str) -> str:
    """Return the block for the page."""
    told = json.dumps(settings(table, language), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    # an attribute in Markdown: no reference (&...;) may arise, and backslash and quote are written out
    for mark, code in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"), ("'", "\\u0027")):
        told = told.replace(mark, code)
    quoted = told.replace("\\", "\\\\").replace('"', '\\"')
    return f'::: {{#what-if .what-if data-settings="{quoted}"}}\n{FALLBACK[language]}\n:::\n'
