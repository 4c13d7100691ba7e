"""INVENTED figures of 2025 and 2026, drawn from a seed, in the files in which publishers send them.

No figure here was published or expects anything. They rise for one seed and fall for another, are exact or rounded,
so that the pages of a year to come meet what next year may bring.
"""

import numpy as np
from openpyxl import load_workbook

from osw_stats.data.sheets.form import HEADINGS, OPEN_ROWS, key
from tests.cases import beside

YEAR = 2026
DOWNLOAD = f"47025NED_UntypedDataSet_01102{YEAR + 1}_120000.csv"
SHEETS = beside(__file__, "rows.yml")


def sheets(seed):
    """Return what is typed into each sheet, by the name of its file: rows with the key, the period and the cells."""
    draw = np.random.default_rng(seed)

    def moved(value, spread=0.2):
        return round(value * float(np.exp(draw.normal(0, spread))))

    def part(whole, low, high):
        return round(whole * float(draw.uniform(low, high)))

    def dotted(value):
        return f"{value:,}".replace(",", ".")

    requests, police = (moved(12206), moved(12206)), moved(14802, 0.1)
    share = round(5.2 + float(draw.normal(0, 0.6)), 1)
    people, reports = int(round(share * 152_000, -4)), int(round(moved(127_000), -3))
    drawn = {"requests before": dotted(requests[0]), "requests": requests[1], "police before": police}
    drawn |= {"share": str(share).replace(".", ","), "people": people, "reports": reports}
    drawn |= {"about people": f"ongeveer {dotted(people)}", "over reports": f"ruim {dotted(reports)}"}
    drawn |= {f"girls of {age}": int(draw.integers(15, 30)) for age in (16, 18)}
    drawn["sextortion before"], drawn["sextortion"] = (part(whole, 0.25, 0.45) for whole in requests)
    drawn["distribution"] = part(requests[1], 0.15, 0.3)
    drawn["police"] = dotted(moved(police, 0.1))
    drawn["police revised"] = 14805 + 10 * int(draw.integers(1, 9))
    drawn["complaints"], drawn["respondents"] = moved(3500, 0.1), moved(25_000, 0.1)
    drawn["contacts change"] = int(draw.choice([-1, 1]) * draw.integers(2, 20))
    drawn["reports before"] = moved(127_000)
    return {name: [_row(drawn, *row) for row in sheet["rows"]] for name, sheet in SHEETS.items()}


def _row(drawn, series_id, before, number, about):
    group = [about.get("sex", "total"), about.get("age", "total"), about.get("breakdown", "")]
    cells = {heading: drawn.get(text, text) for heading, text in about.items() if heading in HEADINGS}
    row = {"Sleutel": key(series_id, *group), "Periode": str(YEAR - before), "Waarde": drawn[number]}
    return row | cells


def fill(path, rows, name):
    """Type rows into a workbook as a person does; return the cell of the value of each.

    A row is the one that the sheet asks for, or where it asks for none, one of those left open at its foot.
    """
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    at = {sheet.cell(1, c).value: c for c in range(1, sheet.max_column + 1)}
    assert set(at) == set(HEADINGS)
    numbered = range(2, sheet.max_row + 1)
    asked = {tuple(str(sheet.cell(r, at[c]).value) for c in ("Sleutel", "Periode")): r for r in numbered}
    left_open = (r for r in numbered[-OPEN_ROWS:] if not sheet.cell(r, at["Sleutel"]).value)
    known = {"Document": f"{SHEETS[name]['title']} {YEAR} (verzonnen)"}
    known["Gepubliceerd op"] = f"{10 + len(name) % 9}-9-{YEAR + 1}"
    typed = []
    for row in rows:
        place = asked.get((row["Sleutel"], row["Periode"])) or next(left_open)
        known["Plaats"] = f"blz. {int(row['Periode']) - 2000}"
        for heading, value in (known | row).items():
            sheet.cell(place, at[heading]).value = value
        typed.append(sheet.cell(place, at["Waarde"]).coordinate)
    workbook.save(path)
    return typed


def download(seed, registered):
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


def cut_off(text, seed):
    """Return a download that stopped in the middle of a line."""
    draw = np.random.default_rng([seed, 404])
    ends = [n for n, sign in enumerate(text) if sign == "\n"]
    line = int(draw.integers(3, len(ends) - 1))
    return text[: int(draw.integers(ends[line] + 3, ends[line + 1] - 3))]
