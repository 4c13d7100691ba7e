"""Downloads of a simulated table."""

import contextlib
from datetime import date

import pytest
from urllib3.util import retry

from osw_stats.data.fetch import tables
from osw_stats.data.fetch.tables import Session, fetch
from osw_stats.errors import InputError
from tests.data.simulated_service import TABLE, Service

DAY = date(2026, 11, 23)


@pytest.fixture
def service(monkeypatch):
    """Return a running service that stands in for a publisher."""
    # a proxy of the machine must not see requests to loopback; pages of three rows keep the table small
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(tables, "ROWS", 3)
    monkeypatch.setattr(retry.time, "sleep", lambda _: None)
    with contextlib.closing(Service()) as running:
        yield running


class Run:
    """Fetches the simulated table; keeps what was printed."""

    def __init__(self, service, root):
        self.service, self.root, self.lines = service, root, []
        self.home = root / "data" / "raw" / "police" / TABLE

    def __call__(self, where=None, progress=None, **patience):
        usual = {"read": 2, "attempts": 3, "max_bytes": 100_000} | patience
        session = Session(**usual, tell=progress or self.lines.append)
        how = {"root": self.root, "retrieved": DAY, "base": self.service.base, "session": session}
        return fetch("police", TABLE, where=where, progress=self.lines.append, **how)

    def fails(self, *parts, kind=InputError, where=None, **patience):
        """Expect one error of one line that names the server, and nothing left on disk."""
        with pytest.raises(kind) as caught:
            self(where, **patience)
        text = str(caught.value)
        assert [part for part in (self.service.root, *parts) if part not in text] == []
        assert "\n" not in text and not self.home.exists()
        return text

    def vintages(self):
        return sorted(p.name for p in self.home.iterdir())


@pytest.fixture
def run(service, tmp_path):
    return Run(service, tmp_path)
