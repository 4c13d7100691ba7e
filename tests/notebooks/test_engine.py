"""The fork engine against stock papermill, output by output; and how both behave when something goes wrong."""

import gc
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from osw_stats.errors import OswError
from osw_stats.report import notebooks
from osw_stats.report.graph import engine
from osw_stats.surroundings import fix_variables
from tests.conftest import PROJECT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the engine forks, which is for Linux only")
ENGINES = (None, engine.NAME)


@pytest.fixture(autouse=True, scope="module")
def registered():
    before = dict(os.environ)
    fix_variables()
    papermill.engines.papermill_engines.register(engine.NAME, engine.ForkEngine)
    yield
    engine.close_servers()
    os.environ.clear()
    os.environ.update(before)


def write(folder: Path, *cells: str, tags: dict[int, list[str]] | None = None) -> Path:
    made = [nbformat.v4.new_code_cell(c) for c in ("x = 1", *cells)]
    made[0].metadata["tags"] = ["parameters"]
    for number, named in (tags or {}).items():
        made[number].metadata["tags"] = named
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "own.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), path)
    return path


def run(path: Path, name: str | None, out: Path | None = None, **more):
    return papermill.execute_notebook(
        str(path), str(out) if out else None, parameters={"x": 3}, engine_name=name, progress_bar=False,
        kernel_name="python3", resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--IPKernelApp.log_level=50"], **({"execution_timeout": 600} | more),
    )  # fmt: skip


def plain(notebook):
    """Return all that a run left in a notebook, but for times and the process id in the name of a cell's file."""
    cells = [
        {k: c.get(k) for k in ("cell_type", "source", "outputs", "execution_count")}
        | {"tags": c.metadata.get("tags"), "status": c.metadata.get("papermill", {}).get("status")}
        for c in notebook.cells
    ]
    text = json.dumps([cells, notebook.metadata.get("language_info")], sort_keys=True)
    return json.loads(re.sub(r"ipykernel_\d+", "ipykernel", text))


CELLS = {
    "streams": 'import sys\nprint("out")\nprint("err", file=sys.stderr)\nprint("more")',
    "a result": "x, None",
    "no result": "x;",
    "nothing": "  ",
    "a file descriptor": 'import os\nos.write(1, b"direct") and None',
    "a child process": 'import subprocess\nsubprocess.run(["echo", "child"], check=True).returncode',
    "shell": "!echo shell",
    "a magic": "%%bash\necho bash",
    "display": "from IPython.display import display, HTML\ndisplay(HTML('<b>b</b>'), metadata={'osw': {'a': [1, None]}})",
    "raw display": "display({'text/markdown': '# x', 'image/png': 'AAAA'}, raw=True, metadata={'osw': {'kind': 'f'}})",
    "update": "h = display('first', display_id='d')\nh.update('second')",
    "clear": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "a late clear": "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "a warning": "import warnings\nwarnings.warn('take care')",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "input": "try:\n    input()\nexcept Exception as e:\n    print(type(e).__name__, e)",
    "where": "import os, sys\nos.getcwd(), __name__, sys.path, os.environ['PYTHONHASHSEED'], hash('a')",
    "the shell": "type(get_ipython()).__name__, type(get_ipython().display_pub).__name__",
    "frame": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "figure": "import matplotlib.pyplot as plt, matplotlib\nfig, ax = plt.subplots()\nmatplotlib.get_backend()",
    "classes": "import dataclasses, pickle\n@dataclasses.dataclass\nclass A:\n    b: int\npickle.loads(pickle.dumps(A(1)))",
    "logging": "import logging\nlogging.getLogger('x').warning('logged')",
    "unicode": "print('ë “” 12 € ' + chr(0x1F512))",
    "much": "print('y' * 300_000)",
    "threads": "import threading\nt = threading.Thread(target=lambda: print('from a thread'))\nt.start(); t.join()",
    "last": "_, In[1], len(Out) > 3",
}  # fmt: skip


