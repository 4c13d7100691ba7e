"""How long, and in how much memory, a large table is read. The table is SIMULATED.

Run: `.venv/bin/python benchmarks/read_million.py` (or `make bench`). For every size and shape a
process of its own makes nothing but reads the table, so its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGE = 10_000  # rows a call of the service gives
SIZES = (100_000, 300_000, 1_000_000)
READ = """
import resource, sys, time
from pathlib import Path
from osw_stats.data.statline.read import read_table
start = time.perf_counter()
rows = len(read_table(Path(sys.argv[1])).frame)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(rows, time.perf_counter() - start, peak)
"""


def records(rows: int):
    """Yield simulated records of a police table: crime types x places x months, one in nine withheld."""
    for number in range(rows):
        month, rest = number % 120, number // 120
        yield {
            "ID": number,
            "SoortMisdrijf": f"{1 + rest % 9}.{1 + rest // 9 % 9}.1 ",
            "WijkenEnBuurten": f"GM{rest // 81:04d}    ",
            "Perioden": f"{2012 + month // 12}MM{1 + month % 12:02d}",
            "GeregistreerdeMisdrijven_1": None if number % 9 == 0 else number % 4000,
        }


def make_json(folder: Path, rows: int) -> Path:
    """Write the pages of OData version 3."""
    batch, number = [], 0
    for record in records(rows):
        batch.append(record)
        if len(batch) == PAGE:
            number += 1
            (folder / f"TypedDataSet-{number:04d}.json").write_text(json.dumps({"value": batch}))
            batch = []
    return folder


def make_csv(folder: Path, rows: int) -> Path:
    """Write one bulk file with keys."""
    path = folder / "47022NED_UntypedDataSet.csv"
    with path.open("w") as handle:
        handle.write('"ID";"SoortMisdrijf";"WijkenEnBuurten";"Perioden";"GeregistreerdeMisdrijven_1"\n')
        for r in records(rows):
            value = "." if r["GeregistreerdeMisdrijven_1"] is None else r["GeregistreerdeMisdrijven_1"]
            handle.write(
                f'"{r["ID"]}";"{r["SoortMisdrijf"]}";"{r["WijkenEnBuurten"]}";"{r["Perioden"]}";"{value:>8}"\n'
            )
    return path


def main() -> None:
    """Measure every shape at every size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=SIZES, help="sizes to measure")
    print(f"{'shape':8}{'rows':>12}{'seconds':>10}{'us/row':>9}{'peak MiB':>10}")
    for rows in parser.parse_args().rows:
        for shape, make in (("csv", make_csv), ("json", make_json)):
            with tempfile.TemporaryDirectory() as folder:
                path = make(Path(folder), rows)
                time.sleep(0.1)
                done = subprocess.run(
                    [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True
                )
                read, seconds, peak = done.stdout.split()
                print(
                    f"{shape:8}{read:>12}{float(seconds):>10.2f}{1e6 * float(seconds) / rows:>9.2f}{float(peak):>10.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
