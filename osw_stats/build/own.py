"""Output of notebooks run with one's own parameters, singly or as a matrix: executed notebooks and pages."""

import itertools
import json
import math
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.build.runs import Job, RunLog, Work, dress, started, write
from osw_stats.data.edition import load_tables
from osw_stats.data.editions import read_checked
from osw_stats.errors import InputError, OswError
from osw_stats.kept import disk, keys
from osw_stats.kept.code_cells import check_parameters, notebook_path
from osw_stats.kept.guard import Guard
from osw_stats.kept.store import Store
from osw_stats.kept.swap import alone, building, publish
from osw_stats.project import LANGUAGES
from osw_stats.publish.contents import Page, items, whole_page
from osw_stats.publish.pages.render import render
from osw_stats.publish.site import pandoc
from osw_stats.publish.site.stage import page_text, settings
from osw_stats.results.collected import Results

# folders whose files are the project's own; build/own is for runs
PROJECT = (
    *("_site", "benchmarks", "build", "data", "docs", "editions", "figures", "notebooks", "osw_stats"),
    *("pages", "scenarios", "tests"),
)
PRIVATE = "microdata"  # the parameter for a file of answers, whose name and path are never disclosed
ANSWERS = "answers"  # replaces them

MOST_RUNS = 1000  # of one matrix: one list of values too many makes millions
NAME = re.compile(r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)*")


