"""The only file of the worlds that knows the product: figures in, pages out, in this process and without a kernel.

Who rebuilds notebooks or pages changes this file alone: `real` gives the figures as they are, `build` makes the
pages of a world of them. A stop of one notebook does not hide what is wrong with the pages of the others.
"""

import contextlib
import html
import itertools
import re
import shutil
import traceback
import warnings
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.text import Text

from osw_stats.build.facts import pages_of_tables as of_tables
from osw_stats.data.arithmetic import with_changes
from osw_stats.data.clean import Tidy, clean
from osw_stats.data.edition import tables_of
from osw_stats.data.editions import Edition, load_edition
from osw_stats.data.quality import judge
from osw_stats.kept.code_cells import notebook_names
from osw_stats.meaning.observations import as_of
from osw_stats.meaning.series import Break, catalogue
from osw_stats.project import LANGUAGES, OVERALL
from osw_stats.publish import compare, contents, own_claims
from osw_stats.publish.contents import Page, page_names
from osw_stats.publish.files.document import report, write_pdf
from osw_stats.publish.pages import standard
from osw_stats.publish.pages.render import render
from osw_stats.publish.site import figures, headlines, pandoc
from osw_stats.publish.site.pieces import archive_list, own
from osw_stats.publish.site.stage import finish, include, stage
from osw_stats.results.collected import Results
from tests.computed import computed
from tests.conftest import PROJECT, copy_project
from tests.worlds.facts import Finding
from tests.worlds.world import World

NEWEST = max(int(path.stem) for path in (PROJECT / "editions").glob("????.yml"))
DRAWS = 2000  # of the simulations of capacity: words are judged here, not the last digit
EVENTS, DEADLINES = "events/events.csv", "authorities/deadlines.csv"
EVIDENCE, CLAIMS = "authorities/deadlines_evidence.csv", "rapport2025/claims.csv"
FILES = (EVENTS, DEADLINES, EVIDENCE, CLAIMS)  # tables by hand that a world may change
_tidy = cache(partial(clean, PROJECT))


def real(year=NEWEST):
    """Return the inputs of the edition as they are; what is returned may be changed."""
    tidy, edition, raw = _tidy(), load_edition(year, PROJECT), PROJECT / "data" / "raw"
    files = {f: pd.read_csv(raw / f, dtype=str, keep_default_na=False).to_dict("records") for f in FILES}
    figures, sources = tidy.observations.copy(), tidy.sources.copy()
    return World(edition.year, edition.as_of.isoformat(), figures, sources, files, known_series())


def known_series():
    """Return what is known of every series, as plain values."""
    kept = ("ended", "publisher", "unit", "indicator", "homogeneous")
    known = {}
    for name, s in catalogue().items():
        texts = {"title": dict(s.title), "breaks": [(b.at, dict(b.text)) for b in s.breaks]}
        known[name] = {k: getattr(s, k) for k in kept} | texts
    return known


def seen(world):
    """Return the figures that the edition of a world sees, as its observations.csv."""
    with _series_of(world):
        return with_changes(as_of(_with_definitions(world), date.fromisoformat(world.as_of)))


@contextlib.contextmanager
def _read(world, root):
    """Give the tables of a world in a project of its own, while its series are those that are known."""
    copy_project(root)
    for name, rows in world.files.items():
        pd.DataFrame(rows).to_csv(root / "data" / "raw" / name, index=False)
    with _series_of(world), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numerics: what they lead to is judged on the page
        tidy = Tidy(_with_definitions(world), world.sources, _tidy().cells)
        yield tables_of(_edition(world, LANGUAGES), tidy, root), tidy


def _edition(world, languages):
    return Edition(world.year, date.fromisoformat(world.as_of), languages, {})


def results(world, folder, *only):
    """Yield what the notebooks of a world register, without drawings."""
    with _read(world, folder / "project") as (tables, _):
        for name in only or notebook_names(PROJECT):
            yield name, carried_out(name, tables, drawing=None)


def build(world, folder):
    """Return what a world became: pages as Markdown and words of charts by language and name, and what stopped."""
    built, root = SimpleNamespace(pages={}, charts={}, stops=[]), folder / "project"
    with _stopping(built.stops, "tables"), _read(world, root) as (tables, tidy):
        names = {name: page_names(PROJECT, name) for name in notebook_names(root)}
        # what stops has an empty page, so that the others can be judged
        which = itertools.product([*OVERALL, *itertools.chain(*names.values())], LANGUAGES)
        told = {(name, lang): Page(name, lang, (f"# {name}",), Results()) for name, lang in which}
        runs = {}
        for name in names:
            with _stopping(built.stops, f"{name}.ipynb"):
                runs[name] = carried_out(name, tables, _words_of)
        of_pages = {name: (runs[name], of) for name, of in names.items() if name in runs}
        of_pages |= {name: (Results.of_all(runs.values()), [name]) for name in OVERALL}
        for (name, (results, of)), language in itertools.product(of_pages.items(), LANGUAGES):
            made = {}
            for page in of:
                with _stopping(built.stops, f"{page}.qmd"):
                    one = {(page, language): render(root, page, language, results, tables)}
                    made, told = made | one, told | one
                    own_claims.require(own_claims.own_claims(one, tables))
            with _stopping(built.stops, f"{name}.qmd"):
                standard.require(made)
        with _stopping(built.stops, "result tables"):
            contents.result_tables(told)
        for language in LANGUAGES:
            with _stopping(built.stops, "pages"):
                _stage(tables, tidy, told, language, folder / "staged" / language, built.stops)
        with _stopping(built.stops, "pages"):
            built.pages = read_pages(folder / "staged")
    built.charts = read_charts(folder / "staged")
    return built


