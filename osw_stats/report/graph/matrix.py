"""Many runs of one notebook: every combination of the values in a file, on this machine or on a cluster."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, OswError
from osw_stats.report import notebooks
from osw_stats.report.edition import load_tables
from osw_stats.report.graph import keys, runs, state
from osw_stats.report.graph.guard import Guard
from osw_stats.report.graph.lock import building
from osw_stats.report.graph.log import RunLog
from osw_stats.report.graph.store import Store
from osw_stats.report.harvest import Page, items
from osw_stats.report.pages.render import render
from osw_stats.report.parameters import check_parameters
from osw_stats.report.publish import publish
from osw_stats.report.root import LANGUAGES
from osw_stats.results.collected import Results
from osw_stats.yamlfile import read_yaml, require_schema

LANGUAGE = "language"  # of what the pages say: a notebook knows none
_SCHEMA = {
    "type": "object",
    "required": ["notebook", "edition", "parameters"],
    "additionalProperties": False,
    "properties": {
        "notebook": {"type": "string"},
        "edition": {"type": "integer"},
        "parameters": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"not": {"const": "edition"}},
            "additionalProperties": {"type": "array", "minItems": 1, "uniqueItems": True},
        },
    },
}


@dataclass(frozen=True)
class Result:
    """What a matrix gave: its folder, the number of runs, and what stopped the runs that failed, by label."""

    folder: Path
    runs: int
    failures: dict[str, str]


def run_matrix(
    root: Path,
    file: Path,
    *,
    executor: Executor | None = None,
    engine: str = "auto",
    progress: Callable[[str], None] = print,
    live: runs.Live | None = None,
    force: bool = False,
) -> Result:
    """Run a notebook for every combination of values and write the executed notebooks and what they say.

    Parameters
    ----------
    root
        Project folder.
    file
        YAML with `notebook`, `edition` and `parameters`: by name, a list of values.
    executor, engine, progress, live, force
        As in `build`.

    Returns
    -------
    Result
        `build/matrix/<name of the file>/` holds a notebook a run, `runs.csv` and `sentences.csv`, in the order
        of the file whatever ran where. A run that fails is named in `runs.csv`, and stops no other.

    Raises
    ------
    InputError
        If the file cannot be used; every run's parameters are checked before the first starts.
    """
    guard = Guard(root)
    known = keys.inputs(root)
    jobs = jobs_of(root, file, known)
    guard = guard.also(path for one in jobs for path in keys.named(root, one.given))
    target = root / "build" / "matrix" / file.stem
    with building(root, f"matrix {file.name}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        store = Store(root / "build" / "kept", fresh=force, guard=guard)
        failures: dict[str, str] = {}
        with RunLog(target.parent / f"{file.stem}.jsonl", matrix=file.name, runs=len(jobs)) as log:
            log.event("inputs", environment=keys.environment(root), files=known)
            with tempfile.TemporaryDirectory(prefix="new-", dir=target.parent) as folder:
                new = Path(folder) / "runs"
                with (
                    guard.watching(),
                    runs.started(
                        jobs, store, engine=engine, executor=executor, progress=progress, live=live, log=log,
                        failures=failures,
                    ) as pending,
                ):  # fmt: skip
                    outcomes = pending.collect()
                    _write(jobs, outcomes, failures, new, _telling(root, file))
                guard.require()
                (new / "used.json").write_text(json.dumps(sorted(store.used)), encoding="utf-8")
                publish([(new, target)])
        store.prune(state.used(root))
    return Result(target, len(jobs), failures)


def _telling(root: Path, file: Path) -> Callable[[str, Results], list[Page]]:
    """Return what makes the pages of a run, in the languages that a matrix file names: the first one if none."""
    entry = _entry(file)
    tables = load_tables(entry["edition"], root)
    spoken = entry["parameters"].get(LANGUAGE, LANGUAGES[:1])
    return lambda name, found: [render(root, name, language, found, tables) for language in spoken]


def _entry(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise InputError("there is no such file", "Give the YAML file of a matrix.", file=file)
    entry: dict[str, Any] = read_yaml(file)
    require_schema(entry, _SCHEMA, "docs/performance.md shows an example.", file=file.name)
    for language in entry["parameters"].get(LANGUAGE, ()):
        if language not in LANGUAGES:
            raise InputError("is no language of the pages", f"Choose: {', '.join(LANGUAGES)}.", file=file.name, column=LANGUAGE, value=language)  # fmt: skip
    return entry


def jobs_of(root: Path, file: Path, known: keys.Hashes) -> list[runs.Job]:
    """Return the runs a matrix file asks for, in its order: the last parameter changes fastest."""
    entry = _entry(file)
    path = notebooks.notebook_path(root, entry["notebook"])
    varied = {name: values for name, values in entry["parameters"].items() if name != LANGUAGE}
    names = list(varied)
    jobs = []
    for values in itertools.product(*varied.values()):
        given = check_parameters(path, {"edition": entry["edition"]} | dict(zip(names, values, strict=True)))
        label = " ".join([path.stem, *map(str, values)])
        jobs.append(runs.Job(label, path, given, keys.run_key(root, path, given, known), given))
    return jobs


def _write(
    jobs: list[runs.Job],
    outcomes: dict[str, runs.Outcome],
    failures: dict[str, str],
    out: Path,
    tell: Callable[[str, Results], list[Page]],
) -> None:
    """Write every executed notebook, the list of runs, and what their pages say in words."""
    out.mkdir()
    rows, sentences = [], []
    for number, one in enumerate(jobs, start=1):
        name = f"{number:04d}-{re.sub(r'[^A-Za-z0-9]+', '-', one.label).strip('-')}.ipynb"
        row = {
            "run": number,
            "notebook": one.path.name,
            **one.given,
            "file": name,
            "problem": failures.get(one.label, ""),
        }
        if one.key in outcomes:
            executed = runs.dress(one.path, outcomes[one.key])
            text = json.dumps(executed, ensure_ascii=False, indent=1) + "\n"
            (out / name).write_text(text, encoding="utf-8")
            sentences += [
                {"run": number, "language": page.language, "name": told.name, "text": told.facts["text"]}
                for page in tell(one.path.stem, Results.of_notebook(executed))
                for told in items(page)
                if told.kind == "sentence"
            ]
        else:
            row["file"] = ""
        rows.append(row)
    (out / "runs.csv").write_text(_csv(rows), encoding="utf-8")
    (out / "sentences.csv").write_text(_csv(sentences), encoding="utf-8")


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["run"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@contextmanager
def cluster(address: str | None) -> Iterator[Executor | None]:
    """Give the executor of the Dask cluster at an address; none where no address is given.

    Raises
    ------
    OswError
        If Dask is not installed or nothing answers at the address.
    """
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise OswError("--scheduler needs Dask. Install it: pip install 'osw_stats[cluster]'.") from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise OswError(
            f"no Dask scheduler answers at {address} ({error}). Start one: dask scheduler."
        ) from None
    with client:
        yield client.get_executor(pure=False)
