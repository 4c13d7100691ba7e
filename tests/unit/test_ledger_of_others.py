"""What the ledger says of others: second sources, units, what was not shown, and who put a number in."""

import csv
import hashlib
import itertools
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from osw_stats import load
from osw_stats.analysis.claims.formulas import evaluate
from osw_stats.analysis.claims.inputs import Input
from osw_stats.analysis.claims.measures import agrees, dimension
from osw_stats.analysis.claims.summary import claim as claim_of
from osw_stats.analysis.claims.summary import counts, findings, prints, recomputed, summary
from osw_stats.analysis.claims.verdicts import WRONG, check
from osw_stats.errors import InputError
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.tables import markdown
from osw_stats.sources.ledger import HEADER
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.units import UNITS

SHOWN = LAYOUTS["claims_result"].columns
BOTH = ("nl", "en")


def ledger(*rows):
    return pd.DataFrame(
        [dict.fromkeys(HEADER, "") | {"claim_kind": "value", "paragraph": "1", "text": "t", "file": "l.csv", "row": n} | row
         for n, row in enumerate(rows, start=2)]
    )  # fmt: skip


def cell(row, at, language):
    return SHOWN[at].cell(row, language)


@pytest.fixture(scope="module")
def result(tables):
    return tables.claims()


# is a figure known from this report only?


def planted(tables, rows, **changed):
    """Return the edition with one more document that prints the figures of these claims."""
    more = []
    for row in rows:
        first = next(
            o for o in records(tables.vintages) if o["obs_id"] == row["elsewhere_observation"].split()[0]
        )
        key = first["obs_id"].rpartition("/")[0]
        value = (row["reported_lower"] + row["reported_upper"]) / 2
        more.append(
            first
            | {"obs_id": f"{changed.get('series_id', '')}{key}/other-doc", "source_id": "other-doc", "role": "alternative", "obs_value": value,
               "lower": value, "upper": value, "known_by": "2025-01-01", "obs_status": "normal"}
            | {k: v(value) if callable(v) else v for k, v in changed.items()}
        )  # fmt: skip
    vintages = pd.concat([tables.vintages, pd.DataFrame(more)], ignore_index=True)
    return replace(tables, vintages=vintages)


OTHER = {"obs_value": lambda v: 3 * v + 7, "lower": lambda v: 3 * v + 7, "upper": lambda v: 3 * v + 7}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({}, "same"),
        ({"role": "main"}, "same"),
        (OTHER, "differs"),
        ({"series_id": "planted"}, "alike"),  # another series of that publisher
        ({"series_id": "planted", "publisher": "somebody else"}, "only_here"),
        ({"series_id": "planted", "time_period": "1999"}, "only_here"),
        ({"series_id": "planted", **OTHER}, "only_here"),
        ({"known_by": "2099-01-01"}, "only_here"),  # not public on the as-of date
        ({"source_id": "rapport-2025"}, "only_here"),  # the report itself
        ({"obs_value": np.nan, "lower": np.nan, "upper": np.nan, "obs_status": "withheld"}, "only_here"),
    ],
)
def test_a_second_source_anywhere_changes_the_word(tables, result, changed, word):
    alone = [r for r in records(result) if r["elsewhere"] == "only_here"]
    assert len(alone) > 40
    later = planted(tables, alone, **changed).claims().set_index("id")
    assert {later.loc[r["id"], "elsewhere"] for r in alone} == {word}


def test_two_other_documents_may_say_both(tables, result):
    alone = [r for r in records(result) if r["elsewhere"] == "only_here"]
    one = planted(tables, alone)
    two = planted(one, alone, **OTHER, source_id="third-doc")
    later = two.claims()
    assert set(later.loc[later["id"].isin([r["id"] for r in alone]), "elsewhere"]) == {"both"}
    row = next(r for r in records(later) if r["elsewhere"] == "both")
    assert "hetzelfde cijfer en ook een ander" in cell(row, 3, "nl")
    # what is confirmed is counted on, also where a third document differs
    before, after = (counts(t.claims())["confirmed"].value for t in (tables, two))
    open_and_alone = [
        r for r in alone if r["verdict"] == "needs_external_source" and r["counted_as"] == "statement"
    ]
    assert after == before + len(open_and_alone)


def test_of_eleven_open_statements_another_document_prints_the_figure(result):
    assert counts(result)["confirmed"].value >= 11
    assert set(result.set_index("id").loc[["s4_1a", "s4_1b", "s4_1d", "s4_1f", "s4_2a", "s4_4c", "s8_19c"], "elsewhere"]) == {"same"}  # fmt: skip


