"""Bounded HTTP: one address in, one whole body out, or one error that says what to do.

The client library asks again, and waits as long as a server says. One deadline holds over all of an answer: it comes in
a thread that is left behind when time is up.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import TimeoutError as TimeLimitError
from multiprocessing.pool import ThreadPool
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, RequestException
from urllib3.util.retry import Retry

from osw_stats import __version__
from osw_stats.errors import InputError, shown

AGAIN_AT = (429, *range(500, 600))  # statuses that may be over in a moment
ASK_LESS = "Check the table (capitals matter), ask less (--where) or the bulk feed (--base), or try later."
OFFLINE = "Check the internet connection, the proxy and the date of this computer, and try again."


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
        times: Any = {"backoff_factor": self.pause, "retry_after_max": 60}
        again = Retry(self.attempts - 1, status_forcelist=AGAIN_AT, raise_on_status=False, **times)
        for scheme in ("http://", "https://"):
            self.http.mount(scheme, HTTPAdapter(max_retries=again))
        self.http.max_redirects = 5
        self.http.headers["User-Agent"] = f"osw_stats/{__version__}"
        self.http.hooks["response"].append(_stay)

    def get(self, url: str) -> bytes:
        """Return the whole body at `url`; a StatusError is the server's own answer, after the attempts that make sense."""
        asking = ThreadPool(1)
        try:
            return asking.apply_async(self._ask, (url, self.attempts)).get(self.whole)
        except TimeLimitError:
            problem = f"was not finished after {self.whole:g} seconds"
        except RequestException as error:  # the plain words come last in those of the library
            reason = shown(re.sub("['\")]*$", "", str(error).rpartition(": ")[2]))
            problem = f"gave no whole answer ({reason}; asked up to {self.attempts} times)"
        finally:
            asking.close()
        raise InputError(problem, OFFLINE, file=url) from None

    def _ask(self, url: str, attempts: int) -> bytes:
        body = bytearray()
        with self.http.get(url, stream=True, timeout=(self.connect, self.read)) as response:
            try:
                for chunk in response.iter_content(1 << 16):
                    body += chunk
                    if not response.ok or len(body) > self.max_bytes:  # of an error the first words do
                        break
            except (ChunkedEncodingError, requests.ConnectionError):  # cut off: asked for again, whole
                if attempts < 2:
                    raise
                return self._ask(url, attempts - 1)
        if not response.ok:
            said = shown(body.decode("utf-8", "replace"))
            raise StatusError(f"answered {response.status_code}: {said}", ASK_LESS, file=url)
        if len(body) > self.max_bytes:
            raise InputError(f"sends more than {self.max_bytes:,} bytes in one answer", ASK_LESS, file=url)
        return bytes(body)


def _stay(response: requests.Response, **_: Any) -> None:
    if response.is_redirect:
        same_server(response.url, response.headers["Location"])


def same_server(url: str, link: str) -> str:
    """Return `link` made absolute; an answer must not send us to any other machine that this one can reach."""
    target = urljoin(url, link)
    if urlsplit(target)[:2] != urlsplit(url)[:2] or not target.isprintable():
        problem = f'leads to another server, "{shown(target)}", which is not followed'
        raise InputError(problem, "If the publisher has moved, give the new address with --base.", file=url)
    return target
