"""The steps of a build, each into a new folder: runs, pages and files. Nothing published is touched here."""

from __future__ import annotations

import gc
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from osw_stats.errors import OswError
from osw_stats.report.editions import Edition, load_edition
from osw_stats.report.graph import keys, runs
from osw_stats.report.graph.store import unpack
from osw_stats.report.graph.work import Executed, Work, collected
from osw_stats.report.harvest import Pages, pages_from, plain_pages, results_of, told_in
from osw_stats.report.jobs import jobs_of
from osw_stats.report.notebooks import notebook_names
from osw_stats.sources.disk import sha256
from osw_stats.vocabulary.series import take_up

SEALS = "keys.json"  # beside the runs of a build: of what each is one

if TYPE_CHECKING:
    from osw_stats.report.edition import Tables
    from osw_stats.report.facts import Facts


def facts_of(work: Work, out: Path, target: Path, only: str | None) -> tuple[Facts, Pages, Executed]:
    """Return the facts of a report, its pages and its executed notebooks: those kept, where nothing they rest on changed."""
    take_up(work.root)  # pages name series also where every figure is kept from an earlier build
    key = keys.facts_key(work.root, work.year, work.known)
    if only is None and (kept_facts := work.store.read(key)) is not None:
        kept_runs = work.executed(kept_facts["runs"])
        if kept_runs is not None:
            unpack(kept_facts["files"], out)
            work.progress(f"kept    tables and results of edition {work.year}: only fixed pages changed")
            return kept_facts, pages_from(kept_facts["pages"]), kept_runs
    runs_something = only not in ("clean", "render")
    if runs_something:
        work.preload()  # it imports on another core while we do
    edition = load_edition(work.year, work.root)
    executed = _last_runs(work, target) if only == "render" else {}
    gc.disable()  # looking for garbage among what is imported takes a third of the time
    from osw_stats.report import facts as heavy
    from osw_stats.report.pages.lint import check

    gc.enable()
    if only != "clean":
        check(work.root)  # a page that cannot be right stops the build before anything runs
    jobs = jobs_of(work, edition) if runs_something else {}
    tables, tidy = heavy.read(work, edition)  # a wrong figure stops the build before a notebook meets it
    with runs.started(
        list(jobs.values()), work.store, engine=work.engine, executor=work.executor,
        progress=work.progress, live=work.live, log=work.log,
    ) as pending:  # fmt: skip
        facts = heavy.from_tables(work, tables, tidy, out)  # while the notebooks run
        outcomes = pending.collect()
    if runs_something:
        executed = {name: runs.dress(one.path, outcomes[one.key]) for name, one in jobs.items()}
    pages: Pages = {}
    if only != "clean":
        pages = pages_of(work.root, edition, executed, tables)
        _tell_absent(work, pages)
        facts = heavy.with_results(work, tables, facts, pages, {n: one.key for n, one in jobs.items()}, out)
    if only is None:
        work.store.write(key, facts | {"pages": plain_pages(pages)}, work.store.used)
    return facts, pages, executed


def pages_of(root: Path, edition: Edition, executed: Executed, tables: Tables) -> Pages:
    """Return the pages of executed notebooks, in every language of the edition."""
    from osw_stats.report.pages.render import render as render_page

    results = collected(executed)
    return {
        (name, lang): render_page(root, name, lang, found, tables)
        for name, found in results.items()
        for lang in edition.languages
    }


def _tell_absent(work: Work, pages: Pages) -> None:
    """Say what this edition does not hold: a state of it, not an error, but nothing that may pass unseen."""
    for name, results in results_of(pages).items():
        lost = [key for key, reason in results.absent.items() if reason.code != "not_asked"]
        if lost:
            work.progress(f"absent  {name}: {len(lost)} results rest on figures that are not there")
            work.log.event(
                "absent", notebook=name, results={key: asdict(results.absent[key]) for key in lost}
            )