def test_a_number_that_another_series_holds_is_not_only_here(result):
    row = result.set_index("id").loc["s8_19a"]
    assert (row["elsewhere"], row["elsewhere_observation"]) == (
        "alike",
        "ap_fte_year_end/2022/concept-occupied/ap-facts-en",
    )


def test_a_row_written_into_a_raw_file_is_a_second_source(project, result):
    assert result.set_index("id").loc["s4_1e", "elsewhere"] == "only_here"
    raw = project / "data/raw/police/press_figures_repeats.csv"
    known = next(csv.DictReader(raw.open()))
    row = known | {"series_id": "police_reports_public_harassment_online", "value": "63", "as_reported": "63"}
    with raw.open("a", newline="") as handle:
        csv.DictWriter(handle, list(known), lineterminator="\n").writerow(row)
    record = raw.with_suffix(".source.yml")
    digest = hashlib.sha256(raw.read_bytes()).hexdigest()
    record.write_text(re.sub(r"(?m)^sha256: \w+", f"sha256: {digest}", record.read_text()))
    later = load(2024, project).claims()
    assert later.set_index("id").loc["s4_1e", "elsewhere"] == "same"
    assert counts(later)["confirmed"].value == counts(result)["confirmed"].value + 1


def test_a_figure_of_another_unit_is_no_second_source(tables):
    rows = ledger(
        {"id": "a", "as_reported": "12.206", "unit": "persons", "observation": "helpwanted_requests/2024"}
    )
    with pytest.raises(
        InputError, match=r'l\.csv, row 2, column "observation".*advice_requests.*says persons'
    ):
        check(rows, tables.observations, vintages=tables.vintages)


def test_a_gap_is_no_gap_where_any_document_gives_the_figure(tables):
    gap = next(r for r in records(tables.observations) if r["obs_status"] == "not_registered")
    assert gap["series_id"] in set(tables.missing()["series"])
    given = gap | {
        "obs_value": 5.0,
        "lower": 5.0,
        "upper": 5.0,
        "role": "alternative",
        "obs_status": "normal",
    }
    later = replace(tables, vintages=pd.concat([tables.vintages, pd.DataFrame([given])], ignore_index=True))
    gone = later.missing()
    assert gone[(gone["series"] == gap["series_id"]) & (gone["time_period"] == gap["time_period"])].empty


def test_a_missing_figure_is_missing_only_where_no_document_gives_it(tables, result):
    assert result.set_index("id").loc["s4_9e", "reason"] == "missing_figure"
    gap = next(o for o in records(tables.observations) if o["obs_id"].startswith("helpwanted_requests/2023/"))
    given = gap | {"obs_id": "helpwanted_requests/2023/other-doc", "source_id": "other-doc", "role": "alternative",
                   "obs_value": 9318.0, "lower": 9318.0, "upper": 9318.0, "known_by": "2025-01-01", "obs_status": "normal"}  # fmt: skip
    later = replace(
        tables, vintages=pd.concat([tables.vintages, pd.DataFrame([given])], ignore_index=True)
    ).claims()
    row = later.set_index("id").loc["s4_9e"]
    assert (row["verdict"], row["reason"]) == ("reproduced", "")
    assert "other-doc" in row["observations"]


# percent less percent is percentage points


P = {n: Input(v, v, v, unit="percent") for n, v in (("a", 22), ("b", 30), ("c", 5))}
BOXES = P | {
    "d": Input(3, 3, 3, unit="percentage_points"), "e": Input(1, 1, 1, unit="percentage_points"),
    "n": Input(40, 40, 40, unit="persons"), "m": Input(80, 80, 80, unit="persons"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("a - b", "percentage_points"), ("-b + a", "percentage_points"), ("a + -1 * b", "percentage_points"),
        ("(a - b) / 2", "percentage_points"), ("100 * (a / 100 - b / 100)", "percentage_points"),
        ("a + -b", "percentage_points"), ("a - (b + c) / 2", "percentage_points"), ("a - n / m", "percentage_points"),
        ("100 * n / m - 100 * m / n", "percentage_points"), ("-(a - b)", "percentage_points"), ("d + e", "percentage_points"),
        ("d - e", "percentage_points"), ("(a - b) - (b - c)", "percentage_points"), ("b / 100 * d", "percentage_points"),
        ("a + b", "percent"), ("a + b + c", "percent"), ("(a + b) / 2", "percent"), ("a + d", "percent"), ("a - d", "percent"),
        ("d + a", "percent"), ("a / 100 * b", "percent"), ("100 - a", "percent"), ("100 - (a + b)", "percent"),
        ("a - b + c", "percent"), ("2 * a", "percent"), ("a", "percent"), ("-1 * -a", "percent"),
        ("a / b", "ratio"), ("100 * (a / b - 1)", "ratio"), ("100 * (n / m - 1)", "ratio"), ("(a - b) / b", "ratio"), ("d / e", "ratio"),
        ("a / 100 * n", "persons"), ("n / (a / 100)", "persons"), ("n * (1 + a / 100)", "persons"), ("n - a / 100 * m", "persons"),
    ],
)  # fmt: skip
def test_the_type_of_what_shares_give(formula, unit):
    assert evaluate(formula, BOXES.__getitem__).unit == unit


