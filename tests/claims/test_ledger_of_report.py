"""The verdicts on the founding report: reached apart, recorded, adding up; second sources; what is not shown; any as-of date."""

import itertools
import math
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from osw_stats.claims.formulas import read
from osw_stats.claims.measures import dimension
from osw_stats.claims.summary import changes, counts, explain, findings, prints, recomputed, summary
from osw_stats.claims.verdicts import VERDICTS, WRONG, check
from osw_stats.data.clean import clean
from osw_stats.data.edition import tables_of
from osw_stats.data.editions import load_edition
from osw_stats.data.ledger import load_verdicts
from osw_stats.errors import InputError
from osw_stats.meaning.observations import records
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.tables import markdown
from tests.cases import table
from tests.claims.test_verdicts import ledger
from tests.conftest import PROJECT

SHOWN = LAYOUTS["claims_result"].columns


@pytest.fixture(scope="module")
def result(tables):
    return tables.claims()


@pytest.fixture(scope="module")
def by_id(result):
    return result.set_index("id")


def cell(row, at, language):
    return SHOWN[at].cell(row, language)


def key(row):
    return row["obs_id"].rpartition("/")[0]


class TestVerdicts:
    def test_the_recorded_verdicts_are_those_computed(self, result):
        assert changes(result, load_verdicts(PROJECT, 2024)).empty

    @table(__file__, "reference", "name low high expected")
    def test_reference_verdicts(self, by_id, name, low, high, expected):
        row = by_id.loc[name]
        assert row[["recomputed_lower", "recomputed_upper"]].tolist() == pytest.approx([low, high], rel=1e-3)
        assert row["verdict"] == expected

    def test_no_verdict_is_typed_and_every_one_has_its_evidence(self, tables, result):
        assert "verdict" not in tables.ledger
        judged = result[result["verdict"] != "needs_external_source"]
        assert judged["formula"].ne("").all()
        silent = judged["claim_kind"] == "absence"  # it says that there is none, and prints no number
        assert (silent ^ (judged["reported_lower"].notna() | judged["reported_upper"].notna())).all()
        assert "no_evidence" not in set(result["reason"])
        numbers = result.filter(regex="_(lower|upper|value)$")
        assert (numbers.dtypes == np.float64).all()
        assert not numbers.isin([math.inf, -math.inf]).any(axis=None)

    def test_what_does_not_fit_says_what_and_how_much_it_matters_in_both_languages(self, result):
        wrong = result[result["verdict"].isin(WRONG)]
        assert wrong[["issue_type", "severity"]].ne("").all(axis=None)
        alone = wrong[wrong["restates"] == ""]
        assert alone[["explanation_nl", "explanation_en"]].ne("").all(axis=None)
        assert set(result["restates"]) - {""} <= set(result["id"])
        assert result[["description_nl", "description_en"]].ne("").all(axis=None)
        assert (result["explanation_nl"].ne("") == result["explanation_en"].ne("")).all()

    def test_the_summary_adds_up(self, result):
        table, total = summary(result), {name: n.value for name, n in counts(result).items()}
        assert table["claims"].sum() == len(result)
        assert (table[list(VERDICTS)].sum(axis=1) == table["statements"]).all()
        assert (table[["statements", "derived", "judgement"]].sum(axis=1) == table["claims"]).all()
        assert total["fit"] + total["unfit"] + total["unit"] + total["unproven"] == total["checked"]
        assert total["checked"] + total["open"] == total["all"] == table["statements"].sum()
        assert total["all"] + total["derived"] + total["judgement"] == len(result)
        assert total["findings"] == len(findings(result)) < total["unfit"] + total["unit"]
        assert total["major"] + total["moderate"] + total["minor"] == total["findings"]

    def test_explaining_a_claim_shows_inputs_and_sources_and_no_range_that_is_not_there(self, tables, result):
        told = {n: explain(result, tables.observations, n, tables.places) for n in result["id"]}
        for words in ("cbs_population/2020/male/16-17", "211,435", "s4_8b: 9.5 to 10.5 percent"):
            assert words in told["s4_8e"]
        assert "f. Regeringscommissaris" in told["s1_18a"]
        assert not re.search(r"(?i)(?<!\S)\[?nan(?!\S)", "\n".join(told.values()))

    def test_unlike_units_are_never_compared_by_number(self, result, by_id):
        told = result[~result["verdict"].isin(["unit_differs", "needs_external_source"])]
        told = told[told["formula_unit"].ne("") & told["claim_kind"].ne("direction")]
        assert [dimension(u) for u in told["formula_unit"]] == [dimension(u) for u in told["unit"]]

    def test_what_rests_on_a_number_of_the_text_as_well_is_no_full_count(self, result):
        usable = records(result[result["recomputed_value"].notna() & result["observations"].ne("")])
        grades = {row["id"]: recomputed(row).grade for row in usable}
        alone = {row["id"] for row in usable if re.fullmatch(r"\[[^]]+\]", row["formula"])}
        assert {name for name, grade in grades.items() if grade == "A"} == alone != set()
        assert set(grades.values()) == {"A", "B"}
        assert grades["s4_8d"] == "B"  # a percentage of the report times the population


