"""Forked kernels against papermill's own, output by output; and how both behave when something goes wrong."""

import gc
import json
import os
import re
import signal
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from osw_stats.build import engine, notebooks
from osw_stats.errors import OswError
from osw_stats.yamlfile import read_yaml
from tests.builds import waited

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
ENGINES = ("stock", "fork")
engines = pytest.mark.parametrize("name", ENGINES)


@pytest.fixture(autouse=True, scope="module")
def closed():
    yield
    engine.close()


def write(folder: Path, *cells: str) -> str:
    made = [nbformat.v4.new_code_cell(c) for c in ("x = 1", *cells, "x;")]
    made[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "own.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), path)
    return str(path)


def run(path: str, name: str):
    """Return all that a run left in its cells, but for times and the process id in the name of a cell's file."""
    executed = json.loads(notebooks.run_notebook(path, {"x": 3}, str(Path(path).parent), name))
    for cell in executed["cells"]:
        of = cell.pop("metadata")
        cell |= {"id": "", "tags": of.get("tags"), "status": of.get("papermill", {}).get("status")}
    return json.loads(re.sub(r"ipykernel_\d+", "ipykernel", json.dumps(executed["cells"])))


def test_every_kind_of_output_is_equal(tmp_path):
    cells = read_yaml(Path(__file__).with_name("cases.yml"))["outputs"]
    path = write(tmp_path, *cells.values())
    stock, forked = (run(path, name) for name in ENGINES)
    for label, a, b in zip(["parameters", "injected", *cells, "x"], stock, forked, strict=True):
        assert a == b, label
    kinds = {output["output_type"] for cell in stock for output in cell["outputs"]}
    assert kinds == {"stream", "display_data", "execute_result"}


@pytest.mark.parametrize("cell", ["1 / 0", "x = (", "def f():\n    g()\nf()", "raise SystemExit(3)"])
def test_errors_are_equal(tmp_path, cell):
    path = write(tmp_path, "print('before')", cell)
    with pytest.raises(OswError) as stock:
        run(path, "stock")
    with pytest.raises(OswError, match=f"^{re.escape(str(stock.value))}$"):
        run(path, "fork")


# a cell that says which process it is and which one started it, and sleeps
SLEEP = "import os, time\nopen('pid', 'w').write(f'{os.getpid()} {os.getppid()}')\ntime.sleep(600)"


def pids(folder: Path) -> list[int]:
    """Return the processes that such a cell wrote down, once it did."""
    path = folder / "pid"
    assert waited(lambda: path.exists() and " " in path.read_text())
    return [int(pid) for pid in path.read_text().split()]


def gone(pid: int) -> bool:
    """Return whether a process ends in time; one that waits to be collected has ended."""

    def ended():
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX"
        except OSError:
            return True

    return waited(ended, 120)


@engines
def test_a_cell_that_takes_too_long_is_stopped(tmp_path, monkeypatch, name):
    monkeypatch.setattr(notebooks, "TIMEOUT", 20)
    with pytest.raises(OswError, match=r"a cell took more than 20 seconds"):
        run(write(tmp_path, SLEEP), name)
    assert gone(pids(tmp_path)[0])


@engines
@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(0)"])
def test_a_kernel_that_dies_is_told(tmp_path, name, end):
    with pytest.raises(notebooks.RunLostError, match="the process that ran it was ended"):
        run(write(tmp_path, f"import os\n{end}"), name)


def test_a_kernel_that_dies_as_it_starts_is_told(tmp_path, monkeypatch):
    ended = subprocess.Popen(["true"])
    ended.wait()
    monkeypatch.setattr(engine.Server, "fork", lambda *_: ended.pid)
    with pytest.raises(notebooks.RunLostError, match="the process that ran it was ended"):
        run(write(tmp_path, "1"), "fork")


def test_an_interrupt_ends_the_run_and_its_kernel(tmp_path):
    """Ctrl-C while a cell sleeps: KeyboardInterrupt comes through, and nothing is left running."""

    def press():
        pids(tmp_path)
        os.kill(os.getpid(), signal.SIGINT)

    # a shell that starts the tests in the background lets them ignore Ctrl-C
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    engine.server()
    thread = threading.Thread(target=press)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run(write(tmp_path, SLEEP), "fork")
    finally:
        signal.signal(signal.SIGINT, before)
        engine.close()
    thread.join()
    assert gone(pids(tmp_path)[0])


def test_kernels_share_nothing_but_imports_and_a_server_that_is_gone_is_started_again(tmp_path):
    code = "import builtins, os\nprint(hasattr(builtins, 'mark'), os.getpid())\nbuiltins.mark = 1"
    path = write(tmp_path, code)
    texts = [run(path, "fork")[2]["outputs"][0]["text"].split() for _ in range(2)]
    assert [t[0] for t in texts] == ["False", "False"]
    assert texts[0][1] != texts[1][1]
    os.kill(engine.server().process.pid, signal.SIGKILL)
    with pytest.raises(notebooks.RunLostError, match="--engine stock"):
        run(path, "fork")
    assert run(path, "fork")[2]["outputs"][0]["text"].startswith("False")


def test_no_process_outlives_the_one_that_started_it(tmp_path):
    """SIMULATED crash: the process that drives papermill is killed in the middle of a cell."""
    path = write(tmp_path, SLEEP)
    code = "import sys; from osw_stats.build.notebooks import run_notebook; run_notebook(sys.argv[1], {}, sys.argv[2], 'fork')"
    with subprocess.Popen([sys.executable, "-c", code, path, str(tmp_path)]) as driver:
        started = pids(tmp_path)
        driver.kill()
    assert all(gone(pid) for pid in started)


def test_where_nothing_can_be_forked_stock_does_it(tmp_path, monkeypatch):
    def refuse(*_):
        raise ConnectionError

    monkeypatch.setattr(engine.Server, "fork", refuse)
    assert run(write(tmp_path, "x + 1"), "auto")[2]["outputs"][0]["data"]["text/plain"] == "4"


@pytest.mark.parametrize("cell", ["x + 1", "import os\nos._exit(0)"])
@engines
def test_nothing_is_left_open_until_garbage_is_looked_for(tmp_path, monkeypatch, name, cell):
    """A loop or socket that is closed by luck of the moment speaks between our lines, or in the output of a cell."""
    path, heard = write(tmp_path, cell), []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: heard.append(told.exc_value))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with ThreadPoolExecutor(1) as pool:
            ran = pool.submit(notebooks.run_notebook, path, {"x": 3}, str(tmp_path), name)
            assert isinstance(ran.exception(), OswError | None)
        del ran, pool  # the thread has ended: now nobody holds what it left open
        gc.collect()
    assert heard == []
    assert [str(w.message) for w in said if w.category is ResourceWarning] == []


def test_a_server_with_a_second_thread_does_not_fork():
    imports = "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    server = engine.Server(imports)
    with pytest.raises(ConnectionError):
        server.fork(["-f"], "/")
    server.close()


def test_a_kernel_that_is_gone_takes_every_signal_in_silence():
    """Between the question whether it lives and the signal it may end; a build that ran well must not fail by that."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    process = engine._Process(child.pid)
    process.terminate()
    process.kill()
    process.send_signal(signal.SIGINT)
    assert process.poll() == 0