def test_every_weighing_of_shares_has_its_type():
    # where the weights add up to nothing it is a difference of levels, else a level
    for one, two in itertools.product((-2, -1, -0.5, 0.5, 1, 3), repeat=2):
        found = evaluate(f"{one} * a + {two} * b", BOXES.__getitem__).unit
        assert found == ("percent" if one * two > 0 else "percentage_points"), (one, two)


@pytest.mark.parametrize("formula", ["a - 30", "a + 5", "d - a", "d + 1", "n - a", "n + d", "n * m", "n - 1"])
def test_what_no_type_can_bear_is_refused(formula):
    with pytest.raises(InputError, match=r"unlike units|multiplies"):
        evaluate(formula, BOXES.__getitem__)


def test_no_difference_of_percents_is_told_as_percent(tables, result):
    by_id = result.set_index("id")
    differences = []
    for claim in records(tables.ledger):
        names = re.fullmatch(r"(\w+) - (\w+)", claim["formula"])
        if names and {by_id.loc[n, "unit"] for n in names.groups()} == {"percent"}:
            differences.append(claim["id"])
            assert claim["formula_unit"] == "percentage_points"
            row = by_id.loc[claim["id"]].to_dict()
            assert "procentpunt" in cell(row, 2, "nl")
            assert "percentage point" in cell(row, 2, "en")
    assert differences
    wrong = ledger(
        {"id": "x", "claim_kind": "direction", "as_reported": "more", "unit": "percent", "formula": "p - q", "formula_unit": "percent"},
        {"id": "p", "as_reported": "22%", "unit": "percent"}, {"id": "q", "as_reported": "30%", "unit": "percent"},
    )  # fmt: skip
    with pytest.raises(InputError, match="gives percentage_points, not percent"):
        check(wrong, tables.observations)


# unlike units are never compared by number


@pytest.mark.parametrize("watched", [True, False])
def test_of_two_units_the_verdict_is_that_they_differ(tables, watched):
    codes = [c for c in UNITS if c not in ("calendar_years", "calendar_months")]
    sources = [{"id": f"of_{c}", "lower": "40", "upper": "40", "unit": c} for c in codes]
    pairs = [
        {"id": f"c_{one}_x_{two}", "lower": "40", "upper": "40", "unit": one, "formula": f"of_{two}",
         "formula_unit": two if watched else ""}
        for one, two in itertools.product(codes, codes[::3])
    ]  # fmt: skip
    found = check(ledger(*pairs, *sources), tables.observations).set_index("id")["verdict"]
    for one, two in itertools.product(codes, codes[::3]):
        alike = agrees(dimension(two), dimension(one))
        assert alike == (dimension(one) == dimension(two))
        assert found[f"c_{one}_x_{two}"] == ("reproduced" if alike else "unit_differs"), (one, two)


def test_requests_are_no_victims_and_a_day_is_no_week(result):
    rows = result.set_index("id")
    assert rows.loc[["s4_27a", "s8_17a"], "verdict"].tolist() == ["unit_differs"] * 2
    told = result[
        ~result["verdict"].isin(["unit_differs", "needs_external_source"]) & result["formula_unit"].ne("")
    ]
    for row in records(told[told["claim_kind"] != "direction"]):
        assert dimension(row["formula_unit"]) == dimension(row["unit"]), row["id"]


def test_a_claim_that_leans_on_literals_alone_is_judged_all_the_same(tables):
    rows = ledger(
        {"id": "a", "lower": "4", "upper": "4", "formula": "b"},
        {"id": "b", "lower": "4", "upper": "4", "formula": "3 + 1"},
        {"id": "c", "claim_kind": "direction", "as_reported": "more", "formula": "b - 1"},
    )
    found = check(rows, tables.observations).set_index("id")
    assert found["verdict"].tolist() == ["reproduced", "needs_external_source", "reproduced"]
    assert found.loc["b", "reason"] == "no_evidence"


# what is not shown is no contradiction


