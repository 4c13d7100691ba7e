"""What the capacity page says hangs on the data: who published, who named a number, when it was stated, how sure it is."""

import csv
import itertools
from datetime import date

import pandas as pd
import pytest

from osw_stats.analysis.capacity import authorities, budgets, gaps, stated
from osw_stats.analysis.claims import summary
from osw_stats.analysis.claims.book import figures, over_figures
from osw_stats.errors import InputError, NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.report import capacity_words, cited
from osw_stats.report.charts.capacity import gap, matrix, strip
from osw_stats.report.charts.style import svg_text
from osw_stats.report.language import month
from osw_stats.sources.authorities import load_answers, load_deadlines
from osw_stats.sources.clean import clean
from osw_stats.vocabulary.authorities import AUTHORITIES
from osw_stats.vocabulary.numbers import coding_grade
from osw_stats.vocabulary.observations import QUOTED
from tests.conftest import PROJECT
from tests.simulated_figures import figure, frame

DOCUMENT = {"nl": "Rapport (maart 2030)", "en": "Rapport (March 2030)"}
CONCEPTS = ("occupied", "formation", "funded", "supported", "allocated", "needed", "realised")
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}


def words_of(chart):
    return " ".join(t.get_text().replace("\n", " ") for t in chart.figure.texts)


@pytest.fixture(scope="module")
def answers():
    return load_answers(PROJECT)


class TestConcepts:
    @pytest.mark.parametrize(("one", "other"), list(itertools.product(CONCEPTS, CONCEPTS)))
    @pytest.mark.parametrize("sign", ["+", "-"])
    def test_unlike_concepts_neither_add_nor_subtract(self, one, other, sign):
        known = figures(
            frame(
                figure("cvdm_fte", "2023", 59.0, breakdown=f"concept={one}"),
                figure("ap_fte", "2026", 32.0, breakdown=f"concept={other}"),
            ).assign(obs_id=["a/doc", "b/doc"], lower_closed=True, upper_closed=True)
        )
        right = one == other or (sign == "-" and (one, other) in GAPS)
        for formula in (f"[a] {sign} [b]", f"2 * ([a] {sign} [b] / 2)"):
            if right:
                assert over_figures(formula, known).unit == "fte"
            else:
                with pytest.raises(InputError, match=f"{one} (plus|minus) {other}"):
                    over_figures(formula, known)

    def test_growth_is_no_total(self):
        need = figure("cvdm_fte_growth", "2026", 32.0, breakdown="concept=needed")
        met = figure("cvdm_fte", "2026", 30.0, breakdown="concept=supported")
        for pair in (
            (need, met),
            (met | {"breakdown": "concept=needed"}, need | {"breakdown": "concept=supported"}),
        ):
            with pytest.raises(InputError, match="growth"):
                gaps.difference(*pair)

    @pytest.mark.parametrize("seed", range(5))
    def test_no_row_of_gaps_holds_more_than_was_stated(self, seed):
        asked, endorsed, there = 10.0 + 7 * seed, 3.0 + 2 * seed, 50.0 + seed
        rows = frame(
            figure("acm_dsa_fte", "2024", 60.0, breakdown="concept=needed"), figure("acm_dsa_fte", "2024", 40.0, breakdown="concept=funded"),
            figure("acm_dsa_budget", "2024", 4e6, breakdown="concept=funded"), figure("cvdm_fte", "2024", there, breakdown="concept=occupied"),
            figure("cvdm_fte_growth", "2025", asked, breakdown="concept=needed"), figure("cvdm_fte_growth", "2026", endorsed, breakdown="concept=supported"),
        )  # fmt: skip
        for row in gaps.gaps(rows).to_dict("records"):
            stated = rows[rows["obs_id"].isin(row["observations"].split())]["obs_value"].tolist()
            assert row["need"] in stated
            assert row["funded"] in stated
            assert row["gap_pct"] == pytest.approx(100 * row["gap"] / row["need"])
            assert there not in stated


