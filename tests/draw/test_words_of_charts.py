"""The fixed words of charts follow from their rows: turned figures turn the words, and nothing is called absent that is there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from osw_stats.draw import capacity, prevalence, scenarios, trend
from osw_stats.draw.style import Chart
from osw_stats.errors import NotEstimableError
from tests.worlds.absence import EDITIONS, whole

ALPHA = 0.05
DOCUMENT = {"nl": "een rapport", "en": "a report"}


def words(chart: Chart) -> str:
    """Return all words of a chart on one line, title and text for who cannot see it included."""
    drawn = [t.get_text() for t in chart.figure.findobj(Text)]
    return " ".join(" ".join([*drawn, chart.caption, chart.alt]).split())


def made(table: str) -> pd.DataFrame:
    """Return a result table of the notebooks."""
    (found,) = (r for r in whole(EDITIONS[1]).results.values() if table in r.tables)
    return found.frame(table)


def parts(now: dict[str, float], then: dict[str, float], basis: str = "published") -> pd.DataFrame:
    """Return a table of requests by subject of 2030 and the year before."""
    rows = []
    for year, counts in ((2029, then), (2030, now)):
        for subject, count in counts.items():
            change = 100 * (count / then[subject] - 1) if year == 2030 and subject in then else np.nan
            change = np.nan if subject == "rest" else change
            rows.append((year, subject, count, change, basis if year == 2029 else "published"))
    return pd.DataFrame(rows, columns=["year", "subject", "count", "change_count", "basis"])


class TestRequests:
    @pytest.mark.parametrize("seed", range(4))
    def test_the_sign_of_each_change_is_that_of_its_counts(self, seed):
        rng = np.random.default_rng(seed)
        old, new = (
            {s: float(rng.integers(500, 5000)) for s in ("sextortion", "distribution", "rest")} for _ in "ab"
        )
        told = words(trend.subjects(parts(new, old), 2030, "sextortion", "en"))
        for name, was, now in (
            ("all together", sum(old.values()), sum(new.values())),
            ("about sextortion", old["sextortion"], new["sextortion"]),
        ):
            assert f"{name} {'+' if now > was else '−'}" in told.replace("-", "−"), told

    def test_only_what_was_derived_or_not_found_is_said_to_be(self):
        both = {"sextortion": 900.0, "distribution": 500.0, "rest": 700.0}
        told = words(trend.subjects(parts(both, both), 2030, "sextortion", "en"))
        assert "derived" not in told and "Absent" not in told
        before = {"sextortion": 900.0, "rest": 1200.0}
        told = words(trend.subjects(parts(both, before, "implied"), 2030, "sextortion", "en"))
        assert "The total of 2029 is derived" in told and "Absent for 2029: " in told

    def test_a_year_without_sextortion_has_a_chart(self):
        now, then = {"distribution": 500.0, "rest": 900.0}, {"distribution": 250.0, "rest": 800.0}
        told = words(trend.subjects(parts(now, then), 2030, "sextortion", "nl"))
        assert "sextortion" not in told.lower() and "1.400" in told and "1.050" in told


class TestHalfYears:
    def test_the_title_gives_the_lowest_and_the_highest_of_the_computations(self):
        columns = ["variant", "share_before", "h1", "h1_lower", "h1_upper"]
        rows = [
            ("identity", 48.0, 6900.0, 6850.0, 6950.0),
            ("identity", 52.0, 6600.0, 6550.0, 6650.0),
            ("from_next_year", np.nan, 7750.0, 7700.0, 7800.0),
        ]
        for some, range_ in ((rows, "6,600 to 7,750 reports"), (rows[:1], ": 6,900 reports")):
            chart = trend.first_half(pd.DataFrame(some, columns=columns), 2030, 7000.0, "en")
            assert range_ in words(chart)


class TestCapacity:
    def test_more_than_was_asked_for_is_no_gap(self):
        gaps = made("cap_gap")
        gaps[["need", "funded"]] = gaps[["funded", "need"]].to_numpy()
        gaps[["gap", "gap_lower", "gap_upper"]] = -gaps[["gap", "gap_upper", "gap_lower"]].to_numpy()
        told = words(capacity.gap(gaps, 9, 0, "nl"))
        assert "tekort" not in told and "meer dan nodig: " in told and "bij geen minder dan nodig" in told
        assert "tekort" in words(capacity.gap(made("cap_gap"), 9, 0, "nl"))

    @pytest.mark.parametrize(("middles", "grows"), [((900, 700, 400), False), ((100, 300, 900), True)])
    def test_a_backlog_that_shrinks_does_not_grow(self, middles, grows):
        rows = [
            {"fte_available": 8.0, "year": y, "q10": m * 0.8, "q50": float(m), "q90": m * 1.2}
            for y, m in enumerate(middles, 1)
        ]
        told = words(scenarios.fan(pd.DataFrame(rows), "en"))
        assert ("the backlog grows in every situation" in told) == grows
        assert ("does not grow" in told) != grows

    def test_dates_that_have_not_passed_are_not_counted_as_passed(self):
        table = made("deadlines").assign(as_of="2020-01-01", status="open")
        assert "none has passed yet" in words(capacity.strip(table, DOCUMENT, "en"))


class TestSurvey:
    def test_a_difference_is_shown_where_its_test_says_so(self):
        table = made("prev_differences")
        whole_population = table["family"] == "F1"
        for p, word in ((0.001, "shown by the data"), (0.5, "not shown by the data")):
            told = words(
                prevalence.changes(table.assign(p_adj=np.where(whole_population, p, 0.5)), ALPHA, "en")
            )
            assert f": {word}" in told
        groups = prevalence.changes(table[whole_population].assign(family="F2"), ALPHA, "en")
        assert "by the data" not in words(groups)

    def test_girls_lead_only_above_women_as_well(self):
        row = {
            "wave": "2030",
            "interval_kind": "published",
            "definition_version": "cbs_osi_12m.2",
            "suppressed": False,
        }
        ages = {
            ("female", "16-17"): 20.0,
            ("female", "18-23"): 18.0,
            ("female", "24+"): 4.0,
            ("male", "16-17"): 6.0,
        }

        def table(**other):
            rows = [
                row
                | {
                    "sex": s,
                    "age": a,
                    "pct": p,
                    "ci_lower": p - 1,
                    "ci_upper": p + 1,
                    "box_lower": p,
                    "box_upper": p,
                }
                for (s, a), p in (ages | other).items()
            ]
            return pd.DataFrame(rows).assign(suppression_reason="")

        lead = "report this most often"
        assert lead in words(prevalence.groups(table(), ALPHA, "en"))
        assert lead not in words(
            prevalence.groups(
                table(**{}).assign(ci_upper=lambda t: t["ci_upper"].where(t["age"] != "24+", 40.0)),
                ALPHA,
                "en",
            )
        )


@pytest.mark.parametrize("draw", [
    lambda: trend.first_half(made("trend_half_years").iloc[:0], 2024, 7000.0, "en"),
    lambda: capacity.gap(made("cap_gap").iloc[:0], 9, 0, "en"),
    lambda: prevalence.changes(made("prev_differences").iloc[:0], ALPHA, "en"),
    lambda: prevalence.slopes(made("prev_estimates").iloc[:0], "en"),
    lambda: prevalence.groups(made("prev_estimates").iloc[:0], ALPHA, "en"),
    lambda: scenarios.tornado(made("cap_tornado").iloc[:0], "en"),
    lambda: scenarios.fan(made("cap_fan").iloc[:0], "en"),
    lambda: capacity.strip(made("deadlines").assign(date_latest=""), DOCUMENT, "en"),
])  # fmt: skip
def test_a_chart_of_nothing_says_so(draw):
    with pytest.raises(NotEstimableError, match="nothing to draw"):
        draw()