class TestSecondSources:
    def test_what_two_other_documents_print_may_be_both(self, result):
        (row,) = records(result[result["id"] == "s4_1a"].assign(elsewhere="both"))
        assert "hetzelfde cijfer en ook een ander" in cell(row, 4, "nl")
        # what is confirmed is counted on, also where a third document differs
        both = result.assign(elsewhere=result["elsewhere"].replace("same", "both"))
        assert counts(both)["confirmed"].value == counts(result)["confirmed"].value

    def test_a_figure_is_missing_only_where_no_document_gives_it(self, tables, by_id):
        assert by_id.loc["s4_9e", "reason"] == "missing_figure"
        seen = records(tables.observations)
        requests = next(o for o in seen if o["obs_id"].startswith("helpwanted_requests/2023/"))
        requests |= {"obs_id": "helpwanted_requests/2023/other-doc", "source_id": "other-doc"}
        requests["obs_value"] = 9318.0
        gap = next(o for o in seen if o["obs_status"] == "not_registered") | {"obs_value": 5.0}
        assert gap["series_id"] in set(tables.missing()["series"])
        about = {"role": "alternative", "known_by": "2025-01-01", "obs_status": "normal"}
        more = [o | about | {"lower": o["obs_value"], "upper": o["obs_value"]} for o in (requests, gap)]
        later = replace(tables, vintages=pd.concat([tables.vintages, pd.DataFrame(more)], ignore_index=True))
        row = later.claims().set_index("id").loc["s4_9e"]
        assert (row["verdict"], row["reason"]) == ("reproduced", "")
        assert "other-doc" in row["observations"]
        missing = later.missing()[["series", "time_period"]]
        assert (gap["series_id"], gap["time_period"]) not in set(missing.itertuples(index=False, name=None))


def waves(observations):
    rows = observations[(observations["series_id"] == "cbs_osi_12m") & observations["obs_value"].notna()]
    groups = rows.sort_values("time_period").groupby(["sex", "age"])
    return [pair for _, group in groups for pair in itertools.combinations(records(group), 2)]


def directions(observations, pairs):
    """Return the verdicts on "more" and on "fewer" of each pair of figures."""
    rows = [
        {"id": f"{n} {word}", "as_reported": word, "formula": f"[{key(new)}] - [{key(old)}]"}
        for (n, (old, new)), word in itertools.product(enumerate(pairs), ("more", "fewer"))
    ]
    about = {"claim_kind": "direction", "unit": "percentage_points", "formula_unit": "percentage_points"}
    return check(ledger(*rows).assign(**about), observations).set_index("id")["verdict"]


