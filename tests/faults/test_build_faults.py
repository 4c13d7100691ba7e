"""Whatever happens to a build, the report stays whole, and the next plain build is as if nothing had happened.

Builds of a copy are disturbed from outside: the command, its signals, its files and nothing else. Two variants of the
project, A and B, differ in a cell of a notebook and in a page, so that an old and a new report can be told apart. A is the
project as it is; after every fault the report must be wholly one of them.
"""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builds import BUILD, MADE, build, built, command_line, hashes, waited
from tests.cases import beside
from tests.data.simulated_service import TABLE, Service

pytestmark = pytest.mark.whole_road
KILLS = int(os.environ.get("OSW_KILLS", "3"))
ROOT = os.geteuid() == 0
SEEDS = {"A": 20250321, "B": 7}


def variant(root, name):
    """Turn the project into variant A or B: another seed in a cell of one notebook, another line on one page."""
    notebook, page = root / "notebooks" / "capacity_gap.ipynb", root / "pages" / "nl" / "quality.qmd"
    text = notebook.read_text(encoding="utf-8")
    cells, seeds = re.subn(r"run_seed = \d+", f"run_seed = {SEEDS[name]}", text)
    assert seeds == 1
    notebook.write_text(cells, encoding="utf-8")
    text = page.read_text(encoding="utf-8").removesuffix("\nProef.\n").rstrip("\n") + "\n"
    page.write_text(text + ("\nProef.\n" if name == "B" else ""), encoding="utf-8")


def killed(root, phase, after, *, whole_group):
    """Make everything anew; so many seconds after a phase began, kill -9 the build, alone or with its kernels."""
    line, env = command_line(root, *BUILD, "--force")
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(line, cwd=root, env=env, start_new_session=True, **streams) as process:
        next(said for said in process.stdout if said.startswith(phase))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if whole_group else process.kill()
            process.wait()
            # orphaned kernels get a moment to notice, then what is left of them is ended
            waited(lambda: os.killpg(process.pid, 0), 60)
            os.killpg(process.pid, signal.SIGKILL)


class Bench:
    """A copy of the project with report A, and what undisturbed builds make of both variants."""

    def __init__(self, report, root):
        self.root = Path(shutil.copytree(report, root))
        self.wanted = {"A": hashes(self.root)}
        variant(self.root, "B")
        start = time.monotonic()
        built(self.root)
        self.seconds = time.monotonic() - start
        self.wanted["B"] = hashes(self.root)
        assert self.wanted["A"]["_site/quality.html"] != self.wanted["B"]["_site/quality.html"]

    def whole(self):
        """Say whether every published folder is wholly of one report."""
        reports, is_whole = self.wanted.values(), True
        for part in MADE:
            of = [{p: h for p, h in report.items() if p.startswith(f"{part}/")} for report in reports]
            is_whole &= hashes(self.root, part) in of
        return is_whole

    def other(self):
        """Turn the project into the variant whose report is not the published one; return its name."""
        name = "B" if self.is_report("A") else "A"
        variant(self.root, name)
        return name

    def is_report(self, name):
        """Say whether what is published is to the byte what an undisturbed build of a variant makes."""
        return hashes(self.root) == self.wanted[name]


@pytest.fixture(scope="module")
def bench(report, tmp_path_factory):
    return Bench(report, tmp_path_factory.mktemp("faults") / "project")


