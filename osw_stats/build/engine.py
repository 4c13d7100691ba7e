"""Kernels without start-up time: one process imports everything once and forks a kernel per notebook. Linux only.

papermill, nbclient and ipykernel work as usual; only the start of the kernel's process differs. Outputs are equal, and
a full build takes a third less processor time.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osw_stats.kept.store import DRAWINGS

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# it exits at once: tearing down all that it imported would take a third of a second
_SERVE = """
import os, sys
from multiprocessing.connection import Connection
from osw_stats.build.engine import serve
try:
    serve(Connection(int(sys.argv[1])), sys.argv[2])
finally:
    os._exit(0)
"""
# between two garbage collections: charts and tables leave little, and collecting took a fifth of a run
ALLOCATIONS = 50_000
_lock = threading.Lock()
_server: Server | None = None


class Server:
    """Handle of the process that has imported everything; it and its kernels end with this process."""

    def __init__(self, imports: str) -> None:
        from multiprocessing import Pipe  # imported only where something runs

        self._lock = threading.Lock()
        self._requests, theirs = Pipe()
        with theirs:
            line = [sys.executable, "-P", "-c", _SERVE, str(theirs.fileno()), imports]
            nothing: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                line, pass_fds=[theirs.fileno()], start_new_session=True, **nothing
            )
        atexit.register(self.close)

    def fork(self, command: list[str], folder: str, drawings: str = "") -> int:
        """Return the process id of a new kernel; ConnectionError when there can be none."""
        with self._lock, contextlib.suppress(EOFError, OSError):
            self._requests.send((command, folder, drawings))
            return int(self._requests.recv())
        close()  # the next kernel gets a new server
        raise ConnectionError("the process that forks kernels is gone, or has more than one thread")

    def close(self) -> None:
        """End the server, and with it all its kernels."""
        self._requests.close()
        self.process.kill()
        self.process.wait()
        atexit.unregister(self.close)


def server(imports: str = "") -> Server:
    """Return the server, started if necessary; `imports` are executed before the first kernel."""
    global _server
    with _lock:
        _server = _server or Server(imports)
        return _server


def close() -> None:
    """End the server if there is one."""
    global _server
    with _lock:
        before, _server = _server, None
    if before is not None:
        before.close()


class _Process:
    """A kernel's process for jupyter_client: like `subprocess.Popen`, though it is not a child process."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return None
        return 0

    def wait(self) -> int:
        return 0  # jupyter_client calls this once polling shows that the process is gone

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)  # a kernel that did not end on request

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def kernel_manager_class() -> Any:
    """Return the manager of a forked kernel; starting it raises ConnectionError if it cannot be forked."""
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner

    class Forked(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            folder, drawings = str(kwargs.get("cwd") or Path.cwd()), kwargs["env"].get(DRAWINGS, "")
            self.pid = self.pgid = server().fork(cmd, folder, drawings)
            self.process = _Process(self.pid)  # type: ignore[assignment] # all that is used of it
            return self.connection_info

    class ForkedManager(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.provisioner = Forked(parent=self, kernel_spec=self.kernel_spec)

    return ForkedManager


def __getattr__(name: str) -> Any:
    """Make `ForkEngine`, named by papermill's entry point, on demand: papermill is slow to import."""
    if name != "ForkEngine":
        raise AttributeError(name)
    from papermill.engines import NBClientEngine

    class ForkEngine(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
            kwargs["kernel_manager_class"] = kernel_manager_class()
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)

    return globals().setdefault(name, ForkEngine)


def serve(requests: Connection, imports: str) -> None:
    """Be the server: import, then fork a kernel for every request until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # nothing imported is garbage, and collection takes a third of the time
    for line in ["import ipykernel.kernelapp, ipykernel.ipkernel, ipykernel.debugger", *imports.splitlines()]:
        with contextlib.suppress(Exception):  # what fails here fails again in its cell
            exec(line, {})  # noqa: S102 - import statements of the notebooks
    gc.freeze()  # objects shared by all kernels are not examined again
    gc.enable()
    gc.set_threshold(ALLOCATIONS)
    signal.signal(signal.SIGCHLD, _reap)
    # a fork copies one thread only; a lock held by another would never be released
    while threading.active_count() == 1:
        command, folder, drawings = requests.recv()
        pid = os.fork()
        if pid == 0:
            requests.close()
            os.environ[DRAWINGS] = drawings
            _be_kernel(command, folder)
        requests.send(pid)


def _reap(*_: Any) -> None:
    """Wait for kernels that ended, so that their time counts towards the build."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _be_kernel(command: list[str], folder: str) -> None:
    """Be the kernel that a command line would start, in a folder."""
    from ipykernel.kernelapp import IPKernelApp

    parent = os.getppid()
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    try:
        arguments = command[command.index("-f") :]
        IPKernelApp.launch_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={parent}"])
    finally:
        sys.stdout.flush()
        os._exit(0)