class TestWhatIsNotShown:
    def test_a_change_between_waves_is_shown_only_with_margins_and_one_definition(self, tables):
        pairs, seen = waves(tables.observations), tables.observations
        assert len(pairs) >= 5
        assert set(directions(seen, pairs)) == {"not_demonstrated"}
        published = seen["interval_kind"].mask(seen["series_id"] == "cbs_osi_12m", "published")
        words = directions(seen.assign(interval_kind=published), pairs)
        for n, (old, new) in enumerate(pairs):
            most = {"more": new["upper"] - old["lower"], "fewer": old["upper"] - new["lower"]}
            for word, reach in most.items():
                if old["definition_id"] != new["definition_id"]:
                    allowed = {"not_demonstrated"}
                else:
                    allowed = {"reproduced" if reach > 0 else "inconsistent", "consistent_within_rounding"}
                assert words[f"{n} {word}"] in allowed
        assert {"not_demonstrated"} < set(words)

    def test_counts_are_compared_within_a_definition_only(self, tables):
        seen = tables.observations.assign(unit_measure="percentage_points")
        police = seen[seen["obs_id"].str.match(r"police_reports/202[34]/")]
        across = [records(police.sort_values("time_period"))]
        assert set(directions(seen, across)) == {"not_demonstrated"}
        assert directions(seen.assign(definition_id="one"), across).tolist() == ["reproduced", "inconsistent"]

    @table(__file__, "two_waves", "rows words")
    def test_figures_of_two_waves_are_never_called_wrong(self, tables, rows, words):
        for old, new in waves(tables.observations):
            about = {"old": key(old), "new": key(new), "low": new["lower"], "high": new["upper"]}
            told = [{name: cell.format(**about) for name, cell in row.items()} for row in rows]
            word = check(ledger(*told), tables.observations, vintages=tables.vintages).iloc[0]["verdict"]
            assert word in words

    def test_what_is_not_shown_has_its_reason_and_is_no_finding(self, result):
        unshown = result[result["verdict"] == "not_demonstrated"]
        assert set(unshown["reason"]) <= {"across_break", "without_margins", "across_break_without_margins"}
        assert not set(unshown["id"]) & set(findings(result)["id"])


class TestWordsOfThePage:
    def test_no_difference_of_percents_is_told_as_percent(self, tables, by_id):
        pairs = [(c, re.fullmatch(r"(\w+) - (\w+)", c["formula"])) for c in records(tables.ledger)]
        units = [(c, {by_id.loc[n, "unit"] for n in names.groups()}) for c, names in pairs if names]
        told = [c for c, of in units if of == {"percent"}]
        assert told
        for c in told:
            assert c["formula_unit"] == "percentage_points"
            row = by_id.loc[c["id"]].to_dict()
            assert "procentpunt" in cell(row, 2, "nl") and "percentage point" in cell(row, 2, "en")

    def test_the_page_never_gives_the_report_a_number_it_does_not_print(self, tables, result):
        ledger_rows, silent = tables.ledger.set_index("id"), 0
        begins = {"nl": ("door ons gelezen als", "ernaast:", "noemt geen getal")}
        begins["en"] = ("read by us as", "alongside:", "gives no number")
        for row, language in itertools.product(records(result), begins):
            c = ledger_rows.loc[row["id"]]
            printed = bool(c["as_reported"]) and c["as_reported"].lower() in c["text"].lower()
            assert cell(row, 1, language).startswith(begins[language]) != printed, row["id"]
            assert prints(row) or not printed
            silent += not printed
        assert silent > 60

    def test_that_there_is_none_is_no_number_and_not_registered_is_not_nought(self, result):
        row = next(r for r in records(result) if r["id"] == "s4_3a")
        assert (row["verdict"], row["claim_kind"]) == ("inconsistent", "absence")
        assert cell(row, 1, "nl") == "noemt geen getal"
        assert "te absoluut" in cell(row, 4, "nl").lower()
        for language in ("nl", "en"):
            page = markdown(result[result["id"] == "s4_3a"], LAYOUTS["claims_result"], language)
            assert not re.search(r"(?<![\d.,])0 (meldingen|reports)", page)

    def test_our_own_numbers_and_judgements_are_counted_apart(self, result):
        kinds = ["claim_kind", "as_reported", "compared_with"]
        listed = result[kinds].eq(["count", "", ""]).all(axis=1) & result["reported_value"].notna()
        listed &= result["id"].ne("sA_n")  # there the list itself ends with its number
        assert set(result.loc[listed, "id"]) == {"s1_17a", "s1_18a", "s1_19a", "s1_20a", "s2_6a", "s4_16c"}
        judged, silent = result["reason"].eq("judgement"), result["text"].eq("")
        derived = result["reason"].eq("nothing_said") | (silent & ~judged) | listed
        assert (result["counted_as"].eq("derived") == derived).all()
        assert (result["counted_as"].eq("judgement") == judged).all()
        # more of them change no count of statements
        more = counts(pd.concat([result, result[result["counted_as"] != "statement"]]))
        same = [n for n, number in counts(result).items() if number.value == more[n].value]
        assert set(more) - set(same) == {"derived", "judgement"} | {"differs"} - set(same)

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_every_verdict_has_words_and_every_row_a_page(self, result, language):
        plural = r"(?<![\d.,])1 (websites|organisaties|mensen|uren|jaren|bodies|people|hours)\b"
        for row in records(result):
            words = cell(row, 3, language)
            assert not re.search(r"[a-z]_[a-z]", words), words
            assert not any(re.search(plural, cell(row, at, language)) for at in (1, 2))
        assert set(WRONG) <= set(result["verdict"])


