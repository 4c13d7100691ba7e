"""The whole road: raw figures to tidy tables, notebooks and pages; published at the end.

Everything is made beside what is there and moved into place when all of it is ready,
so a build that fails or is killed leaves the last report whole.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from osw_stats.analysis.coverage import missing
from osw_stats.errors import InputError, OswError
from osw_stats.report import notebooks, own_claims, standard
from osw_stats.report.downloads import write_results, write_tidy
from osw_stats.report.edition import Tables, load_edition, tables_of
from osw_stats.report.files.make import make_files
from osw_stats.report.fragments import QUESTIONS
from osw_stats.report.harvest import Notebook
from osw_stats.report.site import pandoc, quarto
from osw_stats.report.site.stage import stage
from osw_stats.sources.clean import clean
from osw_stats.sources.quality import Check, judge

STEPS = ("clean", "run", "render")
RENDERERS = ("auto", "pandoc", "quarto")
Runs = dict[tuple[str, str], Notebook]


@dataclass
class Summary:
    """What a build made, for the lines at its end."""

    made: list[tuple[Path, int]] = field(default_factory=list)
    pages: list[Path] = field(default_factory=list)
    gaps: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0


def build(
    root: Path,
    year: int = 2024,
    *,
    only: str | None = None,
    renderer: str = "auto",
    executor: Executor | None = None,
    progress: Callable[[str], None] = print,
) -> Summary:
    """Make the report of one edition.

    Parameters
    ----------
    root
        Project folder.
    year
        Edition.
    only
        One of `STEPS`: "clean" writes the tidy tables; "run" also runs the notebooks and
        keeps them in build/; "render" makes the site from the runs kept there. All when None.
    renderer
        "auto" takes Quarto when it is on the path, else Pandoc.
    executor
        Where notebooks run; threads of this process (each with a kernel of its own) when
        None. Any `concurrent.futures.Executor` will do, such as that of a Dask cluster.
    progress
        Called with one line of text at a time.

    Raises
    ------
    OswError
        When anything stops the build; nothing published has changed then.
    """
    if only is not None and only not in STEPS:
        raise InputError("unknown step", f"Steps: {', '.join(STEPS)}.", column="--only", value=only)
    start = time.monotonic()
    edition = load_edition(year, root)
    tidy = clean(root)
    tables = tables_of(edition, tidy, root)
    progress(
        f"clean   {len(tidy.observations)} figures, {len(tables.observations)} of them in edition {year}"
    )
    work = root / "build" / str(year)
    work.mkdir(parents=True, exist_ok=True)
    _renderers(renderer)  # a misspelt one stops here, before the work
    summary = Summary()
    with tempfile.TemporaryDirectory(prefix="new-", dir=work) as folder:
        new = Path(folder)
        checks = judge(root, tidy)
        write_tidy(tables, checks, new / "processed")
        targets = [(new / "processed", root / "data" / "processed" / str(year))]
        if only != "clean":
            runs = _kept(work, tables) if only == "render" else _run(tables, executor, progress)
            standard.require(runs)
            own = own_claims.own_claims(runs, tables)
            own_claims.require(own)
            write_results(tables, runs, own, new / "processed")
            if only != "render":
                _keep(runs, new / "runs")
                targets.append((new / "runs", work / "runs"))
            if only != "run":
                _render(tables, runs, checks, own, new, renderer, progress)
                targets += [
                    (new / "figures", root / "figures" / str(year)),
                    (new / "_site", root / "_site"),
                ]
                targets.append((new / "pages", work / "pages"))
                _, *others = edition.languages
                folders = [root / "_site", *(root / "_site" / lang for lang in others)]
                summary.pages = [folder / "index.html" for folder in folders]
        for made, target in targets:
            if not target.is_relative_to(work):
                summary.made.append((target, sum(p.is_file() for p in made.rglob("*"))))
        _publish(targets, new / "old")
    gaps = missing(tables.observations, year)
    summary.gaps = {str(r): sorted(set(g["series"])) for r, g in gaps.groupby("reason", sort=False)}
    summary.seconds = time.monotonic() - start
    return summary


def _run(tables: Tables, executor: Executor | None, progress: Callable[[str], None]) -> Runs:
    """Run every notebook in every language, several at once, and say when each is ready."""
    root, edition = tables.root, tables.edition
    jobs = [(name, lang) for lang in edition.languages for name in notebooks.notebook_names(root)]
    lost = sorted(set(QUESTIONS) - {name for name, _ in jobs})
    if lost:
        raise InputError("this notebook is missing", "Put it back.", file=f"notebooks/{lost[0]}.ipynb")
    unknown = set(edition.parameters) - {name for name, _ in jobs}
    if unknown:
        raise InputError(
            "parameters for a notebook that does not exist", f"Notebooks: {', '.join(sorted({n for n, _ in jobs}))}.",
            file=f"editions/{edition.year}.yml", column="parameters", value=sorted(unknown)[0],
        )  # fmt: skip
    given = {
        (name, lang): {"edition": edition.year, "language": lang} | edition.parameters.get(name, {})
        for name, lang in jobs
    }
    for (name, _), values in given.items():  # all doors before the first kernel
        notebooks.check_parameters(notebooks.notebook_path(root, name), values)
    runs: Runs = {}
    with ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, len(jobs))) as own:
        futures = {
            (executor or own).submit(
                notebooks.run_notebook, str(notebooks.notebook_path(root, name)), given[name, lang],
                str(root / "notebooks"),
            ): (name, lang)
            for name, lang in jobs
        }  # fmt: skip
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                name, lang = futures[future]
                runs[name, lang] = json.loads(future.result())
                progress(f"run     {name} ({lang}), {done} of {len(jobs)}")
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    return {job: runs[job] for job in jobs}


def _keep(runs: Runs, folder: Path) -> None:
    for (name, lang), notebook in runs.items():
        path = folder / lang / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _kept(work: Path, tables: Tables) -> Runs:
    runs: Runs = {}
    for lang in tables.edition.languages:
        for name in notebooks.notebook_names(tables.root):
            path = work / "runs" / lang / f"{name}.ipynb"
            if not path.is_file():
                raise OswError(f"{name} ({lang}) was not run yet. Run `osw build --only run` first.")
            runs[name, lang] = json.loads(path.read_text(encoding="utf-8"))
    return runs


def _render(
    tables: Tables,
    runs: Runs,
    checks: list[Check],
    own: pd.DataFrame,
    new: Path,
    wanted: str,
    progress: Callable[[str], None],
) -> None:
    """Stage every language and render all of them with one renderer."""
    for lang in tables.edition.languages:
        executed = {name: notebook for (name, language), notebook in runs.items() if language == lang}
        stage(tables, executed, checks, own, new / "processed", lang, new / "pages" / lang)
    make_files(tables.root, tables.edition, runs, new / "pages", new / "processed", progress)
    for lang in tables.edition.languages:
        shutil.copytree(new / "pages" / lang / "figures", new / "figures" / lang)
    first, *others = _renderers(wanted)
    try:
        _pages(tables, new, first, progress)
    except OswError as error:
        if not others:
            raise
        progress(f"render  {str(error).splitlines()[0]} Going on with {others[0]}.")
        shutil.rmtree(new / "_site", ignore_errors=True)
        _pages(tables, new, others[0], progress)


def _pages(tables: Tables, new: Path, renderer: str, progress: Callable[[str], None]) -> None:
    """Render every staged language; the first one is the root of the site."""
    for number, lang in enumerate(tables.edition.languages):
        out = new / "_site" if number == 0 else new / "_site" / lang
        made = (quarto if renderer == "quarto" else pandoc).render(new / "pages" / lang, lang, out)
        progress(f"render  {len(made)} pages ({lang}) with {renderer}")


def _renderers(wanted: str) -> list[str]:
    """Return the renderers to try, in order; "auto" falls back on Pandoc, which always works."""
    if wanted not in RENDERERS:
        raise InputError(
            "unknown renderer", f"Choose: {', '.join(RENDERERS)}.", column="--renderer", value=wanted
        )
    if wanted != "auto":
        return [wanted]
    return ["quarto", "pandoc"] if quarto.available() else ["pandoc"]


def _publish(targets: list[tuple[Path, Path]], old: Path) -> None:
    """Move each new folder into the place of the old one; on any trouble move the old ones back."""
    old.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for number, (new, target) in enumerate(targets):
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.rename(old / str(number))
            moved.append((old / str(number), target))
            new.rename(target)
    except BaseException as error:
        for kept, target in moved:
            if target.exists():
                shutil.rmtree(target)
            if kept.exists():
                kept.rename(target)
        if isinstance(error, OSError):
            raise OswError(
                f"the new report could not be put in place ({error}); the old one is back. Make room for it and "
                "run again."
            ) from None
        raise
