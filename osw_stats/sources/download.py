"""Bounded HTTP: one address in, one whole body out, or one error that says what to do.

Everything a server decides is bounded: how long it may take, how much it may send, how often
it is asked again, and where it may send us.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from osw_stats import __version__
from osw_stats.errors import InputError

CHUNK = 1 << 16
HOPS = 5
# an error page is quoted, never kept
QUOTED = 200
AGAIN = "Whole pages that came in are kept: give the same command again to go on after them."


class StatusError(InputError):
    """The server answered, with a status that is not a success."""


class _PassingError(Exception):
    """Trouble that may be over in a moment, so asking again makes sense."""

    def __init__(self, problem: str, *, answered: bool = False, pause: float | None = None) -> None:
        super().__init__(problem)
        self.problem, self.answered, self.pause = problem, answered, pause


@dataclass
class Session:
    """What is asked of a server, and how patiently.

    Parameters
    ----------
    connect, read
        Seconds to wait for a connection, and for the next bytes.
    whole
        Seconds one answer may take altogether; a server that drips never breaks `read`.
    attempts
        How often one address is asked at most.
    pause, longest_pause
        Seconds before the second attempt, doubled each time, and the most that is ever waited,
        whatever the server asks for.
    max_bytes
        The largest body accepted, after decompression.
    sleep
        What waits; tests give a stand-in.
    tell
        Receives a line when something is asked again.
    http
        The underlying session, with its proxies and certificates.
    """

    connect: float = 10.0
    read: float = 60.0
    whole: float = 600.0
    attempts: int = 5
    pause: float = 1.0
    longest_pause: float = 60.0
    max_bytes: int = 256 * 2**20
    sleep: Callable[[float], object] = time.sleep
    tell: Callable[[str], object] = print
    http: requests.Session = field(default_factory=requests.Session)

    def get(self, url: str, accepted: tuple[str, ...] = ("application/json",)) -> bytes:
        """Return the whole body at `url`.

        Raises
        ------
        StatusError
            If the server answers with an error, after the attempts that make sense.
        InputError
            If it cannot be reached, sends another kind of thing, too much, or somewhere else.
        """
        for attempt in range(1, self.attempts + 1):
            try:
                return self._once(url, accepted)
            except _PassingError as trouble:
                last = trouble
            if attempt < self.attempts:
                wait = self._wait(attempt, last.pause)
                self.tell(f"  {last.problem}; asking again in {wait:g} s ({attempt + 1} of {self.attempts})")
                self.sleep(wait)
        kind = StatusError if last.answered else InputError
        remedy = (
            "Try again later, narrow what is asked for with --where, or use the bulk feed with --base."
            if last.answered
            else "Check the internet connection (and the proxy, if there is one)."
        )
        raise kind(f"{last.problem} (asked {self.attempts} times)", f"{remedy} {AGAIN}", file=url)

    def _wait(self, attempt: int, asked: float | None) -> float:
        wait = asked if asked is not None else self.pause * 2 ** (attempt - 1)
        return min(wait, self.longest_pause)

    def _once(self, url: str, accepted: tuple[str, ...]) -> bytes:
        try:
            with self._open(url) as response:
                if response.status_code >= 400:
                    self._refused(url, response)
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                if kind not in accepted or response.status_code != 200:
                    raise InputError(
                        f"answered {response.status_code} with content of type "
                        f'"{one_line(kind) or "(none)"}" where {" or ".join(accepted)} was expected',
                        "Open the address in a browser to see what stands there; it may be a notice of "
                        "maintenance or the sign-in page of a network.",
                        file=url,
                    )
                return self._body(url, response, self.max_bytes)
        except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as error:
            raise InputError(
                f"the certificate of the server was not accepted ({_reason(error)})",
                "Check the date of this computer and its network; certificates are never skipped.",
                file=url,
            ) from None
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise _PassingError(f"gave no answer within {self.read:g} seconds") from None
        except (requests.ConnectionError, urllib3.exceptions.ProtocolError) as error:
            raise _PassingError(f"the connection failed or was cut off ({_reason(error)})") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise InputError(
                f"cannot be downloaded ({_reason(error)})", "Check the address.", file=url
            ) from None

    def _open(self, url: str) -> requests.Response:
        """Ask for `url`, following redirects within the same server only."""
        address = url
        for _ in range(HOPS):
            response = self.http.get(
                address,
                timeout=(self.connect, self.read),
                stream=True,
                allow_redirects=False,
                headers={"Accept": "application/json, text/plain", "User-Agent": f"osw_stats/{__version__}"},
            )
            if not response.is_redirect:
                return response
            response.close()
            address = same_server(url, response.headers["Location"], "redirects to")
        raise InputError(f"redirects more than {HOPS} times", "Check the address.", file=url)

    def _refused(self, url: str, response: requests.Response) -> None:
        status = response.status_code
        problem = f"answered {status}{self._said(url, response)}"
        if status == 429 or status >= 500:
            asked = response.headers.get("Retry-After", "")
            pause = float(asked) if asked.isascii() and asked.isdigit() else None
            raise _PassingError(problem, answered=True, pause=pause)
        raise StatusError(
            problem, "Check the table number (capitals matter: 7461bev, 47013NED) and the filter.", file=url
        )

    def _said(self, url: str, response: requests.Response) -> str:
        """Return what the server itself says is wrong, when it says so in JSON."""
        try:
            return f": {_message(json.loads(self._body(url, response, CHUNK)))}"
        except (InputError, ValueError, RecursionError, KeyError, TypeError):
            return ""

    def _body(self, url: str, response: requests.Response, limit: int) -> bytes:
        end = time.monotonic() + self.whole
        parts: list[bytes] = []
        size = 0
        # read1 comes back with whatever has arrived, so that the clock is looked at in between
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                raise InputError(
                    f"sends more than the {limit:,} bytes that are accepted in one answer",
                    "Narrow what is asked for with --where.",
                    file=url,
                )
            if time.monotonic() > end:
                raise _PassingError(f"was not finished after {self.whole:g} seconds")
        return b"".join(parts)


def same_server(url: str, link: str, verb: str) -> str:
    """Return `link` made absolute, if it stays on the server of `url`.

    An answer decides where the next request goes; without this check a wrong answer could send
    requests to any machine that this one can reach.
    """
    target = urljoin(url, link)
    if _server(target) != _server(url) or not target.isprintable():
        raise InputError(
            f'{verb} another server, "{one_line(target)}", which is not followed',
            "If the publisher has moved, give the new address with --base.",
            file=url,
        )
    return target


def _server(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ("", url, None)
    return (parts.scheme, parts.hostname, port)


def answer(body: bytes, url: str) -> dict[str, Any]:
    """Return an OData answer that has a `value` list of rows.

    Raises
    ------
    InputError
        If the body is no JSON, an `odata.error`, or has no list of rows.
    """
    try:
        content = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"sent JSON that is cut off or damaged ({_reason(error)}; {len(body):,} bytes)", AGAIN, file=url
        ) from None
    if isinstance(content, dict) and "odata.error" in content:
        raise InputError(
            f"answered with an error: {_message(content)}", "Check the table and the filter.", file=url
        )
    rows = content.get("value") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            'sent JSON without a list of rows under "value"',
            "Check that the address is an OData v3 service of CBS.",
            file=url,
        )
    return dict(content)


def _message(content: Any) -> str:
    error = content["odata.error"]
    message = error.get("message", error) if isinstance(error, dict) else error
    return one_line(message.get("value", message) if isinstance(message, dict) else message)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _reason(error: BaseException) -> str:
    # requests wraps urllib3, which wraps the system's own words; the innermost are the plain ones
    inner = error
    while True:
        deeper = getattr(inner, "reason", None) or (inner.args[0] if inner.args else None)
        if not isinstance(deeper, BaseException):
            return one_line(inner) or type(inner).__name__
        inner = deeper


def one_line(text: object) -> str:
    """Return foreign text as one short printable line: it ends in a terminal."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return shown if len(shown) <= QUOTED else f"{shown[:QUOTED]}…"