@pytest.fixture(scope="module")
def editions():
    """The tables as they would have been on each day a document came out, from the day of the report on."""
    tidy, edition = clean(PROJECT), load_edition(2024, PROJECT)
    report = tidy.sources.set_index("source_id").loc["rapport-2025", "known_by"]
    days = sorted({day for day in tidy.sources["known_by"] if day >= report})
    return {d: tables_of(replace(edition, as_of=date.fromisoformat(d)), tidy, PROJECT) for d in days}


class TestEditionsOfAnyDay:
    def test_a_verdict_rests_on_what_was_public_and_the_rest_waits(self, editions):
        for day, tables in editions.items():
            result, seen = tables.claims(), set(tables.observations["obs_id"])
            assert len(result) == len(tables.ledger)
            assert {i for c in result["observations"] for i in c.split()} <= seen, day
            known_by = tables.vintages.set_index("obs_id")["known_by"]
            assert all(known_by[i] <= day for c in result["elsewhere_observation"] for i in c.split()), day
            keys = tables.vintages["obs_id"].str.rpartition("/")[0]
            first = tables.vintages.groupby(keys)["known_by"].min()
            known = {i.rpartition("/")[0] for i in seen}
            asked = {}
            for c in records(tables.ledger[tables.ledger["formula"] != ""]):
                figures = {r[1:-1] for r in read(c["formula"]).references if r[0] == "["}
                asked[c["id"]] = figures & set(first.index)
            waiting = result[result["id"].isin([n for n, figures in asked.items() if figures - known])]
            assert set(waiting["verdict"]) <= {"needs_external_source"}, day
            assert set(waiting["reason"]) <= {"later_figure", "missing", "judgement"}, day
            assert (day >= first[sorted(set().union(*asked.values()))].max()) == waiting.empty, day

    def test_a_figure_of_no_document_is_a_mistake_on_every_day(self, editions):
        tables = next(iter(editions.values()))
        rows = tables.ledger.copy()
        pointing = rows.index[rows["formula"].str.contains("[", regex=False)]
        rows.loc[pointing[0], "formula"] = "[no_such_series/2024]"
        with pytest.raises(InputError, match="no_such_series"):
            tables.verdicts(rows)
