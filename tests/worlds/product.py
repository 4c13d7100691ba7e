"""The only module of the worlds that uses the product: figures in, pages out, in this process and without a kernel.

A rebuild of notebooks or pages affects this file alone: `real` returns the actual figures, `build` the pages of a
world. An error in one notebook does not hide errors in the pages of the others.
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
DRAWS = 2000  # of capacity simulations: wording is judged here, not the last digit
EVENTS, DEADLINES = "events/events.csv", "authorities/deadlines.csv"
EVIDENCE, CLAIMS = "authorities/deadlines_evidence.csv", "rapport2025/claims.csv"
FILES = (EVENTS, DEADLINES, EVIDENCE, CLAIMS)  # tables made by hand that a world may change
_tidy = cache(partial(clean, PROJECT))


def real(year=NEWEST):
    """Return the actual inputs of the edition, as a copy that may be changed."""
    tidy, edition, raw = _tidy(), load_edition(year, PROJECT), PROJECT / "data" / "raw"
    files = {f: pd.read_csv(raw / f, dtype=str, keep_default_na=False).to_dict("records") for f in FILES}
    figures, sources = tidy.observations.copy(), tidy.sources.copy()
    return World(edition.year, edition.as_of.isoformat(), figures, sources, files, known_series())


def known_series():
    """Return the facts of every series as plain values."""
    attributes = ("ended", "publisher", "unit", "indicator", "homogeneous")
    known = {}
    for name, entry in catalogue().items():
        texts = {"title": dict(entry.title), "breaks": [(b.at, dict(b.text)) for b in entry.breaks]}
        known[name] = {k: getattr(entry, k) for k in attributes} | texts
    return known


def seen(world):
    """Return the figures that the edition of a world sees, as in its observations.csv."""
    with _use_series(world):
        return with_changes(as_of(_with_definitions(world), date.fromisoformat(world.as_of)))


@contextlib.contextmanager
def _load(world, root):
    """Yield the tables of a world in a project of its own, with its series in the catalogue."""
    copy_project(root)
    for name, rows in world.files.items():
        pd.DataFrame(rows).to_csv(root / "data" / "raw" / name, index=False)
    with _use_series(world), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numerical warnings: their effects are judged on the page
        tidy = Tidy(_with_definitions(world), world.sources, _tidy().cells)
        yield tables_of(_edition(world, LANGUAGES), tidy, root), tidy


def _edition(world, languages):
    return Edition(world.year, date.fromisoformat(world.as_of), languages, {})


def results(world, folder, *only):
    """Yield the results of the notebooks of a world, without drawings."""
    with _load(world, folder / "project") as (tables, _):
        for name in only or notebook_names(PROJECT):
            yield name, run_notebook(name, tables, drawing=None)


def build(world, folder):
    """Return Markdown pages and chart words of a world by language and name, and the errors."""
    output, root = SimpleNamespace(pages={}, charts={}, stops=[]), folder / "project"
    with _collect_errors(output.stops, "tables"), _load(world, root) as (tables, tidy):
        names = {name: page_names(PROJECT, name) for name in notebook_names(root)}
        # a failing page stays empty, so that the others can be judged
        page_keys = itertools.product([*OVERALL, *itertools.chain(*names.values())], LANGUAGES)
        collected = {(name, lang): Page(name, lang, (f"# {name}",), Results()) for name, lang in page_keys}
        runs = {}
        for name in names:
            with _collect_errors(output.stops, f"{name}.ipynb"):
                runs[name] = run_notebook(name, tables, _chart_words)
        page_groups = {name: (runs[name], members) for name, members in names.items() if name in runs}
        page_groups |= {name: (Results.of_all(runs.values()), [name]) for name in OVERALL}
        for (name, (results, members)), language in itertools.product(page_groups.items(), LANGUAGES):
            group_pages = {}
            for page in members:
                with _collect_errors(output.stops, f"{page}.qmd"):
                    rendered = {(page, language): render(root, page, language, results, tables)}
                    group_pages, collected = group_pages | rendered, collected | rendered
                    own_claims.require(own_claims.own_claims(rendered, tables))
            with _collect_errors(output.stops, f"{name}.qmd"):
                standard.require(group_pages)
        with _collect_errors(output.stops, "result tables"):
            contents.result_tables(collected)
        for language in LANGUAGES:
            with _collect_errors(output.stops, "pages"):
                _stage(tables, tidy, collected, language, folder / "staged" / language, output.stops)
        with _collect_errors(output.stops, "pages"):
            output.pages = read_pages(folder / "staged")
    output.charts = read_charts(folder / "staged")
    return output


def read_charts(folder):
    charts = {}
    for path in sorted(folder.glob("??/figures/*.svg")):
        words = re.findall(r"(?s)<text[^>]*>(.*?)</text>", path.read_text(encoding="utf-8"))
        texts = [html.unescape(" ".join(re.sub(r"<[^>]+>", "", w).split())) for w in words]
        charts[path.parents[1].name, path.stem] = texts
    return charts


def read_pages(folder):
    """Return the staged pages by language and name, except the lists of sources, which repeat raw rows."""
    paths = [path for path in sorted(folder.glob("??/*.qmd")) if not path.stem.startswith("sources-")]
    return {(p.parent.name, p.stem): include(p.read_text(encoding="utf-8"), p.parent) for p in paths}


def keep(world, folder, out, report_text):
    """Save the report on a world, its figures and staged pages, also as HTML if they can be rendered."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(folder / "staged", out)
    seen(world).to_csv(out / "observations.csv", index=False)
    (out / "changes.txt").write_text(report_text, encoding="utf-8")
    for language in LANGUAGES:
        with contextlib.suppress(Exception):
            pandoc.render(folder / "staged" / language, language, out / "html" / language)