def test_every_kind_of_output_is_equal(tmp_path):
    path = write(tmp_path, *CELLS.values())
    stock, forked = (plain(run(path, name)) for name in ENGINES)
    for label, a, b in zip(["parameters", "injected", *CELLS], stock[0], forked[0], strict=True):
        assert a == b, label
    assert forked[1] == stock[1]
    shown = {o["output_type"] for c in stock[0] for o in c["outputs"]}
    assert shown == {"stream", "display_data", "execute_result"}  # the comparison is of something


@pytest.mark.parametrize("path", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_our_notebooks_give_equal_outputs(path):
    given = {"edition": 2024}
    stock, forked = (
        json.loads(notebooks.run_notebook(str(path), given, str(path.parent), name))
        for name in ("stock", "fork")
    )
    told = [
        [(c["source"], c.get("outputs"), c.get("execution_count")) for c in nb["cells"]]
        for nb in (stock, forked)
    ]
    assert told[0] == told[1]
    assert sum(len(outputs or []) for _, outputs, _ in told[0]) > 5


@pytest.mark.parametrize("cell", ["1 / 0", "x = (", "raise ValueError('é')", "def f():\n    g()\nf()", "import nothing_such", "raise SystemExit(3)"])  # fmt: skip
def test_errors_are_equal(tmp_path, cell):
    path = write(tmp_path, "print('before')", cell, "print('after')")
    found = []
    for number, name in enumerate(ENGINES):
        out = tmp_path / f"{number}.ipynb"
        with pytest.raises(PapermillExecutionError) as raised:
            run(path, name, out)
        error = raised.value
        found.append(
            (error.ename, error.evalue, error.traceback, error.exec_count, plain(nbformat.read(out, 4)))
        )
    assert found[0] == found[1]


def test_a_cell_that_may_fail_does_not_stop_the_next(tmp_path):
    """papermill reports such an error at the end all the same; what was run is equal."""
    path = write(tmp_path, "1 / 0", "print('on')", tags={1: ["raises-exception"]})
    found = []
    for number, name in enumerate(ENGINES):
        with pytest.raises(PapermillExecutionError):
            run(path, name, tmp_path / f"{number}.ipynb")
        found.append(plain(nbformat.read(tmp_path / f"{number}.ipynb", 4)))
    assert found[0] == found[1]
    assert found[0][0][-1]["outputs"][0]["text"] == "on\n"


def only_sleep(cell):
    """Give two seconds to the cell that sleeps, and to no other: how long those take depends on the machine."""
    return 2 if "sleep" in cell.source else 600


@pytest.mark.parametrize("name", ENGINES)
def test_a_cell_that_takes_too_long_is_stopped(tmp_path, name):
    path = write(
        tmp_path, "import os\nopen('pid', 'w').write(str(os.getpid()))", "import time\ntime.sleep(600)"
    )
    start = time.monotonic()
    with pytest.raises(
        CellTimeoutError, match=r"A cell timed out while it was being executed, after 2 seconds"
    ):
        run(path, name, timeout_func=only_sleep)
    assert time.monotonic() - start < 300
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("name", ENGINES)
def test_a_cell_that_is_interrupted_on_timeout_raises_in_the_cell(tmp_path, name):
    path = write(tmp_path, "import time\nt = time.time()\ntime.sleep(600)")
    with pytest.raises(PapermillExecutionError) as raised:
        run(path, name, timeout_func=only_sleep, interrupt_on_timeout=True)
    assert raised.value.ename == "KeyboardInterrupt"


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(0)", "os.abort()"])
def test_a_worker_that_dies_is_told(tmp_path, name, end):
    path = write(tmp_path, f"import os\n{end}")
    with pytest.raises(DeadKernelError):
        run(path, name)


def test_an_interrupt_ends_the_run_and_its_worker(tmp_path):
    """Ctrl-C while a cell sleeps: KeyboardInterrupt comes through, and nothing is left running."""
    path = write(tmp_path, "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)")

    def press():
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    # a shell that starts the tests in the background lets them ignore Ctrl-C
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=press)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run(path, engine.NAME)
    finally:
        signal.signal(signal.SIGINT, before)
    thread.join()
    assert gone(int((tmp_path / "pid").read_text()))