def read_charts(folder):
    found = {}
    for path in sorted(folder.glob("??/figures/*.svg")):
        words = re.findall(r"(?s)<text[^>]*>(.*?)</text>", path.read_text(encoding="utf-8"))
        bare = [html.unescape(" ".join(re.sub(r"<[^>]+>", "", w).split())) for w in words]
        found[path.parents[1].name, path.stem] = bare
    return found


def read_pages(folder):
    """Return the staged pages by language and name, but for the listings of sources: they repeat raw rows."""
    paths = [path for path in sorted(folder.glob("??/*.qmd")) if not path.stem.startswith("sources-")]
    return {(p.parent.name, p.stem): include(p.read_text(encoding="utf-8"), p.parent) for p in paths}


def keep(world, folder, out, told):
    """Keep what is told of a world, its figures and its staged pages, as HTML too where they can be rendered."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(folder / "staged", out)
    seen(world).to_csv(out / "observations.csv", index=False)
    (out / "changes.txt").write_text(told, encoding="utf-8")
    for language in LANGUAGES:
        with contextlib.suppress(Exception):
            pandoc.render(folder / "staged" / language, language, out / "html" / language)


def printed(world, folder, language):
    """Return the report to print of a world that was built whole in this folder."""
    sources, path = world.sources.astype(str).to_dict("records"), folder / f"report-{language}.pdf"
    write_pdf(report(_edition(world, (language,)), sources, folder / "staged" / language, language), path)
    return path.read_bytes()


def _stage(tables, tidy, pages, language, out, stops):
    told = contents.select_pages(language, pages)
    made = dict.fromkeys(("_headlines.md", "_plain.md", "_own.md", "_changes.md", "trace.qmd"), "# –\n")
    made |= of_tables(tables, judge(tables.root, tidy), language)
    pieces = {
        "_own.md": lambda: own(own_claims.own_claims(pages, tables), language),
        "_changes.md": lambda: compare.page(tables, told, language),
        "_archive.md": lambda: archive_list(tables.edition, language, [], None),
        "trace.qmd": lambda: headlines.trace(told, tables, language, "data/"),
    }
    for page in told.values():
        for figure in (item for item in contents.items(page) if item.kind == "figure"):
            pieces[f"figure-{figure.name}.qmd"] = partial(figures.page, figure, page, tables, language)
    for name, make in pieces.items():
        with _stopping(stops, name if name.startswith("_") else "a page of a figure"):
            made[name] = make()
    stage(tables.root, tables.edition, told, made, language, out)
    with _stopping(stops, "dialect"):
        finish(out)


def carried_out(name, tables, drawing, errors=None, **given):
    """Carry out a notebook to its end with few draws, so that a stop hides nothing behind it.

    Errors go into the list; where none is given the first is raised.
    """
    given |= {"mc_draws": DRAWS} if name == "capacity_gap" else {}
    found = [] if errors is None else errors
    results = computed(PROJECT, name, tables=tables, drawing=drawing, errors=found, **given)
    plt.close("all")
    if errors is None and found:
        raise found[0]
    return results


def _words_of(figure):
    """Return a drawing that holds the words of a chart and nothing else."""
    words = [t.get_text() for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    text = " ".join(f"<text>{html.escape(w, quote=False)}</text>" for w in words)
    wide, high = figure.get_size_inches()
    return f'<svg viewBox="0 0 {72 * wide:.1f} {72 * high:.1f}">{text}</svg>'


def _with_definitions(world):
    """Give every figure the definition that the breaks of this world put it under."""
    keys = world.figures[["series_id", "time_period", "breakdown"]].itertuples(index=False, name=None)
    known = catalogue()
    return world.figures.assign(definition_id=[known[s].definition_id(t, b) for s, t, b in keys])


@contextlib.contextmanager
def _series_of(world):
    known, before = catalogue(), dict(catalogue())
    for name, about in world.series.items():
        like = known.get(name) or known[about["like"]]
        own = {k: about[k] for k in ("title", "ended", "publisher", "indicator", "homogeneous")}
        breaks = tuple(Break(at, text) for at, text in about["breaks"])
        known[name] = replace(like, series_id=name, breaks=breaks, **own)
    try:
        yield
    finally:
        known.clear()
        known.update(before)


@contextlib.contextmanager
def _stopping(stops, where):
    """Note an error instead of raising it: with where in the product it arose."""
    try:
        yield
    except Exception as error:
        stops.append(Finding("stop", where, "", f"{place(error)}: {error}", type(error).__name__))


def place(error):
    """Return the cell or the function of the project in which an error arose."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "osw_stats" in f.filename or ".ipynb" in f.filename]
    last = own[-1] if own else frames[-1]
    return f"{Path(last.filename).name}:{last.name}:{last.lineno}"
