"""Downloading, from a server on loopback that speaks OData v3 and also misbehaves."""

import contextlib
import gzip
import hashlib
import json
import threading

import pytest
import yaml

from osw_stats.data.fetch import tables
from osw_stats.data.fetch.tables import StatusError, fetch
from osw_stats.errors import InputError
from tests.cases import beside
from tests.data.conftest import DAY
from tests.data.simulated_service import FIGURE, LISTS, TABLE, page, send

CASES = beside(__file__, "fetch.yml")
VINTAGE = "2025-02-19"
DATA = "UntypedDataSet?"
OTHER = {  # what is changed, what is asked for, and the file that is named
    "renewed": (lambda run: run.service.rows[7].update({FIGURE: 1}), None, "UntypedDataSet-0003"),
    "edited": (lambda run: (run.home / VINTAGE / "RegioS.json").write_bytes(b" "), None, "RegioS"),
    "asked otherwise": (lambda run: None, {"RegioS": ["NL01"]}, "UntypedDataSet-0001"),
}
DEADLINE = {"read": 30, "whole": 1}, ("was not finished after 1 seconds", "Check the internet connection")
SILENT = {"read": 0.1}, ("timed out", "tried up to 3 times")
DRAGS = [(DEADLINE, False, b""), (DEADLINE, False, b"X"), (DEADLINE, True, b" "), (SILENT, False, b"")]
ROW = {"ID": 0, "RegioS": "NL01", "Perioden": "2024JJ00", "SoortMisdrijf": "0.0.0", "A_1": 1}
LONG = [[DATA, "[" * 100_000, "cannot be read as JSON"], [DATA, page([ROW] * 8).decode(), "occurs twice"]]
LONG += [[DATA, '{"value": [{"ID": ' + "9" * 5000 + "}]}", "is not a number"]]
LATER, GROWN = "2025-08-20T02:00:00", "gave 8 rows; the publisher counts 8 before and 9 after them"
RENEWED = "updated while it was being"
ALL, SOME = {"RegioS": ["NL01", "PV20"]}, {"RegioS": ["NL01"]}
NOT_AS_DESCRIBED = [  # what is asked for, what the server does, and what is said of it
    (ALL, lambda s: setattr(s, "rows", [r for r in s.rows if r["RegioS"] == "NL01  "]), "is in no row"),
    (ALL, lambda s: s.rows[5].update(Perioden="1999JJ00"), "not in its list"),
    (ALL, lambda s: [row.update(Other_2=5) for row in s.rows], "differs in columns"),
    (ALL, lambda s: [row.update(Other_2=row.pop(FIGURE)) for row in s.rows], "differs in columns"),
    (SOME, lambda s: setattr(s, "chosen", lambda _: s.rows), "not asked for"),
    (None, lambda s: setattr(s, "modified", "2031-01-01"), "is not a modification date"),
    (None, lambda s: setattr(s, "modified", "0001-01-01"), "is not a modification date"),
    (None, lambda s: s.reply("$skip=3", page(s.rows[:3]), times=1), "occurs twice"),
    (None, lambda s: s.fault("$skip=6", lambda _: setattr(s, "modified", LATER)), RENEWED),
    (None, lambda s: s.fault("$skip=6", lambda _: s.reply("$count", b"9", kind="text/plain")), GROWN),
]


def snapshot(folder):
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def rows_in(folder):
    return [r for p in sorted(folder.glob("Untyped*")) for r in json.loads(p.read_bytes())["value"]]


def manifest_in(folder):
    return yaml.safe_load((folder / "table.source.yml").read_text(encoding="utf-8"))


def test_a_vintage_holds_the_answers_as_received_and_a_manifest(run, service):
    folder = run()
    assert (folder, rows_in(folder)) == (run.home / VINTAGE, service.rows)
    assert (folder / "UntypedDataSet-0001.json").read_bytes() == page(service.rows[:3])
    manifest = manifest_in(folder)
    files = {f["name"]: f["sha256"] for f in manifest.pop("files")}
    assert manifest == CASES["manifest"] | {"address": f"{service.base}/{TABLE}"}
    names = [*LISTS, "TableInfos", "DataProperties", *(f"UntypedDataSet-000{n}" for n in (1, 2, 3))]
    assert set(files) == {f"{name}.json" for name in names}
    assert all(hashlib.sha256((folder / f).read_bytes()).hexdigest() == known for f, known in files.items())
    assert {p.name for p in folder.iterdir()} == {*files, "table.source.yml"}
    assert run.vintages() == [VINTAGE]


