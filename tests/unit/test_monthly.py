"""A monthly series is whole and counted, or it is refused with the reason; never a number."""

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis.months import its_study
from osw_stats.analysis.months.interrupted import Model, fit
from osw_stats.analysis.months.its_study import Study, of_cells
from osw_stats.analysis.months.its_variants import against_control, subtract
from osw_stats.analysis.months.monthly import monthly_series, series_of_cells
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from tests.simulated import cells, months, simulated

MONTHS = months("2020-01", 40)
COUNTS = [100 + n % 7 for n in range(40)]


def test_months_are_put_in_order():
    found = monthly_series("reports", MONTHS[::-1], COUNTS[::-1])
    assert list(found.months) == MONTHS
    assert found.counts.tolist() == COUNTS
    assert found.days[1] == 29  # February 2020


@pytest.mark.parametrize(
    ("change", "error", "problem"),
    [
        (lambda m, c: (m, [0] * 40), NotEstimableError, "every month is 0.*missing, not zero"),
        (lambda m, c: (m, [7] * 40), NotEstimableError, "every month has the same count"),
        (
            lambda m, c: (m[:5] + m[6:], c[:5] + c[6:]),
            InputError,
            'column "month", value "2020-06": is missing',
        ),
        (lambda m, c: (m, [*c[:-1], -3]), InputError, "count of 2023-04 is negative"),
        (lambda m, c: (m, [*c[:-1], float("nan")]), InputError, "count of 2023-04 is missing"),
        (lambda m, c: (m, [*c[:-1], 2.5]), InputError, "is no whole number"),
        (lambda m, c: (m, [*c[:-1], float("inf")]), InputError, "is no whole number"),
        (lambda m, c: ([*m[:-1], m[0]], c), InputError, 'value "2020-01": stands twice'),
        (lambda m, c: ([*m[:-1], "2020"], c), InputError, "is no month"),
        (lambda m, c: ([*m[:-1], "2020-H1"], c), InputError, "is no month"),
        (lambda m, c: ([], []), NotEstimableError, "no month was published"),
        (lambda m, c: (m, c[:-1]), InputError, "40 months and 39 counts"),
    ],
)
def test_what_is_no_series_is_refused(change, error, problem):
    with pytest.raises(error, match=problem):
        monthly_series("reports", *change(MONTHS, COUNTS))


def test_months_of_two_definitions_are_refused():
    with pytest.raises(NotEstimableError, match=r"do not count the same \(a\.1, a\.2\)"):
        monthly_series("reports", MONTHS, COUNTS, definitions=["a.1"] * 20 + ["a.2"] * 20)


@pytest.mark.parametrize(
    ("date", "error", "problem"),
    [
        ("2021-12", NotEstimableError, "only 23 months lie before 2021-12"),
        ("2030-01", InputError, "lies outside the series reports, which runs from 2020-01 to 2023-04"),
        ("2024-13", InputError, "is not a period"),
    ],
)
def test_a_date_that_does_not_fit_is_refused(date, error, problem):
    with pytest.raises(error, match=problem):
        fit(monthly_series("reports", MONTHS, COUNTS), Model(date))


def test_terms_that_cannot_be_told_apart_are_refused():
    series = monthly_series("reports", MONTHS[:30], COUNTS[:30])
    with pytest.raises(NotEstimableError, match="cannot be told apart"):
        fit(series, Model("2022-04", dummies=True, pulses=(("2022-04", "2022-06"),)))


def test_a_control_series_of_other_months_is_refused():
    series, other = (monthly_series("a", MONTHS, COUNTS), monthly_series("b", MONTHS[1:], COUNTS[1:]))
    with pytest.raises(InputError, match="not over the months of a"):
        against_control(series, other, Model("2022-07"))


def test_a_part_cannot_exceed_the_whole():
    series, part = (
        monthly_series("a", MONTHS, COUNTS),
        monthly_series("b", MONTHS, [c + 1 for c in COUNTS]),
    )
    with pytest.raises(InputError, match="A part cannot exceed the whole"):
        subtract(series, part)


class TestDownloadedTables:
    def test_the_series_of_one_offence_is_found(self):
        found = series_of_cells(cells("1.4.1", MONTHS, COUNTS), "1.4.1")
        assert found is not None
        assert found.counts.tolist() == COUNTS
        assert series_of_cells(cells("1.4.2", MONTHS, COUNTS), "1.4.1") is None
        assert series_of_cells(pd.DataFrame(), "1.4.1") is None

    def test_the_latest_edition_counts_and_editions_are_never_mixed(self):
        old = cells("1.4.1", MONTHS, COUNTS, known_by="2023-01-01")
        new = cells("1.4.1", MONTHS[:36], [c + 1 for c in COUNTS[:36]], known_by="2024-01-01")
        found = series_of_cells(pd.concat([old, new], ignore_index=True), "1.4.1")
        assert len(found.months) == 36
        assert found.vintage == "2024-01-01"

    def test_places_below_the_nation_are_left_alone(self):
        assert series_of_cells(cells("1.4.1", MONTHS, COUNTS, region="GM0363"), "1.4.1") is None

    def test_a_study_or_a_reason(self, rng):
        with pytest.raises(NotAskedError, match=r"holds 1\.4\.1 by month"):
            of_cells(pd.DataFrame(), "1.4.1", Model("2024-07"), rng)
        with pytest.raises(NotEstimableError, match="missing, not zero"):
            of_cells(cells("1.4.1", MONTHS, [0] * 40), "1.4.1", Model("2022-07"), rng)
        series = simulated(1, n=102)
        table = pd.concat(
            [
                cells("1.4.1", series.months, series.counts),
                cells("0.0.0", series.months, series.counts * 3 + np.arange(102) % 5),
            ]
        )
        found = of_cells(table, "1.4.1", Model(series.months[-6]), rng)
        assert isinstance(found, Study)
        assert found.has_control
        assert "control_series" in set(found.sensitivity["variant"])
        step, effect = its_study.step(found), found.fit.step()
        assert (step.value, step.lower, step.upper) == pytest.approx(
            [100 * (effect[k] - 1) for k in ("rr", "rr_lower", "rr_upper")]
        )
        assert (step.verdict == "step_within_ordinary_variation") is (step.lower <= 0 <= step.upper)
        excess, last = its_study.excess(found), found.excess.iloc[-1]
        assert (excess.value, excess.lower, excess.upper) == (
            last["cum_excess"],
            last["cum_lower"],
            last["cum_upper"],
        )

    def test_how_many_months_a_table_holds(self):
        table = cells("1.4.1", MONTHS, COUNTS)
        assert its_study.months_held(table, "1.4.1") == len(MONTHS)
        assert its_study.months_before(table, "1.4.1", MONTHS[7]) == 7

    def test_every_refusal_is_one_of_ours(self, rng):
        gap = cells("1.4.1", MONTHS[:5] + MONTHS[6:], COUNTS[:5] + COUNTS[6:])
        with pytest.raises(NotEstimableError, match="2020-06"):
            of_cells(gap, "1.4.1", Model("2022-07"), rng)
