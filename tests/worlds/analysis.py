"""What the notebooks compute, as steps over one set of tables: each gives results or a stated absence.

A step reads what earlier steps made from one room; where that is not there because of an absence, it is skipped, as
a cell of a notebook is. Nothing is drawn at random that a figure could turn: the draws are few and the seed is fixed.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.analysis.capacity import authorities, budgets, scenario_tables, sensitivity, stated
from osw_stats.analysis.capacity import gaps as capacity
from osw_stats.analysis.capacity.scenarios import scenario
from osw_stats.analysis.claims import summary as claims_summary
from osw_stats.analysis.counts import (
    half_years,
    multiyear,
    reconciliation,
    requests,
    trend,
    trend_variants,
)
from osw_stats.analysis.draws import generator
from osw_stats.analysis.months import its_study, monthly
from osw_stats.analysis.months.interrupted import Model
from osw_stats.analysis.survey import (
    bounds,
    changes,
    contracts,
    funnel,
    model,
    people,
    prevalence,
    related,
    said,
    stages,
)
from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.report import capacity_words, cited
from osw_stats.report.charts import authorities as answer_charts
from osw_stats.report.charts import capacity as capacity_charts
from osw_stats.report.charts import changes as change_charts
from osw_stats.report.charts import funnel as funnel_charts
from osw_stats.report.charts import half_years as half_year_charts
from osw_stats.report.charts import prevalence as prevalence_charts
from osw_stats.report.charts import requests as request_charts
from osw_stats.report.charts import scenarios as scenario_charts
from osw_stats.report.charts import trend as trend_charts
from osw_stats.report.charts.style import Chart
from osw_stats.report.edition import Tables
from osw_stats.sources.authorities import load_answers, load_deadlines
from osw_stats.sources.events import campaign_months, documented, load_events, public_on, pulses
from osw_stats.sources.scenario import read_scenario
from osw_stats.vocabulary import offences
from osw_stats.vocabulary.lookup import latest, only
from osw_stats.vocabulary.numbers import Number

ALPHA, SEED, DRAWS = 0.05, 20250321, 1000
DEFF = {"deff": 1.5, "deff_range": (1.2, 2.0)}
Step = Callable[["Room"], Any]
STEPS: dict[str, Step] = {}
CHARTS: dict[str, Step] = {}


class SkippedError(Exception):
    """What this step reads was not made."""


class Room:
    """The tables of an edition, and what the steps made of them so far."""

    def __init__(self, tables: Tables, language: str = "nl", made: dict[str, Any] | None = None) -> None:
        self.tables, self.language = tables, language
        self.observations, self.year = tables.observations, tables.edition.year
        self.made: dict[str, Any] = dict(made or {})  # what is there already is not made again
        self.reads: dict[str, set[str]] = {}
        self.current = ""

    def __getattr__(self, name: str) -> Any:
        made = self.__dict__.get("made", {})
        if name in made:
            self.reads[self.current].add(name)
            return made[name]
        if name in STEPS:
            raise SkippedError(name)
        raise AttributeError(name)


@dataclass(frozen=True)
class Outcome:
    """How a step ended: made, absent (by the error that says so), skipped, or a fault and where it arose."""

    step: str
    how: str
    error: Exception | None = None
    place: str = ""


def step(of: dict[str, Step]) -> Callable[[Step], Step]:
    """Enter a step under its name."""

    def enter(function: Step) -> Step:
        of[function.__name__] = function
        return function

    return enter


def outcomes(room: Room, *, charts: bool = False) -> Iterator[Outcome]:
    """Carry out every step, and the charts when asked for; what a step makes is kept under its name."""
    for name, function in {**STEPS, **(CHARTS if charts else {})}.items():
        if name in room.made:
            continue
        room.current, room.reads[name] = name, set()
        try:
            room.made[name] = function(room)
            unsaid = next(_no_number(room.made[name], name), "")
            yield Outcome(name, "fault" if unsaid else "made", place=unsaid)
        except (SkippedError, NotAskedError):  # nothing lacks that anybody asked for
            yield Outcome(name, "skipped")
        except (NotPublishedError, NotEstimableError) as error:
            yield Outcome(name, "absent", error)
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if "osw_stats" in f.filename]
            at = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else "the step itself"
            yield Outcome(name, "fault", error, at)


def _no_number(made: Any, name: str) -> Iterator[str]:
    """Yield the numbers a sentence would say that are no numbers."""
    if isinstance(made, Number) and not math.isfinite(made.value):
        yield f"{name} is a number without a value"
    elif isinstance(made, dict | list | tuple):
        for part in made.values() if isinstance(made, dict) else made:
            yield from _no_number(part, name)


def wrongly_wanted(error: NotPublishedError, observations: pd.DataFrame) -> list[dict[str, str]]:
    """Return what an error calls absent although the figures hold a value of it, everyone's unless it names a group."""
    known = observations[observations["obs_value"].notna()]
    there = []
    for wanted in error.wanted:
        hit = pd.Series(True, index=known.index)
        for column, value in ({"breakdown": ""} | dict(wanted)).items():
            hit &= known[column].eq(value)
        for column, whole in (("sex", ("total",)), ("age", ("total", "16+"))):
            if column not in wanted:
                hit &= known[column].isin(whole)
        if hit.any():
            there.append(dict(wanted))
    return there


