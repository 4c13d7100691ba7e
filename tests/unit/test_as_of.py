"""Editions of any day: what the ledger rests on may have come out later, and then there is no verdict yet."""

from dataclasses import replace
from datetime import date

import pytest

from osw_stats.analysis.claims.formulas import read
from osw_stats.errors import InputError
from osw_stats.report.edition import tables_of
from osw_stats.report.editions import load_edition
from osw_stats.sources.clean import clean
from tests.conftest import PROJECT

TIDY = clean(PROJECT)
REPORT = TIDY.sources.set_index("source_id").loc["rapport-2025", "known_by"]
DAYS = sorted({day for day in TIDY.sources["known_by"] if day >= REPORT})


def on(day):
    return tables_of(replace(load_edition(2024, PROJECT), as_of=date.fromisoformat(day)), TIDY, PROJECT)


@pytest.mark.parametrize("day", DAYS)
def test_a_verdict_rests_on_what_was_public_and_the_rest_waits(day):
    tables = on(day)
    result = tables.claims()
    assert len(result) == len(tables.ledger)
    seen = set(tables.observations["obs_id"])
    assert {i for cell in result["observations"] for i in cell.split()} <= seen
    held = {i.rpartition("/")[0] for i in tables.vintages["obs_id"]}
    known = {i.rpartition("/")[0] for i in seen}
    waits = {
        claim["id"]
        for _, claim in tables.ledger.iterrows()
        if claim["formula"]
        and {r[1:-1] for r in read(claim["formula"]).references if r[0] == "["} & (held - known)
    }
    waiting = result[result["id"].isin(waits)]
    assert set(waiting["verdict"]) <= {"needs_external_source"}
    assert set(waiting["reason"]) <= {"later_figure", "missing", "judgement"}
    assert (day >= _last_needed(tables)) == (not waits)


def _last_needed(tables):
    """Return the first day on which every figure that the ledger refers to was public."""
    first = tables.vintages.groupby(tables.vintages["obs_id"].str.rpartition("/")[0])["known_by"].min()
    asked = {r[1:-1] for f in tables.ledger["formula"] if f for r in read(f).references if r[0] == "["} & set(
        first.index
    )
    return first[sorted(asked)].max()


def test_a_figure_of_no_document_is_a_mistake_on_every_day():
    tables = on(DAYS[0])
    ledger = tables.ledger.copy()
    row = ledger.index[ledger["formula"].str.contains("[", regex=False)][0]
    ledger.loc[row, "formula"] = "[no_such_series/2024]"
    with pytest.raises(InputError, match="no_such_series"):
        tables.verdicts(ledger)
