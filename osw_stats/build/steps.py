"""The steps of a build, each into a new folder: runs, pages and files. Nothing published is touched here."""

from __future__ import annotations

import gc
import os
import shutil
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osw_stats.build import notebooks, runs
from osw_stats.build.engine import ALLOCATIONS
from osw_stats.build.runs import Work
from osw_stats.data.editions import Edition, load_edition
from osw_stats.errors import InputError, OswError
from osw_stats.kept import keys
from osw_stats.kept.beside import each
from osw_stats.kept.code_cells import check_parameters, notebook_names, notebook_path
from osw_stats.kept.store import kept, unpack
from osw_stats.project import OVERALL
from osw_stats.publish.contents import Page, Pages, page_names, parts_from, plain_parts, select_pages

if TYPE_CHECKING:
    from osw_stats.build.facts import Facts
    from osw_stats.data.edition import Tables
    from osw_stats.results.collected import Results

BEHIND = 10  # how far background work yields to the runs of notebooks, as a value of `nice`
Executed = dict[str, dict[str, Any]]  # executed notebooks, by name


def compute(work: Work, out: Path, only: str | None) -> tuple[Facts, Pages, Executed]:
    """Return the facts of a report, its pages and its executed notebooks: kept ones if their inputs are unchanged."""
    edition = load_edition(work.year, work.root)
    jobs = {} if only == "clean" else jobs_of(work, edition)
    outcomes = {job.key: work.store.read(job.key) for job in jobs.values()}
    stale = [job.path for job in jobs.values() if outcomes[job.key] is None]
    if only == "render" and stale:
        raise OswError("a notebook was not run with the inputs of now. Run `osw build --only run` first.")
    if stale and work.executor is None and notebooks.forks(work.engine):
        notebooks.preload(stale, work.year)  # on another core during our imports
    from osw_stats.meaning.series import take_up
    from osw_stats.text.words import QUESTIONS

    if only != "clean" and (lost := sorted(set(QUESTIONS) - set(jobs))):
        raise InputError("this notebook is missing", "Put it back.", file=f"notebooks/{lost[0]}.ipynb")
    take_up(work.root)  # pages name series even if every figure is kept from an earlier build
    key, keys_by_page = keys.facts_key(work.root, work.year, work.known), page_keys(work, edition, jobs)
    if only is None and not stale and (kept_facts := work.store.read(key)) is not None:
        pages = {place: work.store.read(page_key) for place, page_key in keys_by_page.items()}
        if None not in pages.values():
            unpack(kept_facts["files"], out)
            work.progress(f"kept    tables and results of edition {work.year}: only fixed pages changed")
            return kept_facts, _pages(pages), _dressed(jobs, outcomes)
    gc.disable()  # garbage collection during imports takes a third of the time
    from osw_stats.build import facts as heavy
    from osw_stats.data.clean import clean
    from osw_stats.data.edition import tables_of
    from osw_stats.meaning.observations import published
    from osw_stats.publish.pages import lint

    gc.enable()
    gc.set_threshold(ALLOCATIONS)
    if only != "clean":
        named = {name: [names, len(twice)] for name, (names, twice) in lint.names_of_all(work.root).items()}
        # an invalid page stops the build before anything runs
        kept(work.store, keys.lint_key(work.root, work.known, named), partial(lint.check, work.root))
    tidy = clean(work.root)  # a wrong figure stops the build before a notebook meets it
    tables = tables_of(edition, tidy, work.root)
    counts = f"{len(tidy.observations)} figures, {len(published(tables.observations))}"
    work.progress(f"clean   {counts} of them in edition {edition.year}")
    with runs.started(work, list(jobs.values()), read=outcomes) as pending:
        facts = heavy.from_tables(work, tables, tidy, out)  # while the notebooks run
        # on Linux this affects only the thread and the programs it starts
        with ThreadPoolExecutor(1, initializer=os.nice, initargs=(BEHIND,)) as pool:
            if only is None:
                result_pages = {page for page, _ in keys_by_page}
                pool.submit(_warm, work, facts["generated"], result_pages, out.parent / "early")
            executed = _dressed(jobs, pending.collect())
    if only == "clean":
        return facts, {}, {}
    pages = tell(work, tables, executed, keys_by_page)
    facts = heavy.from_results(work, tables, facts, pages, out)
    if only is None:
        work.store.write(key, facts)
    return facts, pages, executed


