"""Download tables of CBS and the police, answer by answer, into a new vintage beside the older ones.

The service is OData v3. Its shapes are built from documentation and from files that others
published; they have not been tried against the live services yet.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
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

TABLE = re.compile(r"[0-9A-Za-z]{4,12}")
MANIFEST = "table.source.yml"
REQUEST = ".request.json"
PARTIAL = ".partial-"
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


@dataclass(frozen=True)
class _Partial:
    """The hidden folder a download grows in; what stands in it is whole and checked."""

    folder: Path
    session: Session
    progress: Callable[[str], object]

    def keep(self, name: str, url: str, check: Callable[[bytes, str], dict[str, Any]]) -> dict[str, Any]:
        """Return the checked answer at `url`: the one kept as `name`, else a fresh one, kept as well."""
        path = self.folder / name
        if path.is_file():
            return check(path.read_bytes(), url)
        body = self.session.get(url)
        # checked before it is kept: a later call trusts what it finds
        content = check(body, url)
        write(path, body)
        return content


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
    session = session or Session()
    home = root / "data" / "raw" / publisher / table
    if not home.resolve().is_relative_to(root.resolve()):
        raise InputError("leads outside the project folder", "Take that link away.", file=home)
    progress(f"{publisher} {table}: asking {address}")
    infos_url = f"{address}/TableInfos?$format=json"
    infos = session.get(infos_url)
    title, modified = _info(answer(infos, infos_url), table, infos_url)
    try:
        partial = _begin(home, modified, {"address": address, "where": where or {}}, infos, progress)
        try:
            chosen, pages = _fill(_Partial(partial, session, progress), address, where or {}, home / modified)
            if session.get(infos_url) != infos:
                raise MixedError(
                    "was renewed while it was being downloaded", "Give the command again.", file=infos_url
                )
        except MixedError:
            # these pages can never become a whole table
            shutil.rmtree(partial)
            raise
        (partial / REQUEST).unlink()
        manifest = {
            "publisher": source.name,
            "table": table,
            "title": title,
            "url": source.page.format(table=table),
            "address": address,
            "licence": source.licence,
            "retrieved": retrieved.isoformat(),
            "modified": modified,
            "filter": chosen,
            "rows": pages.rows,
            "rows_checked_by": "the count of the publisher" if pages.total is not None else "the last short page",
            "files": [{"name": n, "sha256": h} for n, h in hashes(partial).items()],
        }  # fmt: skip
        return _settle(partial, home / modified, manifest, progress)
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
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InputError(
            "is not an address of a service",
            "Give it up to the table number, such as https://opendata.cbs.nl/ODataFeed/OData.",
            column="base", value=one_line(address),
        )  # fmt: skip
    return PUBLISHERS[publisher], f"{address}/{table}"


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


def _begin(
    home: Path, modified: str, request: dict[str, Any], infos: bytes, progress: Callable[[str], object]
) -> Path:
    """Return the partial folder to go on in: the one that was left, if it is of this very request."""
    folder = home / f"{PARTIAL}{modified}"
    asked = json.dumps(request, sort_keys=True).encode()
    for left in sorted(home.glob(f"{PARTIAL}*")):
        marks = (left / REQUEST, left / "TableInfos.json")
        same = left == folder and all(mark.is_file() for mark in marks)
        if same and [mark.read_bytes() for mark in marks] == [asked, infos]:
            progress(f"  going on with what was downloaded before ({left.name})")
            return folder
        progress(f"  taking away what is left of another download ({left.name})")
        shutil.rmtree(left)
    folder.mkdir(parents=True)
    write(folder / "TableInfos.json", infos)
    write(folder / REQUEST, asked)
    return folder


def _fill(
    partial: _Partial, address: str, where: dict[str, list[str]], target: Path
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
        _comparable(target, address, chosen)
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


def _comparable(target: Path, address: str, chosen: dict[str, list[str]]) -> None:
    """Refuse early when the vintage that is there was another request."""
    manifest = _manifest(target)
    for key, now in (("filter", chosen), ("address", address)):
        if manifest.get(key) != now:
            raise InputError(
                f"this vintage is there already, downloaded with another {key} ({one_line(manifest.get(key))})",
                f"Ask for the same {key} again, or move that folder out of data/raw first.",
                file=target,
            )


def _manifest(target: Path) -> dict[str, Any]:
    try:
        manifest = yaml.safe_load((target / MANIFEST).read_text(encoding="utf-8"))
        {f["name"]: f["sha256"] for f in manifest["files"]}
    except (FileNotFoundError, ValueError, yaml.YAMLError, KeyError, TypeError):
        raise InputError(
            "is missing or cannot be read, so this vintage cannot be compared",
            "Put it back, or move the folder out of data/raw.",
            file=target / MANIFEST,
        ) from None
    return dict(manifest)


def _settle(partial: Path, target: Path, manifest: dict[str, Any], progress: Callable[[str], object]) -> Path:
    """Move a whole download into place, or compare it with the vintage that is there."""
    if not target.exists():
        text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100)
        write(partial / MANIFEST, text.encode())
        # one step, and one that fails when another process was first
        partial.rename(target)
        progress(f"  {manifest['rows']:,} rows in {target}")
        return target
    new = {f["name"]: f["sha256"] for f in manifest["files"]}
    noted = {f["name"]: f["sha256"] for f in _manifest(target)["files"]}
    shutil.rmtree(partial)
    for there, problem, remedy in (
        (hashes(target), "was changed after it was downloaded", "Put the files back as they were published."),
        (new, "is there already, and the publisher now serves other content under the same date of modification",
         "Nothing was overwritten. To keep both, move this folder out of data/raw and give the command again."),
    ):  # fmt: skip
        other = sorted(n for n in noted.keys() | there.keys() if noted.get(n) != there.get(n))
        if other:
            raise InputError(f"this vintage {problem} ({', '.join(other[:5])})", remedy, file=target)
    progress(f"  nothing new: {target} holds the same content already")
    return target


def hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every answer in `folder`, by name."""
    files = sorted(p for p in folder.iterdir() if p.name != MANIFEST)
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def write(path: Path, body: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(body)
    beside.replace(path)


def registry() -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return the tables that `osw fetch --all` downloads: publisher, table, filter."""
    entries = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    return [(e["publisher"], e["table"], e.get("where", {})) for e in entries]