# --- trend ------------------------------------------------------------------------------------------------------


@step(STEPS)
def events(r: Room) -> Any:
    return public_on(load_events(r.tables.root), r.tables.sources, r.tables.edition.as_of)


@step(STEPS)
def missing(r: Room) -> Any:
    return r.tables.missing()


@step(STEPS)
def pairs(r: Room) -> Any:
    return trend.pairs(r.observations, alpha=ALPHA)


@step(STEPS)
def reports(r: Room) -> Any:
    return trend.find(r.pairs, "police_reports", str(r.year))


@step(STEPS)
def reports_said(r: Room) -> Any:
    pair = r.reports
    return (
        Number.from_row(pair, "change"),
        trend.counts(r.observations, pair),
        trend.verdict(pair),
        [trend.number_of(pair, c) for c in ("phi_break_even", "phi_used", "detectable")],
    )


@step(STEPS)
def law(r: Room) -> Any:
    return trend.law_date(), trend.break_year("helpwanted_requests")


@step(STEPS)
def online(r: Room) -> Any:
    return [
        prevalence.published(r.observations, series_id, time_period=str(r.year))
        for series_id in ("police_reports_public_harassment_online", "police_reports_sexchatting")
    ]


@step(STEPS)
def trend_sensitivity(r: Room) -> Any:
    return trend_variants.sensitivity(r.observations, r.reports, alpha=ALPHA, run_seed=SEED, draws=DRAWS)


@step(STEPS)
def helpwanted(r: Room) -> Any:
    return trend.find(r.pairs, "helpwanted_requests", str(r.year))


@step(STEPS)
def sextortion(r: Room) -> Any:
    return trend.find(r.pairs, "helpwanted_requests_subject", str(r.year), "subject=sextortion")


@step(STEPS)
def growth(r: Room) -> Any:
    return trend.published_growth(r.observations, "helpwanted_requests_change", str(r.year))


@step(STEPS)
def requests_said(r: Room) -> Any:
    pair = r.sextortion
    return (
        trend.counts(r.observations, r.helpwanted),
        trend.counts(r.observations, pair),
        Number.from_row(r.helpwanted, "change"),
        Number.from_row(pair, "change"),
        trend.last_verdict(pair),
        trend.number_of(pair, "phi_break_even"),
    )


@step(STEPS)
def composition(r: Room) -> Any:
    return requests.subjects(r.observations, r.year, alpha=ALPHA)


@step(STEPS)
def halves(r: Room) -> Any:
    return half_years.reconstructions(r.observations, r.year)


