"""A papermill engine without kernel start: import everything once, then fork a worker for each notebook.

papermill and nbclient do all they do with a Jupyter kernel; only the kernel differs. A server process imports what
the notebooks import; for each notebook it forks a worker that holds ipykernel's own kernel and speaks the Jupyter
messages over one socket instead of five ports. Linux only, and only while the server has one thread. What differs
from a stock kernel: no IPython startup files, no history on disk, no debugger.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import ctypes
import gc
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

NAME = "osw-fork"
# it ends at once: to take apart all that it imported would take a third of a second
_SERVE = """import atexit, os, sys; sys.path.remove("") if "" in sys.path else None
from osw_stats.report.graph.engine import serve; serve(int(sys.argv[1]), sys.argv[2]); atexit._run_exitfuncs(); os._exit(0)"""
_servers: dict[tuple[str, ...], Server] = {}
_guard = threading.Lock()


class Server:
    """The process that has imported everything, seen from here: `cwd` and `imports` as in `server`."""

    def __init__(self, cwd: str, imports: str) -> None:
        # packets, so that a request and its descriptor arrive as one
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-c", _SERVE, str(theirs.fileno()), imports], cwd=cwd, pass_fds=[theirs.fileno()],
                start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        atexit.register(self.close)

    def fork(self) -> tuple[socket.socket, int]:
        """Return the socket to a new worker, and its process id; ConnectionError when there can be none."""
        answer, (ours, theirs) = b"", socket.socketpair()
        with self._lock, theirs, contextlib.suppress(OSError):
            socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
            answer = self._control.recv(32)
        if not answer:
            ours.close()
            self.close()
            raise ConnectionError("the server that forks workers is gone, or has more than one thread")
        return ours, int(answer)

    def close(self) -> None:
        """End the server; it ends its workers."""
        self._control.close()  # it reads the end of its requests
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()
        self.process.wait()
        atexit.unregister(self.close)


def server(cwd: str, imports: str = "") -> Server:
    """Return the server for notebooks that run in `cwd` in this environment, and start it when there is none.

    `imports` holds statements to carry out before the first notebook; what fails there fails again in its cell.
    """
    key = (cwd, *(f"{k}={v}" for k, v in sorted(os.environ.items()) if not k.startswith("PYTEST_")))
    with _guard:
        if key not in _servers or _servers[key].process.poll() is not None:
            _servers[key] = Server(cwd, imports)
        return _servers[key]


def close_servers() -> None:
    """End every server of this process, and with them all workers."""
    with _guard:
        while _servers:
            _servers.popitem()[1].close()


class _Channel(asyncio.Queue[dict[str, Any]]):
    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        try:
            return await asyncio.wait_for(self.get(), timeout)
        except TimeoutError:
            raise Empty from None


class Worker:
    """Kernel manager and kernel client in one, for one forked worker: only what nbclient calls, by its names."""

    has_kernel = True
    start_channels = wait_for_ready = staticmethod(lambda **_: None)  # there is nothing to wait for

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.socket, self.pid, self.dead, self._buffer = connection, pid, False, b""
        self.shell_channel, self.iopub_channel = _Channel(), _Channel()
        self._loop: asyncio.AbstractEventLoop | None = None
        connection.setblocking(False)

    def client(self) -> Worker:  # noqa: D102 - nbclient's names
        return self

    def is_alive(self) -> bool:  # noqa: D102
        return not self.dead

    def interrupt_kernel(self) -> None:  # noqa: D102
        os.kill(self.pid, signal.SIGINT)

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:  # noqa: D102
        asked = {"code": code, "store_history": store_history, "stop_on_error": stop_on_error}
        return await self._send("execute_request", {"silent": False, "allow_stdin": False} | asked)

    def kernel_info(self) -> str:  # noqa: D102
        from nbclient.util import run_sync

        return str(run_sync(self._send)("kernel_info_request", {}))

    def kill(self) -> None:
        """End the worker and whatever it started."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self.socket)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.socket.close()

    async def _send(self, kind: str, content: dict[str, Any]) -> str:
        if self._loop is not (loop := asyncio.get_running_loop()):
            self._loop = loop
            loop.add_reader(self.socket, self._receive)
        # nbclient finds a dead worker by is_alive, as it does with a kernel
        message = {"header": {"msg_id": (name := uuid.uuid4().hex), "msg_type": kind}, "content": content}
        with contextlib.suppress(OSError):
            await loop.sock_sendall(self.socket, json.dumps(message).encode() + b"\n")
        return name

    def _receive(self) -> None:
        got = b""  # the end, and an end that is not clean
        with contextlib.suppress(ConnectionError):
            got = self.socket.recv(1 << 20)
        *lines, self._buffer = (self._buffer + got).split(b"\n")
        for channel, message in map(json.loads, lines):
            getattr(self, channel).put_nowait(message)
        if not got and self._loop is not None:
            self.dead = True
            self._loop.remove_reader(self.socket)