def own_namespace(*flags):
    """Return how to run a command in namespaces of its own; skip where the system does not allow it."""
    tool = shutil.which("unshare")
    flags = flags if ROOT else ("--user", "--map-root-user", *flags)
    if tool is None or subprocess.run([tool, *flags, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives a process no namespace of its own")
    return (tool, *flags)


def test_kill_9_in_every_phase(bench):
    """Three times (OSW_KILLS) a new report is killed on its way, with or without its workers; then it is made, exactly."""
    draw = random.Random(20240701)
    for number in range(KILLS):
        wanted = bench.other()
        phase, after = ("clean", "run", "render")[number % 3], draw.uniform(0, bench.seconds)
        killed(bench.root, phase, after, whole_group=number % 2 == 0)
        assert bench.whole(), (phase, after)
        if number % 5 == 4 or number == KILLS - 1:
            built(bench.root)
            assert bench.is_report(wanted)
            assert not list((bench.root / "build/2024").glob("new-*"))  # nothing is left of the killed ones


def test_interrupted_with_control_c(bench):
    bench.other()
    line, env = command_line(bench.root, *BUILD)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # a shell that starts the tests in the background lets them and their children ignore Ctrl-C
    heed = {"start_new_session": True, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with subprocess.Popen(line, cwd=bench.root, env=env, **streams, **heed) as process:
        assert process.stdout.readline().startswith("stale")  # it has begun
        assert process.stdout.readline()  # and is at work
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=600)
    assert process.returncode == 130
    assert said == "osw: stopped; what was published before is unchanged.\n" and bench.whole()


def test_no_home_no_locale_and_no_network(bench):
    """With nothing in the environment but the path, and no network but loopback, the bytes are the same."""
    wanted = bench.other()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(bench.root)}
    env |= {"LC_ALL": "xx_YY.none", "LANG": "xx_YY.none"}
    lo = "import fcntl, os, socket, struct, sys; s = socket.socket(); fcntl.ioctl(s, 0x8914, struct.pack("
    lo += "'16sh14x', b'lo', 1)); os.execvp(sys.argv[1], sys.argv[1:])"
    built(bench.root, env=env, before=(*own_namespace("--net"), sys.executable, "-c", lo))
    assert bench.is_report(wanted)


@pytest.mark.parametrize("engine", ["fork", "stock"])
def test_a_machine_that_says_otherwise_changes_no_byte(bench, tmp_path, engine):
    """Settings, startup files, kernels, fonts, templates, programs and modules of the user, wherever one could be found."""
    wanted, hostile = bench.other(), beside(__file__, "hostile.yml")
    for says, places, names in hostile["files"]:
        for path in (tmp_path / place / name for place in places for name in names):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(hostile["texts"][says].replace("NAME", path.name), encoding="utf-8")
            path.chmod(0o755 if says == "program" else 0o644)
    known = {name: tmp_path / name for name in ("home", "work", "bin", "modules", "jupyter")}
    known |= {"code": bench.root, "path": os.environ["PATH"]}
    env = {name: value.format(**known) for name, value in hostile["variables"].items()}
    done = build(bench.root, "--force", "--engine", engine, cwd=known["work"], env=env)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert bench.is_report(wanted)


@pytest.mark.parametrize(("name", "old", "new", "message"), beside(__file__, "stops.yml"))
def test_bad_input_stops_the_build_with_one_message_and_leaves_the_report(bench, name, old, new, message):
    """Also where Python is told to show every warning of every library and all that is left open."""
    paths = {path: path.read_text(encoding="utf-8") for path in bench.root.glob(name)}
    before = hashes(bench.root)
    loud = {"PYTHONWARNINGS": "always", "PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1"}
    assert paths and all(old is None or old in text for text in paths.values())
    try:
        for path, text in paths.items():
            path.unlink() if old is None else path.write_text(text.replace(old, new), encoding="utf-8")
        done = build(bench.root, env=command_line(bench.root)[1] | loud)
    finally:
        for path, text in paths.items():
            path.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert done.stderr.startswith("osw: ") and re.search(message, done.stderr), done.stderr
    # a cell that fails is shown
    assert done.stderr.count("\n") == 1 or "name 'nothing'" in message, done.stderr
    for word in ("Traceback", "Warning", "Exception ignored", "unclosed", ".py"):
        assert word not in done.stderr
    assert hashes(bench.root) == before and not list((bench.root / "build/2024").glob("new-*"))


@pytest.mark.skipif(not ROOT, reason="only root may mount a small disk")
@pytest.mark.parametrize("free", [0, 1, 6], ids="{} MB free".format)
def test_a_full_disk(bench, tmp_path, free):
    """On a small disk the build ends with one message; with room it makes the report."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(p.stat().st_blocks * 512 for p in bench.root.rglob("*") if p.is_file()) // 1_000_000 + 8
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}M", "tmpfs", disk], check=True)
    try:
        bench.other()
        root = Path(shutil.copytree(bench.root, disk / "project"))
        before = hashes(root)
        (disk / "filler").write_bytes(bytes(max(shutil.disk_usage(disk).free - free * 1_000_000, 0)))
        done = build(root)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert "osw: " in done.stderr and hashes(root) == before
        (disk / "filler").unlink()
        subprocess.run(["mount", "-o", f"remount,size={size + 200}M", disk], check=True)
        if free:  # once is enough: the other ends in the same place
            built(root)
            assert hashes(root) in bench.wanted.values()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("part", ["_site", "."])
def test_output_that_cannot_be_written(bench, part):
    """A report on a read-only disk stays, and the message names it."""
    bench.other()
    before = hashes(bench.root)
    script = f'mount --bind "{part}" "{part}" && mount -o remount,ro,bind "{part}" && cd "$PWD" && exec "$@"'
    done = build(bench.root, before=(*own_namespace("--mount"), "sh", "-c", script, "sh"))
    assert done.returncode == 1
    assert done.stderr.startswith("osw: ") and done.stderr.count("\n") == 1, done.stderr
    assert hashes(bench.root) == before


def test_a_killed_download_changes_no_report(bench):
    """`osw fetch` killed while a page comes in leaves nothing that the next build reads."""
    with contextlib.closing(Service()) as service:
        service.fault("UntypedDataSet?", lambda handler: time.sleep(900) or True)
        line, env = command_line(bench.root, "fetch", "police", TABLE, "--base", service.base)
        quiet = {"env": env | {"NO_PROXY": "*"}, "stdout": subprocess.DEVNULL}
        with subprocess.Popen(line, cwd=bench.root, **quiet) as process:
            asked = waited(lambda: service.asked("UntypedDataSet?"))
            process.kill()
        assert asked
    (left,) = (bench.root / "data" / "raw" / "police").glob(f".partial-{TABLE}")  # it was under way
    wanted = bench.other()
    built(bench.root)
    assert bench.is_report(wanted)
    shutil.rmtree(left)
