"""Bounded HTTP: one address in, one whole body out, or one error that says what to do.

Everything a server decides is bounded: how long it may take, how much it may send, how often
it is asked again, and where it may send us. That is why the retries of urllib3 are not used:
they read what a failing server sends to its end, however long that is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from urllib3.exceptions import ProtocolError, TimeoutError

from osw_stats import __version__
from osw_stats.errors import InputError, shown

CHUNK = 1 << 16
HOPS = 5
CONNECT = 10.0  # seconds to wait for a connection
ODATA = "Check that the address is an OData v3 service of CBS."
LONGEST_PAUSE = 60.0  # seconds, whatever the server asks for
CERTIFICATE = "Check the date of this computer and its network; certificates are never skipped."
OTHER_KIND = (
    "Open the address in a browser: it may be a notice of maintenance or the sign-in page of a network."
)
BUSY = "Try again later, narrow what is asked for with --where, or use the bulk feed with --base."
OFFLINE = "Check the internet connection (and the proxy), and give the command again."
HEADERS = {"Accept": "application/json, text/plain", "User-Agent": f"osw_stats/{__version__}"}
UNSAFE = (requests.exceptions.SSLError, urllib3.exceptions.SSLError)
BROKEN = (requests.Timeout, requests.ConnectionError, ProtocolError, TimeoutError)


class StatusError(InputError):
    """The server answered, with a status that is not a success."""


class _PassingError(Exception):
    """Trouble that may be over in a moment, so asking again makes sense."""

    def __init__(self, problem: str, *, answered: bool = False, pause: float | None = None) -> None:
        self.problem, self.answered, self.pause = problem, answered, pause


@dataclass
class Session:
    """How patiently a server is asked: seconds for the next bytes and for a whole answer, attempts, size."""

    read: float = 60.0
    whole: float = 600.0  # a server that drips never breaks `read`
    attempts: int = 5
    pause: float = 1.0  # before the second attempt; doubled each time
    max_bytes: int = 256 * 2**20  # after decompression
    tell: Callable[[str], object] = print
    http: requests.Session = field(default_factory=requests.Session)

    def get(self, url: str, accepted: tuple[str, ...] = ("application/json",)) -> bytes:
        """Return the whole body at `url`; a StatusError is the server's own answer, after the attempts that make sense."""
        for attempt in range(1, self.attempts + 1):
            try:
                return self._ask(url, accepted)
            except _PassingError as trouble:
                last = trouble
            if attempt < self.attempts:
                wait = self.pause * 2 ** (attempt - 1) if last.pause is None else last.pause
                wait = min(wait, LONGEST_PAUSE)
                self.tell(f"  {last.problem}; asking again in {wait:g} s ({attempt + 1} of {self.attempts})")
                time.sleep(wait)
        problem = f"{last.problem} (asked {self.attempts} times)"
        raise (
            StatusError(problem, BUSY, file=url) if last.answered else InputError(problem, OFFLINE, file=url)
        )

    def _ask(self, url: str, accepted: tuple[str, ...]) -> bytes:
        try:
            with self._open(url) as response:
                if response.status_code >= 400:
                    self._refuse(url, response)
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                if kind not in accepted or response.status_code != 200:
                    sent = f'{response.status_code} with content of type "{kind or "(none)"}"'
                    problem = f"answered {sent} where {' or '.join(accepted)} was expected"
                    raise InputError(problem, OTHER_KIND, file=url)
                return self._body(url, response, self.max_bytes)
        except UNSAFE as error:
            problem = f"the certificate of the server was not accepted ({_reason(error)})"
            raise InputError(problem, CERTIFICATE, file=url) from None
        except BROKEN as error:
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
                address, timeout=(CONNECT, self.read), stream=True, allow_redirects=False, headers=HEADERS
            )
            if not response.is_redirect:
                return response
            response.close()
            address = same_server(url, response.headers["Location"], "redirects to")
        raise InputError(f"redirects more than {HOPS} times", "Check the address.", file=url)

    def _refuse(self, url: str, response: requests.Response) -> None:
        """Raise what a status of 400 and more means, with what the server itself says is wrong in JSON."""
        problem = f"answered {response.status_code}"
        with suppress(
            InputError, ValueError, RecursionError, KeyError, TypeError
        ):  # it may say nothing of use
            problem += f": {_message(json.loads(self._body(url, response, CHUNK)))}"
        if response.status_code == 429 or response.status_code >= 500:
            asked = response.headers.get("Retry-After", "")
            pause = float(asked) if asked.isascii() and asked.isdigit() else None
            raise _PassingError(problem, answered=True, pause=pause)
        remedy = "Check the table number (capitals matter: 7461bev, 47013NED) and the filter."
        raise StatusError(problem, remedy, file=url)

    def _body(self, url: str, response: requests.Response, limit: int) -> bytes:
        end = time.monotonic() + self.whole
        body = bytearray()
        # read1 comes back with whatever has arrived, so that the clock is looked at in between
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > limit:
                problem = f"sends more than the {limit:,} bytes that are accepted in one answer"
                raise InputError(problem, "Narrow what is asked for with --where.", file=url)
            if time.monotonic() > end:
                raise _PassingError(f"was not finished after {self.whole:g} seconds")
        return bytes(body)


def same_server(url: str, link: str, verb: str) -> str:
    """Return `link` made absolute; an answer must not send us to any other machine that this one can reach."""
    target = urljoin(url, link)
    if _server(target) != _server(url) or not target.isprintable():
        problem = f'{verb} another server, "{shown(target)}", which is not followed'
        raise InputError(problem, "If the publisher has moved, give the new address with --base.", file=url)
    return target


def _server(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return (parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme))
    except ValueError:
        return ("", url, None)


def answer(body: bytes, url: str) -> dict[str, Any]:
    """Return an OData answer that has a `value` list of rows."""
    try:
        content = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        problem = f"sent JSON that is cut off or damaged ({_reason(error)}; {len(body):,} bytes)"
        raise InputError(problem, "Give the command again.", file=url) from None
    if isinstance(content, dict) and "odata.error" in content:
        problem = f"answered with an error: {_message(content)}"
        raise InputError(problem, "Check the table and the filter.", file=url)
    rows = content.get("value") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError('sent JSON without a list of rows under "value"', ODATA, file=url)
    return dict(content)


def _message(content: Any) -> str:
    error = content["odata.error"]
    message = error.get("message", error) if isinstance(error, dict) else error
    return shown(message.get("value", message) if isinstance(message, dict) else message)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _reason(error: BaseException) -> str:
    # requests wraps urllib3, which wraps the system's own words; the innermost are the plain ones
    inner = error
    while isinstance(deeper := getattr(inner, "reason", None) or (inner.args or [None])[0], BaseException):
        inner = deeper
    return shown(inner) or type(inner).__name__