@step(STEPS)
def half_growth(r: Room) -> Any:
    return trend.published_growth(r.observations, "police_reports_half_year_change", f"{r.year}-H2")


@step(STEPS)
def half_said(r: Room) -> Any:
    return half_years.said(r.events, r.year)


@step(STEPS)
def half_numbers(r: Room) -> Any:
    return [
        *(
            half_years.estimate(r.halves, "identity", "h1", share_before=100 * share)
            for share in (min(half_years.SHARES), max(half_years.SHARES))
        ),
        half_years.estimate(r.halves, "from_next_year", "h1"),
        half_years.estimate(r.halves, "from_second_half", "h1"),
    ]


@step(STEPS)
def halves_beside(r: Room) -> Any:
    return half_years.with_statement(r.halves, r.events, r.year)


@step(STEPS)
def three(r: Room) -> Any:
    year = trend.latest(r.observations, "police_reports_complaints")
    found = reconciliation.reconcile(r.observations, year)
    return found, [
        Number.from_row(only(found, series=s), "count")
        for s in ("police_reports_complaints", "cbs_registered_sexual", "police_registered_141")
    ]


@step(STEPS)
def slopes(r: Room) -> Any:
    return multiyear.slopes(r.observations, alpha=ALPHA)


@step(STEPS)
def refused(r: Room) -> Any:
    return multiyear.refusals(r.observations)


@step(STEPS)
def forecast(r: Room) -> Any:
    return multiyear.forecasts(r.observations, alpha=ALPHA)


@step(STEPS)
def trend_events(r: Room) -> Any:
    return documented(r.events, r.tables.sources)


@step(STEPS)
def by_month(r: Room) -> Any:
    cells = r.tables.cells
    offences.asked(
        "1.4.1", "2024-07", held=monthly.offences(cells), law=r.law[0], as_of=r.tables.edition.as_of
    )
    return its_study.of_cells(
        cells, "1.4.1", Model("2024-07", pulses=pulses(r.events)), generator(SEED, "trend", "monthly"),
        dates=campaign_months(r.events), alpha=ALPHA,
    )  # fmt: skip


# --- prevalence -------------------------------------------------------------------------------------------------


@step(STEPS)
def estimates(r: Room) -> Any:
    return contracts.kept("prev_estimates", prevalence.estimates(r.observations, **DEFF, alpha=ALPHA))


@step(STEPS)
def waves(r: Room) -> Any:
    national = prevalence.everyone(r.estimates)
    found = sorted(national["wave"])
    if not found:
        raise SkippedError
    rows = [only(national, "prev_estimates", wave=wave) for wave in found]
    return rows, Number.from_row(rows[-1], "pct")


@step(STEPS)
def everybody(r: Room) -> Any:
    row = prevalence.latest_persons(r.estimates)
    return row, Number.from_row(row), said.in_people(row), said.of_an_earlier_wave(row, r.waves[0][-1])


@step(STEPS)
def printed_people(r: Room) -> Any:
    wave = r.everybody[0]["wave"]
    return prevalence.published(r.observations, "cbs_osi_12m_persons", time_period=wave)


@step(STEPS)
def differences(r: Room) -> Any:
    found = changes.differences(r.estimates, alpha=ALPHA, bridge=changes.BRIDGE)
    return contracts.kept("prev_differences", found)


@step(STEPS)
def whole_change(r: Room) -> Any:
    rows = r.waves[0]
    row = changes.change(r.differences, rows[0]["wave"], rows[-1]["wave"])
    return row, changes.growth(row, ALPHA), Number.from_row(row, "diff"), said.crosses_if_shown(row, ALPHA)


@step(STEPS)
def two_changes(r: Room) -> Any:
    found = [row["wave"] for row in r.waves[0]]
    if len(found) < 3:
        raise SkippedError
    up, down = (changes.change(r.differences, a, b) for a, b in ((found[0], found[-2]), found[-2:]))
    return changes.verdict(up, ALPHA), said.only_this_pair(up, down, ALPHA), said.crosses(up)


