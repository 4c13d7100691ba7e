"""What a user's machine may say to Python and its libraries, set aside: only the package decides what is made.

Whatever is found by search path, in the home folder or in an environment variable would change figures or charts
without that anything here changed. Standard library only.
"""

import atexit
import importlib.util
import os
import site
import sys
from datetime import date
from functools import cache
from pathlib import Path

from osw_stats.errors import InputError

PACKAGE = Path(__file__).parent
# variables that tell Python, numerical libraries, charts, notebooks or documents to do otherwise
_PREFIXES = (
    *("PYTHON", "IPYTHON", "JUPYTER", "MPL", "MATPLOTLIB", "NPY_", "NUMPY_", "OMP_", "OPENBLAS_", "MKL_"),
    *("BLIS_", "GOTO_", "NUMEXPR_", "PANDAS_", "PANDERA_", "SCIPY_", "OPENPYXL_", "PYPANDOC_"),
    "SOURCE_DATE_EPOCH",
)
# where Python keeps compiled modules, and whether, decides nothing
_HARMLESS = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    # warnings of what is left open come when garbage is looked for, so by luck: into the output of any cell
    "PYTHONWARNINGS": "default,ignore::ResourceWarning",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "JUPYTER_NO_CONFIG": "1",
    "OPENPYXL_LXML": "False",  # which is here only with the tests
}


def fix_variables() -> None:
    """Set what decides the bytes of a run for every process started from here, this code first on its path."""
    import logging  # what has nothing to do does not wait for it

    logging.lastResort = logging.NullHandler()  # no library's words in ours
    kept = FIXED | {
        "PYTHONPATH": str(PACKAGE.parent),
        "IPYTHONDIR": _empty(),
        "JUPYTER_RUNTIME_DIR": _empty(),
    }
    matplotlib = importlib.util.find_spec("matplotlib")  # without importing it
    if matplotlib is not None and matplotlib.origin is not None:
        kept["MATPLOTLIBRC"] = str(Path(matplotlib.origin).parent / "mpl-data" / "matplotlibrc")
    for name in [n for n in os.environ if n.startswith(_PREFIXES) and n not in (*kept, *_HARMLESS)]:
        os.environ.pop(name, None)
    os.environ.update(kept)


def fix_path() -> None:
    """Import from this code, Python and its packages only: not from the working folder, PYTHONPATH or the home folder."""
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    foreign = {os.path.realpath(p) for p in (*named, "", site.getusersitepackages())}
    foreign.discard(os.path.realpath(PACKAGE.parent))
    own = (os.path.realpath(sys.prefix) + os.sep, os.path.realpath(sys.base_prefix) + os.sep)
    sys.path[:] = [p for p in sys.path if (r := os.path.realpath(p)) not in foreign or r.startswith(own)]


def today() -> date:
    """Return the day it is, or the one in OSW_TODAY, which InputError refuses if it is none: a rehearsal of next year."""
    named = os.environ.get("OSW_TODAY")
    try:
        return date.fromisoformat(named) if named else date.today()
    except ValueError:
        raise InputError("is no day", "Write 2027-12-01.", column="OSW_TODAY", value=named) from None


@cache
def _empty() -> str:
    """Return a folder of this process without anything in it, in the place of one in the home folder."""
    import shutil
    import tempfile

    folder, process = tempfile.mkdtemp(prefix="osw-"), os.getpid()
    atexit.register(lambda: shutil.rmtree(folder, ignore_errors=True) if os.getpid() == process else None)
    return folder