class TestWhoeverHasBoth:
    """A gap follows from the figures of whichever body has a need and what was granted."""

    @pytest.mark.parametrize("seed", range(4))
    def test_any_series_with_both_has_a_row_and_no_other(self, seed):
        every = list(gaps.FTE_SERIES)
        both, needing = every[seed : seed + 3], every[(seed + 4) % len(every)]
        rows = [
            figure(s, "2031", 10.0 + n, breakdown=f"concept={c}")
            for n, s in enumerate(both)
            for c in ("needed", "supported" if n else "funded")
        ]
        table = gaps.gaps(frame(*rows, figure(needing, "2031", 5.0, breakdown="concept=needed")))
        assert table["scope"].tolist() == both
        assert table["body"].tolist() == [gaps.FTE_SERIES[s][0] for s in both]
        told = {both[0]: "funded"}
        assert stated.others(table, told) == [gaps.FTE_SERIES[s][0] for s in both[1:]]
        assert len(stated.others(table, {both[0]: "supported"})) == len(both)

    def test_money_comes_before_support_and_posts_need_no_money(self):
        rows = [
            figure("acm_dsa_fte", "2031", n, breakdown=f"concept={c}")
            for c, n in (("needed", 60.0), ("supported", 55.0), ("funded", 50.0))
        ]
        (row,) = gaps.gaps(frame(*rows)).to_dict("records")
        assert (row["gap"], row["funded_concept"]) == (10, "funded")
        assert pd.isna(row["eur_per_fte"])

    def test_every_figure_may_lack_and_the_others_are_told(self, observations):
        for table, series in (
            (gaps.gaps, gaps.FTE_SERIES),
            (budgets.money_gaps, gaps.MONEY_SERIES),
            (budgets.unit_costs, {}),
        ):
            whole = table(observations)
            used = {i for cell in whole["observations"] for i in cell.split()}
            for gone in sorted(used):
                try:
                    left = table(observations[observations["obs_id"] != gone])
                except NotPublishedError as error:
                    assert len(whole) == 1, "a body that has both is told whatever another lacks"
                    assert error.series_id in series or error.series_id == "ap_budget_allocated"
                    continue
                assert len(left) >= len(whole) - 1

    def test_without_any_the_figure_beside_the_need_is_named(self):
        need = figure("cvdm_fte_growth", "2031", 9.0, breakdown="concept=needed")
        with pytest.raises(NotPublishedError) as caught:
            gaps.gaps(frame(need))
        assert caught.value.wanted == ({"series_id": "cvdm_fte_growth", "breakdown": "concept=funded"},)
        with pytest.raises(NotPublishedError) as caught:
            gaps.gaps(frame(figure("police_reports", "2031", 9.0)))
        assert {w["series_id"] for w in caught.value.wanted} == set(gaps.FTE_SERIES)

    @pytest.mark.parametrize(("granted", "verdict"), [("2031", "one_year"), ("2033", "years_differ")])
    def test_a_gap_knows_whether_its_years_differ(self, granted, verdict):
        rows = frame(
            figure("acm_dsa_fte", "2031", 60.0, breakdown="concept=needed"),
            figure("acm_dsa_fte", granted, 49.0, breakdown="concept=funded"),
        )
        told = stated.numbers(stated.gap_of(gaps.gaps(rows), "funded", scope="acm_dsa_fte"))
        assert (told["gap"].value, told["gap"].verdict) == (11, verdict)
        assert (told["need"].period, told["met"].period) == ("2031", granted)
        with pytest.raises(NotEstimableError, match="supported"):
            stated.gap_of(gaps.gaps(rows), "supported", scope="acm_dsa_fte")


class TestCodedByHand:
    def test_what_was_coded_counts_from_the_day_its_document_is_public(self, answers, tables):
        for day, there in ((date(2024, 12, 31), False), (tables.edition.as_of, True)):
            seen = authorities.public(answers, tables.sources, day)
            assert len(seen) == (len(answers) if there else 0)
            if there:
                assert authorities.require(seen) is seen
            else:
                with pytest.raises(NotAskedError):
                    authorities.require(seen)

    def test_a_document_is_named_by_title_and_month(self, answers, tables):
        assert cited.document(answers, tables.sources).value == {
            "nl": "Rapport online seksueel geweld (maart 2025)", "en": "Rapport online seksueel geweld (March 2025)",
        }  # fmt: skip
        assert cited.document(tables.ledger, tables.sources) == cited.document(answers, tables.sources)


class TestWaits:
    @pytest.mark.parametrize(
        ("months", "years", "word"),
        [
            ((5, 11.9), (1, 1.5), "shorter"), ((5, 12), (1, 1.5), "overlap"), ((6.3, 12.7), (1, 1.5), "overlap"),
            ((18, 20), (1, 1.5), "overlap"), ((18.1, 20), (1, 1.5), "longer"), ((1, 40), (1, 1.5), "overlap"),
        ],
    )  # fmt: skip
    def test_a_wait_is_shorter_or_longer_only_where_the_ranges_are_apart(self, months, years, word):
        ends = dict(
            zip(("wait_lower", "wait_upper", "stated_lower", "stated_upper"), (*months, *years), strict=True)
        )
        told = budgets.waits(pd.DataFrame([{"year": "2030", **ends}]))
        assert told == {"shorter": [], "longer": [], "overlap": []} | {word: ["2030"]}


