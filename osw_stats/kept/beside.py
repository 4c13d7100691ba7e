"""Work in a second process while the first continues: a fork, which starts at once with everything in memory.

Where a fork is not safe the same work is done afterwards, in this process, with the same result.
"""

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from osw_stats.kept.store import Store

Made = TypeVar("Made")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_forks = True  # whether this process may still be forked


@contextmanager
def start_task(store: Store, task: Callable[[], Made]) -> Iterator[Callable[[], Made]]:
    """Run a task in a fork while the block runs, and yield a function that waits for its result; it ends with the block."""

    def here() -> Made:
        # Typst, for one, leaves threads behind, and in a fork it would wait for them for ever
        global _forks
        _forks = False
        return task()

    # a fork copies one thread only; a lock held by another would never be released
    if sys.platform != "linux" or threading.active_count() > 1 or not _forks:
        yield here
        return
    read, write = os.pipe()
    if not (child := os.fork()):
        _do(store, task, write)
    os.close(write)

    def result() -> Made:
        with os.fdopen(os.dup(read), "rb") as answer:
            answer_bytes = answer.read()
        if not answer_bytes:  # it failed or was killed: repeated here, where an error is reported
            return here()
        value, written = pickle.loads(answer_bytes)  # noqa: S301 - of our own process
        store.take(written)
        return value  # type: ignore[no-any-return]

    try:
        yield result
    finally:
        os.close(read)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def each(store: Store, things: Sequence[str], make: Callable[[str], Made]) -> dict[str, Made]:
    """Apply `make` to each thing: to the first here, to the others in a fork."""
    first, *others = things
    with start_task(store, lambda: [make(other) for other in others]) as rest:
        return dict(zip(things, [make(first), *rest()], strict=True))


def _do(store: Store, task: Callable[[], Any], write: int) -> None:
    """Act as the fork: send the result and the new entries of the store, or nothing after an error; never return."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        gc.disable()  # keeps memory shared with the parent
        before, value = dict(store.waiting), task()
        written = {key: path for key, path in store.waiting.items() if before.get(key) != path}
        with os.fdopen(write, "wb") as answer:
            pickle.dump((value, written), answer, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)
