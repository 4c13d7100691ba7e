"""Download tables of CBS and the police whole into a new vintage beside the older ones.

The service is OData v3. Its shapes are built from documentation and from files that others published; they have not
been tried against the live services yet.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote

from osw_stats.data.fetch.download import Session, StatusError, same_server
from osw_stats.data.record import FETCHED, PUBLISHERS, download_entry, write_record
from osw_stats.data.statline.read import read_table
from osw_stats.errors import InputError, shown
from osw_stats.kept.disk import PARTIAL, sha256

TABLE = re.compile(r"[0-9A-Za-z]{4,12}")
SERVICE = re.compile(r"https?://[^/?#\s\[\]@]+(/[^?#\s@]*)?")
# what DataProperties calls a column of keys; the others are topics or headings above topics
DIMENSIONS = {"Dimension", "TimeDimension", "GeoDimension", "GeoDetail"}
# a dimension gives a file its name, so it may hold nothing that means something in a path, nor be that of another file
NAME = re.compile(r"(?!(?:TableInfos|DataProperties|UntypedDataSet.*|table)\Z)[A-Za-z]\w{0,63}", re.I | re.A)
MANIFEST = "table.source.yml"
ROWS = 10_000  # the most that ODataApi gives in one call
MOST_PAGES = 2_000  # twenty million rows: an end to a server that never stops
ODATA = "Check that the address is an OData v3 service of CBS."
AGAIN = "Give the command again; if it stays, narrow it with --where or use the bulk feed with --base."
Lists = dict[str, dict[str, str]]  # by dimension: its keys, spaces and all, with their titles


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
    publisher, table
        `cbs` or `police`, and the number of the table; capitals matter.
    where
        Keys to keep, by dimension; padding may be left out.
    base
        Address of the service up to the table, when not the publisher's own.

    Raises
    ------
    InputError
        If anything about the request, the connection or an answer is wrong. No vintage is made or changed then; one
        that is there with the same content stays as it is.
    """
    address = _address(publisher, table, base)
    session = session or Session(tell=progress)
    home = root / "data" / "raw" / publisher / table
    if not home.resolve().is_relative_to(root.resolve()):
        raise InputError("leads outside the project folder", "Take that link away.", file=home)
    progress(f"{publisher} {table}: asking {address}")
    infos_url = f"{address}/TableInfos?$format=json"
    infos, rows, _ = session.page(infos_url)
    title, modified = _info(rows, table, infos_url)
    folder, target = home / f"{PARTIAL}{modified}", home / modified
    try:
        for left in home.glob(f"{PARTIAL}*"):  # of a download that was killed
            shutil.rmtree(left)
        folder.mkdir(parents=True)
        (folder / "TableInfos.json").write_bytes(infos)
        downloaded = _download(folder, address, where or {}, session)
        if session.get(infos_url) != infos:
            problem = "was renewed while it was being downloaded"
            raise InputError(problem, "Give the command again.", file=infos_url)
        try:
            read_table(folder)  # every answer, held against the others
        except InputError as error:
            place: Any = {name: getattr(error, name) for name in ("row", "column", "value")}
            raise InputError(error.problem, AGAIN, file=address, **place) from None
        dated = {"published": modified, "published_precision": "day", "title": title, "address": address}
        dated["date_basis"] = "the day on which the publisher says the table was last changed"
        answers, day = sorted(folder.iterdir()), retrieved.isoformat()
        manifest = download_entry(publisher, table, answers, day, **dated, **downloaded)
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


def _address(publisher: str, table: str, base: str | None) -> str:
    """Return the address of the table, if this can be asked for."""
    if publisher not in PUBLISHERS:
        raise InputError("unknown publisher", f"Choose {' or '.join(PUBLISHERS)}.", value=publisher)
    if not TABLE.fullmatch(table):
        remedy = "Write four to twelve letters and digits, such as 7461bev."
        raise InputError("is not a table number", remedy, value=table)
    address = (base or PUBLISHERS[publisher]["base"]).rstrip("/")
    if "@" in address:  # it would stand in the record; the message does not repeat it
        remedy = "Leave it out of the address; the client reads ~/.netrc."
        raise InputError("holds a name or a password", remedy, column="base")
    if not SERVICE.fullmatch(address):
        remedy = "Give it up to the table number, such as https://opendata.cbs.nl/ODataFeed/OData."
        raise InputError("is not an address of a service", remedy, column="base", value=address)
    return f"{address}/{table}"