@step(STEPS)
def margins(r: Room) -> Any:
    return said.margins_of_groups(*said.without_margin(r.estimates))


@step(STEPS)
def sight(r: Room) -> Any:
    found = changes.out_of_sight(r.estimates, r.observations, **DEFF, alpha=ALPHA)
    return found, [(said.direction(row), changes.reach(row)) for row in found.to_dict("records")]


@step(STEPS)
def pooled(r: Room) -> Any:
    found = model.model(r.estimates, r.observations, alpha=ALPHA, bridge=changes.BRIDGE)
    return contracts.kept("prev_model", found.terms)


@step(STEPS)
def others(r: Room) -> Any:
    found = related.related(r.observations, r.estimates, deff=DEFF["deff"], alpha=ALPHA)
    return contracts.kept("prev_related", found)


@step(STEPS)
def studies(r: Room) -> Any:
    return contracts.kept("prev_studies", related.other_studies(r.observations))


@step(STEPS)
def scope(r: Room) -> Any:
    return funnel.scope_of_items(r.observations)


@step(STEPS)
def bridges(r: Room) -> Any:
    return funnel.Bridges((0.7, 1.0), (0.6, 1.0), r.scope[0])


@step(STEPS)
def seen(r: Room) -> Any:
    found = stages.funnel(
        r.observations, r.estimates, r.others, r.bridges, year=r.year, run_seed=SEED, draws=DRAWS, alpha=ALPHA
    )
    row = stages.stage(contracts.kept("funnel", found), "helpline") | {"unit": "per_hundred_victims"}
    return found, Number.from_row(row, "share_per_100", "share_lower", "share_upper")


@step(STEPS)
def complaint(r: Room) -> Any:
    row = stages.stage(r.seen[0], "complaint")
    return Number.from_row(row, "share_per_100", "share_lower", "share_upper")


@step(STEPS)
def police_contact(r: Room) -> Any:
    when = latest(r.observations, "police_reports_public_harassment_online")["time_period"]
    contact = prevalence.published(
        r.observations, "helpwanted_police_contact", "D", breakdown="police_contact=yes"
    )
    return contact, [
        prevalence.published(r.observations, s, time_period=when)
        for s in ("police_reports_public_harassment_online", "police_reports_sexchatting")
    ]


@step(STEPS)
def funnel_variants(r: Room) -> Any:
    persons = r.everybody[1]
    amount = funnel.Amount(persons.value, persons.lower, persons.upper, ALPHA)
    found = funnel.variants(
        amount,
        *funnel.contacts_of(r.observations, r.year),
        r.bridges,
        run_seed=SEED,
        draws=DRAWS,
        alpha=ALPHA,
    )
    return contracts.kept("funnel_sensitivity", found), funnel.parameters(r.bridges, r.scope[1])


@step(STEPS)
def survey_sensitivity(r: Room) -> Any:
    return contracts.kept("prev_sensitivity", bounds.sensitivity(r.estimates, **DEFF, alpha=ALPHA))


@step(STEPS)
def persons(r: Room) -> Any:
    return contracts.kept("prev_persons", people.against_count(r.observations))


@step(STEPS)
def nonresponse(r: Room) -> Any:
    return contracts.kept("prev_nonresponse", bounds.nonresponse(r.estimates, r.observations))


# --- capacity ---------------------------------------------------------------------------------------------------


@step(STEPS)
def fte(r: Room) -> Any:
    return capacity.fte(r.observations)


@step(STEPS)
def money(r: Room) -> Any:
    return capacity.money(r.observations)


@step(STEPS)
def gaps(r: Room) -> Any:
    found = capacity.gaps(r.observations)
    told = [
        (stated.numbers(row), capacity_words.stated(row, r.tables.sources))
        for row in found.to_dict("records")
    ]
    return contracts.kept("cap_gap", found), told, capacity_words.bodies(found["body"])


