"""Files as they lie on disk: their hash, writing one whole or not at all. Standard library only, and light."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

PARTIAL = ".partial-"  # the folder of a download under way begins so


def sha256(path: Path | str) -> str:
    """Return the hash of a file as it lies there."""
    found = hashlib.sha256()
    with open(path, "rb", buffering=0) as handle:  # noqa: PTH123 - half the time of Path.open
        while chunk := handle.read(1 << 16):
            found.update(chunk)
    return found.hexdigest()


def write(path: Path, body: bytes) -> None:
    """Write a file whole or not at all; another process may write the same one now."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(body)
        beside.replace(path)
    except OSError as error:  # of a full disk it names no file, and of others the one beside
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with suppress(OSError):
            beside.unlink()