def waves(observations, series_id="cbs_osi_12m"):
    rows = observations[(observations["series_id"] == series_id) & observations["obs_value"].notna()]
    groups = [sorted(records(g), key=lambda r: r["time_period"]) for _, g in rows.groupby(["sex", "age"])]
    return [pair for g in groups for pair in itertools.combinations(g, 2)]


def directions(observations, pairs):
    rows = [
        {"id": f"p{n}_{word}", "claim_kind": "direction", "as_reported": word, "unit": "percentage_points",
         "formula": f"[{new['obs_id'].rpartition('/')[0]}] - [{old['obs_id'].rpartition('/')[0]}]",
         "formula_unit": "percentage_points"}
        for n, (old, new) in enumerate(pairs)
        for word in ("more", "fewer")
    ]  # fmt: skip
    return check(ledger(*rows), observations).set_index("id")["verdict"]


def test_a_change_between_waves_is_shown_only_with_margins_and_one_definition(tables):
    pairs = waves(tables.observations)
    assert len(pairs) >= 5
    assert set(directions(tables.observations, pairs)) == {"not_demonstrated"}
    with_margins = tables.observations.copy()
    with_margins.loc[with_margins["series_id"] == "cbs_osi_12m", "interval_kind"] = "published"
    found = directions(with_margins, pairs)
    for n, (old, new) in enumerate(pairs):
        for word, sign in (("more", 1), ("fewer", -1)):
            if old["definition_id"] != new["definition_id"]:
                expected = {"not_demonstrated"}
            elif sign * (new["lower"] - old["upper"]) > 0 or sign * (new["upper"] - old["lower"]) > 0:
                expected = {"reproduced", "consistent_within_rounding"}
            else:
                expected = {"inconsistent", "consistent_within_rounding"}
            assert found[f"p{n}_{word}"] in expected
    assert {"not_demonstrated"} < set(found)


def test_counts_are_compared_within_a_definition_only(tables):
    police = records(tables.observations[tables.observations["obs_id"].str.match(r"police_reports/202[34]/")])
    across = [sorted(police, key=lambda r: r["time_period"])]
    found = directions(tables.observations.assign(unit_measure="percentage_points"), across)
    assert set(found) == {"not_demonstrated"}
    one = tables.observations.assign(unit_measure="percentage_points", definition_id="one")
    assert directions(one, across).tolist() == ["reproduced", "inconsistent"]


def test_an_old_figure_beside_a_later_wave_is_never_called_wrong(tables):
    for old, new in waves(tables.observations):
        told = ledger(
            {"id": "a", "lower": "0", "upper": "0.1", "unit": "percent", "formula": "b", "formula_unit": "percent",
             "observation": old["obs_id"].rpartition("/")[0]},
            {"id": "b", "lower": str(new["lower"]), "upper": str(new["upper"]), "unit": "percent",
             "observation": new["obs_id"].rpartition("/")[0]},
        )  # fmt: skip
        assert (
            check(told, tables.observations, vintages=tables.vintages).iloc[0]["verdict"]
            == "not_demonstrated"
        )


def test_two_figures_of_a_survey_held_against_each_other_are_never_called_wrong(tables):
    for pair in waves(tables.observations):
        one, other = (f"[{o['obs_id'].rpartition('/')[0]}]" for o in pair)
        beside = ledger(
            {"id": "a", "unit": "percent", "formula": one, "compared_with": other, "formula_unit": "percent"}
        )
        assert check(beside, tables.observations).iloc[0]["verdict"] != "inconsistent"


@pytest.mark.parametrize("formula", ["[{}] - [{}]", "100 * ([{}] / [{}] - 1)"])
def test_a_change_of_a_survey_told_as_a_number_is_not_called_wrong_without_margins(tables, formula):
    for old, new in waves(tables.observations):
        names = [o["obs_id"].rpartition("/")[0] for o in (new, old)]
        unit = "percentage_points" if formula.startswith("[") else "percent"
        told = ledger({"id": "a", "lower": "70", "upper": "71", "unit": unit, "formula": formula.format(*names), "formula_unit": unit})  # fmt: skip
        assert check(told, tables.observations).iloc[0]["verdict"] == "not_demonstrated"


def test_the_named_comparisons_are_not_shown_and_sums_and_copies_still_judged(result):
    rows = result.set_index("id")["verdict"]
    assert set(rows[["s4_8h", "s7_9a", "s4_26b", "s4_26c", "s4_21c"]]) == {"not_demonstrated"}
    # the same figure of the same wave, and arithmetic on printed numbers, are no comparison of waves
    assert set(rows[["s4_8b", "s4_8d", "s4_8e", "s7_19h", "s5_4a"]]) == {"inconsistent"}
    assert set(result.loc[result["verdict"] == "not_demonstrated", "reason"]) <= {
        "across_break", "without_margins", "across_break_without_margins",
    }  # fmt: skip
    unproven = findings(result, ("not_demonstrated",))
    assert not set(unproven["id"]) & set(findings(result)["id"])


