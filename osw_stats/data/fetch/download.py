"""Bounded HTTP: one address in, one whole body out, or one error that says what to do.

The client library asks again, and waits as long as a server says; a deadline holds over all of it, from the first
connection to the last byte, so that no server can keep us: it runs in a thread that is left behind when time is up.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, RequestException
from urllib3.util.retry import Retry

from osw_stats import __version__
from osw_stats.data.statline.files import odata_page
from osw_stats.errors import InputError, located, shown

AGAIN_AT = (429, *range(500, 600))  # statuses that may be over in a moment
HEADERS = {"Accept": "application/json, text/plain", "User-Agent": f"osw_stats/{__version__}"}
BUSY = "Try again later, narrow what is asked for with --where, or use the bulk feed with --base."
WRONG = "Check the table number (capitals matter: 7461bev, 47013NED) and the filter."
OFFLINE = (
    "Check the internet connection, the proxy and the date of this computer (certificates are never skipped), and give "
    "the command again."
)


class StatusError(InputError):
    """The server answered, with a status that is not a success."""


@dataclass
class Session:
    """How patiently a server is asked: seconds to connect, for the next bytes and for a whole answer, attempts, size."""

    read: float = 60.0
    connect: float = 10.0
    whole: float = 600.0  # of one answer, whatever happens; a server that drips never breaks `read`
    attempts: int = 5
    pause: float = 1.0  # before the third attempt; doubled each time
    max_bytes: int = 256 * 2**20  # after decompression
    tell: Callable[[str], object] = print
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        """Let the client library ask again where that makes sense."""
        again = Retry(
            self.attempts - 1,
            backoff_factor=self.pause,
            retry_after_max=60,
            status_forcelist=AGAIN_AT,
            raise_on_status=False,
        )
        self.http.max_redirects = 5
        for scheme in ("http://", "https://"):
            self.http.mount(scheme, HTTPAdapter(max_retries=again))

    def page(self, url: str) -> tuple[bytes, list[dict[str, Any]], str | None]:
        """Return an OData answer: as it came, its rows, and the address of the next page."""
        body = self.get(url)
        with located(file=url):
            return body, *odata_page(body)

    def get(self, url: str) -> bytes:
        """Return the whole body at `url`; a StatusError is the server's own answer, after the attempts that make sense."""
        answered: Future[bytes] = Future()

        def ask() -> None:
            try:
                answered.set_result(self._ask(url))
            except BaseException as error:  # raised again by the thread that waits
                answered.set_exception(error)

        Thread(target=ask, daemon=True).start()
        try:
            return answered.result(self.whole)
        except TimeoutError:
            problem = f"was not finished after {self.whole:g} seconds"
        except RequestException as error:
            tried = f"{_reason(error)}; asked {self.attempts} times"
            problem = f"the connection failed or was cut off ({tried})"
        raise InputError(problem, OFFLINE, file=url) from None

    def _ask(self, url: str) -> bytes:
        def stay(response: requests.Response, **_: Any) -> None:
            if response.is_redirect:
                same_server(url, response.headers["Location"], "redirects to")

        usual: Any = {"timeout": (self.connect, self.read), "headers": HEADERS, "hooks": {"response": stay}}
        for left in reversed(range(self.attempts)):
            try:
                with self.http.get(url, stream=True, **usual) as response:
                    return self._body(url, response)
            except ChunkedEncodingError:  # cut off: asked for again, whole
                if not left:
                    raise
        raise AssertionError("a session asks at least once")

    def _body(self, url: str, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(1 << 16):
            body += chunk
            if not response.ok:  # of an error the first words are enough
                break
            if len(body) > self.max_bytes:
                problem = f"sends more than the {self.max_bytes:,} bytes that are accepted in one answer"
                raise InputError(problem, "Narrow what is asked for with --where.", file=url)
        if not response.ok:
            again = response.status_code in AGAIN_AT
            asked = f" (asked {self.attempts} times)" if again else ""
            problem = f"answered {response.status_code}{asked}: {shown(body.decode('utf-8', 'replace'))}"
            raise StatusError(problem, BUSY if again else WRONG, file=url)
        return bytes(body)


def same_server(url: str, link: str, verb: str) -> str:
    """Return `link` made absolute; an answer must not send us to any other machine that this one can reach."""
    target = urljoin(url, link)
    if urlsplit(target)[:2] != urlsplit(url)[:2] or not target.isprintable():
        problem = f'{verb} another server, "{shown(target)}", which is not followed'
        raise InputError(problem, "If the publisher has moved, give the new address with --base.", file=url)
    return target


def _reason(error: BaseException) -> str:
    # requests wraps urllib3, which wraps the system's own words; the innermost are the plain ones
    inner = error
    while isinstance(deeper := getattr(inner, "reason", None) or (inner.args or [None])[0], BaseException):
        inner = deeper
    return shown(inner) or type(inner).__name__
