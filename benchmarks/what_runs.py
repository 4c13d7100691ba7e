"""Which statements of the package an ordinary edition runs, or the example in some command's --help; by folder.

    python benchmarks/what_runs.py [--edition YEAR ...] [--data FOLDER] [--never FILE]

Editions 2023 to 2025 are built in a copy, then every example of `osw_stats/cli/commands.toml` runs there, and those of
`docs/front_door.md`, each in processes that coverage.py watches. Refusals do not count: a statement that raises an
error or hands one on, and a branch that ends in one. Downloads, answers and filled-in sheets are SIMULATED. `--data` reads what an earlier run measured, `--never`
writes the places that never ran.
"""

import argparse
import ast
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import coverage
import pypandoc

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))
SETTINGS = "[run]\nsource = osw_stats\nparallel = true\nrelative_files = true\nsigterm = true\n"
SETTINGS += "patch = subprocess, _exit, fork\ndata_file = {}\n"
BAR = 85.0  # percent of the statements outside the shelf
CLUSTER = "tcp://"  # an example that needs other machines
NAMED = {  # what examples call files of the project
    "mine.csv": "data/raw/rapport2025/claims.csv",
    "claims.csv": "data/raw/rapport2025/claims.csv",
    "non_claims.csv": "data/raw/rapport2025/non_claims.csv",
    "my.yml": "scenarios/central.yml",
}


def prepare(root: Path) -> None:
    """Put the files there that examples name; those of publishers and respondents are SIMULATED."""
    from tests.simulated import export_by_month, export_by_region, simulated
    from tests.simulated_margins import answers

    export = export_by_region(4)
    (root / "47013NED_export.csv").write_text(export, encoding="utf-8-sig")
    for table, text in {"47013NED": export, "47022NED": export_by_month(simulated(5, step=0.15))}.items():
        home = root / "data" / "raw" / "police" / table
        home.mkdir(parents=True)
        (home / f"{table}.csv").write_text(text, encoding="utf-8-sig")
    (root / "regions.yml").write_text("notebook: trend\nedition: 2024\nparameters:\n  region: [PV20]\n")
    built = sorted((root / "data" / "processed").glob("2*"))
    # the text to check is the report itself
    report = built[-1] / f"report-{built[-1].name}-nl.docx"
    pypandoc.convert_file(str(report), "plain", outputfile=str(root / "report.txt"))
    shutil.copyfile(report.with_name(report.name.replace("-nl", "-en")), root / "letter.docx")
    shutil.copyfile(report.with_suffix(".pdf"), root / "report.pdf")
    for name, file in NAMED.items():
        shutil.copyfile(root / file, root / name)
    answers(4, 0.2).to_csv(root / "answers.csv", index=False)
    (root / "downloaded").mkdir()
    shutil.copyfile(root / "_site" / "checksums.json", root / "downloaded" / "checksums.json")
    for name, tables in zip(("old-site", "new-site"), built[-2:], strict=True):
        shutil.copytree(tables, root / name)


def hand_in(root: Path) -> None:
    """Fill in the sheets of the new edition with INVENTED figures, as people at the publishers would."""
    from tests.rehearsal.invented import YEAR, fill, sheets

    home = root / "data" / "raw" / "filled_in"
    home.mkdir()
    for name, rows in sheets(1).items():
        sheet = root / "fill-in" / str(YEAR) / f"{name}-{YEAR}.xlsx"
        fill(Path(shutil.copy(sheet, home)), rows, name)


def examples(service: str) -> list[list[str]]:
    """Return the commands of every --help; those that download ask the SIMULATED service."""
    commands = tomllib.loads((PROJECT / "osw_stats/cli/commands.toml").read_text(encoding="utf-8"))
    lines = [line.strip() for c in commands.values() for line in c["examples"].splitlines()]
    found = []
    for line in (line for line in lines if line.startswith("osw ") and CLUSTER not in line):
        words = shlex.split(line.partition("   ")[0].partition(">")[0])
        if not shutil.which("pdftotext"):  # which reads a PDF
            words = [word.replace("report.pdf", "letter.docx") for word in words]
        if words[1] == "fetch":
            words = ["osw", "fetch", "cbs", "9999SIM", "--where", "RegioS=NL01", "--base", service]
        found += [words[1:]] if words[1:] not in found else []
    return found