def __getattr__(name: str) -> Any:
    """Make `ForkEngine`, which papermill's entry point names, when it is asked for: papermill is slow to import."""
    if name != "ForkEngine":
        raise AttributeError(name)
    from papermill.engines import NBClientEngine

    class ForkEngine(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb: Any, name: str, imports: str = "", **kwargs: Any) -> Any:
            cwd = kwargs.get("resources", {}).get("metadata", {}).get("path") or str(Path.cwd())
            worker = Worker(*server(cwd, imports).fork())
            try:
                return super().execute_managed_notebook(nb, name, km=worker, **kwargs)
            finally:
                worker.kill()

    return globals().setdefault(name, ForkEngine)


def serve(descriptor: int, imports: str) -> None:
    """Be the server: import, then fork a worker for every request until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control, pids = socket.socket(fileno=descriptor), []
    gc.disable()  # nothing imported is garbage, and looking for it takes a third of the time
    for line in ["import ipykernel.inprocess.ipkernel, ipykernel.debugger", *imports.splitlines()]:
        with contextlib.suppress(Exception):
            exec(line, {})  # noqa: S102 - import statements of the notebooks
    gc.freeze()  # what all workers share is left alone
    gc.enable()
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        return  # a fork copies one thread only; a lock that another one holds would stay shut for ever
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for workers
    while (request := socket.recv_fds(control, 64, 1))[0]:
        connection = socket.socket(fileno=request[1][0])
        pid = os.fork()
        if pid == 0:
            control.close()
            try:
                _work(connection)
            finally:
                os._exit(1)
        connection.close()
        pids.append(pid)
        control.send(str(pid).encode())
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _work(connection: socket.socket) -> None:
    """Be a kernel: answer requests from the socket until it closes."""
    from ipykernel.inprocess.ipkernel import InProcessKernel
    from ipykernel.iostream import OutStream
    from ipykernel.zmqshell import ZMQInteractiveShell
    from IPython.core.shellapp import InteractiveShellApp
    from tornado.ioloop import IOLoop
    from traitlets.config import Config

    os.setsid()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: no worker outlives its server
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for seeded in (random, getattr(sys.modules.get("numpy"), "random", random)):
        seeded.seed()  # as a new process: no state of generators, no memory of warnings given
    for module in list(sys.modules.values()):
        getattr(module, "__warningregistry__", {}).clear()
    lock = threading.Lock()

    def send(channel: str, message: dict[str, Any]) -> None:
        with lock:
            connection.sendall(json.dumps([channel, message], default=str).encode() + b"\n")

    class Kernel(InProcessKernel):  # type: ignore[misc]
        _supports_kernel_subshells = False
        # the streams are the kernel's all the time, as in a process of its own
        _redirected_io = contextlib.nullcontext
        shell_channel_thread = type("Main", (), {"parent_thread": threading.current_thread()})

        def _io_dispatch(self, change: Any) -> None:
            send("iopub_channel", self.session.recv(self.iopub_socket.io_thread.socket, copy=False)[1])

    InteractiveShellApp.init_path(type("App", (), {"ignore_cwd": False}))  # imports from the working folder
    asyncio.set_event_loop(loop := asyncio.new_event_loop())
    kernel = Kernel(shell_class=ZMQInteractiveShell, config=Config({"HistoryManager": {"enabled": False}}))
    kernel.io_loop = IOLoop.current()
    sys.stdout = kernel.stdout = OutStream(kernel.session, kernel.iopub_thread, "stdout")
    sys.stderr = kernel.stderr = OutStream(kernel.session, kernel.iopub_thread, "stderr")
    for line in connection.makefile("rb"):
        kernel.session.send(kernel.shell_stream, {"parent_header": {}, "metadata": {}} | json.loads(line))
        loop.run_until_complete(kernel.dispatch_shell(kernel.shell_stream.recv_multipart()))
        send("shell_channel", kernel.session.recv(kernel.shell_stream, copy=False)[1])
