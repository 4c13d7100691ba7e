"""Download complete tables of CBS and the police over OData v3, each into a new vintage next to the older ones."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from filecmp import dircmp
from multiprocessing import TimeoutError as TimeLimitError
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, RequestException
from urllib3.util.retry import Retry

from osw_stats import __version__
from osw_stats.data.record import PUBLISHERS, download_entry
from osw_stats.data.register import write_record
from osw_stats.data.statline.files import odata_page
from osw_stats.data.statline.read import read_table
from osw_stats.errors import InputError, located, shown
from osw_stats.kept.disk import PARTIAL
from osw_stats.kept.swap import alone
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

RETRY_STATUSES = (429, *range(500, 600))  # statuses that may be temporary
TABLE = re.compile(r"[0-9A-Za-z]{4,12}")
SERVICE = re.compile(r"https?://[^/?#\s\[\]@]+(/[^?#\s@]*)?")
# types in DataProperties of columns with keys; the others are topics or their headings
DIMENSIONS = {"Dimension", "TimeDimension", "GeoDimension", "GeoDetail"}
# a dimension names a file, so it may hold no path characters and not equal the name of another file
NAME = re.compile(r"(?!(?:TableInfos|DataProperties|UntypedDataSet.*|table)\Z)[A-Za-z]\w{0,63}", re.I | re.A)
MANIFEST = "table.source.yml"
ROWS = 10_000  # maximum of ODataApi per call
MOST_PAGES = 2_000  # twenty million rows: a stop for a server that never ends
BASIS = "the day on which the publisher says the table was last changed"
Where = Mapping[str, list[str]]
Seen = dict[str, set[str]]  # keys by column
Lists = dict[str, dict[str, str]]  # by dimension: its keys, including padding, with their titles


class StatusError(InputError):
    """The server answered with an error status."""


@dataclass
class Session:
    """Limits of a request: seconds to connect, for the next bytes and for a complete answer, attempts and size."""

    # the deadline covers a complete answer: it is read in a thread that is abandoned when time is up
    read: float = 60.0
    connect: float = 10.0
    whole: float = 600.0  # for one complete answer; a server that drips never exceeds `read`
    attempts: int = 5
    pause: float = 1.0  # before the third attempt, then doubled
    max_bytes: int = 256 * 2**20  # after decompression
    tell: Callable[[str], object] = print
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        """Let the client library retry where that makes sense."""
        timing: Any = {"backoff_factor": self.pause, "retry_after_max": 60}
        retry = Retry(self.attempts - 1, status_forcelist=RETRY_STATUSES, raise_on_status=False, **timing)
        for scheme in ("http://", "https://"):
            self.http.mount(scheme, HTTPAdapter(max_retries=retry))
        self.http.max_redirects = 5
        self.http.headers["User-Agent"] = f"osw_stats/{__version__}"
        self.http.hooks["response"].append(_check_redirect)

    def get(self, url: str) -> bytes:
        """Return the complete body at `url`; a StatusError is the server's own answer, after any useful retries."""
        pool = ThreadPool(1)
        try:
            return pool.apply_async(self._request, (url, self.attempts)).get(self.whole)
        except TimeLimitError:
            raise refused("slow", file=url, seconds=self.whole) from None
        except RequestException as error:  # the plain reason comes last in the library's message
            reason = shown(re.sub("['\")]*$", "", str(error).rpartition(": ")[2]))
            raise refused("no_answer", file=url, reason=reason, attempts=self.attempts) from None
        finally:
            pool.close()

    def _request(self, url: str, attempts: int) -> bytes:
        body = bytearray()
        with self.http.get(url, stream=True, timeout=(self.connect, self.read)) as response:
            try:
                for chunk in response.iter_content(1 << 16):
                    body += chunk
                    if not response.ok or len(body) > self.max_bytes:  # the start of an error is enough
                        break
            except (ChunkedEncodingError, requests.ConnectionError):  # cut off: request it again in full
                if attempts < 2:
                    raise
                return self._request(url, attempts - 1)
        if not response.ok:
            said = shown(body.decode("utf-8", "replace"))
            raise refused("status", kind=StatusError, file=url, status=response.status_code, said=said)
        if len(body) > self.max_bytes:
            raise refused("large", file=url, most=self.max_bytes)
        return bytes(body)


def _check_redirect(response: requests.Response, **_: Any) -> None:
    if response.is_redirect:
        same_server(response.url, response.headers["Location"])


def same_server(url: str, link: str) -> str:
    """Return `link` as an absolute address; an answer must not redirect to any other server."""
    target = urljoin(url, link)
    if urlsplit(target)[:2] != urlsplit(url)[:2] or not target.isprintable():
        raise refused("other_server", file=url, target=shown(target))
    return target


