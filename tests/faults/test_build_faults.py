"""Whatever happens to a build, the report stays whole, and the next plain build is as if nothing had happened."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.data.simulated_service import TABLE, Service
from tests.faults import harness
from tests.faults.hostile import surroundings

pytestmark = pytest.mark.whole_road
KILLS = int(os.environ.get("OSW_KILLS", "10"))
ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="only root may mount a small disk")


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> harness.Bench:
    return harness.Bench(tmp_path_factory.mktemp("faults"))


def own_namespace(*flags: str) -> tuple[str, ...]:
    """Return how to run a command in namespaces of its own; skip where the system does not allow it."""
    tool = shutil.which("unshare")
    flags = flags if ROOT else ("--user", "--map-root-user", *flags)
    if tool is None or subprocess.run([tool, *flags, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives a process no namespace of its own")
    return (tool, *flags)


def test_kill_9_at_random_moments(bench):
    """Ten times (OSW_KILLS) a new report is killed on its way, half of them with all their workers; then it is made, exactly."""
    draw, busy, wanted = random.Random(20240701), 0, "B"
    for number in range(KILLS):
        if bench.is_report(wanted):  # one that was done before it could be killed leaves nothing to disturb
            wanted = "A" if wanted == "B" else "B"
        harness.variant(bench.root, wanted)
        after = draw.uniform(0.3, 0.95 * bench.seconds["B"])
        busy += harness.killed(bench.root, after, whole_group=number % 2 == 0)
        assert bench.whole()
        if number % 5 == 4 or number == KILLS - 1:
            done = harness.build(bench.root)
            assert done.returncode == 0, done.stderr
            assert bench.is_report(wanted)
            # nothing is left of the killed ones
            assert not list((bench.root / "build" / "2024").glob("new-*"))
    assert busy > 0


def test_interrupted_with_control_c(bench):
    harness.variant(bench.root, "B" if bench.is_report("A") else "A")
    line, env = harness.command(bench.root)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # a shell that starts the tests in the background lets them and their children ignore Ctrl-C
    heed = {"start_new_session": True, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with subprocess.Popen(line, cwd=bench.root, env=env, **streams, **heed) as process:
        assert process.stdout.readline().startswith("stale")  # it has begun
        assert process.stdout.readline()  # and is at work
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=600)
    assert process.returncode == 130
    assert said == "osw: stopped; what was published before is unchanged.\n"
    assert bench.whole()


def test_no_home_no_locale_and_no_network(bench):
    """With nothing in the environment but the path, and no network but loopback, the bytes are the same."""
    harness.variant(bench.root, "A")
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(bench.root)}
    env |= {"LC_ALL": "xx_YY.none", "LANG": "xx_YY.none"}
    lo = (
        "import fcntl, os, socket, struct, sys; s = socket.socket(); "
        "fcntl.ioctl(s, 0x8914, struct.pack('16sh14x', b'lo', 1)); os.execvp(sys.argv[1], sys.argv[1:])"
    )
    done = harness.build(bench.root, env=env, before=(*own_namespace("--net"), sys.executable, "-c", lo))
    assert done.returncode == 0, done.stderr
    assert bench.is_report("A")


@pytest.mark.parametrize("engine", ["fork", "stock"])
def test_a_machine_that_says_otherwise_changes_no_byte(bench, tmp_path, engine):
    """Settings, startup files, kernels, fonts, templates, programs and modules of the user, wherever one could be found."""
    harness.variant(bench.root, "A")
    work, env = surroundings(tmp_path, bench.root)
    line, _ = harness.command(bench.root, "--force", "--engine", engine)
    done = subprocess.run(line, cwd=work, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert bench.is_report("A")


CLAIMS = "notebooks/claims.ipynb"
STOPS = {
    "a figure that is no number": ("data/raw/police/reports.csv", "14802", "14.8o2"),
    "a record that is no YAML": ("data/raw/police/reports.source.yml", "file:", "{{"),
    "a table that is gone": ("data/raw/police/reports.csv", None, None),
    "a notebook that is no notebook": ("notebooks/trend.ipynb", '"cells"', "cells"),
    "a cell that fails": (CLAIMS, "report.save(results)", "1 / 0"),
    "a cell that is no Python": (CLAIMS, "report.save(", "report save("),
    "a page without a title": ("pages/nl/quality.qmd", "# Kwaliteit", "Kwaliteit"),
    "an edition without a date": ("editions/2024.yml", "as_of:", "asof:"),
    "a scenario that is gone": ("scenarios/central.yml", None, None),
}


@pytest.mark.parametrize("kind", STOPS)
def test_a_command_that_stops_says_one_thing(bench, kind):
    """Also where Python is told to show every warning of every library and all that is left open."""
    name, old, new = STOPS[kind]
    path = bench.root / name
    text, before = path.read_text(encoding="utf-8"), harness.state(bench.root)
    assert old is None or old in text
    loud = {"PYTHONWARNINGS": "always", "PYTHONDEVMODE": "1"}
    loud |= {"PYTHONASYNCIODEBUG": "1", "PYTHONTRACEMALLOC": "5"}
    try:
        path.unlink() if old is None else path.write_text(text.replace(old, new), encoding="utf-8")
        done = harness.build(bench.root, env=harness.command(bench.root)[1] | loud)
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert done.stderr.startswith("osw: ")
    assert done.stderr.count("\n") == 1 or kind == "a cell that fails", done.stderr  # that one shows its cell
    for word in ("Traceback", "Warning", "Exception ignored", "unclosed", "osw_stats/"):
        assert word not in done.stderr
    assert harness.state(bench.root) == before


@needs_root
@pytest.mark.parametrize("free", [0, 1, 6], ids="{} MB free".format)
def test_a_full_disk(bench, tmp_path, free):
    """On a small disk the build ends with one message; with room it makes the report."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(p.stat().st_blocks * 512 for p in bench.root.rglob("*") if p.is_file()) // 1_000_000 + 8
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}M", "tmpfs", disk], check=True)
    try:
        root = Path(shutil.copytree(bench.root, disk / "project"))
        harness.variant(root, "B" if bench.is_report("A") else "A")
        before = harness.state(root)
        space = os.statvfs(disk)
        fill = space.f_bavail * space.f_frsize - free * 1_000_000
        with (disk / "filler").open("wb") as handle:
            while fill > 0:
                handle.write(bytes(min(fill, 1 << 20)))
                fill -= 1 << 20
        done = harness.build(root)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "osw: " in done.stderr
        assert harness.state(root) == before
        (disk / "filler").unlink()
        subprocess.run(["mount", "-o", f"remount,size={size + 200}M", disk], check=True)
        if free == 1:  # once is enough: the other two end in the same place
            assert harness.build(root).returncode == 0
            assert harness.state(root) in bench.wanted.values()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("part", ["_site", "."])