def keep_runs(work: Work, executed: Executed, folder: Path) -> None:
    """Write the executed notebooks as files, and beside them what each of them is a run of."""
    made = {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, notebook in executed.items():
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
        made[name] = _seal(work, name, text)
    (folder / SEALS).write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _seal(work: Work, name: str, text: str) -> str:
    """Return what stands for a run as it was written: its key, its notebook and the file."""
    source = sha256(work.root / "notebooks" / f"{name}.ipynb")
    return keys.digest([work.key(name), source, text])


def _last_runs(work: Work, target: Path) -> Executed:
    """Return the runs that lie there from the last build.

    Raises
    ------
    OswError
        If one is not there, or is none of the inputs as they are now.
    """
    executed: Executed = {}
    try:
        seals = dict(json.loads((target / "runs" / SEALS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        seals = {}
    for name in notebook_names(work.root):
        path = target / "runs" / f"{name}.ipynb"
        if not path.is_file():
            raise OswError(f"{name} was not run yet. Run `osw build --only run` first.")
        text = path.read_bytes().decode("utf-8", errors="replace")
        if seals.get(name) != _seal(work, name, text):
            raise OswError(
                f"{name} was run from other inputs than there are now, or was edited. "
                "Run `osw build --only run` first."
            )
        executed[name] = json.loads(text)
    return executed


def render(
    work: Work, facts: Facts, pages: Pages, new: Path, renderers: list[str], printed: Path | None = None
) -> None:
    """Stage every language and render all of them with one renderer; reports are made, or taken from `printed`."""
    from osw_stats.report.files.reports import describe_files, make_reports, take_reports
    from osw_stats.report.site import restated
    from osw_stats.report.site.pieces import archive_list, archived
    from osw_stats.report.site.stage import announce, finish, stage

    edition = Edition.of(facts["edition"])
    for lang in edition.languages:
        made = dict(facts["generated"][lang])
        made["_archive.md"] = archive_list(edition, lang, sorted(work.past, reverse=True), work.newest)
        stage(work.root, edition, told_in(lang, pages), made, lang, new / "pages" / lang)
        if work.newest:
            announce(new / "pages" / lang, lang, archived(edition, lang, work.newest))
    if printed is None:
        make_reports(work, edition, new / "pages", new / "processed")
    else:
        take_reports(edition, printed, new / "processed")
    describe_files(work, edition, facts, new / "pages", new / "processed")
    verdicts = facts["verdicts"]
    for lang in edition.languages:
        finish(new / "pages" / lang, work.store)
        restated.require(new / "pages" / lang, lang, work.root, verdicts)
        if printed is None:  # a draft publishes no figures beside its pages
            shutil.copytree(new / "pages" / lang / "figures", new / "figures" / lang)
    first, *others = renderers
    try:
        _pages(work, edition.languages, new, first)
    except OswError as error:
        if not others:
            raise
        work.progress(f"render  {str(error).splitlines()[0]} Going on with {others[0]}.")
        shutil.rmtree(new / "_site", ignore_errors=True)
        _pages(work, edition.languages, new, others[0])


def _pages(work: Work, languages: tuple[str, ...], new: Path, renderer: str) -> None:
    """Render every staged language; the first one is the root of the site."""
    from osw_stats.report.site import gate, pandoc, quarto

    for number, lang in enumerate(languages):
        out = new / "_site" if number == 0 else new / "_site" / lang
        staged = new / "pages" / lang
        made = (
            quarto.render(staged, lang, out)
            if renderer == "quarto"
            else pandoc.render(staged, lang, out, store=work.store)
        )
        work.progress(f"render  {len(made)} pages ({lang}) with {renderer}")
        work.log.event("render", language=lang, renderer=renderer, pages=made)
    for year, site in work.past.items():
        shutil.copytree(site, new / "_site" / str(year))
    newer = [f"../{folder}index.html" for folder in ("", *(f"{lang}/" for lang in languages[1:]))]
    gate.require(new / "_site", work.store, newer if work.newest else ())
