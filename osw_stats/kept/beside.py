"""Work in a second process while the first goes on with other work: a fork, which starts at once with all that we have.

Where a fork is not safe the same work is done afterwards, in this process. What comes of it is equal either way.
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
def beside(store: Store, task: Callable[[], Made]) -> Iterator[Callable[[], Made]]:
    """Do a task in a fork while the block runs; what is yielded waits for its result. It ends with the block."""

    def here() -> Made:
        # Typst, for one, leaves threads of its own behind, and in a fork it would wait for them for ever
        global _forks
        _forks = False
        return task()

    # a fork copies one thread only; a lock that another one holds would stay shut for ever
    if sys.platform != "linux" or threading.active_count() > 1 or not _forks:
        yield here
        return
    read, write = os.pipe()
    if not (child := os.fork()):
        _do(store, task, write)
    os.close(write)

    def result() -> Made:
        with os.fdopen(os.dup(read), "rb") as answer:
            told = answer.read()
        if not told:  # it failed, or was ended: then here, where an error is told
            return here()
        made, written = pickle.loads(told)  # noqa: S301 - of our own process
        store.take(written)
        return made  # type: ignore[no-any-return]

    try:
        yield result
    finally:
        os.close(read)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def each(store: Store, things: Sequence[str], make: Callable[[str], Made]) -> dict[str, Made]:
    """Make something of each thing: of the first here, of the others beside it."""
    first, *others = things
    with beside(store, lambda: [make(other) for other in others]) as rest:
        return dict(zip(things, [make(first), *rest()], strict=True))


def _do(store: Store, task: Callable[[], Any], write: int) -> None:
    """Be the fork: send the result and what was kept meanwhile, or nothing after an error; never return."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        gc.disable()  # what is shared stays shared
        before, made = dict(store.waiting), task()
        written = {key: path for key, path in store.waiting.items() if before.get(key) != path}
        with os.fdopen(write, "wb") as answer:
            pickle.dump((made, written), answer, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)