# who put the number in?


def test_the_page_never_gives_the_report_a_number_it_does_not_print(tables, result):
    by_id = tables.ledger.set_index("id")
    silent = 0
    for row in records(result):
        claim = by_id.loc[row["id"]]
        for language, read_as, beside, none in (("nl", "door ons gelezen als", "ernaast:", "noemt geen getal"), ("en", "read by us as", "beside it:", "gives no number")):  # fmt: skip
            said = cell(row, 1, language)
            printed = claim["as_reported"] and claim["as_reported"].lower() in claim["text"].lower()
            if not printed:
                silent += 1
                assert said.startswith((read_as, beside, none)), (row["id"], said)
            else:
                assert prints(row)
                assert not said.startswith((read_as, beside))
    assert silent > 60


@pytest.mark.parametrize(("held", "verdict"), [("194", "inconsistent"), ("0", "reproduced")])
def test_that_there_is_none_is_no_number(tables, held, verdict):
    rows = ledger(
        {
            "id": "a",
            "claim_kind": "absence",
            "unit": "police_reports",
            "formula": "b",
            "formula_unit": "police_reports",
        },
        {"id": "b", "lower": held, "upper": held, "unit": "police_reports"},
    )
    row = records(check(rows, tables.observations))[0]
    assert row["verdict"] == verdict
    assert np.isnan([row["reported_value"], row["reported_lower"], row["reported_upper"]]).all()
    assert cell(row, 1, "nl") == "noemt geen getal"
    assert ("te absoluut" in cell(row, 3, "nl").lower()) == (verdict == "inconsistent")


def test_not_registered_is_not_nought(result):
    row = next(r for r in records(result) if r["id"] == "s4_3a")
    assert row["verdict"] == "inconsistent"
    for language in BOTH:
        page = markdown(result[result["id"] == "s4_3a"], LAYOUTS["claims_result"], language)
        assert not re.search(r"(?<![\d.,])0 (meldingen|reports)", page)


# what is counted as a statement


def test_our_own_numbers_and_judgements_are_counted_apart(result):
    counted = (
        result["claim_kind"].eq("count") & result["as_reported"].eq("") & result["reported_value"].notna()
    )
    counted &= result["compared_with"].eq("") & result["id"].ne(
        "sA_n"
    )  # there the list itself ends with its number
    assert set(result.loc[counted, "id"]) == {"s1_17a", "s1_18a", "s1_19a", "s1_20a", "s2_6a", "s4_16c"}
    derived = (
        result["reason"].eq("nothing_said")
        | (result["text"].eq("") & result["reason"].ne("judgement"))
        | counted
    )
    assert (result["counted_as"].eq("derived") == derived).all()
    assert (result["counted_as"].eq("judgement") == result["reason"].eq("judgement")).all()
    number = {name: e.value for name, e in counts(result).items()}
    more = pd.concat([result, result[result["counted_as"] != "statement"]])
    assert {n: e.value for n, e in counts(more).items() if n not in ("derived", "judgement", "differs")} == {
        n: v for n, v in number.items() if n not in ("derived", "judgement", "differs")
    }
    assert summary(more)["statements"].sum() == number["all"]


@pytest.mark.parametrize("language", BOTH)
def test_every_verdict_has_words_and_every_row_a_page(result, language):
    for row in records(result):
        words = cell(row, 3, language)
        assert not re.search(r"[a-z]_[a-z]", words), words
        for at in (1, 2):
            assert not re.search(
                r"(?<![\d.,])1 (websites|organisaties|mensen|uren|jaren|bodies|people|hours)\b",
                cell(row, at, language),
            )
    assert set(WRONG) <= set(result["verdict"])


def test_what_rests_on_a_number_of_the_text_as_well_is_no_full_count(result):
    usable = result[result["recomputed_value"].notna() & result["observations"].ne("")]
    for row in records(usable):
        alone = row["formula"] == f"[{row['observations'].split()[0].rpartition('/')[0]}]"
        assert recomputed(row).grade == ("A" if alone else "B"), row["id"]
    assert {recomputed(row).grade for row in records(usable)} == {"A", "B"}
    assert (
        recomputed(claim_of(result, "s4_8d")).grade == "B"
    )  # a percentage of the report times the population