def _warm(work: Work, generated: dict[str, dict[str, str]], result_pages: set[str], early: Path) -> None:
    """Convert pages other than `result_pages` to HTML, while no run needs the processor."""
    from osw_stats.publish.files.document import CHAPTERS
    from osw_stats.publish.site.pandoc import warm
    from osw_stats.publish.site.stage import lay_out

    for lang, texts in generated.items():
        (early / lang).mkdir(parents=True)
        lay_out(work.root, result_pages, texts, lang, early / lang)
        warm(early / lang, lang, work.store, CHAPTERS)


def _dressed(jobs: dict[str, runs.Job], outcomes: dict[str, runs.Outcome]) -> Executed:
    return {name: runs.dress(job.path, outcomes[job.key]) for name, job in jobs.items()}


def jobs_of(work: Work, edition: Edition) -> dict[str, runs.Job]:
    """Return the runs of an edition, by notebook; the parameters of all are checked before the first one starts."""
    names, file = notebook_names(work.root), f"editions/{edition.year}.yml"
    if unknown := sorted(set(edition.parameters) - set(names)):
        problem, remedy = "parameters for a notebook that does not exist", f"Notebooks: {', '.join(names)}."
        raise InputError(problem, remedy, file=file, column="parameters", value=unknown[0])
    jobs = {}
    for name in names:
        path = notebook_path(work.root, name)
        values = check_parameters(path, {"edition": edition.year} | edition.parameters.get(name, {}))
        for named in keys.named(work.root, values):  # an input of the build, so that a change in it is seen
            if Path(os.path.relpath(named.resolve(), work.root)).as_posix() not in work.known:
                remedy = "Put it into scenarios/ and name it from there."
                problem = "this file is no part of the project"
                raise InputError(problem, remedy, file=file, column="parameters", value=named)
        jobs[name] = runs.Job(name, path, values, keys.run_key(work.root, path, values, work.known))
    return jobs


def page_keys(work: Work, edition: Edition, jobs: dict[str, runs.Job]) -> dict[tuple[str, str], str]:
    """Return the key of every page of results, by name and language: its text, the tables and its runs."""
    run_keys = {page: [job.key] for name, job in jobs.items() for page in page_names(work.root, name)}
    run_keys |= {page: [job.key for job in jobs.values()] for page in OVERALL}
    tables = keys.tables_key(work.root, work.year, work.known)
    return {
        (page, lang): keys.digest(
            ["told", lang, work.known.get(f"pages/{lang}/{page}.qmd"), tables, page, run_keys[page]]
        )
        for page, lang in product(run_keys, edition.languages)
    }


def _pages(plain: dict[tuple[str, str], Any], results: Mapping[str, Results] | None = None) -> Pages:
    """Return pages from their plain parts, with their results if still needed."""
    from osw_stats.results.collected import Results

    by_page = results or defaultdict(Results)
    return {place: Page(*place, parts_from(parts), by_page[place[0]]) for place, parts in plain.items()}


def tell(work: Work, tables: Tables, executed: Executed, keys_by_page: dict[tuple[str, str], str]) -> Pages:
    """Return the pages of executed notebooks in every language, kept under `keys_by_page`; report absent results."""
    from osw_stats.publish.pages.render import render as render_page
    from osw_stats.results.collected import Results

    runs = {name: Results.of_notebook(notebook) for name, notebook in executed.items()}
    for name, registered in runs.items():
        lost = {key: asdict(r) for key, r in registered.absent.items() if r.code != "not_asked"}
        if lost:
            work.progress(f"absent  {name}: {len(lost)} results rest on figures that are not there")
            work.log.event("absent", notebook=name, results=lost)
    results = {page: run for name, run in runs.items() for page in page_names(work.root, name)}
    results |= dict.fromkeys(OVERALL, Results.of_all(runs.values()))

    def render_language(lang: str) -> dict[str, Any]:
        def make(page: str) -> list[Any]:
            return plain_parts(render_page(work.root, page, lang, results[page], tables))

        return {page: kept(work.store, keys_by_page[page, lang], partial(make, page)) for page in results}

    plain = each(work.store, tables.edition.languages, render_language)
    return _pages({(page, lang): plain[lang][page] for page, lang in keys_by_page}, results)


