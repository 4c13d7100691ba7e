"""Download tables of CBS and the police whole into a new vintage beside the older ones.

The service is OData v3. Its shapes are built from documentation and from files that others
published; they have not been tried against the live services yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from osw_stats.data.fetch.download import Session, answer
from osw_stats.data.fetch.pages import download_pages
from osw_stats.data.fetch.selection import codes, dimensions, filter_query, resolve
from osw_stats.data.fetch.vintage import hashes, hidden_folder, publish, require_same_request
from osw_stats.errors import InputError, shown

TABLE = re.compile(r"[0-9A-Za-z]{4,12}")
SERVICE = re.compile(r"https?://[^/?#\s\[\]]+(/[^?#\s]*)?")
REGISTRY = Path(__file__).with_name("tables.yml")


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
        written.

    Raises
    ------
    InputError
        If anything about the request, the connection or an answer is wrong. No vintage is made
        or changed then.
    """
    source, address = _require_request(publisher, table, base)
    session = session or Session(tell=progress)
    home = root / "data" / "raw" / publisher / table
    if not home.resolve().is_relative_to(root.resolve()):
        raise InputError("leads outside the project folder", "Take that link away.", file=home)
    progress(f"{publisher} {table}: asking {address}")
    infos_url = f"{address}/TableInfos?$format=json"
    infos = session.get(infos_url)
    title, modified = _info(answer(infos, infos_url), table, infos_url)
    try:
        with hidden_folder(home, modified) as folder:
            (folder / "TableInfos.json").write_bytes(infos)
            found = _download(folder, home / modified, address, where or {}, session)
            if session.get(infos_url) != infos:
                problem = "was renewed while it was being downloaded"
                raise InputError(problem, "Give the command again.", file=infos_url)
            manifest = {
                "kind": "download",
                "publisher": source["name"],
                "table": table,
                "title": title,
                "url": source["page"].format(table=table),
                "address": address,
                "licence": source["licence"],
                "seen": retrieved.isoformat(),
                "published": modified,
                "published_precision": "day",
                "date_basis": "the day on which the publisher says the table was last changed",
                **found,
                "files": [{"name": name, "sha256": value} for name, value in hashes(folder).items()],
            }
            return publish(folder, home / modified, manifest, progress)
    except OSError as error:
        raise InputError(
            f"cannot be written or read ({error.strerror or error})",
            "Check the space on the disk and the rights of this folder.",
            file=error.filename or home,
        ) from None


def _require_request(publisher: str, table: str, base: str | None) -> tuple[dict[str, str], str]:
    """Return the publisher and the address of the table, if this can be asked for."""
    publishers = _registry()["publishers"]
    if publisher not in publishers:
        raise InputError("unknown publisher", f"Choose {' or '.join(publishers)}.", value=publisher)
    if not TABLE.fullmatch(table):
        remedy = "Write four to twelve letters and digits, such as 7461bev."
        raise InputError("is not a table number", remedy, value=table)
    address = (base or publishers[publisher]["base"]).rstrip("/")
    if not SERVICE.fullmatch(address):
        remedy = "Give it up to the table number, such as https://opendata.cbs.nl/ODataFeed/OData."
        raise InputError("is not an address of a service", remedy, column="base", value=address)
    return publishers[publisher], f"{address}/{table}"


def _info(content: dict[str, Any], table: str, url: str) -> tuple[str, str]:
    """Return title and date of modification, if the answer is about this table."""
    info = content["value"][0] if len(content["value"]) == 1 else {}
    if (named := info.get("Identifier")) != table:
        remedy = "Check the table number; capitals matter."
        raise InputError("does not describe this table", remedy, file=url, column="Identifier", value=named)
    modified = str(info.get("Modified"))
    try:
        # also keeps anything but a date out of the name of a folder
        return shown(info.get("Title", table)), date.fromisoformat(modified.partition("T")[0]).isoformat()
    except ValueError:
        remedy = "A vintage cannot be told from another one without it."
        problem = "gives no date of modification"
        raise InputError(problem, remedy, file=url, column="Modified", value=modified) from None


def _download(
    folder: Path, target: Path, address: str, where: dict[str, list[str]], session: Session
) -> dict[str, Any]:
    """Download code lists and rows; return what the manifest says of them."""

    def keep(name: str, url: str) -> dict[str, Any]:
        body = session.get(url)
        (folder / name).write_bytes(body)
        return answer(body, url)

    url = f"{address}/DataProperties?$format=json"
    names = dimensions(keep("DataProperties.json", url)["value"], url)
    lists = {}
    for name in names:
        url = f"{address}/{name}?$format=json"
        content = keep(f"{name}.json", url)
        if "odata.nextLink" in content:
            remedy = "Download the table by hand from the website of the publisher."
            raise InputError(
                "this code list comes in several pages, which is not supported", remedy, file=url
            )
        lists[name] = codes(content["value"], url)
    chosen = resolve(where, lists, address)
    if target.exists():
        require_same_request(target, {"filter": chosen, "address": address})
    rows, total = download_pages(address, filter_query(chosen), set(names), session, keep)
    checked_by = "the last short page" if total is None else "the count of the publisher"
    return {"filter": chosen, "rows": rows, "rows_checked_by": checked_by}


def registry() -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return the tables that `osw fetch --all` downloads: publisher, table, filter."""
    return [(e["publisher"], e["table"], e.get("where", {})) for e in _registry()["tables"]]


def _registry() -> dict[str, Any]:
    return dict(yaml.safe_load(REGISTRY.read_text(encoding="utf-8")))
