"""Shares beside the main one: over five years, among victims, and what other studies asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.analysis.survey.groups import age_range
from osw_stats.analysis.survey.intervals import proportion_interval
from osw_stats.analysis.survey.prevalence import ALL, everyone
from osw_stats.vocabulary.observations import matching, records
from osw_stats.vocabulary.series import series

# series of the same survey; True where the share is of victims only
SAME_SURVEY = {
    "cbs_osi_5y": False,
    "cbs_osi_structural": False,
    "cbs_osi_structural_share": True,
    "cbs_osi_talked": True,
    "cbs_osi_police_complaint": True,
}
COLUMNS = [
    "series", "wave", "pct", "ci_lower", "ci_upper", "box_lower", "box_upper", "conditional", "n", "n_eff", "unit",
    "interval_kind", "observations", "method", "grade",
]  # fmt: skip
Row = dict[str, Any]


def related(
    observations: pd.DataFrame, prev_estimates: pd.DataFrame, *, deff: float, alpha: float
) -> pd.DataFrame:
    """Return `prev_related`: other shares of the same survey, with an assumed sampling interval.

    A share of victims rests on the victims among the respondents, about one in twenty of them. The limits are those
    of Wilson at both ends of what rounding leaves open.

    Returns
    -------
    pandas.DataFrame
        `pct` and limits in percent, `n` respondents it is a share of.
    """
    waves = {r["wave"]: r for r in records(everyone(prev_estimates))}
    rows = []
    for series_id, conditional in SAME_SURVEY.items():
        whole = {"series_id": series_id, "sex": ALL[0], "age": ALL[1], "breakdown": ""}
        found = observations[matching(observations, whole) & observations["obs_value"].notna()]
        for share in records(found.sort_values("time_period")):
            wave = waves.get(share["time_period"])
            if wave is not None and wave["n"] > 0 and (wave["pct"] > 0 or not conditional):
                rows.append(_row(share, wave, conditional, deff, alpha))
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(share: Row, wave: Row, conditional: bool, deff: float, alpha: float) -> Row:
    n = wave["n"] * (wave["pct"] / 100 if conditional else 1)
    low, _ = proportion_interval(share["lower"] / 100, n, deff=deff, alpha=alpha)
    _, high = proportion_interval(share["upper"] / 100, n, deff=deff, alpha=alpha)
    return {
        "series": share["series_id"], "wave": share["time_period"], "pct": share["obs_value"],
        "ci_lower": 100 * low, "ci_upper": 100 * high, "box_lower": share["lower"], "box_upper": share["upper"], "conditional": conditional, "n": n, "n_eff": n / deff, "unit": "percent",
        "interval_kind": "assumed", "observations": f"{share['obs_id']} {wave['observations']}",
        "method": f"Wilson at both ends of the rounding, n = {n:.0f}, assumed design effect {deff:g}",
        "grade": "B",
    }  # fmt: skip


@dataclass(frozen=True)
class Study:
    """What a study asked, as far as that differs from the survey of CBS."""

    series_id: str
    recall: str  # 12m, 6m, ever, unknown
    online_only: bool
    place: str  # NL or world
    comparable: str  # no, partly
    nl: str
    en: str


STUDIES = (
    Study("cbs_osi_12m_youth", "12m", True, "NL", "partly", "Zelfde enquête, andere leeftijden: 16 tot en met 24 jaar.", "Same survey, other ages: 16 to 24."),
    Study("cbs_dvc_sexual_incident", "12m", True, "NL", "no", "Andere vragenlijst en andere leeftijden.", "Another questionnaire and other ages."),
    Study("vm_online_threat_harassment", "12m", True, "NL", "no", "Vraagt naar bedreiging, pesten en stalken; niet alleen seksueel.", "Asks about threats, bullying and stalking; not only sexual."),
    Study("vm_shamesexting", "12m", True, "NL", "no", "Eén vorm, binnen een enquête over misdrijven.", "One form, within a survey on crime."),
    Study("rutgers_sexting_negative", "6m", True, "NL", "no", "Zes maanden in plaats van twaalf; alleen sexting; jongeren.", "Six months instead of twelve; sexting only; young people."),
    Study("rutgers_image_wrong_hands", "unknown", True, "NL", "no", "Eén vorm; over welke tijd het gaat, stond niet in wat wij lazen.", "One form; over what time was not in what we read."),
    Study("nr_ever_15_17", "ever", False, "NL", "no", "Ooit, en online en offline samen.", "Ever, and online and offline together."),
    Study("ipsos_abuse_harassment_12m", "12m", True, "NL", "no", "Andere begrippen en andere leeftijden.", "Other concepts and other ages."),
    Study("ipsos_harassment_ever", "ever", True, "NL", "no", "Ooit in plaats van twaalf maanden; andere begrippen.", "Ever instead of twelve months; other concepts."),
    Study("childlight_image_abuse", "12m", True, "world", "no", "Een schatting voor kinderen in de hele wereld.", "An estimate for children in the whole world."),
    Study("childlight_solicitation", "12m", True, "world", "no", "Een schatting voor kinderen in de hele wereld.", "An estimate for children in the whole world."),
)  # fmt: skip
MATRIX = [
    "study", "publisher", "series", "year", "sex", "ages", "pct", "box_lower", "box_upper", "recall", "online_only", "place",
    "comparable", "reason_nl", "reason_en", "unit", "interval_kind", "observations", "method",
]  # fmt: skip


def other_studies(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_studies`: what other studies asked, of whom, and why the figure is no second measurement.

    Figures stand as published, with what rounding leaves open; nothing is computed across rows.
    """
    rows = []
    for study in STUDIES:
        about = series(study.series_id)
        there = observations[observations["series_id"].eq(study.series_id)]  # none: not public yet
        for found in records(there.sort_values(["time_period", "age", "sex"])):
            if found["breakdown"] or math.isnan(found["lower"]) or not _main_group(found, observations):
                continue
            rows.append({
                "study": study.series_id, "publisher": about.publisher, "series": study.series_id,
                "year": found["time_period"], "sex": found["sex"], "ages": found["age"],
                "pct": found["obs_value"], "box_lower": found["lower"], "box_upper": found["upper"],
                "recall": study.recall, "online_only": study.online_only, "place": study.place,
                "comparable": study.comparable, "reason_nl": study.nl, "reason_en": study.en, "unit": about.unit,
                "interval_kind": "rounding", "observations": found["obs_id"], "method": "As published",
            })  # fmt: skip
    return pd.DataFrame(rows, columns=MATRIX)


def _main_group(found: Row, observations: pd.DataFrame) -> bool:
    """Keep the whole population of a study; its parts only where no whole was published."""
    same = observations[
        (observations["series_id"] == found["series_id"]) & (observations["time_period"] == found["time_period"])
        & (observations["breakdown"] == "")
    ]  # fmt: skip
    whole = same[(same["sex"] == "total") & same["lower"].notna()]
    if whole.empty:
        return True
    widest = max(records(whole), key=lambda r: age_range(r["age"])[1] - age_range(r["age"])[0])
    return bool(found["obs_id"] == widest["obs_id"])
