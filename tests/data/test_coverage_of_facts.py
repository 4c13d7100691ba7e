"""Every collected figure, where they lie beside the checkout or in OSW_FACTS, is in data/raw or left out for a reason."""

import math
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from osw_stats.data.clean import clean
from osw_stats.meaning.series import catalogue
from tests.conftest import PROJECT

FOLDER = Path(os.environ.get("OSW_FACTS", PROJECT.parent / "shared" / "facts"))
COLLECTED = sorted(FOLDER.glob("facts*.csv"))


def rows(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig").to_dict("records")


MAPPING, EXCLUDED = rows(PROJECT / "docs/facts_mapping.csv"), rows(PROJECT / "docs/excluded_facts.csv")


def is_excluded(fact):
    """Is this figure left out? `part` holds column=value or column~text; empty means the whole series."""
    for rule in EXCLUDED:
        column, how, value = re.fullmatch(r"(\w*)([=~]?)(.*)", rule["part"]).groups()
        fits = not how or (fact[column] == value if how == "=" else value in fact[column])
        if fits and rule["series_id"] == fact["series_id"]:
            return True
    return False


def mapped(fact):
    """Return series, period, sex, age and breakdown of ours; a star in the mapping fits anything."""
    for rule in MAPPING:
        if all(rule[column] in ("*", fact[column]) for column in ("series_id", "period", "breakdown")):
            period = rule["our_period"] or re.sub(r"^(\d{4})(H[12])$", r"\1-\2", fact["period"])
            sex, age = fact["sex"].replace("nonbinary", "other"), rule["our_age"] or fact["age_group"]
            return rule["our_series_id"], period, sex, age, rule["our_breakdown"]
    return None


def agrees(fact, ours):
    """Same number; for a printed range, which has none, the same wording."""
    words, value = fact["as_reported"], fact["value"]
    if math.isnan(ours["obs_value"]):
        return words == ours["as_reported"]
    # a share in words (a third) was collected rounded (33.3, or 33)
    in_words = not re.search(r"\d", words) or ("." in value and not re.search(r"[.,]\d", words))
    if fact["unit"] == "percent" and in_words:
        return round(ours["obs_value"], len(value.partition(".")[2])) == float(value)
    scale = 1_000_000 if fact["unit"] == "million_eur" else 1
    return math.isclose(float(value) * scale, ours["obs_value"], rel_tol=1e-9)


def test_the_mapping_names_known_series_and_the_exclusions_have_reasons():
    assert {row["our_series_id"] for row in MAPPING} <= set(catalogue())
    assert all(row["reason"] for row in EXCLUDED)


@pytest.mark.skipif(not COLLECTED, reason="no collection of figures; name their folder in OSW_FACTS")
@pytest.mark.parametrize("facts", COLLECTED, ids=lambda path: path.stem)
def test_every_collected_figure_is_there_or_left_out_for_a_reason(facts):
    ours = {}
    for row in clean(PROJECT).observations.to_dict("records"):
        key = tuple(row[c] for c in ("series_id", "time_period", "sex", "age", "breakdown"))
        ours.setdefault(key, []).append(row)
    missing = [
        f"line {line}: {fact['series_id']} {fact['period']} {fact['sex']} {fact['age_group']} {fact['value']}"
        for line, fact in enumerate(rows(facts), start=2)
        if not is_excluded(fact) and not any(agrees(fact, row) for row in ours.get(mapped(fact), []))
    ]
    assert not missing, "\n".join(missing)
