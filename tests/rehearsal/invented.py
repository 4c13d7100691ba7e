"""INVENTED figures of 2025 and 2026, drawn from a seed, in the files in which publishers send them.

No figure here was published or expects anything. They rise for one seed and fall for another, are exact or rounded,
so that the pages of a year to come meet what next year may bring.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import load_workbook

from osw_stats.data.sheets.form import HEADINGS, OPEN_ROWS, key

YEAR = 2026
DOWNLOAD = f"47025NED_UntypedDataSet_01102{YEAR + 1}_120000.csv"
TITLES = {  # of the invented documents, by sheet
    "helpwanted": "Jaarcijfers Helpwanted",
    "politie": "Jaarverantwoording politie",
    "cbs-wodc": "Prevalentiemonitor",
    "centrum-seksueel-geweld": "Jaarverslag Centrum Seksueel Geweld",
    "meldpunt-kinderporno": "Jaarverslag Meldpunt",
}
Row = dict[str, Any]


def sheets(seed: int) -> dict[str, list[Row]]:
    """Return what is typed into each sheet, by the name of its file: rows with the key, the period and the cells."""
    draw = np.random.default_rng(seed)

    def moved(value: float, spread: float = 0.2) -> int:
        return round(value * float(np.exp(draw.normal(0, spread))))

    def part(whole: int, low: float, high: float) -> int:
        return round(whole * float(draw.uniform(low, high)))

    helped, police = (moved(12206), moved(12206)), moved(14802, 0.1)
    share = round(5.2 + float(draw.normal(0, 0.6)), 1)
    people = int(round(share * 152_000, -4))
    reports = int(round(moved(127_000), -3))
    young = {age: int(draw.integers(15, 30)) for age in ("16-17", "18-23")}
    subject, abuse = "helpwanted_requests_subject", {"breakdown": "subject=sextortion"}
    words = (f"ongeveer {_dotted(people)}", f"ruim {_dotted(reports)}")
    hedged = [{"Zoals gepubliceerd": said} for said in words]
    return {
        "helpwanted": [  # the change in percent is left out: it follows from both counts
            _row("helpwanted_requests", YEAR - 1, _dotted(helped[0])),
            _row("helpwanted_requests", YEAR, helped[1]),
            _row(subject, YEAR - 1, part(helped[0], 0.25, 0.45), **abuse),
            _row(subject, YEAR, part(helped[1], 0.25, 0.45), **abuse),
            _row(subject, YEAR, part(helped[1], 0.15, 0.3), breakdown="subject=distribution"),
        ],
        "politie": [
            _row("police_reports", YEAR - 1, police),
            _row("police_reports", YEAR, _dotted(moved(police, 0.1)), Bijzonderheid="voorlopig"),
            _row("police_reports", YEAR - 2, 14805 + 10 * int(draw.integers(1, 9)), Bijzonderheid="herzien"),
            _row("police_complaints", YEAR, moved(3500, 0.1)),
        ],
        "cbs-wodc": [
            _row("cbs_osi_12m", YEAR, str(share).replace(".", ","), age="16+"),
            *(_row("cbs_osi_12m", YEAR, of_age, sex="female", age=age) for age, of_age in young.items()),
            _row("cbs_osi_12m_persons", YEAR, people, age="16+", **hedged[0]),
            _row("cbs_phgsg_respondents", YEAR, moved(25_000, 0.1), age="16+"),
        ],
        "centrum-seksueel-geweld": [  # a percentage alone: no count of either year
            _row("csg_contacts_change", YEAR, int(draw.choice([-1, 1]) * draw.integers(2, 20)))
        ],
        "meldpunt-kinderporno": [
            _row("meldpunt_reports", YEAR - 1, moved(127_000)),
            _row("meldpunt_reports", YEAR, reports, **hedged[1]),
        ],
    }


def _row(
    series_id: str,
    period: int,
    value: object,
    sex: str = "total",
    age: str = "total",
    breakdown: str = "",
    **cells: object,
) -> Row:
    return {"Sleutel": key(series_id, sex, age, breakdown), "Periode": str(period), "Waarde": value, **cells}


def _dotted(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def fill(path: Path, rows: list[Row], name: str) -> dict[int, str]:
    """Type rows into a workbook as a person does; return which cell of the value each row has, by its place in `rows`.

    A row is the one that the sheet asks for, or where it asks for none, one of those left open at its foot.
    """
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    at = {sheet.cell(1, c).value: c for c in range(1, sheet.max_column + 1)}
    assert set(at) == set(HEADINGS)
    cells = [
        (r, *(sheet.cell(r, at[name]).value for name in ("Sleutel", "Periode")))
        for r in range(2, sheet.max_row + 1)
    ]
    asked = {(str(key_), str(period)): r for r, key_, period in cells}
    left_open = iter([r for r, key_, _ in cells[-OPEN_ROWS:] if not key_])
    typed = {}
    for number, row in enumerate(rows):
        place = asked.get((row["Sleutel"], row["Periode"])) or next(left_open)
        year = int(row["Periode"])
        known = {
            "Document": f"{TITLES[name]} {YEAR} (verzonnen)",
            "Gepubliceerd op": f"{10 + len(name) % 9}-9-{YEAR + 1}",
            "Plaats": f"blz. {year - 2000}",
        }
        for heading, value in (known | row).items():
            sheet.cell(place, at[heading]).value = value
        typed[number] = sheet.cell(place, at["Waarde"]).coordinate
    workbook.save(path)
    return typed


def download(seed: int, registered: pd.DataFrame) -> str:
    """Return the table of registered offences as data.politie.nl gives it, with three invented years at its end.

    `registered` has the years that are known (columns time_period and obs_value): a new download repeats them.
    """
    draw = np.random.default_rng([seed, 47025])
    known = dict(zip(registered["time_period"], registered["obs_value"], strict=True))
    last = known[max(known)]
    for year in range(int(max(known)) + 1, YEAR + 1):
        last = known[str(year)] = round(last * float(np.exp(draw.normal(0, 0.08))))
    lines = ['"ID";"SoortMisdrijf";"RegioS";"Perioden";"GeregistreerdeMisdrijven_1"']
    for number, (year, count) in enumerate(sorted(known.items())):
        lines.append(f'"{2 * number}";"0.0.0 ";"NL01  ";"{year}JJ00";"{count * 97 + number:8.0f}"')
        lines.append(f'"{2 * number + 1}";"1.4.1 ";"NL01  ";"{year}JJ00";"{count:8.0f}"')
    return "\ufeff" + "\n".join(lines) + "\n"


def cut_off(text: str, seed: int) -> str:
    """Return a download that stopped in the middle of a line."""
    draw = np.random.default_rng([seed, 404])
    ends = [n for n, sign in enumerate(text) if sign == "\n"]
    line = int(draw.integers(3, len(ends) - 1))
    return text[: int(draw.integers(ends[line] + 3, ends[line + 1] - 3))]
