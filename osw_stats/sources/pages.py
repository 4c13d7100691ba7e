"""The rows of a table, page after page, each checked against the ones before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from osw_stats.errors import InputError
from osw_stats.sources.download import Session, StatusError, answer, same_server

# the most that ODataApi gives in one call
ROWS = 10_000
# twenty million rows: beyond any table there is, and an end to a server that never stops
MOST_PAGES = 2_000


class MixedError(InputError):
    """The parts of a download are not of one table; what is kept of it is of no use."""


class Keep(Protocol):
    """Gives the answer at an address: the one kept under a name, or a fresh one."""

    def __call__(self, name: str, url: str, check: Callable[[bytes, str], dict[str, Any]]) -> dict[str, Any]:
        """Return the answer once `check` has read it."""
        ...


class Pages:
    """All pages of one request.

    Parameters
    ----------
    address
        Address of the table.
    query
        The `$filter` part of the address, or nothing.
    dimensions
        Columns that must be there.
    """

    def __init__(self, address: str, query: str, dimensions: frozenset[str]) -> None:
        self.first = f"{address}/UntypedDataSet?$format=json{query}&$top={ROWS}"
        self.count = f"{address}/UntypedDataSet/$count{query.replace('&', '?', 1)}"
        self.dimensions = dimensions
        self.total: int | None = None
        self.columns: set[str] = set()
        self.seen: set[int] = set()

    @property
    def rows(self) -> int:
        """How many rows came in."""
        return len(self.seen)

    def download(self, keep: Keep, session: Session, progress: Callable[[str], object]) -> None:
        """Get every page and check that nothing is missing.

        Raises
        ------
        MixedError
            If pages do not belong together or rows are missing.
        InputError
            If a page cannot be had or used.
        """
        self.total = self._count(session, progress)
        url: str | None = f"{self.first}&$skip=0"
        for number in range(1, MOST_PAGES + 1):
            content = keep(f"UntypedDataSet-{number:04d}.json", str(url), self._check)
            self.seen |= {row["ID"] for row in content["value"]}
            of = f" of {self.total:,}" if self.total is not None else ""
            progress(f"  page {number}: {self.rows:,}{of} rows")
            url = self._next(content, str(url))
            if url is None:
                break
        else:
            raise InputError(
                f"has more than {MOST_PAGES:,} pages", "Narrow it with --where.", file=self.first
            )
        if self.total not in (None, self.rows):
            raise MixedError(
                f"ended after {self.rows:,} rows where the publisher counts {self.total:,}",
                "Give the command again; if it stays, narrow it with --where.",
                file=self.first,
            )

    def _count(self, session: Session, progress: Callable[[str], object]) -> int | None:
        """Return the number of rows to expect; None from a service that does not count."""
        try:
            text = session.get(self.count, ("text/plain", "application/json")).decode("utf-8-sig").strip()
        except StatusError:
            text = ""
        if not (text.isascii() and text.isdigit()):
            progress("  the publisher gives no count; the last short page ends the table")
            return None
        return int(text)

    def _next(self, content: dict[str, Any], url: str) -> str | None:
        link = content.get("odata.nextLink")
        if link is not None:
            return same_server(url, str(link), "names a next page on")
        got = len(content["value"])
        more = self.rows < self.total if self.total is not None else got >= ROWS
        return f"{self.first}&$skip={self.rows}" if more and got else None

    def _check(self, body: bytes, url: str) -> dict[str, Any]:
        """Return the page if it can follow the pages before it."""
        content = answer(body, url)
        rows = content["value"]
        if not rows and not self.seen:
            raise InputError("holds no rows for this choice", "Choose other keys with --where.", file=url)
        for row in rows:
            self._check_columns(set(row), url)
        numbers = [row["ID"] for row in rows]
        if not all(isinstance(n, int) for n in numbers):
            raise InputError("holds a row without a number", "Check the address.", file=url, column="ID")
        if len(set(numbers)) < len(numbers) or not self.seen.isdisjoint(numbers):
            raise MixedError(
                "sends rows that were sent before",
                "Give the command again; if it stays, use the bulk feed with --base.",
                file=url, column="ID",
            )  # fmt: skip
        # looked at here as well, so that a page that leads astray is never kept
        self._next(content, url)
        return content

    def _check_columns(self, columns: set[str], url: str) -> None:
        if not self.columns:
            missing = sorted((self.dimensions | {"ID"}) - columns)
            if missing:
                raise InputError(f"lacks the column {', '.join(missing)}", "Check the address.", file=url)
            self.columns = columns
        if columns != self.columns:
            differ = ", ".join(sorted(columns ^ self.columns))
            raise MixedError(
                f"has other columns than the rows before it ({differ})",
                "The publisher may be renewing the table: give the command again in an hour.",
                file=url,
            )
