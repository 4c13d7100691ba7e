"""The steps of a build, each into a new folder: runs, pages and files. Nothing published is touched here."""

from __future__ import annotations

import gc
import os
import shutil
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osw_stats.build import notebooks, runs
from osw_stats.build.engine import ALLOCATIONS
from osw_stats.build.runs import Work
from osw_stats.data.editions import Edition, load_edition
from osw_stats.errors import InputError, OswError
from osw_stats.kept import keys
from osw_stats.kept.code_cells import check_parameters, notebook_names, notebook_path
from osw_stats.kept.store import unpack
from osw_stats.meaning.series import take_up
from osw_stats.publish.contents import Pages, pages_from, plain_pages, told_in

if TYPE_CHECKING:
    from osw_stats.build.facts import Facts
    from osw_stats.data.edition import Tables

Executed = dict[str, dict[str, Any]]  # executed notebooks, by name


def compute(work: Work, out: Path, only: str | None) -> tuple[Facts, Pages, Executed]:
    """Return the facts of a report, its pages and its executed notebooks: those kept, where nothing they rest on changed."""
    take_up(work.root)  # pages name series also where every figure is kept from an earlier build
    key = keys.facts_key(work.root, work.year, work.known)
    names = [] if only == "clean" else notebook_names(work.root)
    paths = {name: notebook_path(work.root, name) for name in names}
    outcomes = {name: work.store.read(work.key(name)) for name in paths}
    stale = [name for name, outcome in outcomes.items() if outcome is None]
    if only == "render" and stale:
        raise OswError("a notebook was not run with the inputs of now. Run `osw build --only run` first.")
    if only is None and not stale and (kept_facts := work.store.read(key)) is not None:
        unpack(kept_facts["files"], out)
        work.progress(f"kept    tables and results of edition {work.year}: only fixed pages changed")
        return kept_facts, pages_from(kept_facts["pages"]), _dressed(paths, outcomes)
    if only in (None, "run") and stale and work.executor is None and notebooks.forks(work.engine):
        notebooks.preload([paths[name] for name in stale], work.year)  # on another core while we import
    edition = load_edition(work.year, work.root)
    gc.disable()  # looking for garbage among what is imported takes a third of the time
    from osw_stats.build import facts as heavy
    from osw_stats.data.clean import clean
    from osw_stats.data.edition import tables_of
    from osw_stats.meaning.observations import published
    from osw_stats.publish.pages.lint import check

    gc.enable()
    gc.set_threshold(ALLOCATIONS)
    if only != "clean":
        check(work.root)  # a page that cannot be right stops the build before anything runs
    jobs = jobs_of(work, edition) if only in (None, "run") else {}
    tidy = clean(work.root)  # a wrong figure stops the build before a notebook meets it
    tables = tables_of(edition, tidy, work.root)
    counts = f"{len(tidy.observations)} figures, {len(published(tables.observations))}"
    work.progress(f"clean   {counts} of them in edition {edition.year}")
    with runs.started(work, list(jobs.values())) as pending:
        facts = heavy.from_tables(work, tables, tidy, out)  # while the notebooks run
        ran = pending.collect()
    if only == "clean":
        return facts, {}, {}
    executed = _dressed(paths, outcomes | {name: ran[job.key] for name, job in jobs.items()})
    pages = tell(work, tables, executed)
    facts = heavy.from_results(work, tables, facts, pages, out)
    if only is None:
        work.store.write(key, facts | {"pages": plain_pages(pages)})
    return facts, pages, executed


def _dressed(paths: dict[str, Path], outcomes: dict[str, runs.Outcome]) -> Executed:
    return {name: runs.dress(path, outcomes[name]) for name, path in paths.items()}


def jobs_of(work: Work, edition: Edition) -> dict[str, runs.Job]:
    """Return the runs of an edition, by notebook; every door is passed before the first one starts."""
    from osw_stats.text.words import QUESTIONS

    names, file = notebook_names(work.root), f"editions/{edition.year}.yml"
    if lost := sorted(set(QUESTIONS) - set(names)):
        raise InputError("this notebook is missing", "Put it back.", file=f"notebooks/{lost[0]}.ipynb")
    if unknown := sorted(set(edition.parameters) - set(names)):
        problem, remedy = "parameters for a notebook that does not exist", f"Notebooks: {', '.join(names)}."
        raise InputError(problem, remedy, file=file, column="parameters", value=unknown[0])
    jobs, base = {}, {"edition": edition.year}
    for name in names:
        path = notebook_path(work.root, name)
        given = check_parameters(path, base | edition.parameters.get(name, {}))
        for named in keys.named(work.root, given):  # an input of the build, so that a change in it is seen
            if Path(os.path.relpath(named.resolve(), work.root)).as_posix() not in work.known:
                remedy = "Put it into scenarios/ and name it from there."
                problem = "this file is no part of the project"
                raise InputError(problem, remedy, file=file, column="parameters", value=named)
        jobs[name] = runs.Job(name, path, given, work.key(name), base)
    return jobs


