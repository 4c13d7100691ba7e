"""Download tables of CBS and the police whole into a new vintage beside the older ones.

The service is OData v3. Its shapes are built from documentation and from files that others published; they have not
been tried against the live services yet.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from osw_stats.data.fetch.download import Session, StatusError, answer, same_server
from osw_stats.data.fetch.selection import codes, dimensions, filter_query, resolve
from osw_stats.errors import InputError, shown
from osw_stats.kept.disk import PARTIAL, sha256
from osw_stats.yamlfile import read_yaml

TABLE = re.compile(r"[0-9A-Za-z]{4,12}")
SERVICE = re.compile(r"https?://[^/?#\s\[\]]+(/[^?#\s]*)?")
MANIFEST = "table.source.yml"
ROWS = 10_000  # the most that ODataApi gives in one call
MOST_PAGES = 2_000  # twenty million rows: an end to a server that never stops
AGAIN = "Give the command again; if it stays, narrow it with --where or use the bulk feed with --base."


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
    """Download one table into `data/raw/<publisher>/<table>/<date it was modified>` and return that folder.

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

    Raises
    ------
    InputError
        If anything about the request, the connection or an answer is wrong. No vintage is made or changed then; one
        that is there with the same content stays as it is.
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
    folder, target = home / f"{PARTIAL}{modified}", home / modified
    try:
        for left in home.glob(f"{PARTIAL}*"):  # of a download that was killed
            shutil.rmtree(left)
        folder.mkdir(parents=True)
        (folder / "TableInfos.json").write_bytes(infos)
        rows = _download(folder, address, where or {}, session)
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
            **rows,
            "files": [{"name": name, "sha256": value} for name, value in _hashes(folder).items()],
        }
        progress(_publish(folder, target, manifest))
        return target
    except OSError as error:
        problem = f"cannot be written or read ({error.strerror or error})"
        remedy = "Check the space on the disk and the rights of this folder."
        raise InputError(problem, remedy, file=error.filename or home) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # it holds a vintage
            home.rmdir()


def _require_request(publisher: str, table: str, base: str | None) -> tuple[dict[str, str], str]:
    """Return the publisher and the address of the table, if this can be asked for."""
    publishers = _registry()["publishers"]
    if publisher not in publishers:
        raise InputError("unknown publisher", f"Choose {' or '.join(publishers)}.", value=publisher)
    if not TABLE.fullmatch(table):
        remedy = "Write four to twelve letters and digits, such as 7461bev."
        raise InputError("is not a table number", remedy, value=table)
    address = (base or publishers[publisher]["base"]).rstrip("/")
    if "@" in address:  # it would stand in the record; the message does not repeat it
        remedy = "Leave it out of the address; the client reads ~/.netrc."
        raise InputError("holds a name or a password", remedy, column="base")
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


def _download(folder: Path, address: str, where: dict[str, list[str]], session: Session) -> dict[str, Any]:
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
    rows, total = _pages(address, filter_query(chosen), set(names), session, keep)
    checked_by = "the last short page" if total is None else "the count of the publisher"
    return {"filter": chosen, "rows": rows, "rows_checked_by": checked_by}


def _pages(
    address: str, query: str, dims: set[str], session: Session, keep: Callable[[str, str], dict[str, Any]]
) -> tuple[int, int | None]:
    """Get every page and check that nothing is missing; return the rows that came and the publisher's count, if any."""
    first = f"{address}/UntypedDataSet?$format=json{query}&$top={ROWS}"
    count = f"{address}/UntypedDataSet/$count{query.replace('&', '?', 1)}"
    total = _count(count, session)
    columns: set[str] = set()
    seen: set[int] = set()
    url = f"{first}&$skip=0"
    for number in range(1, MOST_PAGES + 1):
        content = keep(f"UntypedDataSet-{number:04d}.json", url)
        rows = content["value"]
        columns = _add_numbers(seen, rows, columns, dims, url)
        session.tell(f"  page {number}: {len(seen):,}{'' if total is None else f' of {total:,}'} rows")
        if (link := content.get("odata.nextLink")) is not None:
            url = same_server(url, str(link), "names a next page on")
        elif rows and (len(rows) >= ROWS if total is None else len(seen) < total):
            url = f"{first}&$skip={len(seen)}"
        else:
            break
    else:
        raise InputError(f"has more than {MOST_PAGES:,} pages", "Narrow it with --where.", file=first)
    if total not in (None, len(seen)):
        problem = f"ended after {len(seen):,} rows where the publisher counts {total:,}"
        raise InputError(problem, AGAIN, file=first)
    if total is not None and (now := _count(count, session)) != total:
        raise InputError(f"counted {total:,} rows before the pages and {now} after them", AGAIN, file=first)
    return len(seen), total


def _count(url: str, session: Session) -> int | None:
    text = ""
    with suppress(StatusError, UnicodeDecodeError):
        text = session.get(url, ("text/plain", "application/json")).decode("utf-8-sig").strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text)
    session.tell("  the publisher gives no count; the last short page ends the table")
    return None


def _add_numbers(
    seen: set[int], rows: list[dict[str, Any]], columns: set[str], dims: set[str], url: str
) -> set[str]:
    """Add the numbers of the rows of a page that can follow the pages before it; return the columns of all."""
    if not columns and not rows:
        raise InputError("holds no rows for this choice", "Choose other keys with --where.", file=url)
    columns = columns or set(rows[0])
    if missing := sorted((dims | {"ID"}) - columns):
        raise InputError(f"lacks the column {', '.join(missing)}", "Check the address.", file=url)
    for row in rows:
        if differ := ", ".join(sorted(row.keys() ^ columns)):
            remedy = "The publisher may be renewing the table: give the command again in an hour."
            raise InputError(f"has other columns than the rows before it ({differ})", remedy, file=url)
        if not isinstance(row["ID"], int):
            raise InputError("holds a row without a number", "Check the address.", file=url, column="ID")
        if row["ID"] in seen:
            raise InputError("sends rows that were sent before", AGAIN, file=url, column="ID")
        seen.add(row["ID"])
    return columns


def _publish(folder: Path, target: Path, manifest: dict[str, Any]) -> str:
    """Move a whole download into place, or compare it with the vintage that is there; return what happened."""
    if not target.exists():
        text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100)
        (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        folder.rename(target)  # one step, and one that fails when another process was first
        return f"  {manifest['rows']:,} rows in {target}"
    if names := sorted({name for name, _ in _hashes(target).items() ^ _hashes(folder).items()}):
        problem = f"is there already under this date with other content ({', '.join(names[:5])})"
        remedy = (
            "It was asked for with another filter, changed by hand, or renewed by the publisher under the same date. Nothing "
            "was overwritten; to keep both, move this folder out of data/raw and give the command again."
        )
        raise InputError(problem, remedy, file=target)
    return f"  nothing new: {target} holds the same content already"


def _hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every answer in `folder`, by name."""
    return {p.name: sha256(p) for p in sorted(folder.iterdir()) if p.name != MANIFEST}


def registry() -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return the tables that `osw fetch --all` downloads: publisher, table, filter."""
    return [(e["publisher"], e["table"], e.get("where", {})) for e in _registry()["tables"]]


def _registry() -> dict[str, Any]:
    return dict(read_yaml(Path(__file__).with_name("tables.yml")))
