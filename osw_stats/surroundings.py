"""Settings of a user's machine for Python and its libraries, set aside: only the package determines results.

Anything found on a search path, in the home folder or in an environment variable could change figures or charts although
nothing here changed. Standard library only.
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
# variables that change the behaviour of Python, numerical libraries, charts, notebooks or documents
_PREFIXES = (
    *("PYTHON", "IPYTHON", "JUPYTER", "MPL", "MATPLOTLIB", "NPY_", "NUMPY_", "OMP_", "OPENBLAS_", "MKL_"),
    *("BLIS_", "GOTO_", "NUMEXPR_", "PANDAS_", "PANDERA_", "SCIPY_", "OPENPYXL_", "PYPANDOC_"),
    "SOURCE_DATE_EPOCH",
)
# where, and whether, Python keeps compiled modules does not matter
_HARMLESS = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    # warnings about unclosed files come at garbage collection, so by chance, in the output of any cell
    "PYTHONWARNINGS": "default,ignore::ResourceWarning",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "JUPYTER_NO_CONFIG": "1",
    "OPENPYXL_LXML": "False",  # installed only with the tests
}


def fix_variables() -> None:
    """Set the variables that decide the bytes of a run, for every process started here, with this code first on its path."""
    import logging  # here, since a command with nothing to do need not wait for it

    logging.lastResort = logging.NullHandler()  # no library's words in ours
    fixed = FIXED | {
        "PYTHONPATH": str(PACKAGE.parent),
        "IPYTHONDIR": _empty(),
        "JUPYTER_RUNTIME_DIR": _empty(),
    }
    matplotlib = importlib.util.find_spec("matplotlib")  # without importing it
    if matplotlib is not None and matplotlib.origin is not None:
        fixed["MATPLOTLIBRC"] = str(Path(matplotlib.origin).parent / "mpl-data" / "matplotlibrc")
    for name in [n for n in os.environ if n.startswith(_PREFIXES) and n not in (*fixed, *_HARMLESS)]:
        os.environ.pop(name, None)
    os.environ.update(fixed)


def fix_path() -> None:
    """Restrict imports to this code, Python and its packages: none from the working folder, PYTHONPATH or home folder."""
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    foreign = {os.path.realpath(p) for p in (*named, "", site.getusersitepackages())}
    foreign.discard(os.path.realpath(PACKAGE.parent))
    allowed = (os.path.realpath(sys.prefix) + os.sep, os.path.realpath(sys.base_prefix) + os.sep)
    sys.path[:] = [p for p in sys.path if (r := os.path.realpath(p)) not in foreign or r.startswith(allowed)]


def today() -> date:
    """Return today, or for rehearsals the day in OSW_TODAY; InputError if that is not a day."""
    named = os.environ.get("OSW_TODAY")
    try:
        return date.fromisoformat(named) if named else date.today()
    except ValueError:
        raise InputError("is no day", "Write 2027-12-01.", column="OSW_TODAY", value=named) from None


@cache
def _empty() -> str:
    """Return an empty folder of this process, used instead of one in the home folder."""
    import shutil
    import tempfile

    folder, process = tempfile.mkdtemp(prefix="osw-"), os.getpid()
    atexit.register(lambda: shutil.rmtree(folder, ignore_errors=True) if os.getpid() == process else None)
    return folder