def print_report(world, folder, language):
    """Return the PDF report of a world that was built without errors in this folder."""
    sources, path = world.sources.astype(str).to_dict("records"), folder / f"report-{language}.pdf"
    write_pdf(report(_edition(world, (language,)), sources, folder / "staged" / language, language), path)
    return path.read_bytes()


def _stage(tables, tidy, pages, language, out, stops):
    selected = contents.select_pages(language, pages)
    pieces = dict.fromkeys(("_headlines.md", "_plain.md", "_own.md", "_changes.md", "trace.qmd"), "# –\n")
    pieces |= of_tables(tables, judge(tables.root, tidy), language)
    makers = {
        "_own.md": lambda: own(own_claims.own_claims(pages, tables), language),
        "_changes.md": lambda: compare.page(tables, selected, language),
        "_archive.md": lambda: archive_list(tables.edition, language, [], None),
        "trace.qmd": lambda: headlines.trace(selected, tables, language, "data/"),
    }
    for page in selected.values():
        for figure in (item for item in contents.items(page) if item.kind == "figure"):
            makers[f"figure-{figure.name}.qmd"] = partial(figures.page, figure, page, tables, language)
    for name, make in makers.items():
        with _collect_errors(stops, name if name.startswith("_") else "a page of a figure"):
            pieces[name] = make()
    stage(tables.root, tables.edition, selected, pieces, language, out)
    with _collect_errors(stops, "dialect"):
        finish(out)


def run_notebook(name, tables, drawing, errors=None, **parameters):
    """Run a notebook to its end with few draws, so that an error hides no later ones.

    Errors are added to the list `errors`; without it the first one is raised.
    """
    parameters |= {"mc_draws": DRAWS} if name == "capacity_gap" else {}
    failures = [] if errors is None else errors
    results = computed(PROJECT, name, tables=tables, drawing=drawing, errors=failures, **parameters)
    plt.close("all")
    if errors is None and failures:
        raise failures[0]
    return results


def _chart_words(figure):
    """Return a drawing with only the words of a chart."""
    words = [t.get_text() for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    text = " ".join(f"<text>{html.escape(w, quote=False)}</text>" for w in words)
    wide, high = figure.get_size_inches()
    return f'<svg viewBox="0 0 {72 * wide:.1f} {72 * high:.1f}">{text}</svg>'


def _with_definitions(world):
    """Assign to every figure its definition under the breaks of this world."""
    keys = world.figures[["series_id", "time_period", "breakdown"]].itertuples(index=False, name=None)
    entries = catalogue()
    return world.figures.assign(definition_id=[entries[s].definition_id(t, b) for s, t, b in keys])


@contextlib.contextmanager
def _use_series(world):
    current, original = catalogue(), dict(catalogue())
    for name, about in world.series.items():
        template = current.get(name) or current[about["like"]]
        facts = {k: about[k] for k in ("title", "ended", "publisher", "indicator", "homogeneous")}
        breaks = tuple(Break(at, text) for at, text in about["breaks"])
        current[name] = replace(template, series_id=name, breaks=breaks, **facts)
    try:
        yield
    finally:
        current.clear()
        current.update(original)


@contextlib.contextmanager
def _collect_errors(stops, where):
    """Collect an error instead of raising it, with its place in the product."""
    try:
        yield
    except Exception as error:
        stops.append(Finding("stop", where, "", f"{place_of(error)}: {error}", type(error).__name__))


def place_of(error):
    """Return the cell or function of the project where an error arose."""
    frames = traceback.extract_tb(error.__traceback__)
    project_frames = [f for f in frames if "osw_stats" in f.filename or ".ipynb" in f.filename]
    last = project_frames[-1] if project_frames else frames[-1]
    return f"{Path(last.filename).name}:{last.name}:{last.lineno}"
