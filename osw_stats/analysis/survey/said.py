"""What the tables of the survey show, in words: every direction comes from its row."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.analysis.survey.groups import of_all

Row = dict[str, Any]


def without_margin(prev_estimates: pd.DataFrame) -> tuple[int, int]:
    """Return how many of the figures of groups that are shown have no margin, and how many there are."""
    groups = prev_estimates[~of_all(prev_estimates) & ~prev_estimates["suppressed"].astype(bool)]
    return int(groups["ci_lower"].isna().sum()), len(groups)


def margins_of_groups(blind: int, of: int) -> dict[str, str]:
    """Say in words whether margins of groups are known, by language."""
    if not blind:
        return {"nl": "Elk getoond cijfer van een groep heeft een marge.", "en": "Every figure of a group that is shown has a margin."}  # fmt: skip
    none = ("Van groepen stonden geen marges en geen aantal deelnemers in wat wij lazen. ",
            "For groups, what we read gave neither margins nor respondents. ")  # fmt: skip
    which = none if blind == of else ("", "")
    return {
        "nl": f"{which[0]}Daar staat alleen wat afronding openlaat. Dat is kleiner dan de echte onzekerheid: vergelijk "
        "die groepen en rondes niet op het oog.",
        "en": f"{which[1]}There only what rounding leaves open is shown. That is smaller than the true uncertainty: do "
        "not compare those groups and waves by eye.",
    }


def in_people(row: Row) -> dict[str, str]:
    """Begin the sentence that gives the interval of people: around the published share, or from answers of one's own."""
    if row["interval_kind"] == "design":
        return {"nl": "Uit de antwoorden zelf volgen", "en": "From the answers themselves follow"}
    return {"nl": "Met de marge van de enquête gaat het om", "en": "With the margin of the survey that is"}


def only_this_pair(rise: Row, fall: Row, alpha: float) -> dict[str, str]:
    """Say what somebody would read who names only the first, or only the second, of two changes."""
    words = []
    for row in (rise, fall):
        shown = row["p_adj"] < alpha
        words.append(("groei" if row["diff"] > 0 else "een daling", "growth" if row["diff"] > 0 else "a fall") if shown
                     else ("geen aantoonbare verandering", "no demonstrable change"))  # fmt: skip
    first, second = words
    if first == second:
        return {"nl": f"Wie alleen het eerste paar noemt, leest {first[0]}; wie alleen het tweede noemt, ook.",
                "en": f"Who names only the first pair reads {first[1]}; so does who names only the second."}  # fmt: skip
    return {
        "nl": f"Wie een enkel paar rondes naast elkaar legt, kan elk verhaal vertellen. Wie alleen het eerste paar noemt, leest {first[0]}; "
        f"wie alleen het tweede noemt, {second[0]}.",
        "en": f"Who puts a single pair of waves side by side can tell any story. Who names only the first pair reads {first[1]}; "
        f"who names only the second, {second[1]}.",
    }


def crosses(row: Row) -> dict[str, str]:
    """Say whether the concept of the survey changed between the two waves of a change."""
    if row["same_definition"]:
        return {"nl": "", "en": ""}
    a, b = row["wave_from"], row["wave_to"]
    return {
        "nl": f"Tussen {a} en {b} veranderde bovendien het begrip van het onderzoek; een verschil kan ook daardoor komen.",
        "en": f"Moreover, between {a} and {b} the concept of the survey changed; a difference may come from that.",
    }


def crosses_if_shown(row: Row, alpha: float) -> dict[str, str]:
    """Say the same behind a change that the test supports: what is shown need not have grown or fallen."""
    return {lang: f" {text}" if text and row["p_adj"] < alpha else "" for lang, text in crosses(row).items()}


def of_an_earlier_wave(row: Row, latest: Row) -> dict[str, str]:
    """Say of what wave the people are, where they are not those of the share that was told before."""
    if row["wave"] == latest["wave"]:
        return {"nl": "", "en": ""}
    return {
        "nl": f"Van {latest['wave']} vonden wij niet hoeveel mensen dat zijn; wat volgt, gaat over {row['wave']}. ",
        "en": f"For {latest['wave']} we did not find how many people that is; what follows is of {row['wave']}. ",
    }


def direction(row: Row) -> dict[str, str]:
    """Say which way a published figure went, whatever its rounding."""
    if row["change_upper"] < 0:
        return {"nl": "ging het gepubliceerde cijfer omlaag", "en": "the published figure went down"}
    if row["change_lower"] > 0:
        return {"nl": "ging het gepubliceerde cijfer omhoog", "en": "the published figure went up"}
    return {"nl": "is het gepubliceerde cijfer door afronding niet te onderscheiden van dat van ervoor",
            "en": "the published figure cannot be told from the earlier one because of rounding"}  # fmt: skip