def measure(folder: Path, data: Path, years: list[int]) -> None:
    """Build the editions and run the examples in a copy, with what coverage.py saw in `data`."""
    from benchmarks.builds import copy
    from tests.data.simulated_service import Service
    from tests.rehearsal.invented import YEAR

    root, settings = copy(folder / "project"), folder / "coverage.ini"
    settings.write_text(SETTINGS.format(data / "data"))
    environment = os.environ | {"PYTHONPATH": str(root), "COVERAGE_PROCESS_START": str(settings)}

    def run(*words: str, module: str = "osw_stats") -> None:
        command, start = [sys.executable, "-m", module, *words], time.monotonic()
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
        last = (done.stderr.splitlines() or [""])[-1]
        failed = f"  status {done.returncode}: {last}" if done.returncode else ""
        print(f"{time.monotonic() - start:4.0f} s  {module} {shlex.join(words)}{failed}", flush=True)

    for year in years:
        run("build", "--edition", str(year))
    environment["OSW_TODAY"] = f"{YEAR + 1}-12-01"  # when the sheets of the next year come back
    prepare(root)
    lines = examples(Service().base)
    run("record")
    run(*next(words for words in lines if words[0] == "fetch"))
    shutil.copytree(next((root / "data" / "raw" / "cbs" / "9999SIM").iterdir()), root / "download")
    for before, words in pairwise([[], *lines]):
        if before[:1] == ["new-edition"] != words[:1]:
            hand_in(root)
        run(*words)
    run("-o", "ELLIPSIS", str(PROJECT / "docs" / "front_door.md"), module="doctest")


def refuses(node: ast.AST) -> bool:
    """Return whether a statement raises an error, or hands one on: yields it, or adds it to the faults."""
    match node:
        case ast.Raise():
            return True
        case (
            ast.Expr(ast.Yield(ast.Call(func=called)))
            | ast.Expr(ast.Call(func=ast.Attribute(attr="append"), args=[ast.Call(func=called)]))
            | ast.Expr(ast.Call(func=called))
        ):
            return ast.unparse(called).endswith(("Error", "fault", "refuse"))
    return False


def refusals(tree: ast.AST) -> set[int]:
    """Return the lines of statements that only refuse: of a branch that ends in one, and of what makes an error."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        branch = isinstance(node, ast.If | ast.ExceptHandler | ast.With | ast.For | ast.Try | ast.match_case)
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            branch = ast.unparse(node.returns).endswith(("Error", "NoReturn"))
        for body in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            ends = branch and isinstance(body, list) and body
            if ends and (isinstance(node, ast.FunctionDef) or refuses(body[-1])):
                start = node.lineno if isinstance(node, ast.ExceptHandler) else body[0].lineno
                lines.update(range(start, body[-1].end_lineno + 1))
        if refuses(node):
            lines.update(range(node.lineno, node.end_lineno + 1))
    return lines


def table(data: Path) -> tuple[dict[str, list[int]], list[str]]:
    """Return, by folder, statements inside functions, those that ran, and both of all statements; and what never ran."""
    seen = coverage.Coverage(data_file=str(data / "data"), source=[str(PROJECT / "osw_stats")])
    seen.combine([str(data)], keep=True)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    never = []
    for path in sorted((PROJECT / "osw_stats").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        made = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        inside = [range(f.body[0].lineno, f.end_lineno + 1) for f in made]
        _, executable, _, missing, _ = seen.analysis2(str(path))
        statements = set(executable) - refusals(tree)
        functions = statements & {line for lines in inside for line in lines}
        of_file = [part - gone for part in (functions, statements) for gone in (set(), set(missing))]
        room = path.relative_to(PROJECT).parent.as_posix()
        counts[room] = [n + len(part) for n, part in zip(counts[room], of_file, strict=True)]
        never += [f"{path.relative_to(PROJECT)}:{line}" for line in sorted(functions & set(missing))]
    return counts, never


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--edition", type=int, action="append", metavar="YEAR", help="(default 2023 to 2025)")
    asked.add_argument("--data", type=Path, metavar="FOLDER", help="what an earlier run measured")
    asked.add_argument("--never", type=Path, metavar="FILE", help="write the places that never ran")
    given = asked.parse_args()
    data = (given.data or PROJECT / "build" / "what_runs").resolve()
    if given.data is None:
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), data, given.edition or [2023, 2024, 2025])
    counts, never = table(data)
    total = [sum(n) for n in zip(*(c for room, c in counts.items() if "/shelf" not in room), strict=True)]
    print("statements inside functions, and all of them")
    for room, (inside, ran, statements, all_ran) in [*counts.items(), ("outside the shelf", total)]:
        if inside:
            shares = f"{100 * ran / inside:5.1f} percent   {all_ran:6} of {statements:6}  {100 * all_ran / statements:5.1f}"
            print(f"{room:34}{ran:6} of {inside:6}  {shares}")
    for words, (there, ran) in {"inside functions": total[:2], "all": total[2:]}.items():
        print(f"at least {BAR:.0f} percent, {words}: {'met' if 100 * ran >= BAR * there else 'not met'}")
    if given.never:
        given.never.write_text("\n".join(never) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