class TestWhoPublished:
    def test_nobody_published_fte_for_this_subject_until_somebody_does(
        self, observations, answers, monkeypatch
    ):
        fte = gaps.fte(observations)
        assert gaps.for_subject(fte, answers) == []
        with pytest.raises(NotAskedError):
            capacity_words.bodies([])
        monkeypatch.setitem(gaps.FTE_SERIES, "tbkk_fte", ("police", gaps.ALL_OF_IT))
        planted = gaps.fte(observations)
        assert gaps.for_subject(planted) == ["police"]
        assert capacity_words.bodies(["police", "police"]).value == {"nl": "Politie", "en": "Police"}
        told = answers.copy()
        told.loc[(told["body"] == "ap") & (told["question"] == 4), ["code", "scope"]] = [4, "subject"]
        assert gaps.for_subject(planted, told) == ["police", "ap"]

    @pytest.mark.parametrize(("table", "of"), [(gaps.fte, gaps.FTE_SERIES), (gaps.money, gaps.MONEY_SERIES)])
    def test_every_body_is_listed_whatever_was_published_so_far(self, observations, table, of):
        for gone in {body for body, _ in of.values()}:
            hidden = [s for s, (body, _) in of.items() if body == gone]
            left = table(observations[~observations["series_id"].isin(hidden)])
            assert set(left["body"]) == set(AUTHORITIES)
            assert left.loc[left["body"] == gone, "observations"].tolist() == [""]

    @pytest.mark.parametrize(("language", "none"), [("nl", "geen"), ("en", "none")])
    def test_the_chart_counts_out_of_all_bodies_listed(self, observations, language, none):
        fte, table = gaps.fte(observations), gaps.gaps(observations)
        listed = fte["body"].nunique()
        said = words_of(gap(table, listed, 0, language))
        assert f"{none} " in said
        assert str(listed) in said
        assert f" {len(table)} van {len(table)} " not in said
        assert none not in words_of(gap(table, listed, 3, language)).split(".")[0]


class TestNumbersNamed:
    def test_the_count_sees_what_the_police_named(self, answers, observations):
        told = authorities.coverage(answers).set_index("question").loc[3]
        assert (told["code4"], told["part"] + told["broader"], told["bodies"]) == (0, 1, 8)
        said = capacity_words.numbers_named(answers, observations, 3)
        assert said.value["nl"].startswith("1: Politie, “70.000 meldingen")
        assert said.counts == (1,)

    @pytest.mark.parametrize(
        ("body", "quote", "scope", "named"),
        [
            ("acm", "ongeveer 300 meldingen per jaar", "broader", True), ("ez", "enkele tientallen meldingen", "part", True),
            ("nr", "vooral meldingen over kinderen", "part", False), ("college", "40 meldingen", "", False),
        ],
    )  # fmt: skip
    def test_whoever_names_a_number_is_counted(self, answers, observations, body, quote, scope, named):
        planted = answers.copy()
        at = (planted["body"] == body) & (planted["question"] == 3)
        planted.loc[at, ["code", "scope", "quote"]] = [3, scope, quote]
        told = authorities.coverage(planted).set_index("question").loc[3]
        assert told["part"] + told["broader"] == 1 + named
        assert (quote in capacity_words.numbers_named(planted, observations, 3).value["nl"]) == named
        for language in ("nl", "en"):
            title = words_of(matrix(authorities.matrix(planted), told, DOCUMENT, language))
            assert f" {1 + named}" in title.split("Antwoorden")[0].split("Answers")[0]

    @pytest.mark.parametrize("planted", [0, 1, 3])
    def test_none_is_said_only_where_it_is_none(self, answers, planted):
        told = answers.copy()
        bodies = ["ap", "acm", "nr"][:planted]
        at = told["body"].isin(bodies) & (told["question"] == 3)
        told.loc[at, "code"], told.loc[at, "scope"], told.loc[at, "quote"] = 4, "subject", "12 meldingen"
        row = authorities.coverage(told).set_index("question").loc[3]
        title = words_of(matrix(authorities.matrix(told), row, DOCUMENT, "nl"))
        assert ("hele onderwerp: door geen" in title) == (planted == 0)

    def test_who_was_not_heard_is_in_no_denominator(self, answers):
        for question, row in authorities.coverage(answers).set_index("question").iterrows():
            cells = answers[answers["question"] == question]
            heard = cells[cells["place"].str.contains("gespreksverslag")]["body"].nunique()
            assert row["bodies"] >= heard
            assert row["asked"] == row["bodies"] + row["refused"] + row["without_record"]
            assert row["without_record"] == 2