def _info(rows: list[dict[str, Any]], table: str, url: str) -> tuple[str, str]:
    """Return title and date of modification, if the answer is about this table."""
    info = rows[0] if len(rows) == 1 else {}
    problem, column = "does not describe this table", "Identifier"
    with suppress(ValueError):
        if info.get(column) == table:
            problem, column = "gives no date, without which vintages cannot be told apart", "Modified"
            # also keeps anything but a date out of the name of a folder
            modified = date.fromisoformat(str(info.get(column)).partition("T")[0])
            return shown(info.get("Title", table)), modified.isoformat()
    remedy = "Check the table number; capitals matter."
    raise InputError(problem, remedy, file=url, column=column, value=info.get(column))


def _download(folder: Path, address: str, where: dict[str, list[str]], session: Session) -> dict[str, Any]:
    """Download code lists and rows; return what the manifest says of them."""

    def keep(name: str, url: str) -> tuple[list[dict[str, Any]], str | None]:
        body, rows, link = session.page(url)
        (folder / f"{name}.json").write_bytes(body)
        return rows, link

    url = f"{address}/DataProperties?$format=json"
    names = [str(row.get("Key")) for row in keep("DataProperties", url)[0] if row.get("Type") in DIMENSIONS]
    strange = next((name for name in names if not NAME.fullmatch(name)), None)
    if strange is not None or not names:
        problem = "lists a dimension with a name that cannot be used" if names else "lists no dimension"
        raise InputError(problem, ODATA, file=url, value=strange)
    lists: Lists = {}
    for name in names:
        url = f"{address}/{name}?$format=json"
        entries, link = keep(name, url)
        lists[name] = {str(entry.get("Key")): str(entry.get("Title", "")).strip() for entry in entries}
        if link is not None or len({key.strip() for key in lists[name]}) < len(entries):
            problem = "comes in several pages, which is not supported" if link else "has a key twice"
            raise InputError(f"this code list {problem}", "Download the table by hand.", file=url)
    chosen = chosen_keys(where, lists, address)
    query = filter_query(chosen)
    first = f"{address}/UntypedDataSet?$format=json{query}&$top={ROWS}"
    count = f"{address}/UntypedDataSet/$count{query.replace('&', '?', 1)}"
    total, rows, url = _count(count, session), 0, f"{first}&$skip=0"
    for number in range(1, MOST_PAGES + 1):
        page, link = keep(f"UntypedDataSet-{number:04d}", url)
        rows += len(page)
        session.tell(f"  page {number}: {rows:,}{'' if total is None else f' of {total:,}'} rows")
        if link is not None:
            url = same_server(url, link, "names a next page on")
        elif page and (len(page) >= ROWS if total is None else rows < total):
            url = f"{first}&$skip={rows}"
        else:
            break
    else:
        raise InputError(f"has more than {MOST_PAGES:,} pages", "Narrow it with --where.", file=first)
    if not rows:
        raise InputError("holds no rows for this choice", "Choose other keys with --where.", file=first)
    if not page:  # the one after a last full page
        (folder / f"UntypedDataSet-{number:04d}.json").unlink()
    if total is not None and (now := _count(count, session)) != total:
        raise InputError(f"counted {total:,} rows before the pages and {now} after them", AGAIN, file=first)
    if total not in (None, rows):
        problem = f"ended after {rows:,} rows where the publisher counts {total:,}"
        raise InputError(problem, AGAIN, file=first)
    checked_by = "the last short page" if total is None else "the count of the publisher"
    return {"filter": chosen, "rows": rows, "rows_checked_by": checked_by}


