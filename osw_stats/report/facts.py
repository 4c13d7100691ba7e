"""Everything a report says but its fixed prose, as plain values: what is kept of a build, and made from what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osw_stats.report.edition import Tables, tables_of
from osw_stats.report.editions import Edition
from osw_stats.report.graph import keys
from osw_stats.report.graph.store import kept, packed, unpack
from osw_stats.report.graph.work import Work
from osw_stats.report.harvest import Pages, items
from osw_stats.report.of_results import of_results
from osw_stats.report.of_tables import of_tables
from osw_stats.sources.clean import Tidy, clean
from osw_stats.vocabulary.observations import published

Facts = dict[str, Any]


def read(work: Work, edition: Edition) -> tuple[Tables, Tidy]:
    """Read the figures; return the tables of the edition, and all there are.

    Raises
    ------
    OswError
        When a figure cannot be used.
    """
    tidy = clean(work.root)
    tables = tables_of(edition, tidy, work.root)
    seen, all_of_them = len(published(tables.observations)), len(tidy.observations)
    work.progress(f"clean   {all_of_them} figures, {seen} of them in edition {edition.year}")
    return tables, tidy


def from_tables(work: Work, tables: Tables, tidy: Tidy, out: Path) -> Facts:
    """Write the tidy tables to `out`, and return what they say."""
    inputs = {
        k: v for k, v in work.known.items() if k.startswith(keys.FIGURES) and not keys.PROSE.fullmatch(k)
    }
    key = keys.digest([tables.edition.plain(), inputs, work.rooms("osw_stats.report.of_tables")])
    facts: Facts = kept(work.store, key, lambda: of_tables(tables, tidy))
    unpack(facts.pop("files"), out)
    work.log.event("checks", verdicts=facts["checks"])
    return facts


def with_results(
    work: Work, tables: Tables, facts: Facts, pages: Pages, run_keys: dict[str, str], out: Path
) -> Facts:
    """Write the results to `out`; return all facts, `run_keys` of the runs by notebook among them.

    Raises
    ------
    OswError
        When a page does not meet the reporting standard.
    """

    def make() -> Facts:
        made = of_results(work, tables, pages, out)
        both = {lang: facts["generated"][lang] | of_lang for lang, of_lang in made.pop("generated").items()}
        return facts | made | {"edition": tables.edition.plain(), "generated": both, "files": packed(out)}

    told = {
        f"{lang}/{name}": keys.digest([(i.facts, i.data) for i in items(page)])
        for (name, lang), page in pages.items()
    }
    whole: Facts = kept(work.store, keys.facts_key(work.root, work.year, work.known, told), make)
    unpack(whole["files"], out)
    return whole | {"runs": run_keys}
