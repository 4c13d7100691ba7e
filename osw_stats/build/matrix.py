"""Many runs of one notebook: every combination of the values in a file, on this machine or on a cluster.

`docs/performance.md` has an example, and how to use a Dask cluster.
"""

import itertools
import json
import math
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.build.own import ANSWERS, PRIVATE, unnamed
from osw_stats.build.runs import Job, dress, started, write
from osw_stats.build.work import RunLog, Work
from osw_stats.data.edition import load_tables
from osw_stats.data.editions import read_checked
from osw_stats.errors import InputError, OswError
from osw_stats.kept import keys
from osw_stats.kept.code_cells import check_parameters, notebook_path
from osw_stats.kept.swap import building, publish
from osw_stats.kept.guard import Guard
from osw_stats.kept.store import Store
from osw_stats.project import LANGUAGES
from osw_stats.publish.contents import items, whole_page
from osw_stats.publish.pages.render import render
from osw_stats.results.collected import Results

MOST_RUNS = 1000  # of one matrix: a list of values too many makes millions
NAME = re.compile(r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)*")


def run_matrix(
    root: Path, file: Path, *, force: bool = False, progress: Callable[[str], None] = print, **how: Any
) -> tuple[Path, list[dict[str, Any]]]:
    """Run a notebook for every combination of values in `file`; return the folder of results and a row a run."""
    # the last value changes fastest; a run that fails has a problem in its row
    if not NAME.fullmatch(file.stem):
        remedy = "Use letters, digits, hyphens and dots: its results lie in a folder of that name."
        raise InputError("is no name of a matrix", remedy, file=file, value=file.stem)
    guard, known = Guard(root), keys.inputs(root)
    entry = read_checked(file, "matrix", "docs/performance.md shows an example.")
    path, year, varied = notebook_path(root, entry["notebook"]), entry["edition"], dict(entry["parameters"])
    languages = varied.pop("language", LANGUAGES[:1])  # of what the pages say: a notebook knows none
    number = math.prod(map(len, varied.values()))
    if number > MOST_RUNS:
        remedy = "Give fewer values, or make several files."
        raise InputError(f"means {number} runs; {MOST_RUNS} at most", remedy, file=file, column="parameters")
    jobs, failures = [], dict[str, str]()
    for values in itertools.product(*varied.values()):
        given = check_parameters(path, {"edition": year} | dict(zip(varied, values, strict=True)))
        pairs = zip(varied, values, strict=True)
        words = [ANSWERS if name in PRIVATE and value else str(value) for name, value in pairs]
        label = " ".join([path.stem, *words])
        jobs.append(Job(label, path, given, keys.run_key(root, path, given, known), given))
    progress(f"matrix  {number} runs of {path.name}")
    guard.also(named for job in jobs for named in keys.named(root, job.given))
    target = root / "build" / "matrix" / file.stem
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        building(root, f"matrix {file.name}"),
        RunLog(target.with_suffix(".jsonl"), matrix=file.name, runs=len(jobs)) as log,
        tempfile.TemporaryDirectory(prefix="new-", dir=target.parent) as folder,
        guard.watching(),
    ):
        store = Store(root / "build" / "kept", fresh=force, guard=guard)
        work = Work(root, year, known, store, guard, log, progress, **how)
        with started(work, jobs, failures) as pending:
            outcomes = pending.collect()
        new, tables, rows, sentences = Path(folder, "runs"), load_tables(year, root), [], []
        new.mkdir()
        for number, job in enumerate(jobs, start=1):
            name = f"{number:04d}-{re.sub('[^A-Za-z0-9]+', '-', job.label).strip('-')}.ipynb"
            told_of = {k: ANSWERS if k in PRIVATE and value else value for k, value in job.given.items()}
            rows.append(row := {"run": number, "notebook": path.name, **told_of, "file": name, "problem": ""})
            if job.key not in outcomes:
                row |= {"file": "", "problem": failures[job.label]}
                continue
            executed = json.loads(unnamed(json.dumps(dress(path, outcomes[job.key])), job.given))
            write(executed, new / name)
            for language in languages:
                results = Results.of_notebook(executed)
                page = render(root, whole_page(root, path.stem), language, results, tables)
                told = [item for item in items(page) if item.kind == "sentence"]
                sentences += [(number, language, item.name, item.facts["text"]) for item in told]
        said = pd.DataFrame(sentences, columns=["run", "language", "name", "text"])
        for frame, name in ((pd.DataFrame(rows), "runs.csv"), (said, "sentences.csv")):
            frame.to_csv(new / name, index=False, lineterminator="\n")
        guard.require()
        publish([(new, target)])
        store.prune()
    return target, rows


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Yield the executor of the Dask cluster at an address; OswError if there is none."""
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
