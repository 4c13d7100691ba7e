"""Download tables of CBS and the police, answer by answer, into a new vintage beside the older ones.

The service is OData v3. Its shapes are built from documentation and from files that others
published; they have not been tried against the live services yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from osw_stats.errors import InputError
from osw_stats.sources.download import Session, answer, one_line
from osw_stats.sources.pages import MixedError, Pages
from osw_stats.sources.selection import codes, dimensions, filter_query, resolve
from osw_stats.sources.vintage import REQUEST, Partial, begin, comparable, discard, hashes, settle

TABLE = re.compile(r"[0-9A-Za-z]{4,12}")
REGISTRY = Path(__file__).with_name("tables.yml")


@dataclass(frozen=True)
class Publisher:
    """Where a publisher serves its tables, and under which terms."""

    name: str
    base: str
    page: str
    licence: str


PUBLISHERS = {
    "cbs": Publisher(
        "CBS",
        "https://opendata.cbs.nl/ODataApi/OData",
        "https://opendata.cbs.nl/statline/#/CBS/nl/dataset/{table}/table",
        "CC-BY-4.0",
    ),
    # named as source; a licence was not seen
    "police": Publisher(
        "Politie",
        "https://dataderden.cbs.nl/ODataApi/OData",
        "https://data.politie.nl/#/Politie/nl/dataset/{table}/table",
        "credit",
    ),
}


def fetch(
    publisher: str,
    table: str,
    *,
    where: dict[str, list[str]] | None = None,
    root: Path,
    retrieved: date,
    base: str | None = None,
    session: Session | None = None,
    progress: Callable[[str], object] = print,
) -> Path:
    """Download one table into `data/raw/<publisher>/<table>/<date it was modified>`.

    Parameters
    ----------
    publisher
        `cbs` or `police`.
    table
        Number of the table; capitals matter.
    where
        Keys to keep, by dimension; padding may be left out.
    root
        The project folder.
    retrieved
        The date to note as the day of downloading.
    base
        Address of the service up to the table, when not the publisher's own.
    session
        What asks; the patience of the usual one fits the live services.
    progress
        Receives one line at a time.

    Returns
    -------
    Path
        The folder of the vintage. When it was there already with the same content, nothing is
        written. What was downloaded before an interruption is used again.

    Raises
    ------
    InputError
        If anything about the request, the connection or an answer is wrong. No vintage is made
        or changed then.
    """
    source, address = _source(publisher, table, base)
    session = session or Session(tell=progress)
    home = root / "data" / "raw" / publisher / table
    if not home.resolve().is_relative_to(root.resolve()):
        raise InputError("leads outside the project folder", "Take that link away.", file=home)
    progress(f"{publisher} {table}: asking {address}")
    infos_url = f"{address}/TableInfos?$format=json"
    infos = session.get(infos_url)
    title, modified = _info(answer(infos, infos_url), table, infos_url)
    try:
        partial = begin(home, modified, {"address": address, "where": where or {}}, infos, progress)
        try:
            chosen, pages = _fill(Partial(partial, session, progress), address, where or {}, home / modified)
            if session.get(infos_url) != infos:
                raise MixedError(
                    "was renewed while it was being downloaded", "Give the command again.", file=infos_url
                )
        except InputError as error:
            discard(partial, error)
            raise
        (partial / REQUEST).unlink()
        manifest = {
            "kind": "download",
            "publisher": source.name,
            "table": table,
            "title": title,
            "url": source.page.format(table=table),
            "address": address,
            "licence": source.licence,
            "seen": retrieved.isoformat(),
            "published": modified,
            "published_precision": "day",
            "date_basis": "the day on which the publisher says the table was last changed",
            "filter": chosen,
            "rows": pages.rows,
            "rows_checked_by": "the count of the publisher" if pages.total is not None else "the last short page",
            "files": [{"name": n, "sha256": h} for n, h in hashes(partial).items()],
        }  # fmt: skip
        return settle(partial, home / modified, manifest, progress)
    except OSError as error:
        raise InputError(
            f"cannot be written or read ({error.strerror or error})",
            "Check the space on the disk and the rights of this folder.",
            file=error.filename or home,
        ) from None


def _source(publisher: str, table: str, base: str | None) -> tuple[Publisher, str]:
    if publisher not in PUBLISHERS:
        raise InputError("unknown publisher", f"Choose {' or '.join(PUBLISHERS)}.", value=publisher)
    if not TABLE.fullmatch(table):
        raise InputError(
            "is not a table number",
            "Write four to twelve letters and digits, such as 7461bev.",
            value=one_line(table),
        )
    address = (base or PUBLISHERS[publisher].base).rstrip("/")
    if not _is_service(address):
        raise InputError(
            "is not an address of a service",
            "Give it up to the table number, such as https://opendata.cbs.nl/ODataFeed/OData.",
            column="base", value=one_line(address),
        )  # fmt: skip
    return PUBLISHERS[publisher], f"{address}/{table}"


def _is_service(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)


def _info(content: dict[str, Any], table: str, url: str) -> tuple[str, str]:
    """Return title and date of modification, if the answer is about this table."""
    info = content["value"][0] if len(content["value"]) == 1 else {}
    if info.get("Identifier") != table:
        raise InputError(
            "does not describe this table",
            "Check the table number; capitals matter.",
            file=url, column="Identifier", value=one_line(info.get("Identifier")),
        )  # fmt: skip
    modified = str(info.get("Modified"))
    try:
        # also keeps anything but a date out of the name of a folder
        day = date.fromisoformat(modified.partition("T")[0]).isoformat()
    except ValueError:
        raise InputError(
            "gives no date of modification",
            "A vintage cannot be told from another one without it.",
            file=url, column="Modified", value=one_line(modified),
        ) from None  # fmt: skip
    return one_line(info.get("Title", table)), day


def _fill(
    partial: Partial, address: str, where: dict[str, list[str]], target: Path
) -> tuple[dict[str, list[str]], Pages]:
    """Download code lists and pages; return the filter and the pages."""
    url = f"{address}/DataProperties?$format=json"
    names = dimensions(partial.keep("DataProperties.json", url, answer)["value"], url)
    lists = {}
    for name in names:
        url = f"{address}/{name}?$format=json"
        lists[name] = codes(partial.keep(f"{name}.json", url, _whole_list)["value"], url)
    chosen = resolve(where, lists, address)
    if target.exists():
        comparable(target, address, chosen)
    pages = Pages(address, filter_query(chosen), frozenset(names))
    pages.download(partial.keep, partial.session, partial.progress)
    return chosen, pages


def _whole_list(body: bytes, url: str) -> dict[str, Any]:
    content = answer(body, url)
    if "odata.nextLink" in content:
        raise InputError(
            "this code list comes in several pages, which is not supported",
            "Download the table by hand from the website of the publisher.",
            file=url,
        )
    return content


def registry() -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return the tables that `osw fetch --all` downloads: publisher, table, filter."""
    entries = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    return [(e["publisher"], e["table"], e.get("where", {})) for e in entries]