def fetch(
    publisher: str,
    table: str,
    *,
    where: Where | None = None,
    root: Path,
    retrieved: date,
    base: str | None = None,
    session: Session | None = None,
    progress: Callable[[str], object] = print,
) -> Path:
    """Download a table of `cbs` or `police` into `data/raw/<publisher>/<table>/<date of change>`; return that folder."""
    # InputError if anything about the request or an answer is wrong; no vintage is then made or changed
    if publisher not in PUBLISHERS or not TABLE.fullmatch(table):
        raise refused("table_number", value=f"{publisher} {table}", publishers=" or ".join(PUBLISHERS))
    address = f"{(base or PUBLISHERS[publisher]['base']).rstrip('/')}/{table}"
    if not SERVICE.fullmatch(address):  # not quoted: it may hold a password
        raise refused("base", column="base")
    home = root / "data" / "raw" / publisher / table
    if not home.resolve().is_relative_to(root.resolve()):
        raise refused("outside", file=home)
    with _partial_folder(root, home) as folder:
        facts = _download(folder, table, where or {}, address, session or Session(tell=progress))
        if not "1990" <= facts["published"] <= (retrieved + timedelta(days=1)).isoformat():  # time zones
            raise refused("no_day", file=address, value=facts["published"])
        target, answers = home / str(facts["published"]), sorted(folder.iterdir())
        if not target.exists():
            entry = download_entry(publisher, table, answers, retrieved.isoformat(), **facts)
            write_record(folder / MANIFEST, entry)
            home.mkdir(exist_ok=True)
            folder.rename(target)
            progress(f"  {facts['rows']:,} rows in {target}")
        else:
            diff = dircmp(folder, target, [MANIFEST])
            if differing := sorted(diff.left_only + diff.right_only + diff.diff_files + diff.funny_files):
                raise refused("other_content", file=target, differing=", ".join(differing))
            progress(f"  nothing new: {target} holds the same content already")
        return target


@contextmanager
def _partial_folder(root: Path, home: Path) -> Iterator[Path]:
    """Yield a temporary folder next to `home`, with a lock that keeps other processes from downloading this table."""
    folder = home.with_name(f"{PARTIAL}{home.name}")
    with alone(root, home.resolve()) as acquired:
        if not acquired:
            raise refused("at_work", file=home)
        try:
            shutil.rmtree(folder, ignore_errors=True)  # from an interrupted download
            folder.mkdir(parents=True)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _download(folder: Path, table: str, where: Where, address: str, session: Session) -> dict[str, Any]:
    """Download descriptions, code lists and rows; return the facts for the record."""
    url = f"{address}/TableInfos?$format=json"
    facts = _read_info(_save(folder / "TableInfos.json", url, session)[0], table, url)
    lists, topics = _download_lists(folder, address, session)
    chosen = _match_keys(where, lists, address)
    escaped = {name: [key.replace("'", "''") for key in keys] for name, keys in chosen.items()}
    tests = [" or ".join(f"{name} eq '{key}'" for key in keys) for name, keys in escaped.items()]
    query = "&$filter=" + quote(" and ".join(f"({test})" for test in tests), safe="") if tests else ""
    count = f"{address}/UntypedDataSet/$count{query.replace('&', '?', 1)}"
    before = _read_count(count, session)
    seen, first = Seen(), f"{address}/UntypedDataSet?$format=json{query}&$top={ROWS}&$skip="
    rows = _get_rows(folder, first, before, session, lists, seen)
    after = _read_count(count, session)
    if not rows or any(number not in (None, rows) for number in (before, after)):
        raise refused("rows", file=address, rows=rows, before=before or "no rows", after=after or "no rows")
    try:
        read_table(folder)  # checks every answer against the others
    except InputError as error:
        error.file = address  # the folder will be removed
        raise
    _check_rows(seen, lists, topics, chosen, address)
    if session.get(url) != (folder / "TableInfos.json").read_bytes():
        raise refused("renewed", file=url)
    checked_by = "the last short page" if before is None else "the count of the publisher"
    return facts | {"address": address, "filter": chosen, "rows": rows, "rows_checked_by": checked_by}


def _save(path: Path, url: str, session: Session) -> tuple[list[dict[str, Any]], str | None]:
    """Save an answer unchanged; return its rows, and the address of the next page if it names one."""
    body = session.get(url)
    with located(file=url):
        rows, link = odata_page(body)
    if rows:  # an empty page follows a full last one
        path.write_bytes(body)
    return rows, None if link is None else same_server(url, link)


