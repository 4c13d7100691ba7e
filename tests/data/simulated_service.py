"""A small OData v3 service on loopback that misbehaves on request.

Its one table is SIMULATED: made up for these tests, in the published shapes, with padded keys and
withheld values as null. No figure in it means anything.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from urllib.parse import parse_qs, unquote, urlsplit

from tests.cases import beside

TABLE = "9999SIM"
SIMULATED = beside(__file__, "fetch.yml")["simulated"]
LISTS, TYPES, FIGURE = (SIMULATED[name] for name in ("lists", "types", "figure"))


def send(handler, body, status=200, kind="application/json; charset=utf-8", **more):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    for name, value in ({"Content_Length": str(len(body))} | more).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def page(value, **more):
    return json.dumps({"odata.metadata": "http://example.org/$metadata", **more, "value": value}).encode()


class Service:
    """The server; `requests` is what it was asked, `faults` what it does instead of answering."""

    def __init__(self):
        self.requests, self.faults = [], []
        self.title, self.modified = "SIMULATED table for tests", "2025-02-19T02:00:00"
        self.rows = []
        for n, keys in enumerate(product(*LISTS.values())):
            self.rows.append(
                {"ID": n, **dict(zip(LISTS, keys, strict=True)), FIGURE: 100 + n if n != 3 else None}
            )
        answering = {"do_GET": lambda handler: self.answer(handler), "log_message": lambda *_: None}
        kind = type("Answering", (BaseHTTPRequestHandler,), answering)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
        self.server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        self.base = f"{self.root}/ODataApi/OData"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def fault(self, part, fault, times=1000):
        """Let `fault` answer the next requests whose address holds `part`."""
        self.faults.append((part, times, fault))

    def reply(self, part, body, status=200, *, times=1000, **more):
        """Let this answer be given to the next requests whose address holds `part`."""
        self.fault(part, lambda handler: send(handler, body, status, **more) or True, times)

    def asked(self, part):
        return [r for r in self.requests if part in r]

    def answer(self, handler):
        address = unquote(handler.path)
        self.requests.append(address)
        for place, (part, times, fault) in enumerate(self.faults):
            if part in address and times > 0:
                self.faults[place] = (part, times - 1, fault)
                if fault(handler):
                    return
        entity = urlsplit(handler.path).path.removeprefix(f"/ODataApi/OData/{TABLE}/")
        query = {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}
        chosen, skip = self.chosen(query), int(query.get("$skip", 0))
        listed = [{"Key": name, "Type": kind} for name, kind in {**TYPES, FIGURE: "Topic"}.items()]
        info = {"ID": 0, "Title": self.title, "Identifier": TABLE, "Modified": self.modified}
        entities = {"TableInfos": [info], "DataProperties": listed}
        entities["UntypedDataSet"] = chosen[skip : skip + int(query.get("$top", 0))]
        entities |= {n: [{"Key": k, "Title": t} for k, t in titles.items()] for n, titles in LISTS.items()}
        if entity == "UntypedDataSet/$count":
            send(handler, str(len(chosen)).encode(), kind="text/plain")
        elif entity in entities:
            send(handler, page(entities[entity]))
        else:
            send(handler, b'{"odata.error":{"code":"","message":{"lang":"nl","value":"Niet gevonden"}}}', 404)

    def chosen(self, query):
        """Apply the filter as the real service does: a key without its spaces finds nothing."""
        wanted = {}
        for name, key in re.findall(r"(\w+) eq '([^']*)'", query.get("$filter", "")):
            wanted.setdefault(name, set()).add(key)
        return [row for row in self.rows if all(row[name] in keys for name, keys in wanted.items())]
