"""The rows of a table, page after page, each checked against the ones before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from osw_stats.data.fetch.download import Session, StatusError, same_server
from osw_stats.errors import InputError

ROWS = 10_000  # the most that ODataApi gives in one call
MOST_PAGES = 2_000  # twenty million rows: an end to a server that never stops
AGAIN = "Give the command again; if it stays, narrow it with --where or use the bulk feed with --base."


def download_pages(
    address: str,
    query: str,
    dimensions: set[str],
    session: Session,
    keep: Callable[[str, str], dict[str, Any]],
) -> tuple[int, int | None]:
    """Get every page of a table and check that nothing is missing; return the rows that came and the publisher's count, if any.

    `keep` gets the answer at an address, keeps it under a name and returns it.
    """
    first = f"{address}/UntypedDataSet?$format=json{query}&$top={ROWS}"
    total = _count(f"{address}/UntypedDataSet/$count{query.replace('&', '?', 1)}", session)
    columns: set[str] = set()
    seen: set[int] = set()
    url = f"{first}&$skip=0"
    for number in range(1, MOST_PAGES + 1):
        content = keep(f"UntypedDataSet-{number:04d}.json", url)
        rows = content["value"]
        columns = columns or _columns(rows, dimensions, url)
        seen |= _numbers(rows, columns, seen, url)
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
        raise InputError(
            f"ended after {len(seen):,} rows where the publisher counts {total:,}", AGAIN, file=first
        )
    return len(seen), total


def _count(url: str, session: Session) -> int | None:
    try:
        text = session.get(url, ("text/plain", "application/json")).decode("utf-8-sig").strip()
    except (StatusError, UnicodeDecodeError):
        text = ""
    if text.isascii() and text.isdigit():
        return int(text)
    session.tell("  the publisher gives no count; the last short page ends the table")
    return None


def _columns(rows: list[dict[str, Any]], dimensions: set[str], url: str) -> set[str]:
    """Return the columns of the first page, which every other row must have."""
    if not rows:
        raise InputError("holds no rows for this choice", "Choose other keys with --where.", file=url)
    if missing := sorted((dimensions | {"ID"}) - set(rows[0])):
        raise InputError(f"lacks the column {', '.join(missing)}", "Check the address.", file=url)
    return set(rows[0])


def _numbers(rows: list[dict[str, Any]], columns: set[str], seen: set[int], url: str) -> set[int]:
    """Return the numbers of the rows of a page, if it can follow the pages before it."""
    for row in rows:
        if differ := ", ".join(sorted(row.keys() ^ columns)):
            remedy = "The publisher may be renewing the table: give the command again in an hour."
            raise InputError(f"has other columns than the rows before it ({differ})", remedy, file=url)
        if not isinstance(row["ID"], int):
            raise InputError("holds a row without a number", "Check the address.", file=url, column="ID")
    numbers = {row["ID"] for row in rows}
    if len(numbers) < len(rows) or numbers & seen:
        raise InputError("sends rows that were sent before", AGAIN, file=url, column="ID")
    return numbers