def render(
    work: Work, facts: Facts, pages: Pages, new: Path, renderers: list[str], printed: Path | None = None
) -> str:
    """Stage every language and render all of them with one renderer, and return which; reports are made, or `printed`."""
    from osw_stats.build.reports import describe_files, make_files, take_reports
    from osw_stats.publish.files.document import CHAPTERS
    from osw_stats.publish.site import dialect, restated
    from osw_stats.publish.site.pandoc import warm
    from osw_stats.publish.site.pieces import archive_list, archived
    from osw_stats.publish.site.stage import announce, finish, stage

    edition, processed = load_edition(work.year, work.root), new / "processed"

    def staged_project(lang: str) -> None:
        staged, generated = new / "pages" / lang, dict(facts["generated"][lang])
        generated["_archive.md"] = archive_list(edition, lang, sorted(work.past, reverse=True), work.newest)
        stage(work.root, edition, select_pages(lang, pages), generated, lang, staged)
        dialect.require(staged, work.store)  # before anything reads a page
        if work.newest:
            announce(staged, lang, archived(edition, lang, work.newest))

    each(work.store, edition.languages, staged_project)
    if printed is None:
        staged_pages = [new / "pages" / lang for lang in edition.languages]
        with ThreadPoolExecutor() as pool:  # pages that list no file need not wait for one
            convert = partial(warm, store=work.store, chapters=CHAPTERS)
            list(pool.map(convert, staged_pages, edition.languages))
        unpack(make_files(work, edition, new / "pages", processed, facts["tables"]), processed)
    else:
        take_reports(edition, printed, processed)
    describe_files(work, edition, facts, new / "pages", processed)
    for lang in edition.languages:
        staged = new / "pages" / lang
        finish(staged, work.store)
        restated.require(staged, lang, work.root, facts["verdicts"])
        if printed is None:  # a draft publishes no figures apart from its pages
            shutil.copytree(staged / "figures", new / "figures" / lang)
    first, *others = renderers
    try:
        _render_pages(work, edition.languages, new, first)
    except OswError as error:
        if not others:
            raise
        summary = " ".join(str(error).splitlines()[:2])  # the number and kind of faults, and the first one
        work.progress(f"render  {first}: {summary} Going on with {others[0]}.")
        work.log.event("refused", renderer=first, error=str(error))
        shutil.rmtree(new / "_site", ignore_errors=True)
        _render_pages(work, edition.languages, new, others[0])
        return others[0]
    return first


def _render_pages(work: Work, languages: tuple[str, ...], new: Path, renderer: str) -> None:
    """Render every staged language; the first one is the root of the site."""
    from osw_stats.publish.site import gate, pandoc, quarto

    def render_language(lang: str) -> list[str]:
        out = new / "_site" if lang == languages[0] else new / "_site" / lang
        staged = new / "pages" / lang
        if renderer == "quarto":
            return quarto.render(staged, lang, out, store=work.store)
        names = pandoc.render(staged, lang, out, store=work.store)
        quarto.prepare(staged, lang, out, work.store)  # for users who preview the pages with Quarto
        gate.look(out.glob("*.html"), work.store)
        return names

    if renderer == "quarto":  # it would continue to write after its parent ended
        rendered = {lang: render_language(lang) for lang in languages}
    else:
        rendered = each(work.store, languages, render_language)
    for lang, names in rendered.items():
        work.progress(f"render  {len(names)} pages ({lang}) with {renderer}")
        work.log.event("render", language=lang, renderer=renderer, pages=names)
    for year, site in work.past.items():
        shutil.copytree(site, new / "_site" / str(year))
    newer = [f"../{folder}index.html" for folder in ("", *(f"{lang}/" for lang in languages[1:]))]
    gate.require(new / "_site", work.store, newer if work.newest else ())