def test_workers_share_nothing_but_imports(tmp_path):
    path = write(
        tmp_path,
        "import builtins, random, numpy, os\nseen = hasattr(builtins, 'mark')\nbuiltins.mark = 1\n"
        "print(seen, os.getpid(), random.random(), numpy.random.random())",
    )
    texts = [run(path, engine.NAME).cells[2].outputs[0].text.split() for _ in range(2)]
    assert [t[0] for t in texts] == ["False", "False"]
    assert all(a != b for a, b in zip(texts[0][1:], texts[1][1:], strict=True))


def test_a_server_that_was_killed_is_started_again(tmp_path):
    path = write(tmp_path, "x + 1")
    run(path, engine.NAME)
    server = engine.server(str(tmp_path))
    server.process.kill()
    server.process.wait()
    assert run(path, engine.NAME).cells[2].outputs[0].data["text/plain"] == "4"


def test_no_process_outlives_the_one_that_started_it(tmp_path):
    """SIMULATED crash: the process that drives papermill is killed in the middle of a cell."""
    path = write(
        tmp_path, "import os, time\nopen('pid', 'w').write(f'{os.getpid()} {os.getppid()}')\ntime.sleep(60)"
    )
    code = (
        "import papermill, sys\nfrom osw_stats.report.graph import engine\n"
        "papermill.engines.papermill_engines.register(engine.NAME, engine.ForkEngine)\n"
        f"papermill.execute_notebook({str(path)!r}, None, engine_name=engine.NAME, progress_bar=False, "
        f"kernel_name='python3', resources={{'metadata': {{'path': {str(tmp_path)!r}}}}})"
    )
    driver = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 600
    while not (tmp_path / "pid").exists() or len((tmp_path / "pid").read_text().split()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    driver.kill()
    driver.wait()
    assert all(gone(int(pid)) for pid in (tmp_path / "pid").read_text().split())


def test_where_nothing_can_be_forked_stock_does_it(tmp_path, monkeypatch):
    def refuse(*_):
        raise ConnectionError

    monkeypatch.setattr(engine.Server, "fork", refuse)
    path = write(tmp_path, "x + 1")
    executed = json.loads(notebooks.run_notebook(str(path), {"x": 3}, str(tmp_path), "auto"))
    assert executed["cells"][2]["outputs"][0]["data"]["text/plain"] == "4"
    with pytest.raises(notebooks.RunLostError, match="--engine stock"):
        notebooks.run_notebook(str(path), {"x": 3}, str(tmp_path), "fork")


@pytest.mark.parametrize("cell", ["x + 1", "1 / 0", "import os\nos._exit(0)"])
@pytest.mark.parametrize("name", ["stock", "fork"])
def test_nothing_is_left_open_until_garbage_is_looked_for(tmp_path, monkeypatch, name, cell):
    """A loop or socket that is closed by luck of the moment speaks between our lines, or in the output of a cell."""
    path, heard = write(tmp_path, cell), []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: heard.append(told.exc_value))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with ThreadPoolExecutor(1) as pool:
            ran = pool.submit(notebooks.run_notebook, str(path), {"x": 3}, str(tmp_path), name)
            assert isinstance(ran.exception(), OswError | None)
        del ran, pool  # the thread has ended: now nobody holds what it left open
        gc.collect()
    assert heard == []
    assert [str(w.message) for w in said if w.category is ResourceWarning] == []


def test_a_server_with_a_second_thread_does_not_fork(tmp_path):
    imports = "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    with pytest.raises(ConnectionError, match="more than one thread"):
        engine.Server(str(tmp_path), imports).fork()


def test_papermill_finds_the_engine_by_its_entry_point():
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'{engine.NAME} = "osw_stats.report.graph.engine:ForkEngine"' in text
    assert issubclass(engine.ForkEngine, papermill.engines.NBClientEngine)


def test_the_engine_is_one_file_of_at_most_250_lines():
    assert len(Path(engine.__file__).read_text(encoding="utf-8").splitlines()) <= 250


def gone(pid: int, seconds: float = 120) -> bool:
    """Say whether a process ends in time; one that waits to be collected has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.05)
    return False
