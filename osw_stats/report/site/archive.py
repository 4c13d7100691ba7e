"""Earlier editions beside the newest one: where they stand, and what their pages say of it. Light to import."""

from __future__ import annotations

from osw_stats.report.editions import Edition

WORDS = {
    "past": {
        "nl": "Deze eerdere edities staan hier zoals ze nu uit de cijfers van toen worden gemaakt:",
        "en": "These earlier editions stand here as they are now made from the figures of then:",
    },
    "edition": {"nl": "Editie {year}", "en": "Edition {year}"},
    "none": {
        "nl": "De eerdere edities zijn bij deze uitgave niet bijgevoegd. `.venv/bin/osw build --archive` voegt ze toe.",
        "en": "The earlier editions do not come with this publication. `.venv/bin/osw build --archive` adds them.",
    },
    "archived": {
        "nl": "Dit is de editie over {year}. Er is een nieuwere: [editie {newest}]({address}).",
        "en": "This is the edition on {year}. There is a newer one: [edition {newest}]({address}).",
    },
}  # fmt: skip


def archive_list(edition: Edition, language: str, past: list[int], newest: int | None) -> str:
    """Return the piece of a page with links to the earlier editions that stand in the site, or to the newest one."""
    if newest:
        return archived(edition, language, newest) + "\n"
    if not past:
        return WORDS["none"][language] + "\n"
    to_root, folder = edition.to_root(language), edition.from_root(language)
    lines = [
        f"- [{WORDS['edition'][language].format(year=year)}]({to_root}{year}/{folder}index.html)"
        for year in past
    ]
    return "\n".join([WORDS["past"][language], "", *lines]) + "\n"


def archived(edition: Edition, language: str, newest: int) -> str:
    """Return what every page of an earlier edition says on top."""
    address = f"../{edition.to_root(language)}{edition.from_root(language)}index.html"
    return WORDS["archived"][language].format(year=edition.year, newest=newest, address=address)
