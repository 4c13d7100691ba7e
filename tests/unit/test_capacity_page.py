"""The pages on capacity and on claims say what follows from their results, whatever these are. No kernel runs."""

from datetime import date

import pytest

from osw_stats import load
from osw_stats.report import capacity_words
from osw_stats.report.harvest import UNPUBLISHED as KIND
from osw_stats.report.pages.lint import names_of
from osw_stats.report.pages.render import render
from osw_stats.results.collected import Results
from osw_stats.vocabulary.numbers import Absent, Fact, Number
from tests.conftest import PROJECT

NOBODY = Absent("not_asked")


@pytest.fixture(scope="module")
def tables():
    return load(2024)


@pytest.fixture(scope="module")
def told(tables):
    def render_sentences(notebook, language, **numbers):
        """Return the sentences of a page of which all but these results are absent."""
        names = names_of(PROJECT / f"notebooks/{notebook}.ipynb")[0]
        assert set(numbers) <= set(names), set(numbers) - set(names)
        results = Results(numbers=numbers, absent={n: NOBODY for n in names if n not in numbers})
        page = render(PROJECT, notebook, language, results, tables)
        said = [p for p in page.parts if not isinstance(p, str) and p.kind in ("sentence", KIND)]
        return {item.name: item.facts["text"] for item in said}

    return render_sentences


def of(value, unit, **about):
    return Number(value, unit, value - 2, value + 2, "rounding", ("a",), "m", "B", **about)


def gap(body, need, met, names, verdict="one_year", unit="fte"):
    """Return the numbers of one body as the notebook registers them."""
    year = "2031" if verdict == "one_year" else "2033"
    return {
        f"{body}_gap": of(need - met, unit, verdict=verdict), f"{body}_{names[0]}": of(need, unit, period="2031"),
        f"{body}_{names[1]}": of(met, unit, period=year), f"{body}_stated": Fact({"nl": "in mei 2030", "en": "in May 2030"}),
    }  # fmt: skip


LISTED = {"bodies_listed": Fact(13)}


@pytest.mark.parametrize(
    ("codes", "nl", "en"),
    [
        ([], "publiceerde er in wat wij lazen geen hoeveel", "none published, in what we read, how"),
        (["ap"], "publiceerde in wat wij lazen alleen AP hoeveel", "only AP published, in what we read, how"),
        (["ap", "acm"], "publiceerden er in wat wij lazen 2 (AP en ACM) hoeveel", "2 (AP and ACM) published, in what we read, how"),
    ],
)  # fmt: skip
def test_who_published_posts_for_this_subject_follows_from_the_figures(told, codes, nl, en):
    who = {"who_for_subject": capacity_words.bodies(codes)} if codes else {}
    for language, words in (("nl", nl), ("en", en)):
        said = told("capacity_gap", language, bodies_for_subject=Fact(len(codes)), **LISTED, **who)
        assert words in said["gap"]


SHORT, ENOUGH, EVEN = (60, 49), (49, 60), (60, 60)


@pytest.mark.parametrize(
    ("amounts", "nl", "en"),
    [
        (SHORT, "dat is 11 fte minder. Marge", "which is 11 fte fewer. Margin"),
        (ENOUGH, "meer dan zij zei nodig te hebben", "more than it said it needed"),
        (EVEN, "evenveel als zij zei nodig te hebben", "as many as it said it needed"),
    ],
)
def test_the_gap_of_the_acm_has_the_direction_of_its_figures(told, amounts, nl, en):
    for language, words, wrong in (("nl", nl, "minder"), ("en", en, "fewer")):
        numbers = gap("acm", *amounts, ("need", "funded")) | LISTED | {"bodies_for_subject": Fact(0)}
        said = told("capacity_gap", language, **numbers)["gap"]
        assert words in said
        assert (wrong in said) == (amounts == SHORT)
        assert "CvdM" not in said, "a body without figures is not spoken of"
        assert "  " not in said


@pytest.mark.parametrize(("amounts", "words"), [((32, 16), "dat is 16 fte minder"), ((16, 32), "meer dan gevraagd"), ((9, 9), "evenveel als gevraagd")])  # fmt: skip
def test_what_the_ministry_endorsed_has_the_direction_of_its_figures(told, amounts, words):
    numbers = (
        gap("cvdm", *amounts, ("asked", "endorsed"), "years_differ")
        | LISTED
        | {"bodies_for_subject": Fact(0)}
    )
    said = told("capacity_gap", "nl", **numbers)["gap"]
    assert words in said
    assert "gevraagd tot 2031, onderschreven tot 2033" in said
    assert ("minder" in said) == (amounts[0] > amounts[1])


def test_more_bodies_are_told_as_a_list(told):
    others = {
        "other_bodies_with_gap": capacity_words.bodies(["ap", "police"]),
        "bodies_with_gap": capacity_words.bodies(["acm", "ap", "police"]),
    }
    said = told("capacity_gap", "nl", bodies_for_subject=Fact(0), **LISTED, **others)["gap"]
    assert "van ACM, AP en Politie" in said
    assert "De cijfers van AP en Politie staan in de tabel" in said