def test_keys_are_asked_for_with_their_padding(run, service):
    seen = []
    service.fault(DATA, lambda h: seen.append(h.path))
    folder = run({"RegioS": ["NL01"], "SoortMisdrijf": ["1.4.1"]})
    assert len(rows_in(folder)) == 2 and "RegioS eq 'NL01  '" in service.asked(DATA)[0]
    assert "+" not in seen[0]  # a plus sign is not a space to every server
    assert manifest_in(folder)["filter"] == {"SoortMisdrijf": ["1.4.1 "], "RegioS": ["NL01  "]}


def test_next_links_and_redirects_of_the_same_server_are_followed(run, service):
    link = f"{service.base}/{TABLE}/UntypedDataSet?$top=3&$skip=2&more=1"
    service.reply("$skip=0", page(service.rows[:2], **{"odata.nextLink": link}))
    service.reply("RegioS?$format", b"", 302, Location=f"/ODataApi/OData/{TABLE}/RegioS?moved=1")
    assert rows_in(run()) == service.rows
    assert service.asked("more=1") and service.asked("moved=1")


def test_without_a_count_a_short_page_is_the_end(run, service):
    service.reply("$count", b"no", 404)
    manifest = manifest_in(run())
    assert (manifest["rows"], manifest["rows_checked_by"]) == (8, "the last short page")


def test_a_new_vintage_stands_beside_the_old_one_and_the_same_again_writes_nothing(run, service):
    old = snapshot(run())
    assert snapshot(run()) == old and "nothing new" in run.lines[-1]
    service.modified, service.rows[0][FIGURE] = LATER, 7
    assert (rows_in(run())[0][FIGURE], run.vintages()) == (7, [VINTAGE, "2025-08-20"])
    assert snapshot(run.home / VINTAGE) == old


@pytest.mark.parametrize(("change", "where", "named"), OTHER.values(), ids=OTHER)
def test_other_content_under_the_same_date_is_refused(run, change, where, named):
    run()
    change(run)
    before = snapshot(run.home)
    message = rf"already exists under this date with different content \(.*{named}.*Nothing was"
    with pytest.raises(InputError, match=message):
        run(where)
    assert snapshot(run.home) == before


def test_an_interrupted_or_killed_download_leaves_nothing_and_starts_again(run, service):
    def stop(line):
        if "page 2" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(progress=stop)
    assert not run.home.exists()
    left = run.home.with_name(f".partial-{TABLE}")
    left.mkdir()
    (left / "UntypedDataSet-0001.json").write_bytes(b'{"value": [')
    assert rows_in(run()) == service.rows
    assert (run.vintages(), left.exists()) == ([VINTAGE], False)


def test_a_second_download_of_the_same_table_is_told_to_wait_and_the_first_one_is_whole(run, service):
    def again(line):
        if "page 2" in line:
            with pytest.raises(InputError, match=r"another process now\. Wait until it is done"):
                run()

    assert rows_in(run(progress=again)) == service.rows
    assert run.vintages() == [VINTAGE]


def test_a_server_that_comes_back_or_packs_its_answers_is_asked_again(run, service):
    service.reply("RegioS", b"busy", 503, times=1)
    service.reply("TableInfos", b"slow down", 429, Retry_After="86400", times=1)
    service.reply("$skip=3", b'{"value": [', Content_Length="5000", times=1)
    service.reply("$skip=0", gzip.compress(page(service.rows[:3])), Content_Encoding="gzip")
    assert rows_in(run()) == service.rows


@pytest.mark.parametrize(("status", "body", "asked", "parts"), CASES["statuses"])
def test_a_refusal_is_passed_on_after_the_attempts_that_make_sense(run, service, status, body, asked, parts):
    service.reply("TableInfos", body.encode(), status)
    assert "\x1b" not in run.fails(*parts, kind=StatusError) and len(service.requests) == asked