class TestDeadlines:
    def test_every_date_that_passed_says_whose_absence_it_is(self, tables):
        found = authorities.deadlines(*load_deadlines(PROJECT), tables.edition.as_of)
        by_id = found.set_index("id")["status"]
        assert by_id[["2.6", "2.8", "2.9", "7.18"]].tolist() == [
            "not_read",
            "not_read",
            "not_read",
            "not_found",
        ]
        for language, not_read, no_check in (("nl", "door ons nog niet gelezen (3)", "niet te controleren"), ("en", "not read by us yet (3)", "cannot be checked")):  # fmt: skip
            said = words_of(strip(found, DOCUMENT, language))
            assert not_read in said
            assert no_check not in said

    def test_a_letter_that_was_read_is_no_longer_unread(self, tables):
        table, evidence = load_deadlines(PROJECT)
        read = authorities.deadlines(table, evidence.assign(read="whole"), tables.edition.as_of)
        assert set(read.loc[read["id"].isin(["2.6", "2.8", "2.9"]), "status"]) == {"not_settled"}


class TestGrades:
    def test_one_readers_tally_is_no_full_count(self, tables):
        result = tables.claims()
        assert {e.grade for e in summary.counts(result).values()} == {coding_grade(1)}
        assert {e.grade for e in summary.counts(result, coders=2).values()} == {coding_grade(2)}
        assert "A" not in {coding_grade(n) for n in range(1, 5)}


class TestVia:
    def test_every_quoted_figure_has_a_document_that_quotes_it(self, tables):
        known = cited.by_id(tables.sources)
        quoted = tables.vintages[tables.vintages["locator"].str.contains(QUOTED)]
        assert len(quoted) > 40
        for row in quoted.to_dict("records"):
            source = known[row["source_id"]]
            assert source["via"] in known
            quoting = known[source["via"]]
            for language in ("nl", "en"):
                said = cited.name(source, known, language, [row["locator"]])
                assert f", via {quoting['title']} ({month(quoting['published'], language)}), " in said

    def test_who_read_the_document_itself_needs_no_via(self, tables):
        known = cited.by_id(tables.sources)
        for source in known.values():
            assert ("via" in source["read_in"] or bool(source["via"])) == ("quotes it" in source["read_in"])

    def change(self, project, name, old, new):
        path = project / "data/raw/police" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def test_a_quoted_figure_without_its_quoting_document_is_refused(self, project):
        for name in ("reports.source.yml", "press_figures.source.yml"):
            self.change(project, name, "    via: rapport-2025\n", "")
        with pytest.raises(InputError) as caught:
            clean(project)
        message = str(caught.value)
        assert "data/raw/police/" in message
        assert 'column "locator"' in message
        assert "via:" in message

    @pytest.mark.parametrize("wrong", ["nobody", "politie-2025-03-09", "ap-jv-2022"])
    def test_a_quoting_document_must_be_one_we_saw(self, project, wrong):
        for name in ("reports.source.yml", "press_figures.source.yml"):
            self.change(project, name, "    via: rapport-2025\n", f"    via: {wrong}\n")
        with pytest.raises(InputError, match=f'column "via", value "{wrong}"'):
            clean(project)

    def test_whose_figures_names_the_document_between(self, tables):
        rows = tables.observations
        for row in rows[rows["source_id"].isin(["politie-2025-03-09", "cvdm-jv-2023"])].to_dict("records"):
            (said,) = cited.whose(pd.DataFrame([row]), tables.sources, "nl")
            assert said.startswith(f"{row['publisher']}, via Rapport online seksueel geweld (maart 2025), ")

    def test_the_source_line_of_a_chart_can_say_via(self, observations):
        from osw_stats.report.charts.style import add_to_source

        chart = gap(gaps.gaps(observations), 13, 0, "nl")
        add_to_source(chart, ", via Rapport X (maart 2025)")
        for drawn in (chart.figure, chart.phone):
            assert "via" in svg_text(drawn)


class TestStated:
    @pytest.mark.parametrize(
        ("note", "published", "expected"),
        [("stated 2019-02: x", "2020-05-06", "in februari 2019"), ("", "2020-05-06", "op 6 mei 2020"), ("stated 2018", "", "in 2018"), ("", "", "in “T”")],
    )  # fmt: skip
    def test_a_need_says_when_it_was_stated(self, note, published, expected):
        need = figure("acm_dsa_fte", "2024", 60.0, breakdown="concept=needed", note=note, published=published)
        sources = pd.DataFrame([{"source_id": "doc", "title": "T"}])
        row = {"said": gaps.said_on(need), "document": "doc"}
        assert capacity_words.stated(row, sources).value["nl"] == expected

    def test_the_shipped_needs_are_dated(self):
        with (PROJECT / "data/raw/authorities/capacity.csv").open(encoding="utf-8", newline="") as handle:
            needs = [r for r in csv.DictReader(handle) if "concept=needed" in r["breakdown"]]
        assert {r["series_id"]: gaps.said_on(r) for r in needs} == {
            "ap_budget": "2023-11-27", "acm_dsa_fte": "2023-04", "cvdm_fte_growth": "",
        }  # fmt: skip
