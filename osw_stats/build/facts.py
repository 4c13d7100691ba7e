"""All content of a report except its fixed prose, as plain values that are kept: from its tables and its results."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.build.runs import Work
from osw_stats.data.clean import Tidy
from osw_stats.data.edition import Tables
from osw_stats.data.quality import Check, judge
from osw_stats.kept import keys
from osw_stats.kept.beside import start_task
from osw_stats.kept.store import kept, packed, unpack
from osw_stats.publish import compare, own_claims
from osw_stats.publish.contents import Pages, items, result_tables, select_pages
from osw_stats.publish.downloads import write_results, write_tidy
from osw_stats.publish.files.package import CONTENTS, dictionary, schemas, write_citations
from osw_stats.publish.identity import identity
from osw_stats.publish.pages import standard
from osw_stats.publish.site import figures
from osw_stats.publish.site.headlines import trace
from osw_stats.publish.site.pandoc import HELP
from osw_stats.publish.site.pieces import PIECES, helpers, own, quality
from osw_stats.publish.site.sources import source_figures
from osw_stats.text.tables import csv_text

Facts = dict[str, Any]


def from_tables(work: Work, tables: Tables, tidy: Tidy, out: Path) -> Facts:
    """Write the tidy tables to `out`, and return the facts known before any notebook has run."""

    def make() -> Facts:
        checks = judge(tables.root, tidy)
        with tempfile.TemporaryDirectory() as folder:
            write_tidy(tables, checks, Path(folder))
            files = packed(Path(folder))
        languages = tables.edition.languages
        return {
            "files": files,
            "checks": {c.rule: c.result for c in checks},
            "generated": {lang: pages_of_tables(tables, checks, lang) for lang in languages},
        }

    facts: Facts = kept(work.store, keys.tables_key(work.root, work.year, work.known), make)
    unpack(facts.pop("files"), out)
    work.log.event("checks", verdicts=facts["checks"])
    return facts


def pages_of_tables(tables: Tables, checks: list[Check], language: str) -> dict[str, str]:
    """Return the text of the pages and parts of pages that describe the tables, by path."""
    pieces = {name: piece(tables, language) for name, piece in PIECES.items()}
    pieces["quality"] = quality(checks, language)
    pages = source_figures(tables, language)
    return {
        **{f"_{name}.md": text for name, text in pieces.items()},
        **{f"{name}.qmd": text for name, text in pages.items()},
        HELP: helpers(tables, language),
    }


def from_results(work: Work, tables: Tables, facts: Facts, pages: Pages, out: Path) -> Facts:
    """Write the results next to the tidy tables in `out`; return all facts, including those from the tables."""

    # OswError if a page does not meet the reporting standard, or a number in a sentence is not a result
    def make() -> Facts:
        before = facts["generated"]
        of_results = partial(_pages_of_results, tables, pages)
        with start_task(work.store, lambda: {lang: of_results(lang) for lang in before}) as wait:
            standard.require(pages)
            claims = own_claims.own_claims(pages, tables)
            own_claims.require(claims)
            texts = result_tables(pages)
            write_results(tables, pages, texts, claims, out)
            frames = {path.stem: pd.read_csv(path) for path in sorted(out.glob("*.csv"))}
            (out / "columns.csv").write_text(csv_text(dictionary(frames)), encoding="utf-8", newline="\n")
            write_citations(tables.edition, pages, identity(work.root), out)
            generated = {
                lang: before[lang] | more | {"_own.md": own(claims, lang)} for lang, more in wait().items()
            }
        return facts | {
            "generated": generated,
            "verdicts": texts.get("claims_result", ""),
            "tables": sorted(texts),
            "contents": CONTENTS,
            "schemas": schemas(out),
            "periods": sorted(set(tables.observations["time_period"].astype(str))),
            "files": packed(out),
        }

    page_digests = {
        f"{lang}/{name}": keys.digest([(item.facts, item.data) for item in items(page)])
        for (name, lang), page in pages.items()
    }
    complete: Facts = kept(work.store, keys.facts_key(work.root, work.year, work.known, page_digests), make)
    unpack(complete["files"], out)
    return complete


def _pages_of_results(tables: Tables, pages: Pages, language: str) -> dict[str, str]:
    in_language = select_pages(language, pages)
    texts = {
        "_changes.md": compare.page(tables, in_language, language),
        "trace.qmd": trace(in_language, tables, language, f"{tables.edition.to_root(language)}data/"),
    }
    for page in in_language.values():
        for figure in (item for item in items(page) if item.kind == "figure"):
            if f"figure-{figure.name}.qmd" in texts:
                continue  # an annex shows it again
            texts[f"figure-{figure.name}.qmd"] = figures.page(figure, page, tables, language)
            texts[f"figures/{figure.name}.json"] = figures.metadata(figure, page, tables, language)
    return texts