@pytest.mark.parametrize(("limit", "head", "sign"), [*DRAGS, (SILENT, True, b"")])
def test_one_deadline_holds_over_all_of_an_answer_and_silence_is_asked_again(run, service, limit, head, sign):
    over = threading.Event()
    patience, parts = limit

    def drag(handler):
        """Send a head, or none, and then a sign at a time, or nothing, until the test is over."""
        if head:
            send(handler, b"", Content_Length="100")
        with contextlib.suppress(OSError):
            while not over.wait(0.05):
                handler.wfile.write(sign)
        return True

    service.fault("TableInfos", drag)
    run.fails(*parts, **patience)
    over.set()
    assert limit is DEADLINE or len(service.requests) == 3


def test_the_deadline_holds_over_a_circle_of_redirects(run, service):
    def lead_on(handler):
        threading.Event().wait(0.3)
        send(handler, b"", 302, Location=handler.path)
        return True

    service.fault("TableInfos", lead_on)
    run.fails(*DEADLINE[1], **DEADLINE[0])


def test_no_server_at_all(run, service):
    service.close()
    run.fails("Connection refused", "Check the internet connection", "tried up to 3 times")


@pytest.mark.parametrize("answer", [*CASES["wrong"], *LONG], ids=lambda row: f"{row[0]}-{row[2]}"[:40])
def test_an_answer_that_cannot_be_used_is_refused(run, service, answer):
    part, body, message, status, more = (*answer, 200, {})[:5]
    service.reply(part, body.encode("latin-1"), status, **more)
    run.fails(*([message] if isinstance(message, str) else message))


@pytest.mark.parametrize(("where", "spoil", "problem"), NOT_AS_DESCRIBED, ids=lambda given: str(given)[:20])
def test_a_table_that_is_not_what_it_says_or_changes_is_refused(run, service, where, spoil, problem):
    spoil(service)
    run.fails(problem, where=where)


def test_a_server_that_never_ends_is_stopped(run, monkeypatch):
    monkeypatch.setattr(tables, "MOST_PAGES", 2)
    run.fails("more than 2 pages")


@pytest.mark.parametrize(("packed", "status"), [(False, 200), (True, 200), (False, 404)])
def test_a_huge_answer_is_not_taken_in(run, service, packed, status):
    body = b" " * 50_000_000
    sent, more = (gzip.compress(body), {"Content_Encoding": "gzip"}) if packed else (body, {})

    def flood(handler):
        with contextlib.suppress(OSError):
            send(handler, sent, status, **more)
            service.whole = True
        return True

    service.fault("TableInfos", flood)
    run.fails("more than 100,000 bytes" if status == 200 else "answered 404")
    assert len(service.requests) == 1
    assert packed or not hasattr(service, "whole")


@pytest.mark.parametrize(("where", "message"), CASES["where"])
def test_an_unknown_choice_names_the_nearest(run, service, where, message):
    run.fails(message, where=where)
    assert service.asked(DATA) == []


def test_a_quote_in_a_key_stays_inside_its_string(run, service):
    service.reply("RegioS?", page([{"Key": "a'b ", "Title": "x"}]))
    run.fails("gave 0 rows; the publisher counts no rows before", where={"RegioS": ["a'b"]})
    assert "(RegioS eq 'a''b ')" in service.asked(DATA)[0]


@pytest.mark.parametrize(("table", "base", "message"), CASES["addresses"])
def test_a_table_or_base_that_is_none_or_holds_a_password(tmp_path, table, base, message):
    with pytest.raises(InputError, match=message) as caught:
        fetch("cbs", table, root=tmp_path, retrieved=DAY, base=base)
    assert "s3cret" not in str(caught.value) and list(tmp_path.iterdir()) == []


def test_nothing_is_written_outside_the_project(run, tmp_path):
    outside, run.root = tmp_path / "outside", tmp_path / "project"
    outside.mkdir()
    (run.root / "data/raw").mkdir(parents=True)
    (run.root / "data/raw/police").symlink_to(outside)
    with pytest.raises(InputError, match="outside the project"):
        run()
    assert list(outside.iterdir()) == []