@step(STEPS)
def gap_of_each(r: Room) -> Any:
    return [
        stated.gap_of(r.gaps[0], met, scope=series_id)
        for series_id, met in (("acm_dsa_fte", "funded"), ("cvdm_fte_growth", "supported"))
    ]


@step(STEPS)
def bodies_beside(r: Room) -> Any:
    return stated.others(r.gaps[0], {"acm_dsa_fte": "funded"})


@step(STEPS)
def answers(r: Room) -> Any:
    return authorities.public(load_answers(r.tables.root), r.tables.sources, r.tables.edition.as_of)


@step(STEPS)
def for_subject(r: Room) -> Any:
    return capacity.for_subject(r.fte, r.answers)


@step(STEPS)
def side_by_side(r: Room) -> Any:
    return capacity.side_by_side(r.fte)


@step(STEPS)
def money_gaps(r: Room) -> Any:
    found = budgets.money_gaps(r.observations)
    return found, stated.numbers(stated.gap_of(found, "allocated", body="ap"))


@step(STEPS)
def unit_costs(r: Room) -> Any:
    return budgets.unit_costs(r.observations)


@step(STEPS)
def overlap(r: Room) -> Any:
    return budgets.overlap(r.observations)


@step(STEPS)
def overlap_sums(r: Room) -> Any:
    sums = budgets.overlap_sums(r.observations)
    return [budgets.sum_of(sums, name) for name in budgets.SUMS]


@step(STEPS)
def given(r: Room) -> Any:
    return _scenario(r, "scenarios/central.yml", "cases")


@step(STEPS)
def platforms(r: Room) -> Any:
    return _scenario(r, "scenarios/system_supervision.yml", "audits")


def _scenario(r: Room, path: str, kind: str) -> Any:
    return scenario(read_scenario(r.tables.root / path, path), r.observations, path, kind)


@step(STEPS)
def drawn(r: Room) -> Any:
    table = sensitivity.monte_carlo_table(r.given, run_seed=SEED, draws=DRAWS, rank_correlation=-0.3)
    return table, sensitivity.simulate(r.given, run_seed=SEED, draws=DRAWS)


@step(STEPS)
def scenario_said(r: Room) -> Any:
    return scenario_tables.said(r.given, r.drawn[0])


@step(STEPS)
def scenario_shown(r: Room) -> Any:
    one = r.given
    return [
        scenario_tables.scenario_table(one),
        scenario_tables.parameter_table(one),
        scenario_tables.calculator(one),
        scenario_tables.queue_table(one),
    ]


@step(STEPS)
def published_inputs(r: Room) -> Any:
    return scenario_tables.published_inputs(r.given, "referral_share", "hours_per_case")


@step(STEPS)
def tornado(r: Room) -> Any:
    return sensitivity.tornado(r.given, r.drawn[1])


@step(STEPS)
def exceedance(r: Room) -> Any:
    return sensitivity.exceedance(r.given, r.drawn[1])


@step(STEPS)
def fan(r: Room) -> Any:
    return sensitivity.backlog_fan(r.given, r.drawn[1])


@step(STEPS)
def break_even(r: Room) -> Any:
    return sensitivity.grid(r.given), sensitivity.break_even(r.given)


@step(STEPS)
def waiting(r: Room) -> Any:
    found = budgets.waiting_check(r.observations)
    return found, budgets.waits(found)


@step(STEPS)
def audits(r: Room) -> Any:
    table = sensitivity.monte_carlo_table(r.platforms, run_seed=SEED, draws=DRAWS, rank_correlation=-0.3)
    return scenario_tables.said(r.platforms, table), scenario_tables.scenario_table(r.platforms)


@step(STEPS)
def answered(r: Room) -> Any:
    coded = authorities.require(r.answers)
    told = {row["question"]: row for row in authorities.coverage(coded).to_dict("records")}
    return authorities.matrix(coded), told, capacity_words.numbers_named(coded, r.observations, 3)