@pytest.mark.parametrize("verdict", ["one_year", "years_differ"])
@pytest.mark.parametrize(("amounts", "words"), [((90e6, 40e6), "50,0 miljoen euro meer dan"), ((40e6, 90e6), "minder dan de 90,0 miljoen"), ((40e6, 40e6), "evenveel als")])  # fmt: skip
def test_money_of_the_ap(told, amounts, words, verdict):
    numbers = gap("ap", *amounts, ("need", "allocated"), verdict, "eur")
    said = told("capacity_gap", "nl", bodies_needing_money=capacity_words.bodies(["ap"]), **numbers)[
        "money-gap"
    ]
    assert words in said
    assert ("verschillende jaren" in said) == (verdict == "years_differ")
    assert "zei niet te weten" not in said, "nobody was asked in this edition"
    assert "noemde geen organisatie" in told("capacity_gap", "nl", bodies_for_subject=Fact(0))["money-gap"]


@pytest.mark.parametrize(
    ("fitting", "verdict", "words"),
    [(7e6, "same_amount", "precies die rest"), (8e6, "", "meer dan die rest"), (6e6, "", "minder dan die rest"), (7.01e6, "", "afgerond evenveel")],
)  # fmt: skip
def test_amounts_that_fit_the_rest(told, fitting, verdict, words):
    said = told(
        "capacity_gap", "nl", money_added=of(50e6, "eur"), money_whole=of(27e6, "eur"), money_rest=of(7e6, "eur"),
        money_fitting=of(fitting, "eur", verdict=verdict),
    )["overlap"]  # fmt: skip
    assert words in said
    assert ("maar het past" in said) == (verdict == "same_amount")


@pytest.mark.parametrize(("added", "double"), [(55.0e6, True), (27.5e6, False), (20.0e6, False)])
def test_amounts_count_double_only_where_they_exceed_their_whole(told, added, double):
    amounts = {"added": added, "whole": 27.5e6, "rest": 7e6, "fitting": 8e6}
    money = {f"money_{name}": of(amount, "eur") for name, amount in amounts.items()}
    for language, words in (("nl", "dubbel geteld"), ("en", "counts double")):
        assert (words in told("capacity_gap", language, **money)["overlap"]) == double


@pytest.mark.parametrize("named", [0, 1, 3])
def test_who_named_a_number_is_counted_in_words_that_agree(told, named):
    counts = {n: Fact(2) for n in ("bodies_refused", "bodies_without_record", "bodies_naming_posts_in_part")}
    said = told(
        "capacity_gap", "nl", bodies_asked=Fact(12), bodies_with_record=Fact(8), bodies_naming_reports=Fact(named),
        bodies_naming_posts=Fact(0), reports_named_in_part=Fact({"nl": "geen", "en": "none"}), **counts,
    )["answers"]  # fmt: skip
    words = {0: "noemde er geen een aantal meldingen", 1: "noemde er 1 een", 3: "noemden er 3 een"}
    assert words[named] in said
    assert "en noemde er geen een aantal mensen" in said


def years(**found):
    return {f"years_wait_{how}": capacity_words.years(of_it) for how, of_it in found.items()}


def test_waits_are_told_by_year_in_one_paragraph(told):
    said = told("capacity_gap", "nl", **years(shorter=["2030"], overlaps=["2028", "2029"]))
    assert said["waiting"] == (
        "In 2030 is het wachten dat volgt, korter dan wat de AP noemt. In 2028 en 2029 overlappen de speelruimtes."
    )
    assert "langer" in told("capacity_gap", "nl", **years(longer=["2030"]))["waiting"]


@pytest.mark.parametrize(("language", "words"), [("nl", "is er geen rapport om na te rekenen"), ("en", "there is no report to check")])  # fmt: skip
def test_an_edition_without_a_report_says_so_and_nothing_else(told, language, words):
    said = told("claims", language, as_of=Fact(date(2030, 12, 31)))
    (only,) = said.values()
    assert words in only


COUNTS = {
    "statements": 40, "statements_checked": 30, "statements_fit": 28, "statements_unfit": 0, "statements_of_other_unit": 0,
    "statements_not_demonstrated": 2, "statements_open": 10, "statements_confirmed": 4, "findings": 0, "findings_major": 0,
    "findings_moderate": 0, "findings_minor": 0,
}  # fmt: skip


@pytest.mark.parametrize("findings", [0, 1, 5])
def test_findings_are_spoken_of_where_there_are_any(told, findings):
    numbers = {n: of(v, "claims") for n, v in (COUNTS | {"findings": findings}).items()}
    said = told("claims", "nl", **numbers)["verdicts"]
    assert ("samengenomen" in said) == (findings > 0)
    assert ("1 verschillende bevinding " in said) == (findings == 1)
    assert "geen rapport" not in said


def test_an_example_that_waits_says_what_for(told):
    about = Fact({"nl": "Aantal meisjes", "en": "Number of girls"})
    said = told("claims", "nl", statements=of(40, "claims"), example_awaited=about)
    assert said["example"].endswith("narekenen: Aantal meisjes.")