def test_output_that_cannot_be_written(bench, part):
    """A report on a read-only disk stays, and the message names it."""
    harness.variant(bench.root, "B" if bench.is_report("A") else "A")
    before = harness.state(bench.root)
    script = f'mount --bind "{part}" "{part}" && mount -o remount,ro,bind "{part}" && cd "$PWD" && exec "$@"'
    done = harness.build(bench.root, before=(*own_namespace("--mount"), "sh", "-c", script, "sh"))
    assert done.returncode == 1
    assert done.stderr.startswith("osw: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert harness.state(bench.root) == before


def test_a_killed_download_changes_no_report(bench):
    """`osw fetch` killed while a page comes in leaves nothing that the next build reads."""
    service = Service()
    try:
        service.fault("UntypedDataSet?", lambda handler: time.sleep(900) or True)
        line = [sys.executable, "-m", "osw_stats", "fetch", "police", TABLE, "--base", service.base]
        env = harness.command(bench.root)[1] | {"NO_PROXY": "*"}
        with subprocess.Popen(line, cwd=bench.root, env=env, stdout=subprocess.DEVNULL) as process:
            end = time.monotonic() + 600
            while not service.asked("UntypedDataSet?") and time.monotonic() < end:
                time.sleep(0.1)
            process.kill()
        assert service.asked("UntypedDataSet?")
    finally:
        service.close()
    left = list((bench.root / "data" / "raw" / "police").glob(f".partial-{TABLE}"))
    assert left, "the download was under way"
    harness.variant(bench.root, "A")
    done = harness.build(bench.root)
    assert done.returncode == 0, done.stderr
    assert bench.is_report("A")
    shutil.rmtree(left[0])
