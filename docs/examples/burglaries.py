"""Make the worked example: burglaries around March 2020. Run: `python docs/examples/burglaries.py`.

Everything in the text that is a number is computed here; a test holds the committed text against a new one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from osw_stats.data.coded import load_events
from osw_stats.draw import interrupted as charts
from osw_stats.draw.style import svg_text
from osw_stats.meaning.observations import records
from osw_stats.shelf.months.interrupted import Model
from osw_stats.shelf.months.series import MonthlySeries, monthly_series
from osw_stats.shelf.months.study import Study, study
from osw_stats.text.cells import fill
from osw_stats.text.language import number

HERE = Path(__file__).parent
MODEL = Model("2020-03")
SHORT, LONG, YEAR = "2020-06", "2020-08", "2021-02"
SOURCE = "Source: Politie, table 47022NED (data.politie.nl); own computation"

TEXT = """# Worked example: burglaries around March 2020

*Made by `docs/examples/burglaries.py`; do not edit by hand.*

The police do not publish sexual offences by month, so the interrupted time series of the trend notebook has no data
yet. This example applies the same code to a published monthly series of another offence, around a known shock:
the first lockdown. It is a test of the method and says nothing about sexual offences.

## Data

`docs/examples/burglaries.csv`: registered burglaries of homes (1.1.1) and assaults (1.4.5) in the Netherlands by month,
{first} to {last}, from table 47022NED of the Politie (data.politie.nl), from a public copy of April 2024. Credit:
Politie. The four codes that the police withhold by month (1.4.1, 3.2.1, 3.2.2, 3.7.3) appear in that copy as zeros; such
a series is refused here.

## Model

Date: {date}. Three periods were examined while this example was made, and all three are shown: up to {short} (the first
lockdown and the weeks after it), up to {long} and up to {year}. The table shows the first. Log-linear trend, two pairs of sines and
cosines, a step, the conservative standard error. Control series: assaults. Fewer than twelve months follow the date, so
no change of slope is fitted in the first two.

## Result

| | |
|---|---|
| Months before, after | {n_pre}, {n_post} |
| Step | {step} |
| Dispersion phi | {phi} |
| Lag-1 correlation of residuals | {rho1} |
| Ljung-Box p at 12 | {ljungbox} |
| Smallest step detected in 80 of 100 cases | {detectable} up |
| Counted, expected, difference | {excess} |
| Placebo dates | {dates}, about {n_eff} separate stretches |
| Rank p | {rank}; smallest possible {smallest} |
| Standard deviation of placebo steps | {sd} |
| Relative to the control series | {control} |

![Counts by month with the expectation dashed](examples/burglaries-counts.svg)

![The true date among placebo dates](examples/burglaries-placebo.svg)

![The step under other choices](examples/burglaries-forest.svg)

| Choice | Ratio (95 percent) |
|---|---|
{variants}

## What it teaches

- A large known shock is found: the interval lies below no change, and no placebo date gives a step as large.
- Two months later it is not: up to {long} the same model gives {long_step}, rank p {long_rank}; up to
  {year} {year_step}. Burglaries rose again after the lockdown and fell again in the next one. A lasting step
  is a different model from a temporary dip; with a date and a period chosen after looking, a p-value means little.
- Ljung-Box shows that the residuals are correlated: trend and season are not captured fully. That is one reason why the
  conservative interval is wide.
- Assaults fell in the same months ({assaults}). A control series is useful only if it was not affected itself.
- The negative binomial interval is widened for the month-to-month correlation, as the chosen one is.
"""


def ratio(row: dict[str, float]) -> str:
    """Write a ratio with its limits."""
    return (
        f"{number(row['rr'], 'en', 2)} ({number(row['lower'], 'en', 2)} to {number(row['upper'], 'en', 2)})"
    )


def p_value(p: float) -> str:
    """Write a p-value with three decimals, or that it is below them."""
    return "below 0.001" if p < 0.001 else number(p, "en", 3)


def percent(fitted: Study) -> str:
    """Write the primary step in percent with its limits."""
    row = records(fitted.sensitivity)[0]
    shown = [number(100 * (row[k] - 1), "en") for k in ("rr", "lower", "upper")]
    return f"{shown[0]} percent ({shown[1]} to {shown[2]})"


def make() -> dict[str, str]:
    """Return the text and the figures by their paths within docs/."""
    table = pd.read_csv(HERE / "burglaries.csv", dtype={"month": str})

    def until(name: str, last: str) -> MonthlySeries:
        rows = table[table["month"] <= last]
        return monthly_series(name, rows["month"].tolist(), rows[name].tolist())

    def made(name: str, last: str, control: str | None = None) -> Study:
        return study(until(name, last), MODEL, control=until(control, last) if control else None)

    short, long, assaults = (
        made("burglaries", SHORT, "assaults"),
        made("burglaries", LONG),
        made("assaults", SHORT),
    )
    foot, last = records(short.diagnostics)[0], short.excess.iloc[-1]
    variants = records(short.sensitivity)
    assert short.rank and long.rank and short.placebo is not None  # noqa: S101
    text = TEXT.format(
        first=table["month"].iloc[0],
        last=table["month"].iloc[-1],
        date=MODEL.date,
        short=SHORT,
        long=LONG,
        n_pre=foot["n_pre"],
        n_post=foot["n_post"],
        step=percent(short),
        phi=number(foot["phi"], "en", 1),
        rho1=number(foot["rho1"], "en", 2),
        ljungbox=p_value(foot["ljungbox_p"]),
        detectable=f"{number(100 * (foot['detectable_rr'] - 1), 'en')} percent",
        excess=f"{number(short.excess['observed'].sum(), 'en')}, {number(short.excess['expected'].sum(), 'en')}, "
        f"{number(last['cum_excess'], 'en')} ({number(last['cum_lower'], 'en')} to {number(last['cum_upper'], 'en')})",
        dates=short.rank.dates,
        n_eff=number(short.rank.n_eff, "en"),
        rank=number(short.rank.p, "en", 3),
        smallest=number(1 / (1 + short.rank.dates), "en", 3),
        sd=number(short.rank.sd, "en", 3),
        control=ratio(next(v for v in variants if v["variant"] == "control_series")),
        variants="\n".join(
            f"| {fill('{variant:parts interrupted}', v, 'en')} | {ratio(v)} |" for v in variants
        ),
        long_step=percent(long),
        long_rank=number(long.rank.p, "en", 3),
        year=YEAR,
        year_step=percent(made("burglaries", YEAR)),
        assaults=percent(assaults),
    )
    events = load_events(HERE.parents[1])
    drawn = events[events["kind"] == "lockdown"]
    return {
        "worked_example.md": text,
        "examples/burglaries-counts.svg": svg_text(
            charts.counts(short.fit, drawn, 0.05, SOURCE, "en").figure
        ),
        "examples/burglaries-placebo.svg": svg_text(charts.placebos(short.placebo, SOURCE, "en").figure),
        "examples/burglaries-forest.svg": svg_text(
            charts.forest(short.sensitivity, 0.05, SOURCE, "en").figure
        ),
    }


if __name__ == "__main__":
    for name, content in make().items():
        (HERE.parent / name).write_text(content, encoding="utf-8", newline="\n")
        sys.stdout.write(f"wrote docs/{name}\n")