def tell(work: Work, tables: Tables, executed: Executed) -> Pages:
    """Return the pages of executed notebooks, in every language of the edition, and say what is absent."""
    from osw_stats.project import OVERALL
    from osw_stats.publish.contents import page_names
    from osw_stats.publish.pages.render import render as render_page
    from osw_stats.results.collected import Results

    pages: Pages = {}
    runs: dict[str, Results] = {}
    for name, notebook in executed.items():
        registered = Results.of_notebook(notebook)
        lost = {key: asdict(r) for key, r in registered.absent.items() if r.code != "not_asked"}
        if lost:
            work.progress(f"absent  {name}: {len(lost)} results rest on figures that are not there")
            work.log.event("absent", notebook=name, results=lost)
        runs[name] = registered
        for page, lang in product(page_names(work.root, name), tables.edition.languages):
            pages[page, lang] = render_page(work.root, page, lang, registered, tables)
    whole = Results.of_all(runs.values())
    for page, lang in product(OVERALL, tables.edition.languages):
        pages[page, lang] = render_page(work.root, page, lang, whole, tables)
    return pages


def render(
    work: Work, facts: Facts, pages: Pages, new: Path, renderers: list[str], printed: Path | None = None
) -> str:
    """Stage every language and render all of them with one renderer, and return which; reports are made, or `printed`."""
    from osw_stats.build.reports import describe_files, make_reports, take_reports
    from osw_stats.publish.site import restated
    from osw_stats.publish.site.pieces import archive_list, archived
    from osw_stats.publish.site.stage import announce, finish, stage

    edition = load_edition(work.year, work.root)
    for lang in edition.languages:
        staged, generated = new / "pages" / lang, dict(facts["generated"][lang])
        generated["_archive.md"] = archive_list(edition, lang, sorted(work.past, reverse=True), work.newest)
        stage(work.root, edition, told_in(lang, pages), generated, lang, staged)
        if work.newest:
            announce(staged, lang, archived(edition, lang, work.newest))
    if printed is None:
        make_reports(work, edition, new / "pages", new / "processed", facts["tables"])
    else:
        take_reports(edition, printed, new / "processed")
    describe_files(work, edition, facts, new / "pages", new / "processed")
    for lang in edition.languages:
        staged = new / "pages" / lang
        finish(staged, work.store)
        restated.require(staged, lang, work.root, facts["verdicts"])
        if printed is None:  # a draft publishes no figures beside its pages
            shutil.copytree(staged / "figures", new / "figures" / lang)
    first, *others = renderers
    try:
        _render_pages(work, edition.languages, new, first)
    except OswError as error:
        if not others:
            raise
        said = " ".join(str(error).splitlines()[:2])  # what is wrong and how often, and the first fault
        work.progress(f"render  {first}: {said} Going on with {others[0]}.")
        work.log.event("refused", renderer=first, error=str(error))
        shutil.rmtree(new / "_site", ignore_errors=True)
        _render_pages(work, edition.languages, new, others[0])
        return others[0]
    return first


def _render_pages(work: Work, languages: tuple[str, ...], new: Path, renderer: str) -> None:
    """Render every staged language; the first one is the root of the site."""
    from osw_stats.publish.site import gate, pandoc, quarto

    for lang in languages:
        out = new / "_site" if lang == languages[0] else new / "_site" / lang
        staged = new / "pages" / lang
        if renderer == "quarto":
            rendered = quarto.render(staged, lang, out, store=work.store)
        else:
            rendered = pandoc.render(staged, lang, out, store=work.store)
            quarto.prepare(staged, lang, out, work.store)  # for who looks at the pages with it
        work.progress(f"render  {len(rendered)} pages ({lang}) with {renderer}")
        work.log.event("render", language=lang, renderer=renderer, pages=rendered)
    for year, site in work.past.items():
        shutil.copytree(site, new / "_site" / str(year))
    newer = [f"../{folder}index.html" for folder in ("", *(f"{lang}/" for lang in languages[1:]))]
    gate.require(new / "_site", work.store, newer if work.newest else ())