@step(STEPS)
def agreement(r: Room) -> Any:
    return authorities.agreement(authorities.require(r.answers), ALPHA)


@step(STEPS)
def deadlines(r: Room) -> Any:
    dates, evidence = load_deadlines(r.tables.root)
    dates = authorities.require(authorities.public(dates, r.tables.sources, r.tables.edition.as_of))
    return authorities.deadlines(dates, evidence, r.tables.edition.as_of)


# --- claims -----------------------------------------------------------------------------------------------------


@step(STEPS)
def verdicts(r: Room) -> Any:
    return claims_summary.require(r.tables.claims())


@step(STEPS)
def verdicts_counted(r: Room) -> Any:
    found = r.verdicts
    return (
        claims_summary.counts(found), claims_summary.summary(found), claims_summary.findings(found),
    )  # fmt: skip


@step(STEPS)
def unproven(r: Room) -> Any:
    return claims_summary.unproven(r.verdicts)


@step(STEPS)
def example(r: Room) -> Any:
    return claims_summary.recomputed(claims_summary.claim(r.verdicts))


@step(STEPS)
def awaited(r: Room) -> Any:
    return claims_summary.awaited(claims_summary.claim(r.verdicts))


# --- charts -----------------------------------------------------------------------------------------------------


@step(CHARTS)
def chart_police(r: Room) -> Chart:
    chart = trend_charts.police(r.observations, r.events, r.language)
    return chart, trend_charts.observations_of(r.observations, trend_charts.POLICE)


@step(CHARTS)
def chart_overview(r: Room) -> Chart:
    chart = trend_charts.overview(r.observations, r.events, r.language)
    return chart, trend_charts.observations_of(r.observations, trend_charts.SHOWN)


@step(CHARTS)
def chart_halves(r: Room) -> Chart:
    base = r.reports_said[1][1].value / 2
    return half_year_charts.first_half(r.halves, r.year, base, r.language)


@step(CHARTS)
def chart_subjects(r: Room) -> Chart:
    return request_charts.subjects(r.composition, r.year, r.language)


@step(CHARTS)
def chart_waves(r: Room) -> Chart:
    return prevalence_charts.waves(r.estimates, r.language, ALPHA)


@step(CHARTS)
def chart_groups(r: Room) -> Chart:
    return prevalence_charts.groups(r.estimates, r.language, ALPHA)


@step(CHARTS)
def chart_changes(r: Room) -> Chart:
    return change_charts.changes(r.differences, r.language, ALPHA)


@step(CHARTS)
def chart_slopes(r: Room) -> Chart:
    return change_charts.slopes(r.estimates, r.language)


@step(CHARTS)
def chart_funnel(r: Room) -> Chart:
    return funnel_charts.funnel(r.seen[0], r.language)


@step(CHARTS)
def chart_gap(r: Room) -> Chart:
    return capacity_charts.gap(r.gaps[0], r.fte["body"].nunique(), len(r.for_subject), r.language)


@step(CHARTS)
def chart_tornado(r: Room) -> Chart:
    return scenario_charts.tornado(r.tornado, r.language)


@step(CHARTS)
def chart_fan(r: Room) -> Chart:
    return scenario_charts.fan(r.fan, r.language)


@step(CHARTS)
def chart_break_even(r: Room) -> Chart:
    share, hours, posts = r.break_even[0]
    return scenario_charts.break_even(
        share, hours, posts, r.given.parameters["fte_available"].mid, r.language
    )


@step(CHARTS)
def chart_matrix(r: Room) -> Chart:
    document = cited.document(r.answers, r.tables.sources).value
    return answer_charts.matrix(r.answered[0], r.answered[1][3], document, r.language)


@step(CHARTS)
def chart_deadlines(r: Room) -> Chart:
    document = cited.document(load_deadlines(r.tables.root)[0], r.tables.sources).value
    return answer_charts.strip(r.deadlines, document, r.language)
