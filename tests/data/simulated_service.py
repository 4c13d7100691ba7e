"""A small OData v3 service on loopback that misbehaves on request.

Its one table is SIMULATED: made up for these tests, in the published shapes, with padded keys and
withheld values as null. No figure in it means anything.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TABLE = "9999SIM"
KINDS = {"0.0.0 ": "SIMULATED total", "1.4.1 ": "SIMULATED kind"}
REGIONS = {"NL01  ": "Nederland", "PV20  ": "Groningen (PV)"}
YEARS = {"2023JJ00": "2023", "2024JJ00": "2024"}
LISTS = {"SoortMisdrijf": KINDS, "RegioS": REGIONS, "Perioden": YEARS}
TYPES = {"SoortMisdrijf": "Dimension", "RegioS": "GeoDimension", "Perioden": "TimeDimension"}

Handler = BaseHTTPRequestHandler
Fault = Callable[[Handler], bool]


def send(
    handler: Handler, body: bytes, status: int = 200, kind: str = "application/json; charset=utf-8", **more
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    headers = {"Content-Length": str(len(body))} | {k.replace("_", "-"): v for k, v in more.items()}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


class Service:
    """The server; `requests` is what it was asked, `faults` what it does instead of answering."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.faults: list[tuple[str, int, Fault]] = []
        self.title = "SIMULATED table for tests"
        self.modified = "2025-02-19T02:00:00"
        self.rows = [
            {
                "ID": n,
                "SoortMisdrijf": kind,
                "RegioS": region,
                "Perioden": year,
                "GeregistreerdeMisdrijven_1": None if n == 3 else 100 + n,
            }
            for n, (kind, region, year) in enumerate((k, r, y) for k in KINDS for r in REGIONS for y in YEARS)
        ]
        service = self

        class Answering(Handler):
            def do_GET(self) -> None:  # noqa: N802 - the name the library calls
                service.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        self.base = f"{self.root}/ODataApi/OData"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def fault(self, part: str, fault: Fault, times: int = 1000) -> None:
        """Let `fault` answer the next requests whose address holds `part`."""
        self.faults.append((part, times, fault))

    def reply(self, part: str, body: bytes, status: int = 200, *, times: int = 1000, **more: str) -> None:
        """Let this answer be given to the next requests whose address holds `part`."""
        self.fault(part, lambda handler: send(handler, body, status, **more) or True, times)

    def asked(self, part: str) -> list[str]:
        return [r for r in self.requests if part in r]

    def answer(self, handler: Handler) -> None:
        address = unquote(handler.path)
        self.requests.append(address)
        for place, (part, times, fault) in enumerate(self.faults):
            if part in address and times > 0:
                self.faults[place] = (part, times - 1, fault)
                if fault(handler):
                    return
        entity = urlsplit(handler.path).path.removeprefix(f"/ODataApi/OData/{TABLE}/")
        query = {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}
        if entity == "UntypedDataSet/$count":
            send(handler, str(len(self.chosen(query))).encode(), kind="text/plain")
            return
        value = self.value(entity, query)
        if value is None:
            send(handler, b'{"odata.error":{"code":"","message":{"lang":"nl","value":"Niet gevonden"}}}', 404)
            return
        send(handler, page(value, self.root))

    def value(self, entity: str, query: dict[str, str]) -> list[dict[str, object]] | None:
        if entity == "TableInfos":
            return [{"ID": 0, "Title": self.title, "Identifier": TABLE, "Modified": self.modified}]
        if entity == "DataProperties":
            listed = [{"Key": name, "Type": kind} for name, kind in TYPES.items()]
            return [*listed, {"Key": "GeregistreerdeMisdrijven_1", "Type": "Topic"}]
        if entity in LISTS:
            return [{"Key": key, "Title": title} for key, title in LISTS[entity].items()]
        if entity == "UntypedDataSet":
            skip = int(query.get("$skip", 0))
            return self.chosen(query)[skip : skip + int(query["$top"])]
        return None

    def chosen(self, query: dict[str, str]) -> list[dict[str, object]]:
        """Apply the filter as the real service does: a key without its spaces finds nothing."""
        wanted: dict[str, set[str]] = {}
        for name, key in re.findall(r"(\w+) eq '([^']*)'", query.get("$filter", "")):
            wanted.setdefault(name, set()).add(key)
        return [row for row in self.rows if all(row[name] in keys for name, keys in wanted.items())]


def page(value: list[dict[str, object]], root: str, **more: object) -> bytes:
    return json.dumps({"odata.metadata": f"{root}/$metadata", **more, "value": value}).encode()
