"""A machine that says otherwise wherever something could be looked up: home, path, working folder, variables."""

from __future__ import annotations

import json
import os
from pathlib import Path

RC = "axes.linewidth: 6\nlines.linewidth: 9\naxes.facecolor: yellow\nfont.size: 20\nsvg.hashsalt: osw_stats\n"
STARTUP = "import numpy, pandas\nnumpy.sqrt = numpy.exp\npandas.DataFrame.to_csv = None\nprint('hostile')\n"
PROGRAM = "#!/bin/sh\ncase $1 in --version) echo {name} 99.9.9;; *) echo hostile;; esac\n"
MODULES = (
    *("pandas", "numpy", "matplotlib", "yaml", "papermill"),
    *("IPython", "jinja2", "openpyxl", "typst", "helper"),
)
VARIABLES = """
    HOME={home} PATH={programs}:{path} PYTHONPATH={modules}:{code} PYTHONSTARTUP={work}/matplotlibrc
    PYTHONWARNINGS=error PYTHONUTF8=0 PYTHONDEVMODE=1 PYTHONHASHSEED=7 MATPLOTLIBRC={home}/rc
    MPLCONFIGDIR={home}/.matplotlib MPLBACKEND=svg IPYTHONDIR={home}/.ipython JUPYTER_PATH={folder}/jupyter
    JUPYTER_CONFIG_DIR={home}/.jupyter JUPYTER_DATA_DIR={folder}/jupyter JUPYTER_PREFER_ENV_PATH=0
    XDG_DATA_HOME={home}/.local/share PYPANDOC_PANDOC=/bin/false SOURCE_DATE_EPOCH=86400 OPENBLAS_CORETYPE=Nehalem
    NPY_DISABLE_CPU_FEATURES=AVX2 OMP_NUM_THREADS=3 LC_ALL=tr_TR.UTF-8 LANG=C TZ=Pacific/Kiritimati COLUMNS=20
    NO_COLOR=1 GHCRTS=-M1m BASH_ENV={home}/rc
"""


def write(path: Path, text: str, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def surroundings(folder: Path, code: Path) -> tuple[Path, dict[str, str]]:
    """Make such a machine in `folder`; return its working folder and the environment that runs the code at `code`."""
    home, work, programs, modules = (folder / name for name in ("home", "work", "bin", "modules"))
    for name in (".config/matplotlib/matplotlibrc", ".matplotlib/matplotlibrc", "rc", "../work/matplotlibrc"):
        write(home / name, RC)
    write(home / ".ipython/profile_default/startup/00.py", STARTUP)
    for name in ("ipython_config.py", "ipython_kernel_config.py"):
        write(home / ".ipython/profile_default" / name, f"exec({STARTUP!r})\n")
    write(home / ".jupyter/jupyter_config.py", "raise SystemExit(3)\n")
    kernel = {"argv": ["/bin/false"], "display_name": "Python 3", "language": "python"}
    for place in (home / ".local/share/jupyter", folder / "jupyter"):
        write(place / "kernels/python3/kernel.json", json.dumps(kernel))
    for place in (home / ".local/share/pandoc", home / ".pandoc"):
        for name in ("html5", "typst", "openxml"):
            write(place / f"templates/default.{name}", "hostile")
        for name in ("abbreviations", "reference.docx"):
            write(place / name, "hostile")
    for name in ("pandoc", "fc-list", "python", "python3", "typst", "git"):
        for place in (programs, home / "bin"):
            write(place / name, PROGRAM.format(name=name), 0o755)
    for name in MODULES:
        for place in (work, modules):
            write(place / f"{name}.py", "raise SystemExit('hostile')\n")
    places = {"folder": folder, "home": home, "work": work, "programs": programs, "modules": modules}
    places |= {"code": code, "path": os.environ["PATH"]}
    variables = (variable.partition("=") for variable in VARIABLES.split())
    return work, {name: value.format(**places) for name, _, value in variables}