def _read_info(rows: list[dict[str, Any]], table: str, url: str) -> dict[str, str]:
    """Return title and date for the record, if the answer is about this table."""
    info = rows[0] if len(rows) == 1 else {}
    with suppress(ValueError):  # only a valid date may name a folder
        day = date.fromisoformat(str(info.get("Modified")).partition("T")[0]).isoformat()
        if info.get("Identifier") == table:
            title = shown(info.get("Title", table))
            return {"title": title, "published": day, "published_precision": "day", "date_basis": BASIS}
    raise refused("other_table", file=url, value=rows)


def _download_lists(folder: Path, address: str, session: Session) -> tuple[Lists, set[str]]:
    """Download the code list of every dimension; return the lists and the names of the measures."""
    url = f"{address}/DataProperties?$format=json"
    properties, _ = _save(folder / "DataProperties.json", url, session)
    names = [str(row.get("Key")) for row in properties if row.get("Type") in DIMENSIONS]
    if not names or not all(map(NAME.fullmatch, names)):
        raise refused("dimensions", file=url, value=", ".join(names))
    lists: Lists = {}
    for name in names:
        entries, link = _save(folder / f"{name}.json", f"{address}/{name}?$format=json", session)
        lists[name] = {str(entry.get("Key")): str(entry.get("Title", "")).strip() for entry in entries}
        if link is not None or len({key.strip() for key in lists[name]}) < len(entries):
            raise refused("several_pages", file=f"{address}/{name}")
    return lists, {str(row.get("Key")) for row in properties if row.get("Type") == "Topic"}


def _check_rows(seen: Seen, lists: Lists, topics: set[str], chosen: Where, address: str) -> None:
    """Refuse rows with columns other than the table describes, or keys outside its lists or the request."""
    if differing := sorted(seen.keys() ^ {"ID", *lists, *topics}):
        raise refused("other_columns", file=address, value=", ".join(differing))
    for name, keys in lists.items():
        expected = {key.strip() for key in chosen.get(name, keys)}
        returned = {key.strip() for key in seen[name]}
        if unexpected := returned - expected:
            raise refused("not_asked", file=address, column=name, value=min(unexpected))
        if name in chosen and (missing := expected - returned):
            raise refused("in_no_row", file=address, column=name, value=min(missing))


def _match_keys(where: Where, lists: Lists, address: str) -> dict[str, list[str]]:
    """Return `where` with keys padded as the publisher writes them, without which a filter finds nothing."""
    chosen = {}
    for name, keys in where.items():
        _check_choice(name, dict.fromkeys(lists, ""), address)
        wanted = {key.strip() for key in keys} or {""}
        for key in sorted(wanted):
            _check_choice(key, {k.strip(): title for k, title in lists[name].items()}, f"{address}/{name}")
        chosen[name] = [key for key in lists[name] if key.strip() in wanted]
    return chosen


def _check_choice(word: str, titles: Mapping[str, str], address: str) -> None:
    """Refuse a choice that is not among the keys; suggest the nearest by key or title."""
    if word not in titles:
        labels = {t.lower(): f"{key} {title}" for key, title in titles.items() for t in (title, key)}
        near = {labels[n].strip(): 0 for n in get_close_matches(word.lower(), labels, cutoff=0.5)} or titles
        choices = " or ".join(list(near)[:9])
        raise refused("not_in_list", file=address, column="where", value=word, choices=choices)


def _get_rows(folder: Path, first: str, total: int | None, session: Session, lists: Lists, seen: Seen) -> int:
    """Download every page and return the number of rows; collect columns in `seen`, with keys for those with lists."""
    rows, url = 0, f"{first}0"
    for number in range(1, MOST_PAGES + 1):
        page, link = _save(folder / f"UntypedDataSet-{number:04d}.json", url, session)
        rows += len(page)
        for name in page[0] if page else ():
            keys = (key for row in page if isinstance(key := row.get(name), str)) if name in lists else ()
            seen.setdefault(name, set()).update(keys)  # measures get no keys, which would be all their values
        session.tell(f"  page {number}: {rows:,} of {'?' if total is None else f'{total:,}'} rows")
        incomplete = len(page) >= ROWS if total is None else page and rows < total
        if link is None and not incomplete:
            return rows
        url = link or f"{first}{rows}"
    raise refused("many_pages", file=first, most=MOST_PAGES)


def _read_count(url: str, session: Session) -> int | None:
    """Return the publisher's number of rows, if available."""
    with suppress(StatusError, ValueError):
        return int(session.get(url)[:20].decode("utf-8-sig"))
    return None
