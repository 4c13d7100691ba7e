"""Files on disk: their hash, and atomic writing. Standard library only, and light to import."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

PARTIAL = ".partial-"  # prefix of the folder of a download in progress


def sha256(path: Path | str) -> str:
    """Return the SHA-256 of the contents of a file."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as handle:  # noqa: PTH123 - half the time of Path.open
        while chunk := handle.read(1 << 16):
            digest.update(chunk)
    return digest.hexdigest()


def write(path: Path, body: bytes) -> None:
    """Write a file atomically; another process may be writing the same one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(body)
        temporary.replace(path)
    except OSError as error:  # on a full disk it names no file, otherwise the temporary one
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with suppress(OSError):
            temporary.unlink()