def unnamed(executed: str, parameters: Mapping[str, Any]) -> str:
    """Return an executed notebook without the name of any file of answers."""
    if not (place := str(parameters.get(PRIVATE) or "")):
        return executed
    # as papermill writes it into a cell, and unescaped; the bare name only if it is no common word
    patterns = [re.escape(json.dumps(place)[1:-1]), re.escape(place)]
    if "." in (name := Path(place).name):
        patterns.append(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    pattern = re.compile("|".join(patterns))

    def clean(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: clean(value) for key, value in part.items()}
        if isinstance(part, list):
            return [clean(value) for value in part]
        return pattern.sub(ANSWERS, part) if isinstance(part, str) else part

    return json.dumps(clean(json.loads(executed)), ensure_ascii=False)


@contextmanager
def own_output(root: Path, name: str, requested: Path | None) -> Iterator[Path]:
    """Yield the output file of a run of the notebook `name`; while it is held, no other run writes there."""
    folder = root / "build" / "own"
    usual = (folder / f"{name}{'' if number == 1 else f'-{number}'}.ipynb" for number in count(1))
    for file in usual if requested is None else [requested]:
        path = _free(root, file)
        with alone(root, path) as mine:
            if mine:
                yield path
                return
    raise _refused("another run writes to this file now", "Wait for it, or give another name.", requested)


def _refused(problem: str, remedy: str, output: Path | None) -> InputError:
    return InputError(problem, remedy, column="--output", value=output)


def _free(root: Path, output: Path) -> Path:
    """Return the real path of a file that a run may write: a new file, or an earlier run."""
    path = Path(
        os.path.realpath(output)
    )  # of a loop `resolve` raises an error before Python 3.13, and none since
    if any(part.is_symlink() for part in (path, *path.parents)):
        raise _refused("is a link that leads to itself", "Take the link away.", output)
    inside = path.is_relative_to(root.resolve())
    parts = path.relative_to(root.resolve()).parts if inside else ()
    in_own_folder = parts[:2] == ("build", "own")
    if inside and not in_own_folder and (not parts or parts[0] in PROJECT or parts[0].startswith(".")):
        remedy = "Leave --output out, or name a folder of your own."
        raise _refused("belongs to the project, so no run may write there", remedy, output)
    if path.exists() and not _is_run(path):
        remedy = "Give a new name that ends in .ipynb."
        raise _refused("is there and is no executed notebook, so it is not replaced", remedy, output)
    if path.suffix != ".ipynb":
        raise _refused("does not end in .ipynb", "Its page takes the same name with .html.", output)
    page = path.with_suffix(".html")
    if not in_own_folder and page.exists() and not path.exists():
        problem = f"is given a page {page.name}, and that is there already"
        raise _refused(problem, "Give another name.", output)
    return path


def _is_run(path: Path) -> bool:
    try:
        return "papermill" in json.loads(path.read_text(encoding="utf-8"))["metadata"]
    except (OSError, ValueError, LookupError, TypeError):
        return False


def own_page(root: Path, page: Page, output: Path) -> Path:
    """Write the page of an executed notebook beside it, under the same name; return the file."""
    name, stem, out = page.name, output.stem, output.parent
    usual = out == (root / "build" / "own").resolve() and stem == name
    figures = "figures" if usual else f"{stem}-figures"  # runs in one folder keep apart
    with tempfile.TemporaryDirectory() as folder:
        staged, rendered = Path(folder) / "staged", Path(folder) / "made"
        settings(root, staged)
        (staged / "figures").mkdir()
        (staged / f"{name}.qmd").write_text(page_text(page, staged / "figures"), encoding="utf-8")
        pandoc.render(staged, page.language, rendered, alone=True)
        html, text = rendered / f"{stem}.html", (rendered / f"{name}.html").read_text(encoding="utf-8")
        (rendered / f"{name}.html").unlink()
        # links to other pages lead to the site, since this page stands alone
        site = (root / "_site" if page.language == "nl" else root / "_site" / page.language).resolve()
        text = re.sub(
            r'href="((?:\.\./|en/)?[a-z_-]+\.html)(#[^"]*)?"',
            lambda link: f'href="{(site / link[1]).resolve().as_uri()}{link[2] or ""}"',
            text,
        )
        html.write_text(re.sub(r'((?:src|srcset|href)=")figures/', rf"\1{figures}/", text), encoding="utf-8")
        (rendered / "figures").rename(rendered / figures)
        for path in sorted(p for p in rendered.rglob("*") if p.is_file()):
            target = out / path.relative_to(rendered)
            if target.is_symlink() or target.resolve() != out.resolve() / path.relative_to(rendered):
                remedy = "Take the link away, or give another --output."
                raise InputError("is a link to another place", remedy, file=target)
            target.parent.mkdir(parents=True, exist_ok=True)
            disk.write(target, path.read_bytes())
    return out / f"{stem}.html"


def run_matrix(
    root: Path, file: Path, *, force: bool = False, progress: Callable[[str], None] = print, **options: Any
) -> tuple[Path, list[dict[str, Any]]]:
    """Run a notebook for every combination of values in `file`; return the folder of results and a row a run."""
    # the last value changes fastest; a run that fails has a problem in its row
    if not NAME.fullmatch(file.stem):
        remedy = "Use letters, digits, hyphens and dots: its results lie in a folder of that name."
        raise InputError("is no name of a matrix", remedy, file=file, value=file.stem)
    guard, known = Guard(root), keys.inputs(root)
    entry = read_checked(file, "matrix", "docs/performance.md shows an example.")
    path, year, varied = notebook_path(root, entry["notebook"]), entry["edition"], dict(entry["parameters"])
    languages = varied.pop("language", LANGUAGES[:1])  # of the pages: a notebook has no language
    number = math.prod(map(len, varied.values()))
    if number > MOST_RUNS:
        remedy = "Give fewer values, or make several files."
        raise InputError(f"means {number} runs; {MOST_RUNS} at most", remedy, file=file, column="parameters")
    jobs, failures = [], dict[str, str]()
    for values in itertools.product(*varied.values()):
        chosen = dict(zip(varied, values, strict=True))
        parameters = check_parameters(path, {"edition": year} | chosen)
        label = " ".join([path.stem, *map(str, _without_answers(chosen).values())])
        jobs.append(Job(label, path, parameters, keys.run_key(root, path, parameters, known)))
    progress(f"matrix  {number} runs of {path.name}")
    guard.also(named for job in jobs for named in keys.named(root, job.parameters))
    target = root / "build" / "matrix" / file.stem
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        building(root, f"matrix {file.name}"),
        RunLog(target.with_suffix(".jsonl"), matrix=file.name, runs=len(jobs)) as log,
        tempfile.TemporaryDirectory(prefix="new-", dir=target.parent) as folder,
        guard.watching(),
    ):
        store = Store(root / "build" / "kept", fresh=force, guard=guard)
        work = Work(root, year, known, store, guard, log, progress, **options)
        with started(work, jobs, failures) as pending:
            outcomes = pending.collect()
        new, tables, rows, sentences = Path(folder, "runs"), load_tables(year, root), [], []
        new.mkdir()
        for number, job in enumerate(jobs, start=1):
            name = f"{number:04d}-{re.sub('[^A-Za-z0-9]+', '-', job.label).strip('-')}.ipynb"
            public = _without_answers(job.parameters)
            rows.append(row := {"run": number, "notebook": path.name, **public, "file": name, "problem": ""})
            if job.key not in outcomes:
                row |= {"file": "", "problem": failures[job.label]}
                continue
            executed = json.loads(unnamed(json.dumps(dress(path, outcomes[job.key])), job.parameters))
            write(executed, new / name)
            for language in languages:
                results = Results.of_notebook(executed)
                page = render(root, whole_page(root, path.stem), language, results, tables)
                sentence_items = items(page, "sentence")
                sentences += [(number, language, item.name, item.facts["text"]) for item in sentence_items]
        frames = {"runs": pd.DataFrame(rows)}
        frames["sentences"] = pd.DataFrame(sentences, columns=["run", "language", "name", "text"])
        for name, frame in frames.items():
            frame.to_csv(new / f"{name}.csv", index=False, lineterminator="\n")
        guard.require()
        publish([(new, target)])
        store.prune()
    return target, rows


def _without_answers(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return dict(parameters) | ({PRIVATE: ANSWERS} if parameters.get(PRIVATE) else {})


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