def _count(url: str, session: Session) -> int | None:
    text = ""
    with suppress(StatusError, UnicodeDecodeError):
        text = session.get(url).decode("utf-8-sig").strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text)
    session.tell("  the publisher gives no count; the last short page ends the table")
    return None


def chosen_keys(where: Mapping[str, list[str]], lists: Lists, address: str) -> dict[str, list[str]]:
    """Return `where` with every key as the publisher writes it, in the publisher's order.

    Keys of CBS and the police are padded with spaces, and a filter without them finds nothing; people write them
    without. The order is the publisher's, so that the same choice is the same filter however it was typed.

    Examples
    --------
    >>> chosen_keys({"RegioS": ["NL01"]}, {"RegioS": {"NL01  ": "Nederland"}}, "https://...")
    {'RegioS': ['NL01  ']}
    """
    for name, wanted in where.items():
        if name not in lists:
            remedy = f"Its dimensions are {', '.join(lists)}.{_hint(name, {n: n for n in lists})}"
            problem = "is not a dimension of this table"
            raise InputError(problem, remedy, file=address, column="where", value=name)
        if not wanted:
            raise InputError("no key is given", "Name a key or leave it out.", file=address, column=name)
        known = {key.strip(): f"{key.strip()} ({title})" for key, title in lists[name].items()}
        titles = {title: known[key.strip()] for key, title in lists[name].items()}
        for key in (key.strip() for key in wanted if key.strip() not in known):
            remedy = f"See {address}/{name} for all keys.{_hint(key, known | titles)}"
            problem = "is not in the code list of this dimension"
            raise InputError(problem, remedy, file=address, column=name, value=key)
    bare = {name: {key.strip() for key in keys} for name, keys in where.items()}
    return {n: [key for key in lists[n] if key.strip() in bare[n]] for n in lists if n in where}


def _hint(given: str, choices: Mapping[str, str]) -> str:
    # a person may have typed the title, so capitals must not stand in the way
    folded = {text.lower(): label for text, label in choices.items()}
    near = dict.fromkeys(folded[c] for c in get_close_matches(given.lower(), folded, n=3, cutoff=0.5))
    return f" Did you mean {' or '.join(shown(n) for n in near)}?" if near else ""


def filter_query(chosen: Mapping[str, list[str]]) -> str:
    """Return the `$filter` part of an address, or nothing when every row is wanted.

    Spaces become %20: a plus sign is not a space to every OData server. A quote inside a text is written twice.

    Examples
    --------
    >>> filter_query({"RegioS": ["NL01  "]})
    '&$filter=%28RegioS%20eq%20%27NL01%20%20%27%29'
    """
    doubled = {name: [key.replace("'", "''") for key in keys] for name, keys in chosen.items()}
    groups = [" or ".join(f"{name} eq '{key}'" for key in keys) for name, keys in doubled.items()]
    text = " and ".join(f"({group})" for group in groups)
    return f"&$filter={quote(text, safe='')}" if text else ""


def _publish(folder: Path, target: Path, manifest: dict[str, Any]) -> str:
    """Move a whole download into place, or compare it with the vintage that is there; return what happened."""
    if not target.exists():
        write_record(folder / MANIFEST, manifest)
        folder.rename(target)  # one step, and one that fails when another process was first
        return f"  {manifest['rows']:,} rows in {target}"
    if names := sorted({name for name, _ in _hashes(target).items() ^ _hashes(folder).items()}):
        problem = f"is there already under this date with other content ({', '.join(names[:5])})"
        remedy = (
            "It was asked for with another filter, edited, or renewed under the same date. Nothing was overwritten; to keep "
            "both, move this folder out of data/raw and give the command again."
        )
        raise InputError(problem, remedy, file=target)
    return f"  nothing new: {target} holds the same content already"


def _hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every answer in `folder`, by name."""
    return {p.name: sha256(p) for p in sorted(folder.iterdir()) if p.name != MANIFEST}


def registry() -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return the tables that `osw fetch --all` downloads: publisher, table, filter."""
    return [(e["publisher"], e["table"], e.get("where", {})) for e in FETCHED["tables"]]
