"""Many runs of one notebook: every combination of the values in a file, on this machine or on a cluster.

`docs/performance.md` has an example, and how to use a Dask cluster.
"""

from __future__ import annotations

import itertools
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.kept.code_cells import notebook_path
from osw_stats.errors import OswError
from osw_stats.build import notebooks
from osw_stats.data.edition import load_tables
from osw_stats.data.editions import read_checked
from osw_stats.kept import keys
from osw_stats.build import runs
from osw_stats.kept.guard import Guard
from osw_stats.kept.lock import building
from osw_stats.kept.log import RunLog
from osw_stats.kept.store import Store
from osw_stats.publish.contents import items
from osw_stats.publish.pages.render import render
from osw_stats.kept.parameters import check_parameters
from osw_stats.kept.swap import publish
from osw_stats.project import LANGUAGES
from osw_stats.results.collected import Results

LANGUAGE = "language"  # of what the pages say: a notebook knows none


def jobs_of(root: Path, entry: dict[str, Any], known: keys.Hashes) -> list[runs.Job]:
    """Return the runs that a matrix asks for, in its order: the last parameter changes fastest."""
    path = notebook_path(root, entry["notebook"])
    varied = {name: values for name, values in entry["parameters"].items() if name != LANGUAGE}
    jobs = []
    for values in itertools.product(*varied.values()):
        given = {"edition": entry["edition"]} | dict(zip(varied, values, strict=True))
        given = check_parameters(path, given)
        label = " ".join([path.stem, *map(str, values)])
        jobs.append(runs.Job(label, path, given, keys.run_key(root, path, given, known), given))
    return jobs


def run_matrix(
    root: Path, file: Path, *, force: bool = False, progress: Callable[[str], None] = print, **how: Any
) -> tuple[Path, list[dict[str, Any]]]:
    """Run a notebook for every combination of values, and write the executed notebooks and what their pages say.

    `file` is YAML with `notebook`, `edition` and `parameters`: by name a list of values. `how` is as in `runs.started`.
    Return the folder and a row a run, as in its `runs.csv`: a run that fails has a problem there, and stops no other.
    """
    guard, known = Guard(root), keys.inputs(root)
    entry = read_checked(file, "matrix", "docs/performance.md shows an example.")
    jobs, failures = jobs_of(root, entry, known), dict[str, str]()
    guard.also(path for job in jobs for path in keys.named(root, job.given))
    target = root / "build" / "matrix" / file.stem
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        building(root, f"matrix {file.name}"),
        RunLog(target.with_suffix(".jsonl"), matrix=file.name, runs=len(jobs)) as log,
        tempfile.TemporaryDirectory(prefix="new-", dir=target.parent) as folder,
        guard.watching(),
    ):
        store = Store(root / "build" / "kept", fresh=force, guard=guard)
        with runs.started(jobs, store, log=log, progress=progress, failures=failures, **how) as pending:
            outcomes = pending.collect()
        new, rows, sentences = Path(folder, "runs"), [], []
        new.mkdir()
        tables = load_tables(entry["edition"], root)
        for number, job in enumerate(jobs, start=1):
            rows.append({"run": number, "notebook": job.path.name, **job.given, "file": ""})
            rows[-1]["problem"] = failures.get(job.label, "")
            if job.key in outcomes:
                rows[-1]["file"] = f"{number:04d}-{re.sub('[^A-Za-z0-9]+', '-', job.label).strip('-')}.ipynb"
                executed = runs.dress(job.path, outcomes[job.key])
                text = json.dumps(executed, ensure_ascii=False, indent=1) + "\n"
                (new / rows[-1]["file"]).write_text(text, encoding="utf-8")
                results = Results.of_notebook(executed)
                for language in entry["parameters"].get(LANGUAGE, LANGUAGES[:1]):
                    said = items(render(root, job.path.stem, language, results, tables))
                    texts = [(item.name, item.facts["text"]) for item in said if item.kind == "sentence"]
                    sentences += [(number, language, *pair) for pair in texts]
        columns = ["run", "language", "name", "text"]
        pd.DataFrame(rows).to_csv(new / "runs.csv", index=False, lineterminator="\n")
        pd.DataFrame(sentences, columns=columns).to_csv(
            new / "sentences.csv", index=False, lineterminator="\n"
        )
        guard.require()
        publish([(new, target)])
        store.prune()
    return target, rows


@contextmanager
def cluster(address: str | None) -> Iterator[Executor | None]:
    """Yield the executor of the Dask cluster at an address, OswError if there is none; None without an address."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client

        client = Client(address, timeout=10)
    except ImportError:
        raise OswError("--scheduler needs Dask. Install it: pip install 'osw_stats[cluster]'.") from None
    except (OSError, ValueError) as error:
        problem = f"no Dask scheduler answers at {address} ({error}). Start one: dask scheduler."
        raise OswError(problem) from None
    with client:
        yield client.get_executor(pure=False)
