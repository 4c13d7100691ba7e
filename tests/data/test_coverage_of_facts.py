"""Every collected figure is a row in data/raw or left out for a reason.

The collections themselves are no part of the project; this runs where they lie beside the checkout or in OSW_FACTS.
"""

import csv
import math
import os
import re
from pathlib import Path

import pytest

from osw_stats.data.clean import clean
from osw_stats.meaning.series import catalogue
from tests.conftest import PROJECT

FOLDER = Path(os.environ.get("OSW_FACTS", PROJECT.parent / "shared" / "facts"))
COLLECTED = sorted(FOLDER.glob("facts*.csv"))
SCALE = {"million_eur": 1_000_000}
SEX = {"nonbinary": "other"}


def _rows(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _excluded(fact, exclusions):
    """Is this figure left out? `part` holds column=value or column~text; empty means the whole series."""
    for rule in exclusions.get(fact["series_id"], []):
        found = re.fullmatch(r"(\w+)([=~])(.*)", rule["part"])
        if not found:
            return True
        cell = fact[found[1]]
        if cell == found[3] if found[2] == "=" else found[3] in cell:
            return True
    return False


def _mapped(fact, mapping):
    """Return series, period, sex, age and breakdown of ours; a star in the mapping fits anything."""
    for rule in mapping.get(fact["series_id"], []):
        if all(rule[column] in ("*", fact[column]) for column in ("period", "breakdown")):
            period = rule["our_period"] or re.sub(r"^(\d{4})(H[12])$", r"\1-\2", fact["period"])
            sex = SEX.get(fact["sex"], fact["sex"])
            age = rule["our_age"] or fact["age_group"]
            return rule["our_series_id"], period, sex, age, rule["our_breakdown"]
    return None


def _by_series(rows):
    found = {}
    for row in rows:
        found.setdefault(row["series_id"], []).append(row)
    return found


def _agrees(fact, ours):
    """Same number; for a printed range, which has none, the same wording.

    A share in words (a third) was collected rounded (33.3, or 33).
    """
    if math.isnan(ours["obs_value"]):
        return fact["as_reported"] == ours["as_reported"]
    words = fact["as_reported"]
    in_words = not re.search(r"\d", words) or ("." in fact["value"] and not re.search(r"[.,]\d", words))
    if fact["unit"] == "percent" and in_words:
        places = len(fact["value"].partition(".")[2])
        return round(ours["obs_value"], places) == float(fact["value"])
    return math.isclose(float(fact["value"]) * SCALE.get(fact["unit"], 1), ours["obs_value"], rel_tol=1e-9)


def test_the_mapping_names_known_series_and_the_exclusions_have_reasons():
    mapping = _rows(PROJECT / "docs/facts_mapping.csv")
    assert {row["our_series_id"] for row in mapping} <= set(catalogue())
    exclusions = _rows(PROJECT / "docs/excluded_facts.csv")
    assert all(row["reason"] for row in exclusions)


@pytest.mark.skipif(not COLLECTED, reason="no collection of figures; name their folder in OSW_FACTS")
@pytest.mark.parametrize("facts", COLLECTED, ids=lambda path: path.stem)
def test_every_collected_figure_is_there_or_left_out_for_a_reason(facts):
    exclusions = _by_series(_rows(PROJECT / "docs/excluded_facts.csv"))
    mapping = _by_series(_rows(PROJECT / "docs/facts_mapping.csv"))
    observations = clean(PROJECT).observations
    ours = {}
    for row in observations.to_dict("records"):
        key = tuple(row[c] for c in ("series_id", "time_period", "sex", "age", "breakdown"))
        ours.setdefault(key, []).append(row)
    missing = [
        f"line {line}: {fact['series_id']} {fact['period']} {fact['sex']} {fact['age_group']} {fact['value']}"
        for line, fact in enumerate(_rows(facts), start=2)
        if not _excluded(fact, exclusions)
        and not any(_agrees(fact, row) for row in ours.get(_mapped(fact, mapping), []))
    ]
    assert not missing, "\n".join(missing)
